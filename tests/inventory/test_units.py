"""Administrative units: codes that live on, days that decide, and tables of other countries."""

import csv
import datetime as dt
import importlib.util
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from inventory.units import OPTIONAL, REQUIRED, read_units

BEFORE, AFTER = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
LATEST = dt.date(2026, 9, 20)
"""The day of the newest change in the shipped table."""

HEADER = ",".join((*REQUIRED, *OPTIONAL))


@pytest.fixture(scope="module")
def vietnam():
    return read_units()


def test_the_table_has_every_unit_of_today_and_before(vietnam):
    def count(level, day):
        return sum(u.level == level and u.holds_on(day) for u in vietnam)

    assert (count("province", AFTER), count("commune", AFTER)) == (34, 3321)
    assert (count("province", LATEST), count("commune", LATEST)) == (34, 3321)
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


def test_a_commune_that_becomes_a_ward_keeps_its_code_and_its_past(vietnam):
    eve, day = dt.date(2026, 4, 29), dt.date(2026, 4, 30)
    assert vietnam.at("26485", eve).name == "Xã Nhơn Trạch"
    assert vietnam.at("26485", day).name == "Phường Nhơn Trạch"
    assert vietnam.successors(vietnam.at("26485", eve)) == [vietnam.at("26485", day)]
    cities = {u.name for u in vietnam if u.level == "province" and u.valid_from > AFTER}
    assert cities == {"Thành phố Đồng Nai", "Thành phố Quảng Ninh", "Thành phố Bắc Ninh"}
    assert sum(u.level == "commune" and u.valid_from > AFTER for u in vietnam) == 10 + 12


def test_an_island_district_without_communes_became_a_special_zone(vietnam):
    lone = [u for u in vietnam if u.level == "district" and not vietnam.members(u.code, BEFORE)]
    assert {heir.name for u in lone for heir in vietnam.successors(u)} == {
        "Đặc khu Bạch Long Vĩ",
        "Đặc khu Cồn Cỏ",
        "Đặc khu Hoàng Sa",
        "Đặc khu Lý Sơn",
        "Đặc khu Côn Đảo",
    }
    assert all(not u.successors for u in vietnam if u.level == "district" and u not in lone)


def test_every_former_commune_has_heirs_that_exist_on_the_day_after(vietnam):
    for unit in vietnam:
        if unit.level == "commune" and unit.valid_to is not None:
            heirs = vietnam.successors(unit)
            assert heirs, unit
            assert len(heirs) == len(unit.successors)


def test_of_former_communes_of_one_name_each_has_its_own_heirs(vietnam):
    def became(code):
        return [heir.name for heir in vietnam.successors(vietnam.at(code, BEFORE))]

    # Phường 4 of the cities Tây Ninh and Tân An, 90 km apart and both in Tây Ninh now.
    assert (became("25462"), became("27691")) == (["Phường Tân Ninh"], ["Phường Long An"])
    # Xã Hòa Bình of Kim Thành was divided, that of Vĩnh Bảo was not; both are in Hải Phòng now.
    assert became("10798") == ["Xã Kim Thành", "Xã Hà Nam"]
    assert became("11890") == ["Xã Nguyễn Bỉnh Khiêm"]
    assert became("31379") == ["Xã Phú Hữu"]


def test_parents_exist_and_codes_are_texts_of_their_length(vietnam):
    lengths = {"province": 2, "district": 3, "commune": 5}
    for unit in vietnam:
        assert len(unit.code) == lengths[unit.level]
        if unit.level != "province":
            assert vietnam.at(unit.parent, unit.valid_from) is not None


@given(st.data())
def test_on_one_day_a_code_names_one_unit(vietnam, data):
    code = data.draw(st.sampled_from(sorted({u.code for u in vietnam})))
    day = data.draw(st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1)))
    valid = [u for u in vietnam.history(code) if u.holds_on(day)]
    assert len(valid) <= 1
    assert vietnam.at(code, day) == (valid[0] if valid else None)


_DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2025, 1, 8))
_ROWS = st.lists(
    st.tuples(st.sampled_from("AB"), st.none() | _DAYS, st.none() | _DAYS), min_size=1, max_size=5
)


@given(_ROWS)
def test_a_table_is_refused_exactly_when_a_code_would_name_two_units_on_one_day(
    tmp_path_factory, rows
):
    table = tmp_path_factory.mktemp("units") / "units.csv"
    lines = [f"{code},commune,x,,{first or ''},{last or ''}" for code, first, last in rows]
    table.write_text("\n".join(["code,level,name,parent,valid_from,valid_to", *lines]))
    spans = [(c, f or dt.date.min, last or dt.date.max) for c, f, last in rows]
    days = [dt.date(2024, 12, 31) + dt.timedelta(n) for n in range(12)]
    fine = all(first <= last for _, first, last in spans) and all(
        sum(c == code and first <= day <= last for c, first, last in spans) <= 1
        for code in "AB"
        for day in days
    )
    try:
        units = read_units(table)
    except ConfigError as wrong:
        assert not fine, wrong  # noqa: PT017
    else:
        assert fine
        assert len(units) == len(rows)


def test_another_country_needs_four_columns(tmp_path):
    table = tmp_path / "units.csv"
    table.write_text("code,level,name,parent\nA,province,Alpha,\nA1,commune,Beta,A\n")
    units = read_units(table)
    assert units.at("A1", dt.date(1900, 1, 1)).name == "Beta"
    assert [u.code for u in units.members("A", AFTER)] == ["A1"]


