"""Changes of a profile file's text, as a person would type them: the rest of it stays as it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from config.errors import Report
from config.reading import parsed
from config.yaml_source import Node

_WIDTH = 100


class HandWork(ValueError):
    """A text in which only a person can change this."""


def copy_text(id: str, extends: str, titles: tuple[str, str], valid_from: str) -> str:
    """The text of a new file that extends a profile and changes nothing yet."""
    vi, en = titles
    head = yaml.safe_dump(
        {
            "id": id,
            "version": "1",
            "title": {"vi": vi, "en": en},
            "valid_from": valid_from,
            "extends": extends,
        },
        allow_unicode=True,
        sort_keys=False,
        width=_WIDTH,
    )
    return f"# {vi}\n{_unquoted_days(head)}"


def renamed_text(text: str, id: str) -> str:
    """The text of a file under another id. Raises HandWork where the id stands in no line of its
    own."""
    found, count = re.subn(r"(?m)^id:[^\n]*$", f"id: {id}", text, count=1)
    if not count:
        raise HandWork("write the id in a line of its own")
    return found


def changed_text(text: str, requirement: str, change: dict[str, Any]) -> str:
    """The text of a file with `extends` or `for` whose `change` has these keys of a requirement,
    too; comments inside `change` are lost. Raises HandWork and ConfigError."""
    root = parsed(text, Path("profile"), Report()).root
    values = root.value()
    if not isinstance(values, dict) or not ("extends" in values or "for" in values):
        raise HandWork("only a file with extends or for is changed by fields; edit the text")
    all_changes = values.get("change") or {}
    if not isinstance(all_changes, dict) or not isinstance(all_changes.get(requirement, {}), dict):
        raise HandWork("mend the text first")
    merged = _merged(all_changes.get(requirement, {}), change)
    block = yaml.safe_dump(
        {"change": {**all_changes, requirement: merged}},
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=_WIDTH,
    )
    begin, end = _lines_of(root, "change", text)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return "".join([*lines[:begin], block, *lines[end:]])


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    result = dict(old)
    for key, value in new.items():
        inner = result.get(key)
        if isinstance(value, dict) and isinstance(inner, dict):
            result[key] = _merged(inner, value)
        else:
            result[key] = value
    return result


def _lines_of(root: Node, key: str, text: str) -> tuple[int, int]:
    """From which line to which, from 0, a key of the file stands; behind the end for a new one.
    Comments above the next key stay with it."""
    lines = text.splitlines()
    entries = root.entries or {}
    if any(column != 1 for column in (root.columns or {}).values()):
        raise HandWork("write each key of the file in a line of its own")
    if key not in entries:
        return len(lines), len(lines)
    begin = entries[key][0] - 1
    end = min((line - 1 for line, _ in entries.values() if line - 1 > begin), default=len(lines))
    while end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return begin, end


def _unquoted_days(text: str) -> str:
    return re.sub(r"(?m)^(valid_from: )'([0-9-]{10})'$", r"\1\2", text)
