"""From what is kept to a file: what `hatang report`, the pages, the API and the monthly job use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.reports import ReportFormat, Reports
from dashboards.reports.as_csv import as_csv
from dashboards.reports.as_json import as_json
from dashboards.reports.as_pdf import as_pdf
from dashboards.reports.as_xlsx import as_xlsx
from dashboards.reports.content import Report, report_of
from dashboards.reports.letterhead import letterhead
from dashboards.reports.phrases import phrases
from inventory.readiness.frozen import EVERYTHING, Past, Scope, end_of_day_s, freeze
from inventory.units import UnitTable

MEDIA_TYPES: Mapping[ReportFormat, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
"""Every form of a report and what it is sent as."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that somebody asks for: of which day, against which, of what, in which language."""

    day: dt.date
    compare: dt.date | None = None
    scope: Scope = EVERYTHING
    language: str = "vi"


def gather_report(past: Past, units: UnitTable, zone: ZoneInfo, asked: Asked) -> Report:
    """What the report says. Raises NothingKnown (see `freeze`), ValueError where the day to
    compare with is not before, and StoreError."""
    if asked.compare is not None and asked.compare >= asked.day:
        raise ValueError(f"{asked.compare} is not before {asked.day}")
    now = freeze(past, units, zone, asked.day, asked.scope)
    if asked.compare is None:
        return report_of(now, None, units)
    return report_of(now, freeze(past, units, zone, asked.compare, asked.scope), units)


def make_report(
    report: Report, form: ReportFormat, language: str, settings: Reports, now_s: float
) -> bytes:
    """The file; the same report is the same bytes. now_s: tells whether its day is over."""
    return b"".join(report_pieces(report, form, language, settings, now_s))


def report_pieces(
    report: Report, form: ReportFormat, language: str, settings: Reports, now_s: float
) -> Iterator[bytes]:
    """`make_report` in pieces; a country in JSON is never whole in memory."""
    over = now_s > end_of_day_s(report.now.day, report.now.zone)
    said = phrases(language, report.now, over)
    if form == "json":
        return as_json(report, said)
    if form == "csv":
        return iter((as_csv(report, said),))
    if form == "xlsx":
        return iter((as_xlsx(report, said),))
    return iter((as_pdf(report, said, letterhead(settings, report.now, language)),))


def file_name(asked: Asked, form: ReportFormat) -> str:
    """What a report's file is called.

    >>> file_name(Asked(dt.date(2026, 10, 31), scope=Scope(commune="22849")), "pdf")
    'readiness-2026-10-31-22849-vi.pdf'
    """
    scope = asked.scope.commune or asked.scope.group
    parts = ["readiness", asked.day.isoformat(), *([scope] if scope else ())]
    if asked.compare is not None:
        parts.append(f"from-{asked.compare.isoformat()}")
    return "-".join((*parts, asked.language)) + f".{form}"
