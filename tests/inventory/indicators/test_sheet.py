"""Sheets of figures and indicators: what comes back untouched changes nothing, what is wrong is
said with its cell, and a blank cell is never a change."""

import datetime as dt

import pytest

from inventory.indicators.checks import Entry
from inventory.indicators.sheet import Book, write_sheet
from inventory.indicators.sheet_plan import plan_sheet
from inventory.sheets.error_file import write_errors
from inventory.sheets.lines import Kind
from inventory.sheets.problem import SheetError
from inventory.sheets.reader import read
from inventory.sheets.table import Row, Table, read_table

DAY = dt.date(2026, 11, 1)
HEADER = ("Mã xã", "Tính đến ngày", "Văn bản", "Biên chế (tổng số vị trí)", "case-files-online")


def table(*rows, header=HEADER):
    return Table("S", tuple(Row(n, cells) for n, cells in enumerate([header, *rows], start=1)))


@pytest.fixture
def plan(indicators, ground):
    def make(found, allowed=None, language="vi"):
        known = indicators.declarations()
        return plan_sheet(found, ground, known, indicators.today(), language, allowed)

    return make


@pytest.fixture
def filled(indicators, planner):
    day, until = DAY, dt.date(2027, 11, 1)
    entries = [
        Entry("22849", "posts", 45, day, until, "QĐ 12/QĐ-UBND", "Lan"),
        Entry("22849", "case-files-online", 0.855, day),
        Entry("22849", "internet_bps", 250e6, day),
        Entry("22849", "tslcd-line", 1, day, dt.date(2026, 11, 20), "=cmd|x"),
        Entry("22840", "staff-trained", 0.5, dt.date(2027, 1, 1)),
    ]
    indicators.declare(entries, planner)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", ["matrix", "list"])
@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_an_untouched_export_changes_nothing_when_it_comes_back(
    indicators, filled, ground, plan, tmp_path, language, form, suffix
):
    path, kept = tmp_path / f"sheet.{suffix}", tmp_path / "table"
    book = Book(indicators.rows(), ground.definitions, ground.zone)
    assert write_sheet(path, book, form, language) == (
        2 if form == "matrix" else 2 * len(ground.definitions)
    )
    read(path, kept)
    found = plan(read_table(kept), language=language)
    assert found.entries == ()
    assert found.counts()["refused"] == 0
    assert found.counts()["same"] == (1 if form == "matrix" else 6)
    assert not found.can_apply


def test_a_row_of_the_matrix_declares_each_value_with_the_day_and_document_of_its_row(
    plan, indicators, planner
):
    found = plan(
        table(("22849", "01/11/2026", "BC 12", "1.045", "85 %"), ("Công Hải", None, None, 12))
    )
    assert [(e.commune, e.name, e.value, e.as_of, e.document) for e in found.entries] == [
        ("22849", "posts", 1045.0, DAY, "BC 12"),
        ("22849", "case-files-online", 0.85, DAY, "BC 12"),
        ("22840", "posts", 12.0, indicators.today(), ""),
    ]
    assert [line.kind for line in found.lines] == [Kind.CHANGED, Kind.NEW]
    assert [(c.key, c.old, c.new) for c in found.lines[0].changes] == [
        ("indicator.posts", "40", "1045"),
        ("indicator.case-files-online", None, "85 %"),
    ]
    assert indicators.declare(found.entries, planner)
    assert plan(table(("22849", None, None, "1.045", "85 %"))).entries == ()
    again = plan(table(("22849", "02/11/2026", None, "1.045", None))).entries
    assert [e.as_of for e in again] == [dt.date(2026, 11, 2)]


def test_every_wrong_cell_is_named_and_then_nothing_can_be_taken_over(plan, ground, tmp_path):
    sheet = table(
        ("22849", "32/13/2026", None, "4,5", "1"),
        ("Nơi khác", None, None, 5, None),
        ("22840", None, None, 3, "50 %"),
        ("22840", None, None, None, "101 %"),
        (None, None, None, 7, None),
        ("22849", None, None, None, None),
    )
    found = plan(sheet)
    assert [(p.row, p.field) for line in found.lines for p in line.problems] == [
        *((2, "indicator.posts"), (2, "indicator.case-files-online"), (2, "as_of")),
        *((3, "commune"), (5, "indicator.case-files-online"), (6, "commune")),
    ]
    assert found.lines[5].kind is Kind.SKIPPED
    (old,) = plan(table(("22849", "01/01/1999", None, 50, None))).lines[0].problems
    assert (old.row, old.field) == (2, "as_of")
    assert not found.can_apply
    assert found.column_of("indicator.posts") == ("D", HEADER[3])
    path, kept = tmp_path / "errors.xlsx", tmp_path / "table"
    assert write_errors(path, sheet, found.header, found, "Lý do", str) == 4
    read(path, kept)
    rows = {row.number: row.cells for row in read_table(kept).rows}
    assert "1 % or 100 %" in rows[2][5]
    assert len(rows[4]) < 6


def test_a_list_has_a_value_a_row_with_all_that_is_known_of_it(plan):
    header = ("Commune", "Indicator", "Value", "As of", "Expires", "Answers for it")
    found = plan(
        table(
            ("22849", "tslcd_bps", "200 Mbps", "2026-11-01", "2027-11-01", "Lan"),
            ("22849", "Dân số", "12.345", None, None, None),
            ("22849", "nothing", "5", None, None, None),
            ("22849", "sites", None, None, None, None),
            header=header,
        )
    )
    assert [(e.name, e.value, e.expires, e.by) for e in found.entries] == [
        ("tslcd_bps", 200e6, dt.date(2027, 11, 1), "Lan"),
        ("inhabitants", 12345.0, None, ""),
    ]
    assert [line.kind.value for line in found.lines] == ["new", "new", "refused", "skipped"]


def test_two_rows_about_the_same_are_refused_as_together_they_would_be(plan):
    rows = [("22849", None, None, 50, None), ("22849", None, None, 51, None)]
    assert "twice" in str(plan(table(*rows)).lines[1].problems[0])


def test_somebody_for_one_commune_declares_for_that_one_only(plan):
    found = plan(table(("22849", None, None, 50, None)), allowed=frozenset({"22840"}))
    assert "for 22840 only" in str(found.lines[0].problems[0])


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (("Tên xã", "Biên chế (tổng số vị trí)"), "column with the commune"),
        (("Mã xã", "Tên xã"), "no column of an indicator"),
    ],
)
def test_a_sheet_of_something_else_says_what_it_lacks(plan, header, says):
    with pytest.raises(SheetError, match=says):
        plan(table(("22849", "5"), header=header))
