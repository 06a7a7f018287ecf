"""A file for each rule: the first lines of a wrong one (#!) are what it must be refused with.

A new rule is a new file; the test at the end fails while a refusal in config/ has none.
"""

import ast
import sys
from pathlib import Path
from types import FrameType

import pytest

from config import (
    assets,
    credentials,
    cross_rules,
    discovery,
    endpoints,
    environment,
    labels,
    ranges,
    register_file,
    scalars,
    sections,
    text_file,
    yaml_source,
)
from config.errors import ConfigError
from config.load import load

HERE = Path(__file__).parent
WRONG = sorted(path.name for path in (HERE / "wrong").glob("*.yaml"))
RIGHT = sorted(path.name for path in (HERE / "right").glob("*.yaml"))


def expected(file):
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line.removeprefix("#! ") for line in lines if line.startswith("#! ")]


def problems_of(file, env):
    try:
        load(file, env)
    except ConfigError as error:
        named = (line.replace(str(file), "HERE") for line in error.problems)
        return [line.replace(f"{file.parent}/", "") for line in named]
    return []


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_exactly_its_lines(name, gallery, env):
    file = gallery / "wrong" / name
    assert expected(file), "a wrong file begins with the lines that it gives: #! HERE:9: key: …"
    assert problems_of(file, env) == expected(file)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_file_is_taken(name, gallery, env):
    load(gallery / "right" / name, env)


@pytest.mark.parametrize("name", WRONG)
def test_no_refusal_shows_what_may_be_a_secret(name, gallery, env):
    told = "\n".join(problems_of(gallery / "wrong" / name, env))
    assert "canary-" not in told
    assert "7-chars" not in told


def refusals(module):
    """(first line, last line) of each statement that refuses something."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    return {
        (node.lineno, node.end_lineno)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Raise) and called(node.exc) in RAISED)
        or (isinstance(node, ast.Expr) and called(node.value) in NOTED)
    }


RAISED = {"ValueError", "TextProblem"}
NOTED = {
    "entry.wrong",
    "failed.append",
    "report.add",
    "self._refuse",
    "self._report.add",
    "start.wrong",
    "whole.wrong",
}


def called(node):
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


MODULES = (
    assets,
    credentials,
    cross_rules,
    discovery,
    endpoints,
    environment,
    labels,
    ranges,
    register_file,
    scalars,
    sections,
    text_file,
    yaml_source,
)
ELSEWHERE = (
    "is larger than",  # test_text_file.py writes a big file
    "holds more than",  # test_yaml_source.py makes so many values
    "must be a text that is not empty",  # test_scalars.py: a secret without a loader
)
"""Refusals that no small file can have."""


@pytest.mark.parametrize("rule", cross_rules.RULES, ids=lambda rule: rule.__name__)
def test_without_any_rule_over_sections_a_wrong_file_would_pass(rule, gallery, env, monkeypatch):
    others = tuple(other for other in cross_rules.RULES if other is not rule)
    monkeypatch.setattr("config.joining.RULES", others)
    files = [gallery / "wrong" / name for name in WRONG]
    assert any(problems_of(file, env) != expected(file) for file in files)


def test_every_refusal_in_config_is_proven_by_a_wrong_file(gallery, env):
    files = {module.__file__ for module in MODULES}
    executed = set()

    def lines(frame: FrameType, event: str, argument: object):
        executed.add((frame.f_code.co_filename, frame.f_lineno))
        return lines

    def calls(frame: FrameType, event: str, argument: object):
        return lines if frame.f_code.co_filename in files else None

    before = sys.gettrace()
    sys.settrace(calls)
    try:
        for name in WRONG:
            problems_of(gallery / "wrong" / name, env)
    finally:
        sys.settrace(before)
    assert len(refusals(cross_rules)) >= len(cross_rules.RULES)
    unproven = []
    for module in MODULES:
        source = Path(module.__file__).read_text(encoding="utf-8").splitlines()
        for first, last in sorted(refusals(module)):
            text = "\n".join(source[first - 1 : last])
            proven = any((module.__file__, line) in executed for line in range(first, last + 1))
            if not proven and not any(words in text for words in ELSEWHERE):
                unproven.append(f"{module.__name__}:{first}: {text.strip()}")
    assert unproven == []
