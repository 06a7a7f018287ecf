"""A strict YAML file as a validated section; whatever is wrong becomes one line that can be mended.

Knows nothing of any particular section: `config.load` and `config.profile` say what a file holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from config.environment import expand, names_in, secret_reader
from config.errors import Path_, Report
from config.model_errors import in_our_words
from config.scalars import EnvText, Section
from config.text_file import TextProblem, read_text
from config.yaml_source import MAX_BYTES, Node, YamlProblem, parse

T = TypeVar("T", bound=Section)


class Source:
    """One file's tree and values, and where its problems go."""

    def __init__(self, path: Path, report: Report, root: Node, values: Any) -> None:
        self.path = path
        self.report = report
        self.root = root
        self.values = values
        self.noted: set[Path_] = set()

    def wrong(self, path: Path_, text: str) -> None:
        """Note one problem at a key path of this file."""
        self.noted.add(path)
        line, column = self.root.place_of(path)
        self.report.add(str(self.path), line, path, text, column)


def open_source(path: Path, report: Report, env: Mapping[str, str] | None) -> Source:
    """Read and parse a file; raises ConfigError when there is no tree to speak of.

    With `env`, ${NAME} is replaced in texts and secrets may be given; without, $ is a letter.
    """
    text = ""
    try:
        text = read_text(path, MAX_BYTES)
    except TextProblem as problem:
        report.add(str(path), problem.line, (), problem.text)
    except OSError as error:
        report.add(str(path), 0, (), f"cannot be read: {error.strerror or error}")
    report.raise_if_any()
    source = parsed(text, path, report)
    if env is not None:
        source.values = expand(source.values, env, source.wrong)
        _hide(source.values, env, report)
    return source


def parsed(text: str, path: Path, report: Report) -> Source:
    """The text of a file, which need not be there; raises ConfigError when it is no tree."""
    try:
        root = parse(text)
    except YamlProblem as problem:
        for line, where, words in problem.faults:
            report.add(str(path), line, where, words, problem.column)
    report.raise_if_any()
    return Source(path, report, root, root.value())


def validated(source: Source, model: type[T]) -> T | None:
    """The section, or None when its problems were noted."""
    context: Callable[[Any], str] = secret_reader(source.path.parent)
    try:
        return model.model_validate(source.values, context=context, by_alias=True, by_name=False)
    except ValidationError as error:
        before = frozenset(source.noted)
        for detail in error.errors(include_url=False):
            path, text = in_our_words(model, detail)
            if path not in before:  # a variable that is missing there is the cause
                source.wrong(path, text)
        return None


def _hide(value: Any, env: Mapping[str, str], report: Report) -> None:
    """What came from the environment is shown as the file has it."""
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for child in children:
            _hide(child, env, report)
    elif isinstance(value, EnvText):
        report.hide(str(value), value.template)
        for name in names_in(value.template):
            report.hide(env.get(name, ""), f"${{{name}}}")