def test_a_table_as_other_programs_write_it_is_read(tmp_path):
    table = tmp_path / "units.csv"
    rows = [
        "code, level,name,parent,valid_from,valid_to,latitude",
        "A ,province, Đắk Lắk ,,2020-01-01,9999-12-31,",
        "",
        '07,commune,"Beta, Gamma",A,2020-01-01,9999-12-31,-12.5',
    ]
    table.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
    units = read_units(table)
    beta = units.at("07", dt.date(2100, 1, 1))
    assert (beta.name, beta.valid_to, beta.latitude) == ("Beta, Gamma", None, -12.5)
    assert units.at("A", AFTER).name == "Đắk Lắk"
    assert units.successors(beta) == []


def test_the_shipped_table_can_be_the_start_of_an_own_one(vietnam, tmp_path):
    own = tmp_path / "units.csv"
    with own.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*REQUIRED, *OPTIONAL))
        for u in vietnam:
            end = (u.valid_to or "", " ".join(u.successors))
            where = ("" if v is None else v for v in (u.latitude, u.longitude, u.area_km2))
            writer.writerow((u.code, u.level, u.name, u.parent, u.valid_from, *end, *where))
    assert list(read_units(own)) == list(vietnam)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code,level,name\nA,x,y\n", ":1: parent: is missing in the header"),
        ("code,level,name,parent,colour\n", ":1: colour: is not a column"),
        ("code,level,name,parent\n,x,y,\n", ":2: code: is empty"),
        ("code,level,name,parent,valid_from\nA,x,y,,31/12/2025\n", ":2: valid_from: '31/12/2025'"),
        ("code,level,name,parent,latitude\nA,x,y,,north\n", ":2: latitude: 'north' is no number"),
        ("code,level,name,parent,latitude\nA,x,y,,nan\n", ":2: latitude: 'nan' is no number"),
        ("code,level,name,parent,latitude\nA,x,y,,91\n", ":2: latitude: '91' is no number from"),
        ("code,level,name,parent,code\nA,x,y,,A\n", ":1: code: is there twice"),
        ("", ":1: code: is missing in the header"),
        ("code,level,name,parent\nA,x,y,\nA,x,z,\n", ":3: code: A names y (line 2), too"),
        ("code,level,name,parent\nA,x,y,B\n", ":2: parent: B is no code of this table"),
        (f"{HEADER}\nA,x,y,,,2025-01-01,B,,,\n", ":2: successors: there is no B on the day after"),
        (f"{HEADER}\nA,x,y,,,,A,,,\n", ":2: successors: are of a unit that has not ended"),
        ('code,level,name,parent\nA,"x\n', "is not CSV"),
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


def test_a_table_that_cannot_be_read_is_named(tmp_path):
    table = tmp_path / "units.csv"
    with pytest.raises(ConfigError, match=r"units\.csv: cannot be read: No such file"):
        read_units(table)
    table.write_bytes("code,level,name,parent\nA,x,Đà,\n".encode("cp1258", "replace"))
    with pytest.raises(ConfigError, match=r"units\.csv:2: is not UTF-8"):
        read_units(table)


_TONES = "\u0300\u0301\u0303\u0309\u0323"


def _own_name(name):
    """The name without its type word; Hòa and Hoà are one spelling, as the tone is one."""
    name = re.sub("^(Tỉnh|Thành phố|Phường|Xã|Đặc khu) ", "", name, flags=re.IGNORECASE)
    words = unicodedata.normalize("NFD", name.casefold()).split()
    return [("".join(c for c in w if c not in _TONES), set(w) & set(_TONES)) for w in words]


@pytest.mark.skipif(
    importlib.util.find_spec("vietnam_provinces") is None,
    reason="vietnam-provinces (GPL) is no dependency; install it by hand to cross-check",
)
def test_another_data_set_agrees(vietnam):
    from vietnam_provinces import Province, Ward

    for kind, level, digits in ((Ward, "commune", 5), (Province, "province", 2)):
        theirs = {f"{int(u.code):0{digits}}": _own_name(u.name) for u in kind.iter_all()}
        ours = {
            u.code: _own_name(u.name) for u in vietnam if u.level == level and u.holds_on(LATEST)
        }
        assert ours == theirs
    for ward in Ward.iter_all():
        assert vietnam.at(f"{int(ward.code):05}", LATEST).parent == f"{int(ward.province_code):02}"


@pytest.mark.skipif(
    importlib.util.find_spec("vietnam_provinces") is None
    or importlib.util.find_spec("vietnam_provinces.legacy") is None,
    reason="vietnam-provinces (GPL) with former units, from 2026 on, is no dependency",
)
def test_another_data_set_agrees_on_what_was_and_what_became_of_it(vietnam):
    from vietnam_provinces import Ward, legacy

    former = {u.code: u for u in vietnam if u.level == "commune" and u.holds_on(BEFORE)}
    theirs = {f"{int(w.code):05}": w for w in legacy.Ward.iter_all()}
    both = former.keys() & theirs.keys()
    assert len(both) > 0.995 * len(former)
    assert all(former[c].parent == f"{int(theirs[c].district_code):03}" for c in both)
    heirs = {code: set() for code in former}
    for ward in Ward.iter_all():
        for source in ward.get_legacy_sources():
            heirs.setdefault(f"{int(source.code):05}", set()).add(f"{int(ward.code):05}")
    # Of a divided commune the one or the other leaves out a small part (docs/units.md).
    differing = [code for code in both if heirs[code] != set(former[code].successors)]
    assert len(differing) < 0.002 * len(both)
    assert not {u.code for u in vietnam.members("588", BEFORE)} & set(differing)
