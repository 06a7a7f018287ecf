"""What a sheet would do: every row has its line, and a wrong one says where and what is right."""

import datetime as dt

import openpyxl
import pytest

from inventory.register.entry import Create
from inventory.sheets.error_file import write_errors
from inventory.sheets.header import columns_of, find_header
from inventory.sheets.maps import READY
from inventory.sheets.problem import SheetError


@pytest.fixture
def registered(register, lan, make_asset):
    register.apply(
        [
            Create(make_asset("PC-1", serial="CZ-1", vendor="HP", price_vnd=1_000, room="P1")),
            Create(make_asset("PC-2", serial="CZ-2", vendor="HP", commune="22840")),
        ],
        lan,
    )
    register.take_files([make_asset("SW-1", name="Switch", **{"class": "switch"})])


def said(plan):
    return [(line.row, p.field, str(p)) for line in plan.lines for p in line.problems]


def test_rows_are_new_changed_or_the_same(registered, plan_of, make_sheet, header, register, lan):
    path = make_sheet(
        [
            [*header, "Phòng", "Nguyên giá"],
            ["PC-1", "Máy PC-1", "desktop", "22849", "P2", "1.000"],
            ["PC-2", "", "", "", "", ""],
            ["PR-9", "Máy in", "Máy in", "Thuận Bắc", "P3", "4.800.000 đ"],
            ["SW-1", "Switch", "switch", "22849", None, None],
        ]
    )
    plan = plan_of(path)
    assert [line.kind.value for line in plan.lines] == ["changed", "same", "new", "same"]
    assert [(c.key, c.old, c.new) for c in plan.lines[0].changes] == [("room", "P1", "P2")]
    batch = register.apply(plan.steps, lan)
    assert plan_of(path).counts()["same"] == 4
    assert register.get("PR-9").asset.price_vnd == 4_800_000
    register.undo(batch, lan)
    assert register.get("PR-9") is None
    assert register.get("PC-1").asset.room == "P1"


def test_a_blank_is_not_a_delete(registered, plan_of, make_sheet, header):
    plan = plan_of(make_sheet([[*header, "Số sê-ri", "Phòng"], ["PC-1", "", "", "", "", " "]]))
    assert [line.kind.value for line in plan.lines] == ["same"]


@pytest.mark.parametrize(
    ("titles", "row", "field", "words"),
    [
        ([], ["X-1", "Máy", "Máy in", "99999"], "commune", "99999 is not a commune"),
        ([], ["X-1", "", "Máy in", "22849"], "name", "must not be empty"),
        ([], ["X 1", "Máy", "Máy in", "22849"], "tag", "letters without marks"),
        ([], ["X-1", "Máy", "máy bay", "22849"], "class", "write one of"),
        (["Số sê-ri", "Hãng"], ["X-1", "M", "Máy in", "22849", "CZ1", "hp"], "serial", "PC-1 in"),
        (["Ngày mua"], ["X-1", "M", "Máy in", "22849", "01/01/1900"], "purchased", "look at"),
        (["Ngày mua"], ["X-1", "M", "Máy in", "22849", dt.date(2100, 1, 1)], "purchased", "look"),
        (["Ngày mua"], ["X-1", "M", "Máy in", "22849", "31/31/2024"], "purchased", "calendar"),
        (["Nguyên giá"], ["X-1", "M", "Máy in", "22849", -1], "price_vnd", "below zero"),
        (["Nguyên giá"], ["X-1", "M", "Máy in", "22849", "=1+1"], "price_vnd", "formula"),
        (["Ghi chú"], ["X-1", "M", "Máy in", "22849", "M¸y háng, söa ch÷a"], "note", "TCVN3"),
        (["Thuộc tài sản"], ["X-1", "M", "Máy in", "22849", "NO-1"], "parent", "no asset NO-1"),
        (["Địa chỉ IP"], ["X-1", "M", "Máy in", "22849", "10.1"], "address", "IP address"),
        (["Số Hatang"], ["X-1", "M", "Máy in", "22849", 999], "id", "no asset 999"),
        ([], ["SW-1", "Khác", "switch", "22849"], "name", "kept in hatang.yaml"),
        (["Hệ điều hành"], ["X-1", "M", "Máy in", "22849", "x" * 501], "os", "at most 500"),
    ],
)
def test_a_wrong_row_says_where_it_is_and_what_is_right(
    registered, plan_of, make_sheet, header, everything, titles, row, field, words
):
    before = everything()
    plan = plan_of(make_sheet([["Danh sách"], [*header, *titles], row]))
    assert plan.counts()["refused"] == 1
    (found,) = said(plan)
    assert found[:2] == (3, field)
    assert words in found[2]
    assert (
        plan.column_of(field)[0] == "ABCDEFGH"[([*header, *titles]).index(plan.column_of(field)[1])]
    )
    assert everything() == before


