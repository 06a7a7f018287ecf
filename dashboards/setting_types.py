"""A setting's type, bounds and default in plain words, read off its annotation."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic.fields import FieldInfo

from config import assets, ranges, scalars
from config.scalars import Secret, Section, duration_text

_DURATION = "duration"
_LISTEN = "HOST:PORT"


def _validator(scalar: Any) -> Any:
    """What makes a type of config.scalars more than its Python type."""
    return scalar.__metadata__[0]


_BY_VALIDATOR: dict[Any, str] = {
    _validator(scalars.Seconds): _DURATION,
    _validator(scalars.Whole): "whole number",
    _validator(scalars.Number): "number",
    _validator(scalars.Flag): "`true` or `false`",
    _validator(scalars.Day): "day, as 2026-11-24",
    _validator(scalars.Moment): "moment, as 2026-11-24T08:00:00+07:00",
    _validator(scalars.FilePath): "path",
    _validator(scalars.Network): "network, as 10.20.0.0/16",
    _validator(scalars.Listen): _LISTEN,
    _validator(scalars.OneOrMore): "text, or list of: text",
    _validator(assets.UnitCode): "code, in quotes",
    _validator(assets.Tag): "tag",
    _validator(ranges.RangeText): "range, as 10.20.0.0/24 or 10.20.0.10-10.20.0.90",
}
_BY_TYPE: dict[Any, str] = {
    str: "text",
    dict[str, str]: "mapping of text to text",
    Path: "path",
    Secret: "secret: `${NAME}` or `{file: PATH}`",
}


def type_words(annotation: Any) -> str:
    """A type in plain words, with the bounds that stand in its annotation."""
    annotation = without_none(annotation)
    if get_origin(annotation) is Annotated:
        extras = [one for extra in annotation.__metadata__ for one in _constraints(extra)]
        found = [_BY_VALIDATOR[e] for e in extras if isinstance(e, Hashable) and e in _BY_VALIDATOR]
        words = found[0] if found else type_words(annotation.__origin__)
        return words + bound_words(extras)
    origin = get_origin(annotation)
    if origin is Literal:
        return _choice(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return _choice(annotation)
    if origin is tuple:
        inner = get_args(annotation)[0]
        return "list, see below" if sections_in(inner) else f"list of: {type_words(inner)}"
    if sections_in(annotation):
        return "mapping, see below"
    return _BY_TYPE[annotation]


def _constraints(extra: Any) -> list[Any]:
    return extra.metadata if isinstance(extra, FieldInfo) else [extra]


def _choice(words: Iterable[Any]) -> str:
    shown = [f"`{word}`" for word in words]
    return shown[0] if len(shown) == 1 else "one of " + ", ".join(shown)


def bound_words(constraints: Iterable[Any]) -> str:
    """The least and the most, each after a comma."""
    found = ""
    for one in constraints:
        match one:
            case Ge(ge=least):
                found += f", at least {least}"
            case Gt(gt=least):
                found += f", more than {least}"
            case Le(le=most):
                found += f", at most {most}"
            case Lt(lt=most):
                found += f", less than {most}"
            case MinLen(min_length=1):
                found += ", not empty"
            case MaxLen(max_length=most):
                found += f", at most {most} characters"
    return found


def default_words(annotation: Any, field: FieldInfo) -> str:
    """The default as the file would have it; "required" or a dash where there is none."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ("", (), {}) or isinstance(value, Section):
        return "–"
    words = type_words(annotation)
    if words.startswith(_DURATION):
        value = duration_text(value)
    elif words == _LISTEN:
        value = "{}:{}".format(*value)
    elif isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, tuple):
        value = f"[{', '.join(str(item) for item in value)}]"
    return f"`{value}`"


def sections_in(annotation: Any) -> list[type[Section]]:
    """The sections that a value may be, or hold in a list or by name."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    if get_origin(annotation) is Annotated:
        return sections_in(annotation.__origin__)
    return [kind for argument in get_args(annotation) for kind in sections_in(argument)]


def without_none(annotation: Any) -> Any:
    """X of an annotation X | None; any other as it is."""
    if get_origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        return members[0] if len(members) == 1 else annotation
    return annotation
