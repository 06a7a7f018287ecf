"""Administrative units: codes that live on, days that decide, and tables of other countries."""

import datetime as dt
import importlib.util
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from inventory.units import read_units

BEFORE, AFTER = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


@pytest.fixture(scope="module")
def vietnam():
    return read_units()


def test_the_table_has_every_unit_of_today_and_before(vietnam):
    def count(level, day):
        return sum(u.level == level and u.holds_on(day) for u in vietnam)

    assert (count("province", AFTER), count("commune", AFTER)) == (34, 3321)
    assert (count("province", BEFORE), count("district", BEFORE)) == (63, 696)
    assert count("commune", BEFORE) == 10_035
    assert count("district", AFTER) == 0


def test_a_code_lives_on_under_another_name(vietnam):
    assert vietnam.at("22849", BEFORE).name == "Xã Lợi Hải"
    assert vietnam.at("22849", AFTER).name == "Xã Thuận Bắc"
    assert [u.name for u in vietnam.history("22849")] == ["Xã Lợi Hải", "Xã Thuận Bắc"]


def test_the_six_communes_of_the_former_district_lie_in_three_of_today(vietnam):
    became = {
        u.name: [heir.name for heir in vietnam.successors(u)]
        for u in vietnam.members("588", BEFORE)
    }
    assert became == {
        "Xã Lợi Hải": ["Xã Thuận Bắc"],
        "Xã Bắc Phong": ["Xã Thuận Bắc"],
        "Xã Phước Kháng": ["Xã Thuận Bắc"],
        "Xã Công Hải": ["Xã Công Hải"],
        "Xã Phước Chiến": ["Xã Công Hải"],
        "Xã Bắc Sơn": ["Xã Ninh Hải"],
    }
    assert vietnam.members("588", AFTER) == []
    assert vietnam.at("588", BEFORE).name == "Huyện Thuận Bắc"
    assert vietnam.at("22849", AFTER).parent == "56"


def test_every_former_commune_has_heirs_that_exist_on_the_day_after(vietnam):
    for unit in vietnam:
        if unit.level == "commune" and unit.valid_to is not None:
            heirs = vietnam.successors(unit)
            assert heirs, unit
            assert len(heirs) == len(unit.successors)


def test_parents_exist_and_codes_are_texts_of_their_length(vietnam):
    lengths = {"province": 2, "district": 3, "commune": 5}
    for unit in vietnam:
        assert len(unit.code) == lengths[unit.level]
        if unit.level != "province":
            assert vietnam.at(unit.parent, unit.valid_from) is not None


@given(st.data())
def test_on_one_day_a_code_names_one_unit(vietnam, data):
    code = data.draw(st.sampled_from(["22849", "22852", "22840", "00004", "01", "588"]))
    day = data.draw(st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1)))
    assert sum(u.holds_on(day) for u in vietnam.history(code)) <= 1


def test_another_country_needs_four_columns(tmp_path):
    table = tmp_path / "units.csv"
    table.write_text("code,level,name,parent\nA,province,Alpha,\nA1,commune,Beta,A\n")
    units = read_units(table)
    assert units.at("A1", dt.date(1900, 1, 1)).name == "Beta"
    assert [u.code for u in units.members("A", AFTER)] == ["A1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code,level,name\nA,x,y\n", ":1: parent: is missing in the header"),
        ("code,level,name,parent,colour\n", ":1: colour: is not a column"),
        ("code,level,name,parent\n,x,y,\n", ":2: code: is empty"),
        ("code,level,name,parent,valid_from\nA,x,y,,31/12/2025\n", ":2: valid_from: '31/12/2025'"),
        ("code,level,name,parent,latitude\nA,x,y,,north\n", ":2: latitude: 'north' is no number"),
        ("code,level,name,parent\nA,x,y,\nA,x,z,\n", "A names y and z"),
        ("code,level,name,parent\nA,x,y\n", ":2: has another number of cells"),
        (
            "code,level,name,parent,valid_from,valid_to\nA,x,y,,2025-01-02,2025-01-01\n",
            ":2: valid_to:",
        ),
    ],
)
def test_a_wrong_table_names_line_and_column(tmp_path, text, words):
    table = tmp_path / "units.csv"
    table.write_text(text)
    with pytest.raises(ConfigError) as wrong:
        read_units(table)
    assert words in str(wrong.value)


@pytest.mark.skipif(
    importlib.util.find_spec("vietnam_provinces") is None,
    reason="vietnam-provinces (GPL) is no dependency; install it by hand to cross-check",
)
def test_another_data_set_agrees(vietnam):
    from vietnam_provinces import Ward

    theirs = {f"{int(w.code):05}": w.name for w in Ward.iter_all()}
    ours = {u.code: u.name for u in vietnam if u.level == "commune" and u.holds_on(AFTER)}
    assert set(ours) == set(theirs)
    differing = [c for c in ours if ours[c].casefold() != theirs[c].casefold()]
    assert len(list(itertools.islice(differing, 20))) < 20