def test_two_rows_with_one_tag_are_refused_with_each_others_number(
    registered, plan_of, make_sheet, header
):
    row = ["X-1", "Máy", "Máy in", "22849"]
    plan = plan_of(make_sheet([header, row, row, ["PC-1", "A", "", ""], ["PC-1", "B", "", ""]]))
    assert [(r, f) for r, f, _ in said(plan)] == [(3, "tag"), (5, "tag")]
    assert "row 2" in said(plan)[0][2]


def test_assets_without_a_tag_are_known_by_serial_and_maker_and_new_ones_get_a_tag(
    registered, plan_of, make_sheet, header, register, lan
):
    rows = [
        [*header, "Số sê-ri", "Hãng", "Phòng"],
        ["", "", "", "", "cz1", "HP", "P9"],
        ["", "Máy mới", "PC", "22849", "NEW-1", "HP", ""],
        ["", "Máy mới hai", "PC", "22849", "", "", ""],
    ]
    path = make_sheet(rows)
    plan = plan_of(path)
    assert [(line.kind.value, line.tag, line.given) for line in plan.lines] == [
        ("changed", "PC-1", False),
        ("new", "PC-22849-001", True),
        ("new", "PC-22849-002", True),
    ]
    assert plan_of(path).lines == plan.lines
    register.apply(plan.steps, lan)
    assert plan_of(make_sheet([rows[0], ["", "M", "PC", "22849"]])).lines[0].tag == "PC-22849-003"


def test_a_tag_follows_its_number(registered, plan_of, make_sheet, header, register, lan):
    id_ = register.get("PC-1").id
    plan = plan_of(make_sheet([["Số Hatang", *header], [id_, "PC-100", "", "", ""]]))
    assert [(c.key, c.old, c.new) for c in plan.lines[0].changes] == [("tag", "PC-1", "PC-100")]
    register.apply(plan.steps, lan)
    assert register.by_id(id_).asset.tag == "PC-100"


def test_no_row_disappears_without_a_line(plan_of, make_sheet, header):
    plan = plan_of(
        make_sheet(
            [
                ["UBND XÃ THUẬN BẮC"],
                ["DANH SÁCH TÀI SẢN"],
                ["STT", *header, "Cột lạ"],
                ["1", "2", "3", "4", "5", "6"],
                ["", "", "I. Máy in"],
                [1, "X-1", "Máy", "Máy in", "22849", "gì đó"],
                [],
                ["", "", "Tổng cộng", "", "", 5],
                ["", "", "", "", "", "a"],
            ]
        )
    )
    assert [(line.row, line.kind.value) for line in plan.lines] == [
        (4, "skipped"),
        (5, "skipped"),
        (6, "new"),
        (8, "skipped"),
        (9, "skipped"),
    ]
    assert all(line.note for line in plan.lines if line.kind == "skipped")
    assert plan.ignored == ("STT", "Cột lạ")


def test_what_stands_beside_several_rows_is_of_each_but_not_their_price(make_sheet, plan_of):
    path = make_sheet(
        [
            ["Danh sách"],
            ["Mã tài sản", "Tên tài sản", "Mã xã", "Nguyên giá", "Loại tài sản"],
            ["A-1", "Máy một", "22849", 1000, "Máy in"],
            ["A-2", "Máy hai"],
            [None, None, None, None, None],
            ["A-3", "Máy ba", "22840", 5, "PC"],
        ]
    )
    book = openpyxl.load_workbook(path)
    for merged in ("A1:E1", "C3:C5", "D3:D5", "E3:E4"):
        book.active.merge_cells(merged)
    book.save(path)
    plan = plan_of(path)
    first, second, third = [step.asset for step in plan.steps]
    assert (second.commune, second.asset_class.value) == ("22849", "printer")
    assert (first.price_vnd, second.price_vnd) == (1000, None)
    assert (third.commune, third.asset_class.value) == ("22840", "desktop")


def test_a_merged_header_of_two_rows_is_read(make_sheet, plan_of):
    plan = plan_of(
        make_sheet(
            [
                ["STT", "Chứng từ", None, "Ghi tăng", None, None, "Mã xã"],
                [None, "Số hiệu", "Ngày, tháng", "Tên tài sản", "Loại", "Nguyên giá", None],
                [1, "CT-7", "05/2024", "Máy in", "Máy in", "4.800.000", "22849"],
            ]
        )
    )
    assert plan.counts()["new"] == 1
    values = {change.key: change.new for change in plan.lines[0].changes}
    assert values["document"] == "CT-7"
    assert values["price_vnd"] == 4_800_000


def test_hidden_rows_and_columns_are_read_like_others(tmp_path, plan_of, header):
    import openpyxl

    book = openpyxl.Workbook()
    for row in ([*header, "Phòng"], ["X-1", "M", "Máy in", "22849", "P1"]):
        book.active.append(row)
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["E"].hidden = True
    path = tmp_path / "a.xlsx"
    book.save(path)
    plan = plan_of(path)
    assert {c.key: c.new for c in plan.lines[0].changes}["room"] == "P1"


