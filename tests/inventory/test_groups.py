"""Groups of communes: by code, and by the district of old that they lie in."""

import datetime as dt

from config.groups import Group
from inventory.groups import members_of, members_of_all
from inventory.units import read_units

TODAY = dt.date(2026, 11, 25)
TITLE = {"vi": "Nhóm", "en": "Group"}


def watched(units, *codes):
    return {code: units.at(code, TODAY) for code in codes}


def test_a_former_district_is_every_watched_commune_with_land_of_it():
    units = read_units()
    communes = watched(units, "22849", "22840", "22852", "22846", "22861")
    thuan_bac = Group(id="thuan-bac", title=TITLE, former_district="588")
    # Bắc Sơn of the district went to 22852, which had not been a part of it; 22846 took none.
    assert members_of(thuan_bac, units, communes) == ("22840", "22849", "22852")


def test_a_group_by_codes_keeps_to_what_is_watched():
    units = read_units()
    pilot = Group(id="pilot", title=TITLE, communes=["22852", "22849"])
    found = members_of_all([pilot], units, watched(units, "22849"))
    assert found == {"pilot": ("22849",)}


def test_what_merged_twice_still_lies_in_its_first_district(tmp_path):
    file = tmp_path / "units.csv"
    file.write_text(
        "code,level,name,parent,valid_from,valid_to,successors\n"
        "5,province,Tỉnh,,,,\n"
        "50,district,Huyện,5,,2025-06-30,\n"
        "101,commune,Một,50,,2025-06-30,201\n"
        "201,commune,Hai,5,2025-07-01,2026-06-30,301\n"
        "301,commune,Ba,5,2026-07-01,,\n",
        encoding="utf-8",
    )
    units = read_units(file)
    group = Group(id="g", title=TITLE, former_district="50")
    assert members_of(group, units, watched(units, "301")) == ("301",)
