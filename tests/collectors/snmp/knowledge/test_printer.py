"""Consumables of Printer-MIB: what is left, and what they are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.knowledge.printer import PRINTER, supplies_of

LATIN_1, SHIFT_JIS, UTF_16, ROMAN_8, WINDOWS_1258 = 4, 17, 1013, 2004, 2258


def supply(description=b"Toner", charset=None, **cells):
    rows = {"prtMarkerSuppliesDescription": {(1, 1): description}}
    rows |= {f"prtMarkerSupplies{name}": {(1, 1): value} for name, value in cells.items()}
    if charset is not None:
        rows["prtGeneralCurrentLocalization"] = {(1,): 2}
        rows["prtLocalizationCharacterSet"] = {(1, 1): LATIN_1, (1, 2): charset}
    [found] = supplies_of(rows)
    return found


@pytest.mark.parametrize(
    ("cells", "percent"),
    [
        ({"Level": 1500, "MaxCapacity": 6000, "SupplyUnit": 7}, 25.0),
        ({"Level": 0, "MaxCapacity": 6000, "SupplyUnit": 7}, 0.0),
        ({"Level": 80, "MaxCapacity": -2, "SupplyUnit": 19}, 80.0),
        ({"Level": 80, "MaxCapacity": -2}, 80.0),
        ({"Level": 80, "MaxCapacity": -2, "SupplyUnit": 7}, None),
        ({"Level": -3, "MaxCapacity": -2, "SupplyUnit": 19}, None),
        ({"Level": -2, "MaxCapacity": 6000, "SupplyUnit": 7}, None),
        ({"Level": -1, "MaxCapacity": 6000}, None),
        ({"Level": 7000, "MaxCapacity": 6000}, 100.0),
    ],
)
def test_a_level_is_percent_only_where_the_printer_knows_it(cells, percent):
    assert supply(**cells).percent == percent


@pytest.mark.parametrize(
    ("octets", "charset", "name"),
    [
        ("Hộp mực đen".encode(), None, "Hộp mực đen"),
        ("Hộp mực đen".encode(), ROMAN_8, "Hộp mực đen"),
        (b"M\xf6rk f\xe4rg", LATIN_1, "Mörk färg"),
        (b"Encre cyan cl\xc5", ROMAN_8, "Encre cyan clé"),
        ("トナー".encode("shift_jis"), SHIFT_JIS, "トナー"),
        ("Toner noir".encode("utf-16-be"), UTF_16, "Toner noir"),
        (b"\xd0en", WINDOWS_1258, "Đen"),
        (b"Broken \xff", UTF_16, "Broken ÿ"),
    ],
)
def test_names_are_read_in_the_printers_own_character_set(octets, charset, name):
    assert supply(octets, charset, Level=1).name == name


@pytest.mark.parametrize(
    ("kind", "description", "expected"),
    [
        (3, b"Black", "toner"),
        (1, b"Waste Toner Box", "waste"),
        (2, b"Drum Cartridge (Cyan)", "drum"),
        (1, b"Image Transfer Belt Unit", "transfer_unit"),
        (1, b"Toner (Cyan)", "toner"),
        (1, b"Ozone Filter", "other"),
        (None, b"Maintenance Box", "waste"),
    ],
)
def test_a_kind_that_the_printer_does_not_tell_stands_in_the_name(kind, description, expected):
    cells = {"Level": 1} if kind is None else {"Level": 1, "Type": kind}
    assert supply(description, **cells).kind == expected


@pytest.mark.parametrize(
    ("description", "name"),
    [
        (b"Black Toner, PN 006R01509;SN48178080E0000481", "Black Toner, PN 006R01509"),
        (b"Black Toner Cartridge S/N:CRUM-", "Black Toner Cartridge"),
        (b"Fuser S/N:", "Fuser"),
        (b"Cyan Cartridge HP CF411A", "Cyan Cartridge HP CF411A"),
    ],
)
def test_a_cartridges_own_number_is_not_in_its_name(description, name):
    assert supply(description, Level=1).name == name


VALUES = st.integers(-(2**31), 2**64) | st.binary(max_size=40) | st.tuples(st.integers(0, 2**32))
COLUMNS = st.dictionaries(st.lists(st.integers(0, 9), max_size=4).map(tuple), VALUES, max_size=5)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PRINTER, COLUMNS)))
def test_supplies_of_rubbish_are_values(rows):
    for found in supplies_of(rows):
        assert found.percent is None or 0 <= found.percent <= 100