def test_any_order_case_and_blanks_of_headers_will_do(plan_of, make_sheet):
    plan = plan_of(
        make_sheet(
            [
                [" COMMUNE ", "serial number", "Name*", "class", "TAG"],
                ["22849 ", " S1 ", " Máy ", "server", "X-1 "],
            ],
            "a.csv",
        )
    )
    assert plan.counts()["new"] == 1
    assert plan.lines[0].tag == "X-1"


def test_a_sheet_without_a_header_says_so_and_an_old_coding_is_named(make_sheet, read_sheet):
    with pytest.raises(SheetError, match="names of its columns"):
        find_header(read_sheet(make_sheet([["a", "b"], [1, 2]])))
    with pytest.raises(SheetError, match="TCVN3"):
        find_header(read_sheet(make_sheet([["M· tµi s¶n", "Tªn tµi s¶n", "Lo¹i"], ["a", "b"]])))


EXPORTS = {
    "glpi": (
        [
            "Name",
            "Entity",
            "Status",
            "Manufacturer",
            "Serial number",
            "Type",
            "Model",
            "Operating System - Name",
            "Location",
            "Last update",
            "Inventory number",
        ],
        [
            "PC-KT",
            "UBND",
            "In use",
            "HP",
            "CZC1",
            "Desktop",
            "ProDesk 400",
            "Windows 11",
            "Phòng Kế toán",
            "2025-01-02 10:00",
            "TS-001",
        ],
        {"tag": "TS-001", "class": "desktop", "site": "Phòng Kế toán", "os": "Windows 11"},
    ),
    "netbox": (
        [
            "Name",
            "Status",
            "Tenant",
            "Site",
            "Location",
            "Rack",
            "Role",
            "Manufacturer",
            "Type",
            "IP Address",
            "Serial number",
            "Asset tag",
        ],
        [
            "sw1",
            "Active",
            "",
            "UBND",
            "P1",
            "R1",
            "Switch",
            "Cisco",
            "C9200L",
            "10.1.1.1",
            "F1",
            "TS-002",
        ],
        {"tag": "TS-002", "class": "switch", "model": "C9200L", "room": "P1"},
    ),
    "snipe-it": (
        [
            "Company",
            "Asset Name",
            "Asset Tag",
            "Model",
            "Model No.",
            "Category",
            "Manufacturer",
            "Serial",
            "Purchased",
            "Cost",
            "Supplier",
            "Checked Out",
            "Status",
            "Warranty",
        ],
        [
            "UBND",
            "Laptop Lan",
            "TS-003",
            "ThinkPad",
            "20X",
            "Laptops",
            "Lenovo",
            "PF1",
            "2024-06-15",
            "15,000,000.00",
            "FPT",
            "Nguyễn Lan",
            "Deployed",
            "36",
        ],
        {"tag": "TS-003", "price_vnd": 15_000_000, "warranty_until": "2027-06-15"}
        | {"custodian": "Nguyễn Lan"},
    ),
    "librenms": (
        [
            "device_id",
            "hostname",
            "sysName",
            "ip",
            "hardware",
            "os",
            "version",
            "serial",
            "type",
            "location",
            "status",
        ],
        ["1", "10.1.1.9", "ap-1", "10.1.1.9", "UAP", "unifi", "6", "S9", "wireless", "Sân", "1"],
        {"name": "ap-1", "address": "10.1.1.9", "class": "access_point", "site": "Sân"},
    ),
}


@pytest.mark.parametrize("name", READY)
def test_exports_of_the_peers_come_in_by_ready_maps(name, make_sheet, plan_of):
    titles, row, expected = EXPORTS[name]
    ready = READY[name]
    plan = plan_of(
        make_sheet([titles, row], "a.csv"),
        ready.knows(),
        defaults={"commune": "22849", **ready.defaults},
    )
    assert said(plan) == []
    assert plan.counts()["new"] == 1
    assert plan.steps[0].asset.status == "in_use"
    values = {change.key: change.new for change in plan.lines[0].changes}
    assert expected.items() <= (values | {"tag": plan.lines[0].tag}).items()


def test_the_error_file_is_the_sheet_with_its_reasons(
    make_sheet, header, read_sheet, plan_of, tmp_path
):
    path = make_sheet(
        [["Danh sách"], header, ["X-1", "=cmd", "Máy in", "1"], ["X-2", "M", "Máy in", "22849"]],
        "a.csv",
    )
    table, plan, errors = read_sheet(path), plan_of(path), tmp_path / "errors.xlsx"
    assert write_errors(errors, table, find_header(table), plan, "Lý do", str) == 1
    again = read_sheet(errors)
    assert again.rows[1].cells == (*header, "Lý do")
    assert again.rows[2].cells[:4] == table.rows[2].cells
    assert "D (Mã xã): commune: 1 is not a commune" in again.rows[2].cells[4]
    assert again.rows[3].cells == table.rows[3].cells
    assert columns_of(find_header(again), {}).keys() == {0, 1, 2, 3}
