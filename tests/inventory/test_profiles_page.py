"""docs/profiles.md: its files are in order, and their examples come out."""

import re
from pathlib import Path

import pytest

from config.profile import is_layer_file, read_layer, read_profile
from inventory.readiness.examples import mismatches

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FILES = [text for text in BLOCKS if not text.startswith("readiness:")]
"""Without what stands in a hatang.yaml."""


def read(path):
    if is_layer_file(path):
        return read_layer(path).on(read_profile("commune-2026")).profile
    return read_profile(str(path)).profile


@pytest.mark.parametrize("text", FILES, ids=lambda text: text.split("\n", 1)[0][4:])
def test_a_worked_file_is_in_order_and_its_examples_come_out(tmp_path, text):
    path = tmp_path / "worked.yaml"
    path.write_text(text, encoding="utf-8")
    profile = read(path)
    assert len(profile.examples) >= 2
    assert mismatches(profile) == ()


def test_the_page_shows_a_profile_and_a_layer():
    assert [("for:" in text, "extends:" in text) for text in FILES] == [
        (False, True),
        (True, False),
    ]


def test_what_the_page_says_that_a_check_prints_is_what_comes_out(tmp_path):
    path = tmp_path / "dac-khu.yaml"
    path.write_text(FILES[1], encoding="utf-8")
    profile = read(path)
    said = (
        f"{profile.id} version {profile.version}, {len(profile.requirements)} requirements in "
        f"{len(profile.pillars)} pillars, {len(profile.examples)} examples hold"
    )
    assert said in PAGE
