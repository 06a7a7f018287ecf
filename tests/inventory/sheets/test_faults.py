"""A row with several faults names them all, whatever each of them is found by."""

import pytest

from inventory.register.entry import Create
from inventory.sheets.error_file import write_errors
from inventory.sheets.header import find_header

TITLES = [
    *("Mã tài sản", "Tên tài sản", "Loại tài sản", "Mã xã", "Số sê-ri", "Nguyên giá", "Ngày mua"),
    *("Thời gian sử dụng (năm)", "Phòng", "Thuộc tài sản", "Địa chỉ IP", "Riêng: Kho"),
]
GOOD = ["X-1", "Máy", "Máy in", "22849", "S-1", "5.000", "31/12/2025", "5", "P1", "", "", ""]
LONG = "dài " * 200


@pytest.fixture
def faults(plan_of, make_sheet):
    """Rows -> (row, field) of everything that is wrong; each row: what differs from a good one."""

    def found(*rows):
        written = [
            [cells.get(title, good) for title, good in zip(TITLES, GOOD, strict=True)]
            for cells in rows
        ]
        plan = plan_of(make_sheet([TITLES, *written]))
        return [(line.row, problem.field) for line in plan.lines for problem in line.problems]

    return found


@pytest.fixture
def registered(register, lan, make_asset):
    register.apply([Create(make_asset("PC-1", serial="CZ-1", commune="22840"))], lan)


def test_every_cell_that_cannot_be_read_is_named(faults):
    wrong = {
        "Tên tài sản": "",
        "Loại tài sản": "máy bay",
        "Mã xã": "99999",
        "Số sê-ri": "=A1",
        "Nguyên giá": -5,
        "Ngày mua": "31/12/25",
        "Thời gian sử dụng (năm)": "vài",
    }
    fields = {"name", "class", "commune", "serial", "price_vnd", "purchased", "life_years"}
    found = faults({"Mã tài sản": "X-9"} | wrong)
    assert {field for _, field in found} == fields - {"name"}, "an asset may be known by its serial"
    del wrong["Số sê-ri"]
    found = faults(wrong)
    assert sorted(field for _, field in found) == sorted(fields - {"serial"})
    assert {row for row, _ in found} == {2}


def test_what_is_found_by_later_looks_is_named_beside_what_the_first_one_found(registered, faults):
    """A cell, the model of an asset, the rules for one asset, and those for all of them."""
    found = faults(
        {
            "Mã tài sản": "mã số 5",
            "Nguyên giá": "12,5",
            "Thời gian sử dụng (năm)": "500",
            "Ngày mua": "01/01/1900",
            "Phòng": LONG,
            "Số sê-ri": "cz 1",
            "Thuộc tài sản": "NONE-1",
            "Địa chỉ IP": "224.0.0.1",
            "Riêng: Kho": LONG * 3,
        }
    )
    fields = [
        *("tag", "price_vnd", "life_years", "purchased", "room", "serial", "parent", "address"),
        "custom.Kho",
    ]
    assert sorted(field for _, field in found) == sorted(fields)


def test_a_registered_asset_has_all_faults_of_its_row_named(registered, faults):
    found = faults({"Mã tài sản": "PC-1", "Mã xã": "?", "Phòng": "M¸y vi tÝnh", "Nguyên giá": "-1"})
    assert sorted(field for _, field in found) == ["commune", "price_vnd", "room"]


def test_one_fault_makes_no_other_ones(registered, faults):
    """Of a row without its commune or maker nothing is said that rests on them, and what other
    rows name in it is there."""
    found = faults(
        {"Mã tài sản": "X-1", "Mã xã": "?"},
        {"Mã tài sản": "X-2", "Số sê-ri": "S-2", "Thuộc tài sản": "X-1"},
        {"Mã tài sản": "X-3", "Số sê-ri": "S-3", "Mã xã": "!"},
    )
    assert found == [(2, "commune"), (4, "commune")]


def test_a_row_whose_number_is_none_is_not_asked_for_a_name(plan_of, make_sheet):
    rows = [["Số Hatang", "Phòng", "Nguyên giá", "Ngày mua"], [77, "P1", "-1", ""]]
    (line,) = plan_of(make_sheet(rows)).lines
    assert [problem.field for problem in line.problems] == ["price_vnd", "id"]


def test_two_rows_with_one_tag_name_their_other_faults_too(faults):
    found = faults({}, {"Số sê-ri": "S-1", "Nguyên giá": "-1"})
    assert found == [(3, "price_vnd"), (3, "tag"), (3, "serial")]


def test_the_error_file_has_all_reasons_of_a_row(make_sheet, read_sheet, plan_of, tmp_path):
    path = make_sheet([TITLES, [*GOOD[:5], -5, "31/12/25", *GOOD[7:]]])
    table, plan, errors = read_sheet(path), plan_of(path), tmp_path / "errors.xlsx"
    assert write_errors(errors, table, find_header(table), plan, "Lý do", str) == 1
    reasons = read_sheet(errors).rows[1].cells[-1]
    assert reasons.startswith(
        "F (Nguyên giá): price_vnd: -5 is below zero; write what it cost; G ("
    )
