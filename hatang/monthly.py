"""Reports of months that are over, written into a folder once each.

Which month was done last stands in the database, so a file that somebody moves away is not made
again, and what was missed while the daemon was off is made up for.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dashboards.reports.make import Asked, file_name, gather_report, report_pieces
from hatang.plan import Plan
from inventory.readiness.frozen import NothingKnown, end_of_day_s
from inventory.store.reader import Reader

DONE = "reported_month"
"""Key in the database's `meta`: the last month that was reported on, YYYY-MM."""

SETTLED_S = 3600.0
"""So long after its last day a month is reported on: by then its last results are written."""

MOST_MISSED = 12
"""How many months are made up for at most; older ones can be had by `hatang report`."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar.

    >>> Month(2026, 1).before, Month(2026, 2).last_day, str(Month(2026, 2))
    (Month(year=2025, month=12), datetime.date(2026, 2, 28), '2026-02')
    """

    year: int
    month: int

    @property
    def before(self) -> Month:
        """The month before."""
        return Month(self.year - 1, 12) if self.month == 1 else Month(self.year, self.month - 1)

    @property
    def after(self) -> Month:
        """The month after."""
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)

    @property
    def last_day(self) -> dt.date:
        """Its last day."""
        return dt.date(self.after.year, self.after.month, 1) - dt.timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


def reports_folder(plan: Plan) -> Path:
    """Where monthly reports go: the setting, else the folder reports beside the database."""
    return plan.settings.reports.folder or plan.settings.data_dir / "reports"


def months_due(plan: Plan, now_s: float) -> list[Month]:
    """The months to report on, the oldest first: those since the last one that was done, or, in a
    new database, the last one that is over. Raises StoreError."""
    with Reader(plan.database) as reader:
        done = _month(reader.meta().get(DONE, ""))
    today = dt.datetime.fromtimestamp(now_s - SETTLED_S, plan.settings.zone).date()
    month = Month(today.year, today.month).before
    if done is None:
        return [month]
    found: list[Month] = []
    while month > done and len(found) < MOST_MISSED:
        found.append(month)
        month = month.before
    return found[::-1]


def catch_up(plan: Plan, now_s: float, done: Callable[[Month], object]) -> list[Path]:
    """Report on every month that is due; the files.

    done: keeps that a month is done, once its files are there; also where nothing could be said of
    it. Raises OSError and StoreError.
    """
    made: list[Path] = []
    for month in months_due(plan, now_s):
        made += write_month(plan, month, now_s)
        done(month)
    return made


def write_month(plan: Plan, month: Month, now_s: float) -> list[Path]:
    """Write the reports of a month, against the month before where there is one; the files.

    None where nothing was evaluated in that month. Raises OSError and StoreError.
    """
    zone, reports = plan.settings.zone, plan.settings.reports
    language = plan.settings.web.language
    asked = Asked(month.last_day, month.before.last_day, language=language)
    with Reader(plan.database) as reader:
        try:
            report = gather_report(reader, plan.table, zone, asked)
        except NothingKnown:
            asked = Asked(month.last_day, language=language)
            try:
                report = gather_report(reader, plan.table, zone, asked)
            except NothingKnown:
                return []
    if report.now.at_s <= end_of_day_s(month.before.last_day, zone):
        return []
    folder = reports_folder(plan)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for form in reports.formats:
        pieces = report_pieces(report, form, language, reports, now_s)
        made.append(_written(folder / file_name(asked, form), pieces))
    return made


def _written(path: Path, pieces: Iterable[bytes]) -> Path:
    """Written whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.writelines(pieces)
    os.replace(part, path)
    return path


def _month(text: str) -> Month | None:
    try:
        day = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return Month(day.year, day.month)
