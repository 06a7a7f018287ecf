"""YAML read strictly: one document of texts, numbers, true/false, lists and mappings.

Stricter and simpler than YAML 1.1: a key stands once, `yes`, `13:00`, `0161` and dates stay
texts, tags are refused, aliases cannot grow without bound. Every value knows its line. Nothing of
the file's text is ever quoted in a problem, because it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from config.errors import Path_
from config.text_file import FORBIDDEN, UNPRINTABLE

MAX_BYTES = 5_000_000
MAX_DEPTH = 40
MAX_VALUES = 1_000_000

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))


class YamlProblem(Exception):
    """A file that is not YAML as we read it. faults: (line, key path, what to mend). column: of the
    only fault, from 1; 0 where none can be named."""

    def __init__(self, faults: list[tuple[int, Path_, str]], column: int = 0) -> None:
        super().__init__("; ".join(f"line {line}: {text}" for line, _, text in faults))
        self.faults = faults
        self.column = column


@dataclass(slots=True, eq=False)
class Node:
    """One value and its place; `entries` of a mapping know the line of their key, `columns` its
    column."""

    line: int
    scalar: Any = None
    items: list[Node] | None = None
    entries: dict[str, tuple[int, Node]] | None = None
    size: int = 1
    height: int = 0
    complete: bool = False
    column: int = 0
    columns: dict[str, int] | None = None

    def value(self) -> Any:
        """The value as Python has it; a fresh copy."""
        if self.entries is not None:
            return {key: node.value() for key, (_, node) in self.entries.items()}
        if self.items is not None:
            return [node.value() for node in self.items]
        return self.scalar

    def line_of(self, path: Path_) -> int:
        """Line of the value at `path`, or of the nearest thing around it that is there."""
        return self.place_of(path)[0]

    def place_of(self, path: Path_) -> tuple[int, int]:
        """Line and column, from 1, of the value at `path` (of its key in a mapping), or of the
        nearest thing around it that is there."""
        node, line, column = self, self.line, self.column
        for key in path:
            if isinstance(key, str) and node.entries is not None and key in node.entries:
                column = (node.columns or {}).get(key, 0)
                line, node = node.entries[key]
            elif isinstance(key, int) and node.items is not None and 0 <= key < len(node.items):
                node = node.items[key]
                line, column = node.line, node.column
            else:
                break
        return line, column


def parse(text: str, loader: Any = None) -> Node:
    """The tree of a text's one document; an empty mapping for a text without one.

    loader: PyYAML's reader of events, the one in C where it was built. Raises YamlProblem with
    every double key, or with the first thing that is not YAML.
    """
    loader = loader or getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder()
    try:
        for event in _events(text, loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line, words = _in_plain_words(error, text)
        mark = error.problem_mark
        column = mark.column + 1 if mark is not None and mark.line + 1 == line else 0
        raise YamlProblem([(line, (), words)], column) from None
    except yaml.YAMLError:
        raise YamlProblem([(0, (), "is not YAML")]) from None
    if builder.faults:
        raise YamlProblem(builder.faults)
    return builder.root or Node(1, entries={}, complete=True)


def _events(text: str, loader: Any) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=loader)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; key: the one whose value comes next."""

    node: Node
    anchor: str | None
    path: Path_
    key: str | None = None
    key_line: int = 0


