"""Counts on a spreadsheet: the sheet to take along, and the one that comes back.

The sheet that goes out has the book; who counts writes an x beside what was seen. Rows may come
back in any order and with rows of things that are not in the book.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inventory.alphabet import folded
from inventory.register.problems import FieldProblem, Refused
from inventory.stock_take.count import Count, NotACount, count_of, same_words
from inventory.stock_take.report import How, StockTakeReport

HEAD = ("Mã số", "Tên tài sản", "Số sê-ri", "Địa điểm", "Phòng", "Đã thấy", "Ghi chú")
"""Tag, name, serial number, site, room, seen, remark."""

_COLUMNS: Mapping[str, frozenset[str]] = {
    "label": frozenset({"ma so", "ma tai san", "ma", "nhan", "tag", "asset tag", "label"}),
    "name": frozenset({"ten tai san", "ten", "name"}),
    "serial": frozenset({"so se-ri", "so seri", "serial", "serial number"}),
    "site": frozenset({"dia diem", "noi su dung", "site", "place"}),
    "room": frozenset({"phong", "room"}),
    "seen": frozenset({"da thay", "thay", "co", "seen", "counted", "kiem ke"}),
    "note": frozenset({"ghi chu", "note", "remark"}),
}
_YES = frozenset({"x", "v", "1", "co", "yes", "y", "true", "da thay", "seen", "✓", "✔", "☑"})
_NO = frozenset({"", "0", "khong", "no", "n", "false", "chua", "chua thay", "-", "☐"})

Rows = Iterable[tuple[int, Sequence[Any]]]

ROWS_MAX = 50_000
_SEARCHED = 20
"""Rows in which the head is looked for: a title often stands above it."""


def sheet_of(report: StockTakeReport) -> list[tuple[str, ...]]:
    """The rows to print or take along: a head and a row for each asset of the book."""
    rows: list[tuple[str, ...]] = [HEAD]
    for line in report.lines:
        if line.in_book and line.registered is not None:
            place = line.registered
            seen = "x" if line.counted_at_s is not None else ""
            rows.append((line.tag, line.name, line.serial, place.site, place.room, seen, line.note))
    return rows


def counts_of_sheet(
    rows: Rows, book: Mapping[str, tuple[str, str]], by: str, now_s: float
) -> list[Count]:
    """The counts of a sheet that came back: one for each row that says seen.

    rows: the number of each, from 0, with its cells. book: tag -> site and room; a row's place
    counts only where it is another one, as the sheet goes out with the places of the book. The
    same sheet again has the same counts. Raises Refused, with a problem for each row that cannot
    be read; then nothing counts.
    """
    found = list(_numbered(rows))
    head_at, columns = _head(found)
    counts: list[Count] = []
    problems: list[FieldProblem] = []
    for number, row in found[head_at + 1 :]:
        said = {key: row[at] if at < len(row) else "" for key, at in columns.items()}
        if not any(said.values()):
            continue
        mark = _plain(said.get("seen", ""))
        if mark in _NO:
            continue
        if mark not in _YES:
            text = "{given} is neither seen nor not seen; write x, or nothing"
            problems.append(FieldProblem("seen", text, {"given": said["seen"][:60]}, number))
            continue
        try:
            counts.append(_count(number, said, book, by, now_s))
        except NotACount as error:
            problems.append(FieldProblem("label", str(error), {}, number))
    if problems:
        raise Refused(problems)
    return counts


def _numbered(rows: Rows) -> Iterable[tuple[int, list[str]]]:
    for place, (number, row) in enumerate(rows):
        if place >= ROWS_MAX:
            raise Refused(
                [FieldProblem("sheet", "has more than {most} rows", {"most": str(ROWS_MAX)})]
            )
        yield number, ["" if cell is None else str(cell).strip() for cell in row]


def _head(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[str, int]]:
    for at, (_, row) in enumerate(rows[:_SEARCHED]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(row):
            plain = _plain(cell)
            for key, names in _COLUMNS.items():
                if plain in names and key not in columns:
                    columns[key] = place
        if {"label", "seen"} <= columns.keys():
            return at, columns
    text = "needs a row of headings with {tag} and {seen}"
    raise Refused([FieldProblem("sheet", text, {"tag": HEAD[0], "seen": HEAD[5]})])


def _count(
    number: int,
    said: Mapping[str, str],
    book: Mapping[str, tuple[str, str]],
    by: str,
    now_s: float,
) -> Count:
    label = said["label"]
    site, room = said.get("site", ""), said.get("room", "")
    known = book.get(label)
    if known is not None and [same_words(w) for w in known] == [same_words(site), same_words(room)]:
        site = room = ""
    note = said.get("note", "") or ("" if label else said.get("name", ""))
    # The row's own words make the id, so that the sheet sent twice counts once.
    which = label or f"row {number}"
    words = "\n".join(("count sheet", which, said.get("name", ""), site, room, note))
    return count_of(
        {
            "id": str(uuid.uuid5(uuid.NAMESPACE_OID, words)),
            "label": label,
            "how": How.SHEET.value,
            "site": site,
            "room": room,
            "note": note,
        },
        by,
        now_s,
    )


def _plain(text: str) -> str:
    """A heading or a mark as it is compared.

    >>> _plain(" Đã  thấy ")
    'da thay'
    """
    return " ".join(folded(text).split())
