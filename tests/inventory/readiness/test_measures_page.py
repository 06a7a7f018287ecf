"""docs/measures.md: every worked example is what comes out, and every measure has one."""

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from config.asset_filter import Filter
from config.measures import AssetShare
from config.profile import Requirement
from config.profile_examples import Given
from inventory.readiness.evaluate import judge
from inventory.readiness.given import facts_of, noon_of
from inventory.readiness.measures import MEASURES

PAGE = (Path(__file__).parents[3] / "docs" / "measures.md").read_text(encoding="utf-8")
NOW_S = noon_of(dt.date(2026, 11, 25))
EXAMPLES = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def requirement_of(entry):
    text = {"vi": "v", "en": "e"}
    basis = {"kind": "ours", "document": "docs/measures.md"}
    rest = {"id": "r", "pillar": "p", "title": text, "basis": basis, "level": "mandatory"}
    return Requirement.model_validate(rest | entry)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["requirement"]["measure"]["measure"])
def test_a_worked_example_comes_out_as_it_was_computed_by_hand(example):
    given = Given.model_validate(example["given"])
    found = judge(requirement_of(example["requirement"]), facts_of(given, NOW_S), NOW_S)
    expected = example["expect"]
    assert found.verdict == expected["verdict"]
    if "reason" in expected:
        assert found.explanation == expected["reason"]
    if found.value is not None:
        assert found.value == pytest.approx(expected["value"], abs=5e-5)
        assert found.gap == expected.get("gap", found.gap)
    if "confidence" in expected:
        assert found.confidence == pytest.approx(expected["confidence"], abs=5e-5)


def test_every_measure_has_a_section_with_an_example():
    sections = re.findall(r"^## ([a-z_]+)$", PAGE, re.MULTILINE)
    assert sorted(sections) == sorted(MEASURES)
    assert {e["requirement"]["measure"]["measure"] for e in EXAMPLES} == set(MEASURES)


@pytest.mark.parametrize("name", [*Filter.model_fields, *AssetShare.model_fields])
def test_every_key_of_a_filter_and_every_question_of_a_share_is_told(name):
    assert f"`{name}`" in PAGE or name in ("measure", "of")