@dataclass(slots=True)
class _Builder:
    """Makes the tree out of events, with its own stack: deep files cannot exhaust Python's."""

    root: Node | None = None
    faults: list[tuple[int, Path_, str]] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    documents: int = 0
    values: int = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise YamlProblem([(line, (), "a second document begins; keep one")])
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._place(self._alias(event, line), line)
        elif isinstance(event, yaml.NodeEvent):
            self._open(event, line)

    def _open(self, event: yaml.NodeEvent, line: int) -> None:
        if event.tag is not None:  # type: ignore[attr-defined]
            self._refuse(line, "tags are not read; put a text that begins with ! in quotes")
        if isinstance(event, yaml.ScalarEvent):
            if FORBIDDEN.search(event.value):  # an escape in double quotes
                self._refuse(line, UNPRINTABLE)
            top = self.stack[-1] if self.stack else None
            if top is not None and top.node.entries is not None and top.key is None:
                if event.anchor is not None:
                    self._refuse(line, "a key cannot be an anchor; remove the &")
                self._key(top, event.value, line, _column(event))
                return
            plain = not event.style  # None, or '' from the reader in C
            scalar = resolve(event.value) if plain else event.value
            node = Node(line, scalar, complete=True, column=_column(event))
            if event.anchor is not None:
                self.anchors[event.anchor] = node
            self._place(node, line)
            return
        if isinstance(event, yaml.SequenceStartEvent):
            node = Node(line, items=[], column=_column(event))
        else:
            node = Node(line, entries={}, column=_column(event), columns={})
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(line, f"is nested deeper than {MAX_DEPTH} levels; look for open brackets")
        path = self._path()
        self._place(node, line)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        self.stack.append(_Open(node, event.anchor, path))

    def _path(self) -> Path_:
        """Where the next value goes."""
        if not self.stack:
            return ()
        top = self.stack[-1]
        if top.node.items is not None:
            return (*top.path, len(top.node.items))
        return top.path if top.key is None else (*top.path, top.key)

    def _refuse(self, line: int, words: str) -> None:
        raise YamlProblem([*self.faults, (line, self._path() if self.stack else (), words)])

    def _key(self, top: _Open, key: str, line: int, column: int) -> None:
        assert top.node.entries is not None
        if key in top.node.entries:
            first = top.node.entries[key][0]
            words = f"stands twice, first in line {first}; keep one"
            self.faults.append((line, (*top.path, key), words))
        top.key, top.key_line = key, line
        assert top.node.columns is not None
        top.node.columns.setdefault(key, column)

    def _place(self, node: Node, line: int) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            self._refuse(line, f"holds more than {MAX_VALUES:,} values; split it")
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if top.node.items is not None:
            top.node.items.append(node)
        elif top.key is None:
            self._refuse(line, "a key must be a text; put a text with braces in quotes")
        else:
            assert top.node.entries is not None
            top.node.entries[top.key] = (top.key_line, node)
            top.key = None

    def _close(self) -> None:
        done = self.stack.pop().node
        children = done.items or [node for _, node in (done.entries or {}).values()]
        done.size = 1 + sum(child.size for child in children)
        done.height = 1 + max((child.height for child in children), default=0)
        done.complete = True

    def _alias(self, event: yaml.AliasEvent, line: int) -> Node:
        node = self.anchors.get(event.anchor or "")
        if node is None:
            words = "no anchor of this name stands above; put a text that begins with * in quotes"
            self._refuse(line, words)
        assert node is not None
        if not node.complete:
            self._refuse(line, "an alias stands inside its own anchor; write the value out")
        if len(self.stack) + node.height > MAX_DEPTH:
            self._refuse(line, f"is nested deeper than {MAX_DEPTH} levels; write less aliases")
        self.values += node.size - 1
        return node


def _column(event: yaml.Event) -> int:
    return event.start_mark.column + 1 if event.start_mark else 0


def resolve(text: str) -> Any:
    """What an unquoted text means: nothing, true or false, a number, else itself.

    >>> resolve("60"), resolve("0161"), resolve("yes"), resolve("")
    (60, '0161', 'yes', None)
    """
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


_WORDS = (
    ("escape", False, "a backslash inside double quotes; use single quotes"),
    ("could not find expected ':'", True, "a key without its colon; write KEY: VALUE"),
    (
        "mapping values are not allowed",
        False,
        "a colon where none can be; quote the text, or see the line above",
    ),
    ("quoted scalar", True, "a quote is opened and not closed; close it"),
    ("flow sequence", True, "a [ without its ], or a comma is missing; write [A, B]"),
    ("flow mapping", True, "a { without its }, or a comma is missing; write {A: B, C: D}"),
    ("flow node", False, "a bracket is not closed, or nothing stands before a comma"),
    ("cannot start any token", False, "a text cannot begin with this character; put it in quotes"),
    ("tag", False, "tags are not read; put a text that begins with ! in quotes"),
    ("block", False, "indentation does not fit the lines above; line the keys up with spaces"),
    ("anchor", False, "not a name after & or *; put the text in quotes"),
    ("alias", False, "not a name after & or *; put the text in quotes"),
    ("document start", False, "indentation does not fit the lines above; line the keys up"),
)


def _in_plain_words(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """(line, what to mend) of PyYAML's error; its own words may quote the file."""
    lines = text.split("\n")

    def line_of(mark: yaml.Mark | None) -> int:
        return min(mark.line + 1, len(lines)) if mark is not None else 0

    at = line_of(error.problem_mark or error.context_mark)
    for line in range(at, max(0, at - 2), -1):
        indent = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
        if "\t" in indent:
            return line, "is indented with a tab; use spaces"
    said = f"{error.problem or ''} {error.context or ''}"
    for part, at_beginning, words in _WORDS:
        if part in said:
            begin = line_of(error.context_mark)
            return (begin or at) if at_beginning else at, words
    return at, "is not YAML; look at the colons, quotes and indentation here and one line above"
