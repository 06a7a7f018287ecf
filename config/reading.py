"""A strict YAML file as a validated section; whatever is wrong becomes one line that can be mended.

Knows nothing of any particular section: `config.load` and `config.profile` say what a file holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.environment import expand, secret_reader
from config.errors import Path_, Report, did_you_mean
from config.scalars import EnvText, Section
from config.yaml_source import Node, YamlProblem, parse, read_text

T = TypeVar("T", bound=Section)

_EXPECTED = {
    "string_type": "must be a text",
    "dict_type": "must be a mapping: KEY: VALUE lines below it",
    "model_type": "must be a mapping: KEY: VALUE lines below it",
    "model_attributes_type": "must be a mapping: KEY: VALUE lines below it",
    "tuple_type": "must be a list: lines that begin with - below it",
    "list_type": "must be a list: lines that begin with - below it",
    "path_type": "must be a path",
}


class Source:
    """One file's tree and values, and where its problems go."""

    def __init__(self, path: Path, report: Report, root: Node, values: Any) -> None:
        self.path = path
        self.report = report
        self.root = root
        self.values = values

    def wrong(self, path: Path_, text: str) -> None:
        """Note one problem at a key path of this file."""
        self.report.add(str(self.path), self.root.line_of(path), path, text)


def read_section(path: Path, model: type[T], *, env: Mapping[str, str] | None = None) -> T:
    """The section that a file holds. Raises ConfigError with every problem of it.

    With `env`, ${NAME} is replaced in texts and secrets may be given; without, $ is a letter.
    """
    source = open_source(path, Report(), env)
    section = validated(source, model)
    source.report.raise_if_any()
    assert section is not None
    return section


def open_source(path: Path, report: Report, env: Mapping[str, str] | None) -> Source:
    """Read and parse a file; raises ConfigError when there is no tree to speak of."""
    try:
        root = parse(read_text(path))
    except YamlProblem as problem:
        for line, where, text in problem.faults:
            report.add(str(path), line, where, text)
    except OSError as error:
        report.add(str(path), 0, (), f"cannot be read: {error.strerror or error}")
    report.raise_if_any()
    source = Source(path, report, root, root.value())
    if env is not None:
        source.values = expand(source.values, env, source.wrong)
        _hide(source.values, report)
    return source


def validated(source: Source, model: type[T]) -> T | None:
    """The section, or None when its problems were noted."""
    context: Callable[[Any], str] = secret_reader(source.path.parent)
    try:
        return model.model_validate(source.values, context=context)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=True):
            _note(source, model, detail)
        return None


def _hide(value: Any, report: Report) -> None:
    """What came from the environment is shown as the file has it."""
    if isinstance(value, dict):
        for child in value.values():
            _hide(child, report)
    elif isinstance(value, list):
        for child in value:
            _hide(child, report)
    elif isinstance(value, EnvText) and len(value) >= 4:
        report.hidden[str(value)] = value.template


def _note(source: Source, model: type[Section], detail: ErrorDetails) -> None:
    path = _path_in_file(source.values, detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys_at(model, detail["loc"][:-1])
        source.wrong(path, f"is not a setting; {did_you_mean(str(detail['loc'][-1]), known)}")
    elif kind == "missing":
        source.wrong(path, "is missing; add it")
    elif kind in ("union_tag_not_found", "union_tag_invalid"):
        key = str(context["discriminator"]).strip("'")
        known = _tags_at(model, detail["loc"], key)
        tag = str(context.get("tag", ""))
        shown = f"{tag!r} is not known" if tag else "is missing"
        source.wrong((*path, key), f"{shown}; {did_you_mean(tag, known)}")
    elif kind in ("enum", "literal_error"):
        wanted = [word.strip().strip("'") for word in _words(str(context["expected"]))]
        shown = "" if "credentials" in path else f"{detail['input']!r} "
        source.wrong(path, f"{shown}is not one of them; {_hint(detail['input'], wanted)}")
    elif kind == "value_error":
        _note_value_error(source, path, str(context["error"]))
    else:
        source.wrong(path, _EXPECTED.get(kind) or _plain(detail["msg"]))


def _note_value_error(source: Source, path: Path_, text: str) -> None:
    """A rule of a whole section names its key first ("interval: …"): that key gets the blame."""
    key, colon, rest = text.partition(": ")
    if colon and key.replace("_", "").isalpha() and " " not in key:
        source.wrong((*path, key), rest)
    else:
        source.wrong(path, text)


def _words(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _hint(word: object, known: list[str]) -> str:
    return did_you_mean(str(word), known) if len(known) > 1 else f"write {known[0]}"


def _plain(message: str) -> str:
    """pydantic's own sentence, begun as our other sentences are."""
    text = message[:1].lower() + message[1:]
    return text.replace("input should be", "must be").replace("string", "text")


def _path_in_file(values: Any, loc: tuple[int | str, ...]) -> Path_:
    """pydantic's place without the parts that stand in no file (a union's tag)."""
    path: list[str | int] = []
    here = values
    for at, key in enumerate(loc):
        last = at == len(loc) - 1
        if isinstance(here, dict):
            if key in here:
                here = here[key]
            elif not last:
                continue  # the tag of a union
            path.append(key)
        elif isinstance(here, list) and isinstance(key, int):
            here = here[key] if key < len(here) else None
            path.append(key)
    return tuple(path)


def _keys_at(model: type[Section], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that a mapping at a place of the model may have."""
    return sorted({key for found in _models_at(model, loc) for key in _keys_of(found)})


def _tags_at(model: type[Section], loc: tuple[int | str, ...], key: str) -> list[str]:
    """The kinds that a union at a place of the model has."""
    return [
        str(tag)
        for found in _models_at(model, loc)
        for tag in get_args(found.model_fields[key].annotation)
    ]


def _models_at(annotation: Any, loc: tuple[int | str, ...]) -> list[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        if not loc:
            return [annotation]
        for name, field in annotation.model_fields.items():
            if loc[0] in (name, field.alias):
                return _models_at(field.annotation, loc[1:])
        tagged = _with_tag(annotation, loc[0])
        return _models_at(annotation, loc[1:]) if tagged else []
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    inner = loc[1:] if origin in (tuple, list, dict) and loc else loc
    return [found for argument in arguments for found in _models_at(argument, inner)]


def _with_tag(model: type[Section], tag: int | str) -> bool:
    """Whether a member of a union has this tag: a Literal field with one value."""
    return any(get_args(f.annotation) == (tag,) for f in model.model_fields.values())


def _keys_of(model: type[Section]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
