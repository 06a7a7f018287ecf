"""docs/settings.md, written from the settings' own models so that it cannot go stale."""

from __future__ import annotations

import ast
import inspect
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from config.errors import ConfigError
from config.load import load
from config.register_file import asset_columns
from config.scalars import Section
from config.sections import Settings
from dashboards.setting_types import (
    bound_words,
    default_words,
    sections_in,
    type_words,
    without_none,
)

_WRONG = """\
polling:
  interval: 1s
  timeout: 5s
web:
  langauge: vi
"""

_HEAD = """\
# Settings

<!-- Written by `python -m hatang.generate` from config/. -->

Everything that `hatang.yaml` may hold. `hatang init` writes a file to begin with,
`hatang check-config FILE` says what is wrong with one or what would run.

- **An unknown key is refused**, and so is a value of another type: nothing is guessed.
- **Durations** are written with their unit: `250ms`, `30s`, `5m`, `1h30m`, `7d`.
- **`${NAME}`** in a text, number or true/false is replaced by the environment variable NAME, which
  must be set; `$${` is the text `${`.
- **Secrets** never stand in the file: `${NAME}`, or `{file: PATH}` of a file that others may not
  read.
- **Paths** that are relative begin in the folder of the file.

Every problem is told at once, one line for each: file, line, key, what is wrong and what would be
right.

"""

_REGISTER = """\

## Registers

`register` names CSV files with more assets, one a row: UTF-8, separated by comma, semicolon or
tab, as spreadsheets save them. Columns are named as the keys of an asset; `features` are separated
by commas or semicolons, `edge` is yes or no, a price may be grouped (`12.500.000`). Four columns
make endpoints: `snmp` (a credential's name), `ping` (yes), `tcp` (a port), `http` (an address).

Columns: {columns}.
"""


def settings_page() -> str:
    """The whole page as Markdown."""
    example = "".join(f"    {line}\n" for line in _refusal())
    parts = [_HEAD, example, "\n## At the top\n\n", _table(_settings(Settings))]
    parts += _sections(Settings, "")
    columns = ", ".join(f"`{name}`" for name in asset_columns())
    return "".join([*parts, _REGISTER.format(columns=columns)])


def _refusal() -> tuple[str, ...]:
    """What a wrong file is really refused with."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hatang.yaml"
        path.write_text(_WRONG, encoding="utf-8")
        try:
            load(path, {})
        except ConfigError as error:
            return tuple(line.replace(f"{folder}/", "") for line in error.problems)
    raise AssertionError("the example of a wrong file is taken")


@dataclass(frozen=True, slots=True)
class _Setting:
    """One key: what it may be in words, its default in words, and what it is for."""

    key: str
    type: str
    default: str
    meaning: str


def _settings(model: type[Section]) -> list[_Setting]:
    hints = get_type_hints(model, include_extras=True)
    meanings = _docstrings(model)
    return [
        _Setting(
            field.alias or name,
            type_words(hints[name]) + bound_words(field.metadata),
            default_words(hints[name], field),
            meanings[name],
        )
        for name, field in model.model_fields.items()
    ]


def _docstrings(model: type[Section]) -> dict[str, str]:
    """The text under each field, which Python itself does not keep."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not issubclass(base, Section) or base is Section:
            continue
        body = ast.parse(inspect.getsource(base)).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, text in zip(body.body, body.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
                found[ast.unparse(field.target)] = inspect.cleandoc(ast.literal_eval(text.value))
    return found


def _sections(model: type[Section], path: str) -> Iterator[str]:
    """The part of every section below a model, in the order of its keys."""
    hints = get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        place = path + (field.alias or name) + _suffix(hints[name])
        kinds = sections_in(hints[name])
        if len(kinds) > 1:
            yield from _kinds(kinds, place)
        for kind in kinds if len(kinds) == 1 else ():
            yield f"\n## {place}\n\n{inspect.getdoc(kind)}\n\n"
            yield _table(_settings(kind))
            yield from _sections(kind, f"{place}.")


def _kinds(kinds: list[type[Section]], place: str) -> Iterator[str]:
    """The parts of what may be of several kinds: first what all have, then what each adds."""
    tag = next(key for key in kinds[0].model_fields if _tag(kinds[0], key))
    shared = set.intersection(*(set(kind.model_fields) for kind in kinds)) - {tag}
    words = ", ".join(f"`{_tag(kind, tag)}`" for kind in kinds)
    yield f"\n## {place}\n\n`{tag}` is one of {words}. All of them have:\n\n"
    yield _table(one for one in _settings(kinds[0]) if one.key in shared)
    for kind in kinds:
        own = [one for one in _settings(kind) if one.key not in shared]
        yield f"\n### {place}, {tag}: {_tag(kind, tag)}\n\n{inspect.getdoc(kind)}\n\n"
        yield _table(own)


def _suffix(annotation: Any) -> str:
    """What stands between a key and the keys of one thing below it."""
    return {tuple: "[]", dict: ".NAME"}.get(get_origin(without_none(annotation)), "")


def _tag(model: type[Section], key: str) -> str | None:
    """The one word that a key of a kind always has, or None."""
    annotation = model.model_fields[key].annotation
    words = get_args(annotation) if get_origin(annotation) is Literal else ()
    return str(words[0]) if len(words) == 1 else None


def _table(settings: Iterable[_Setting]) -> str:
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for one in settings:
        cells = (f"`{one.key}`", one.type, one.default, re.sub(r"\s+", " ", one.meaning))
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
