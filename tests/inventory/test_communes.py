"""A commune that merges: its assets go on in the successor, and what was before stays as it was."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config.assets import Asset
from inventory.communes import assets_of, codes_on, merge_commune
from inventory.register.problems import Refused
from inventory.units import read_units

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TABLE = """code,level,name,parent,valid_from,valid_to,successors
58,province,Tỉnh,,,,
101,commune,Xã Một,58,,2025-06-30,101
102,commune,Xã Hai,58,,2025-06-30,101
101,commune,Xã Mới,58,2025-07-01,2026-12-31,301
200,commune,Xã Khác,58,,2026-12-31,301
301,commune,Phường,58,2027-01-01,,
"""
OLD, NEW, LATER = dt.date(2025, 6, 1), dt.date(2026, 11, 25), dt.date(2027, 1, 5)


@pytest.fixture
def units(tmp_path):
    file = tmp_path / "units.csv"
    file.write_text(TABLE, encoding="utf-8")
    return read_units(file)


@pytest.fixture
def filled(registry):
    registry.communes.clear()
    registry.communes.update({"101": "Xã Mới", "102": "Xã Hai", "200": "Khác", "301": "Phường"})
    registry.fill(
        [
            {"tag": tag, "name": tag, "class": "desktop", "commune": commune}
            for tag, commune in (("A", "101"), ("B", "102"), ("C", "200"))
        ],
        {},
    )
    return registry


def at(registry, day):
    """Every look at the clock from now on is on that day."""
    registry.clock.set(dt.datetime.combine(day, dt.time(9), ZONE).timestamp())


def test_a_unit_had_the_codes_of_what_became_it(units):
    phuong = units.at("301", LATER)
    assert codes_on(units, phuong, LATER) == {"301"}
    assert codes_on(units, phuong, NEW) == {"101", "200"}
    assert codes_on(units, phuong, OLD) == {"101", "102", "200"}
    assert codes_on(units, units.at("101", NEW), OLD) == {"101", "102"}
    assert codes_on(units, units.at("101", OLD), NEW) == set()


def tags(registry, units, unit, day):
    return [a.tag for a in assets_of(registry.desk, units, unit, day, ZONE)]


def test_a_listing_as_of_a_day_before_does_not_change(units, filled, who):
    registry, phuong = filled, units.at("301", LATER)
    now = dt.datetime.fromtimestamp(registry.clock.wall(), ZONE).date()
    before = tags(registry, units, units.at("101", NEW), now)
    assert before == ["A"]
    at(registry, LATER)
    _, count = merge_commune(registry.register, units, "101", "301", who, LATER, registry.communes)
    assert count == 1
    assert registry.register.get("A").asset.commune == "301"
    registry.register.edit("A", {"tag": "A-2", "name": "khác"}, who)
    registry.register.remove("C", who)
    assert tags(registry, units, phuong, LATER) == ["A-2"]
    assert tags(registry, units, phuong, now) == ["A", "C"]
    assert tags(registry, units, units.at("101", NEW), now) == before
    assert tags(registry, units, phuong, now - dt.timedelta(days=3650)) == []


def test_the_move_to_a_successor_is_undone_as_one(units, filled, who):
    state = filled.state()
    batch, _ = merge_commune(filled.register, units, "200", "301", who, LATER, filled.communes)
    filled.register.undo(batch, who)
    assert filled.state() == state


@pytest.mark.parametrize(("old", "new"), [("101", "200"), ("301", "101"), ("101", "101")])
def test_a_commune_goes_only_where_the_table_says(units, filled, who, old, new):
    with pytest.raises(Refused, match="did not become"):
        merge_commune(filled.register, units, old, new, who, LATER, filled.communes)


def test_over_two_mergers_a_commune_goes_to_the_one_of_today(units, filled, who):
    merge_commune(filled.register, units, "102", "301", who, LATER, filled.communes)
    assert filled.register.get("B").asset.commune == "301"


def test_a_successor_that_is_not_watched_is_told_to_be_added(units, filled, who):
    del filled.communes["301"]
    with pytest.raises(Refused, match=r"add it to hatang\.yaml"):
        merge_commune(filled.register, units, "101", "301", who, LATER, filled.communes)


def test_assets_of_the_files_are_listed_as_they_were_read_then(registry, units):
    from inventory.store.rows import AssetRow, Batch

    asset = Asset.model_validate({"tag": "F", "name": "F", "class": "ups", "commune": "101"})
    body = asset.model_dump_json(by_alias=True, exclude_defaults=True)
    registry.write(Batch(1_795_000_000.0, assets=[AssetRow(9, "F", "101", body, 1.0)]))
    moved = body.replace('"101"', '"301"')
    registry.write(Batch(1_798_900_000.0, assets=[AssetRow(9, "F", "301", moved, 1.0)]))
    assert tags(registry, units, units.at("101", NEW), dt.date(2026, 12, 1)) == ["F"]
    assert tags(registry, units, units.at("301", LATER), LATER) == ["F"]
