"""The sheet to take along and the one that comes back."""

import pytest

from inventory.register.problems import Refused
from inventory.stock_take.count_sheet import HEAD, counts_of_sheet, sheet_of
from inventory.stock_take.report import How, Result

BOOK = {"PC-1": ("Trụ sở", "P.1"), "PC-2": ("", "")}


def counts(*rows, book=BOOK):
    return counts_of_sheet(enumerate(rows), book, "lan", 1_000.0)


def test_rows_with_a_mark_are_counts_and_the_others_are_none():
    found = counts(
        ("UBND xã Thuận Bắc",),
        (),
        HEAD,
        ("PC-1", "Máy", "SN", "Trụ sở", "P.1", "x", "hỏng phím"),
        ("PC-2", "Máy", "", "", "", "", ""),
        ("XX", "Máy in cũ", "", "Kho", "", "Có", ""),
        ("", "Màn hình", "", "Kho", "", "X", ""),
    )
    assert [(c.label, c.how, c.site, c.room, c.note) for c in found] == [
        ("PC-1", How.SHEET, "", "", "hỏng phím"),
        ("XX", How.SHEET, "Kho", "", ""),
        ("", How.SHEET, "Kho", "", "Màn hình"),
    ]


def test_a_mark_without_a_thing_is_refused_with_its_row():
    with pytest.raises(Refused) as refused:
        counts(HEAD, ("", "", "", "", "", "x", ""))
    assert [p.row for p in refused.value.problems] == [1]


@pytest.mark.parametrize("head", [("tag", "seen"), ("Mã tài sản", "ĐÃ  THẤY"), ("MÃ SỐ", "Có")])
def test_headings_are_known_in_both_languages(head):
    assert [c.label for c in counts(head, ("PC-1", "yes"), ("PC-2", "no"))] == ["PC-1"]


def test_cells_that_are_numbers_and_truths_are_read():
    assert [c.label for c in counts(("tag", "seen"), (1234, 1), ("PC-1", True))] == ["1234", "PC-1"]


def test_the_place_of_the_book_is_no_statement_and_another_one_is():
    head = ("tag", "site", "room", "seen")
    same, other = counts(head, ("PC-1", "trụ sở", "p.1", "x"), ("PC-1", "Kho", "", "x"))
    assert (same.site, same.room) == ("", "")
    assert (other.site, other.room) == ("Kho", "")


def test_the_same_sheet_again_has_the_same_counts():
    rows = (HEAD, ("PC-1", "Máy", "", "Kho", "", "x", ""), ("", "Ghế", "", "", "", "x", ""))
    assert [c.id for c in counts(*rows)] == [c.id for c in counts(*rows)]
    twins = counts(HEAD, *[("", "Màn hình", "", "", "", "x", "")] * 2)
    assert len({c.id for c in twins}) == 2


def test_a_sheet_without_headings_or_with_an_odd_mark_is_refused_and_counts_nothing():
    with pytest.raises(Refused, match="headings"):
        counts(("PC-1", "x"))
    with pytest.raises(Refused) as refused:
        counts(HEAD, ("PC-1", "", "", "", "", "x"), ("PC-2", "", "", "", "", "maybe"))
    (problem,) = refused.value.problems
    assert (problem.field, problem.row, problem.values["given"]) == ("seen", 2, "maybe")


def test_the_sheet_that_goes_out_comes_back_as_it_was(filled_report):
    rows = sheet_of(filled_report)
    book = {
        line.tag: (line.registered.site, line.registered.room)
        for line in filled_report.lines
        if line.in_book
    }
    assert rows[0] == HEAD
    assert len(rows) == 1 + filled_report.book.quantity
    found = counts_of_sheet(enumerate(rows), book, "lan", 1_000.0)
    assert {c.label for c in found} == {line.tag for line in filled_report.of(Result.COUNTED)}
    assert {(c.site, c.room) for c in found} == {("", "")}


@pytest.fixture
def filled_report(register, make_asset, lan, opened, stock_takes, count):
    for tag in ("PC-1", "PC-2", "PC-3"):
        register.create(make_asset(tag, site="Trụ sở", room="P.1"), lan)
    take = opened()
    stock_takes.count(take.id, [count("PC-1"), count("PC-3")])
    return stock_takes.report(take.id)
