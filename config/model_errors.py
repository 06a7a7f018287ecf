"""pydantic's errors in our words: where it is in the file, what is wrong and what would be right.

Knows no particular section: keys, kinds and choices are read off the models.
"""

from __future__ import annotations

from typing import Any, get_args, get_origin

from pydantic_core import ErrorDetails

from config.errors import Path_, did_you_mean, is_hidden
from config.scalars import Section

_MAPPING = "must be a mapping: KEY: VALUE lines below it"
_LIST = "must be a list: lines that begin with - below it"
_EXPECTED = {
    "string_type": "must be a text",
    "path_type": "must be a path",
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
}
_BOUNDS = {
    "greater_than_equal": ("must be at least {}", "ge"),
    "greater_than": ("must be more than {}", "gt"),
    "less_than_equal": ("must be at most {}", "le"),
    "less_than": ("must be less than {}", "lt"),
    "string_too_short": ("must have at least {} characters", "min_length"),
    "string_too_long": ("must have at most {} characters", "max_length"),
    "too_short": ("must have at least {} entries", "min_length"),
    "too_long": ("must have at most {} entries", "max_length"),
}


def in_our_words(model: type[Section], detail: ErrorDetails) -> tuple[Path_, str]:
    """(key path in the file, what to mend) of one error of a model's validation."""
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    path, found = _place(model, detail["loc"])
    if kind == "extra_forbidden":
        known = sorted(_keys_of(_place(model, detail["loc"][:-1])[1]))
        hint = did_you_mean(str(detail["loc"][-1]), known)
        what = "holds a key that is not a setting" if is_hidden(path) else "is not a setting"
        return path, f"{what}; {hint}"
    if kind == "missing":
        return path, "is missing; add it"
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        key = str(context["discriminator"]).strip("'")
        tag = given.get(key) if isinstance(given, dict) else None
        what = "is missing" if tag is None else f"{_shown(path, tag)}is not known"
        return (*path, key), f"{what}; {did_you_mean(str(tag or ''), _tags_of(found, key))}"
    if kind in ("enum", "literal_error"):
        wanted = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        # Among ciphers and digests what looks alike is not what was meant.
        word = "" if path[:1] == ("credentials",) else str(given)
        hint = did_you_mean(word, wanted) if len(wanted) > 1 else f"write {wanted[0]}"
        return path, f"{_shown(path, given)}is not one of them; {hint}"
    if kind == "value_error":
        return _of_a_key(path, str(context["error"]))
    if kind in _EXPECTED:
        return path, _wrong_type(_EXPECTED[kind], given)
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        return path, _bound(words, context[bound])
    return path, detail["msg"][:1].lower() + detail["msg"][1:]


def _wrong_type(expected: str, given: object) -> str:
    if given is None:
        return f"is empty; it {expected}, or remove the key"
    if expected == _EXPECTED["string_type"] and isinstance(given, bool | int | float):
        return f"{expected}; put it in quotes"
    return expected


def _bound(words: str, bound: Any) -> str:
    text = words.format(bound)
    return "must not be empty" if bound == 1 and "characters" in text else text


def _shown(path: Path_, given: object) -> str:
    """The given text, except where it may be a secret."""
    return "" if path[:1] == ("credentials",) or not isinstance(given, str) else f"{given!r} "


def _of_a_key(path: Path_, text: str) -> tuple[Path_, str]:
    """A rule of a whole section names its key first ("interval: …"): that key gets the blame."""
    key, colon, rest = text.partition(": ")
    if colon and key.isidentifier():
        return (*path, key), rest
    return path, text


def _place(model: type[Section], loc: tuple[int | str, ...]) -> tuple[Path_, list[Any]]:
    """(key path, annotations there) of pydantic's place, in which a union's tags stand as well."""
    path: list[int | str] = []
    here: list[Any] = [model]
    for key in loc:
        tagged = [kind for kind in here if len(here) > 1 and _has_tag(kind, key)]
        if tagged:
            here = tagged
        else:
            path.append(key)
            here = [kind for around in here for kind in _inside(around, key)]
    return tuple(path), here


def _inside(annotation: Any, key: int | str) -> list[Any]:
    """What may stand under a key of a mapping, or at a place of a list."""
    if _is_section(annotation):
        for name, field in annotation.model_fields.items():
            if key == (field.alias or name):
                return _members(field.annotation)
        return []
    inner = get_args(annotation)[-1:] if get_origin(annotation) is dict else get_args(annotation)
    return [kind for argument in inner for kind in _members(argument)]


def _members(annotation: Any) -> list[Any]:
    """What a union consists of; else the annotation alone, without its validators."""
    if _is_section(annotation) or get_origin(annotation) in (tuple, list, dict):
        return [annotation]
    if hasattr(annotation, "__metadata__"):
        return _members(annotation.__origin__)
    return [kind for argument in get_args(annotation) for kind in _members(argument)]


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def _has_tag(annotation: Any, tag: int | str) -> bool:
    """Whether a member of a union has this tag: a Literal field with one value."""
    return _is_section(annotation) and any(
        get_args(field.annotation) == (tag,) for field in annotation.model_fields.values()
    )


def _keys_of(found: list[Any]) -> set[str]:
    return {f.alias or n for kind in found if _is_section(kind) for n, f in _fields(kind)}


def _tags_of(found: list[Any], key: str) -> list[str]:
    return [
        str(tag)
        for kind in found
        if _is_section(kind)
        for tag in get_args(kind.model_fields[key].annotation)
    ]


def _fields(kind: Any) -> Any:
    return kind.model_fields.items()
