"""What a stock-take says, line by line: on its page as it runs, in its minutes when it is closed.

The columns are those of the minutes of public and other bodies (Biên bản kiểm kê, C53-HD and
05-TSCĐ): by the books, by the count, the difference, each as quantity, cost and residual value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter


class Result(StrEnum):
    """What became of a thing; each asset of the book has exactly one of the first three."""

    COUNTED = "counted"
    """In the book and seen where the book has it."""
    MISSING = "missing"
    """In the book and seen nowhere."""
    ELSEWHERE = "elsewhere"
    """Seen at another place than the one it is registered at."""
    SURPLUS = "surplus"
    """Seen here, and no place has it in its book."""
    UNLABELLED = "unlabelled"
    """Seen here without a label that anybody could read."""


class How(StrEnum):
    """In which way a thing was counted."""

    SCAN = "scan"
    TYPED = "typed"
    TICK = "tick"
    SHEET = "sheet"


class MemberRole(StrEnum):
    """What a member of the board does in it."""

    CHAIR = "chair"
    MEMBER = "member"
    SECRETARY = "secretary"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the board that counts (ban kiểm kê). title: the office that he or she holds."""

    name: str
    title: str = ""
    role: MemberRole = MemberRole.MEMBER


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is; site and room are '' where nobody says."""

    commune: str
    site: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """Something seen in a network that may be this asset. commune: '' where it cannot be told."""

    address: str
    commune: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What monitoring knows of an asset; times in seconds since 1970.

    last_answer_at_s: None where it never answered or has no endpoints. in_period: whether it
    answered or was glimpsed after the stock-take was opened.
    """

    address: str = ""
    state: str = ""
    last_answer_at_s: float | None = None
    glimpses: tuple[Glimpse, ...] = ()
    in_period: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a stock-take.

    tag: '' of what has no label; text of a label that nobody registered. in_book: whether the book
    frozen at the opening has it. here: whether it was seen within the stock-take's scope.
    registered: where the register has it, None for what is not registered. found: where it was
    seen, None where it was not. by, how, counted_at_s: of its last count. times: how many counts
    said so. note: the words of those who counted; of an unlabelled thing, what it is.
    """

    result: Result
    tag: str
    name: str
    in_book: bool = False
    here: bool = False
    asset_class: str = ""
    status: str = ""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    custodian: str = ""
    in_use_since: dt.date | None = None
    price_vnd: int | None = None
    residual_vnd: int | None = None
    registered: Place | None = None
    found: Place | None = None
    by: str = ""
    how: How | None = None
    counted_at_s: float | None = None
    times: int = 0
    note: str = ""
    count_id: str = ""
    seen: Seen | None = None

    @property
    def book_quantity(self) -> int:
        """1 or 0: how many the book has."""
        return int(self.in_book)

    @property
    def counted_quantity(self) -> int:
        """1 or 0: how many were seen here."""
        return int(self.here)

    @property
    def difference(self) -> int:
        """Counted less book: -1 is short (thiếu), 1 is over (thừa)."""
        return self.counted_quantity - self.book_quantity


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over lines; what has no price adds nothing, `unpriced` says how many there are."""

    quantity: int = 0
    price_vnd: int = 0
    residual_vnd: int = 0
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class StockTakeReport:
    """A stock-take as of now or, once it is closed, as of its closing.

    day: the day as of which the book stands. unit: the commune's name. site: '' for all of the
    commune. closed_at_s: None while it runs.
    """

    id: int
    title: str
    commune: str
    unit: str
    site: str
    day: dt.date
    opened_at_s: float
    opened_by: str
    closed_at_s: float | None = None
    closed_by: str = ""
    reason: str = ""
    conclusion: str = ""
    members: tuple[Member, ...] = ()
    lines: tuple[Line, ...] = ()

    def of(self, *results: Result) -> tuple[Line, ...]:
        """The lines with one of these results."""
        return tuple(line for line in self.lines if line.result in results)

    @property
    def book(self) -> Totals:
        """What the book has."""
        return totals(line for line in self.lines if line.in_book)

    @property
    def counted(self) -> Totals:
        """What was seen here."""
        return totals(line for line in self.lines if line.here)


def totals(lines: Iterable[Line]) -> Totals:
    """Sums over lines."""
    all_of = tuple(lines)
    return Totals(
        quantity=len(all_of),
        price_vnd=sum(line.price_vnd or 0 for line in all_of),
        residual_vnd=sum(line.residual_vnd or 0 for line in all_of),
        unpriced=sum(line.price_vnd is None for line in all_of),
    )


_REPORT = TypeAdapter(StockTakeReport)


def report_to_json(report: StockTakeReport) -> str:
    """A report as text that `report_from_json` reads."""
    return _REPORT.dump_json(report, exclude_defaults=True).decode()


def report_from_json(text: str) -> StockTakeReport:
    """A report of its text. Raises ValueError for what none was written as."""
    return _REPORT.validate_json(text)
