"""Profiles: a wrong file for each rule, whose first lines (#!) are what it must be refused with."""

import ast
from pathlib import Path

import pytest

from config import asset_filter, measures, profile, profile_layers, requirement
from config.errors import ConfigError
from config.profile import (
    is_layer_file,
    load_profile,
    read_layer,
    read_profile,
    shipped_profiles,
)

HERE = Path(__file__).parent
WRONG = sorted((HERE / "wrong_profiles").glob("*.yaml"))


def expected(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("#! ") for line in lines if line.startswith("#! ")]


def problems_of(name):
    try:
        if is_layer_file(Path(name)):
            read_layer(Path(name)).on(read_profile("commune-2026"))
        else:
            load_profile(str(name))
    except ConfigError as error:
        return [line.replace(str(name), "HERE") for line in error.problems]
    return []


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_a_wrong_profile_is_refused_with_exactly_its_lines(file):
    assert expected(file), "a wrong file begins with the lines that it gives: #! HERE:9: key: …"
    assert problems_of(file) == expected(file)


@pytest.mark.parametrize("rule", profile.RULES, ids=lambda rule: rule.__name__)
def test_without_any_rule_over_the_parts_a_wrong_profile_would_pass(rule, monkeypatch):
    monkeypatch.setattr(profile, "RULES", tuple(r for r in profile.RULES if r is not rule))
    assert any(problems_of(file) != expected(file) for file in WRONG)


@pytest.mark.parametrize(
    "module",
    [asset_filter, measures, profile_layers, requirement],
    ids=lambda module: module.__name__,
)
def test_every_refusal_of_a_section_is_proven_by_a_wrong_profile(module):
    told = "\n".join(line for file in WRONG for line in expected(file))
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    refusals = [
        max(
            (c.value for c in ast.walk(node.exc) if isinstance(c, ast.Constant)),
            key=lambda value: len(str(value)),
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and ast.unparse(node.exc.func) == "ValueError"
    ]
    assert refusals
    for text in refusals:
        # What begins with its key is told as key path and text.
        assert (text.partition(": ")[2] or text) in told


@pytest.mark.parametrize("name", shipped_profiles())
def test_a_shipped_profile_loads_under_its_own_name(name):
    found = load_profile(name)
    assert found.id == name
    assert [found.requirement(r.id) for r in found.requirements] == list(found.requirements)
    assert [found.pillar(p.id) for p in found.pillars] == list(found.pillars)
    assert found.requirement("no-such") is None
    assert found.pillar("no-such") is None


def refusal(name):
    with pytest.raises(ConfigError) as caught:
        load_profile(name)
    return caught.value.problems


def test_a_name_that_is_nearly_right_is_helped():
    assert refusal("commune-2062") == (
        "readiness.profile: 'commune-2062' is neither a shipped profile nor a path to a .yaml "
        "file; did you mean commune-2026?",
    )


@pytest.mark.parametrize("name", ["../profiles/commune-2026", "", "/etc/passwd", "commune-2026 "])
def test_a_name_is_no_path(name):
    assert "neither a shipped profile" in refusal(name)[0]


def test_a_path_that_leads_nowhere_is_said(tmp_path):
    assert problems_of(tmp_path / "none.yaml") == [
        "HERE: cannot be read: No such file or directory"
    ]


def test_a_profile_of_your_own_may_speak_hindi(tmp_path):
    text = (profile.FOLDER / "commune-2026.yaml").read_text(encoding="utf-8")
    hindi = text.replace(
        "title: {vi: Thiết bị, en: Devices}", "title: {vi: Thiết bị, en: Devices, hi: उपकरण}"
    )
    (tmp_path / "ours.yaml").write_text(hindi, encoding="utf-8")
    title = load_profile(str(tmp_path / "ours.yaml")).pillar("devices").title
    assert [title.text(language) for language in ("vi", "en", "hi", "fr")] == [
        "Thiết bị",
        "Devices",
        "उपकरण",
        "Devices",
    ]
