"""What two profiles ask differently, and which file says what holds."""

import pytest

from config.profile import load_profile, read_layer, read_profile
from config.profile_diff import origins, profile_changes

OURS = """id: ours
version: "1"
title: {vi: Của ta, en: Ours}
valid_from: 2026-01-01
extends: commune-2026
change:
  pc-per-post: {at_least: 0.9, partly: 0.7, remedy: {price_vnd: 15000000}}
  backup: {level: desirable}
drop:
  ups: Có máy phát điện.
"""
LAYER = """id: sea
version: "2"
title: {vi: Biển, en: Sea}
valid_from: 2026-01-01
for: {type: dac_khu}
change:
  pc-per-post: {weight: 5}
requirements:
  - id: radio
    pillar: network
    title: {vi: Bộ đàm, en: Radio}
    basis: {kind: ours, document: Ours}
    level: desirable
    measure: {measure: asset_count, of: {feature: radio}}
    at_least: 1
"""


@pytest.fixture
def ours(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(OURS, encoding="utf-8")
    return read_profile(str(path))


@pytest.fixture
def sea(tmp_path, ours):
    path = tmp_path / "sea.yaml"
    path.write_text(LAYER, encoding="utf-8")
    return read_layer(path).on(ours)


def test_each_key_that_differs_is_told_with_both_values(ours):
    found = profile_changes(load_profile("commune-2026"), ours.profile)
    assert {c.requirement: (c.kind, *map(str, c.keys)) for c in found} == {
        "pc-per-post": (
            "changed",
            "at_least: 1 → 0.9",
            "partly: 0.9 → 0.7",
            "remedy.price_vnd: 17800000 → 15000000",
        ),
        "backup": ("changed", "level: mandatory → desirable"),
        "ups": ("dropped",),
    }
    assert profile_changes(ours.profile, ours.profile) == ()


def test_each_requirement_names_the_files_that_say_what_it_is(sea):
    found = origins(sea)
    assert found["pc-per-post"] == ("commune-2026", "ours", "sea")
    assert found["backup"] == ("commune-2026", "ours")
    assert found["firewall"] == ("commune-2026",)
    assert found["radio"] == ("sea",)
    assert "ups" not in found


def test_a_change_keeps_what_it_does_not_name(sea):
    remedy = sea.profile.requirement("pc-per-post").remedy
    assert (remedy.name.en, remedy.price_vnd) == ("Desktop computer", 15_000_000)
    assert sea.profile.valid_from.isoformat() == "2026-01-01"
