"""What is wrong with a configuration, said so that the person who wrote it can mend it.

One line for each problem: file, line, key path, what is wrong and what would be right. No line
holds a secret, nor text that came from the environment.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

Path_ = tuple[str | int, ...]
"""Where something stands in the file: keys and places in lists, from the root."""

MAX_PROBLEMS = 200
MAX_LENGTH = 400
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CREDENTIAL_KEYS = frozenset(
    [
        "version",
        "community",
        "networks",
        "user",
        "level",
        "auth",
        "auth_key",
        "priv",
        "priv_key",
        "context",
    ]
)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. line and column count from 1; 0 where none can be named."""

    file: str
    line: int
    path: str
    text: str
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.path, self.text) if part)


class ConfigError(Exception):
    """A configuration that cannot be used; `problems` has one line for each thing to mend, `found`
    all of them with their places."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = sorted(set(problems))
        self.found: tuple[Problem, ...] = tuple(found)
        lines = [str(problem) for problem in found[:MAX_PROBLEMS]]
        if len(found) > MAX_PROBLEMS:
            lines.append(f"… and {len(found) - MAX_PROBLEMS} more problems")
        self.problems: tuple[str, ...] = tuple(lines)
        super().__init__("\n".join(lines))


class Report:
    """Collects the problems of one load."""

    def __init__(self) -> None:
        self._hidden: dict[str, str] = {}
        self.problems: list[Problem] = []

    def hide(self, value: str, shown: str) -> None:
        """Show `shown` wherever a problem's text holds `value`.

        Not for what is too short to be a secret: that would only garble the sentences.
        """
        if len(value) >= 4 and value not in ("true", "false"):
            self._hidden[value] = shown

    def add(self, file: str, line: int, path: Path_, text: str, column: int = 0) -> None:
        """Note one problem; its text is made one printable line without hidden values."""
        for value in sorted(self._hidden, key=len, reverse=True):
            for form in (value, repr(value)[1:-1]):
                text = text.replace(form, self._hidden[value])
        self.problems.append(Problem(file, line, path_text(path), one_line(text), column))

    def raise_if_any(self) -> None:
        """Raises ConfigError when something was noted."""
        if self.problems:
            raise ConfigError(self.problems)


def one_line(text: str) -> str:
    """`text` on one line of bounded length, without what could steer a terminal."""
    text = _UNPRINTABLE.sub("?", text)
    return text if len(text) <= MAX_LENGTH else text[:MAX_LENGTH] + "…"


def path_text(path: Path_) -> str:
    """A key path as people write it.

    >>> path_text(("assets", 3, "endpoints", 0, "interval"))
    'assets[3].endpoints[0].interval'

    Inside a credential only keys that settings have are shown: a slip of the pen can make a key of
    a community.
    """
    path = path[: _shown_keys(path)]
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
            continue
        plain = re.fullmatch(r"[\w<-][\w.<-]{0,63}", key)
        text += ("." if text else "") + (key if plain else repr(one_line(key)[:40]))
    return text


def is_hidden(path: Path_) -> bool:
    """Whether the last key of a path is not shown."""
    return _shown_keys(path) < len(path)


def _shown_keys(path: Path_) -> int:
    """How many keys of a path are shown."""
    if path[:1] != ("credentials",):
        return len(path)
    for at, key in enumerate(path[2:], start=2):
        if key not in _CREDENTIAL_KEYS and path[at - 1] != "networks":
            return at
    return len(path)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint to the nearest known word, or the list of them, or nothing to say.

    >>> did_you_mean("intervall", ["interval", "timeout"])
    'did you mean interval?'
    """
    choices = sorted(known)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    if not choices:
        return "there are none"
    more = " …" if len(choices) > 16 else ""
    return f"known: {', '.join(choices[:16])}{more}"
