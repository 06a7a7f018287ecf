"""What the page of reports asks and lists: a wish read from an address, files of past months."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import Response
from fastapi.responses import StreamingResponse

from config.reports import ReportFormat
from dashboards.reports.make import (
    MEDIA_TYPES,
    Asked,
    file_name,
    gather_report,
    report_pieces,
)
from dashboards.web.languages import LANGUAGES
from dashboards.web.site import Site
from dashboards.web.words import N_
from inventory.readiness.frozen import NothingKnown, Scope
from inventory.store.errors import StoreError
from inventory.store.reader import Reader

COMMUNE, GROUP = "c:", "g:"
"""What a choice of the page begins with."""

NOTHING = N_("nothing is known of this day")

_MONTHLY = re.compile(
    r"readiness-([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-from-[0-9-]{10})?-(vi|en|hi)\.(pdf|xlsx|csv|json)"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. wrong: field -> what is wrong there, to be translated; `asked` and
    `form` are None then."""

    asked: Asked | None
    form: ReportFormat | None
    wrong: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that was made for a month. size: bytes."""

    name: str
    day: dt.date
    language: str
    form: str
    size: int


def wish_of(
    parameters: Mapping[str, str], today: dt.date, only: frozenset[str] | None, language: str
) -> Wish:
    """A wish from an address. only: the communes that the reader may see, None for all."""
    wrong: dict[str, str] = {}
    day = _day(parameters.get("as_of", ""))
    compare = _day(parameters.get("compare", ""))
    if day is None:
        wrong["as_of"] = N_("must be a day")
    elif day > today:
        wrong["as_of"] = N_("has not come yet")
    if parameters.get("compare") and compare is None:
        wrong["compare"] = N_("must be a day")
    elif day is not None and compare is not None and compare >= day:
        wrong["compare"] = N_("must be before the other day")
    form = next((known for known in MEDIA_TYPES if known == parameters.get("format", "pdf")), None)
    if form is None:
        wrong["format"] = N_("must be one of the list")
    chosen = parameters.get("language") or language
    if chosen not in LANGUAGES:
        wrong["language"] = N_("must be one of the list")
    scope = _scope(parameters.get("scope", ""), only)
    if scope is None:
        wrong["scope"] = N_("must be one of the list")
    if wrong or day is None or scope is None:
        return Wish(None, None, wrong)
    return Wish(Asked(day, compare, scope, chosen), form, wrong)


def made(site: Site, asked: Asked, form: ReportFormat) -> tuple[Iterator[bytes], Mapping[str, str]]:
    """The file in pieces, or what is wrong by field. Raises StoreError."""
    zone, now_s = site.settings.zone, site.clock.wall()
    try:
        with Reader(site.database) as reader:
            report = gather_report(reader, site.units, zone, asked)
        return report_pieces(report, form, asked.language, site.settings.reports, now_s), {}
    except NothingKnown as error:
        field = "compare" if error.day == asked.compare else "as_of"
        return iter(()), {field: NOTHING}


def known_since(site: Site, day: dt.date) -> dt.date | None:
    """`day` where results of it or before are kept, else the first day that some are kept of; None
    without any, and while the database cannot be read."""
    zone = site.settings.zone
    end_s = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone).timestamp()
    try:
        with Reader(site.database) as reader:
            first_s = reader.first_evaluated(end_s)
    except StoreError:
        return None
    if first_s is None or first_s <= end_s:
        return None if first_s is None else day
    return dt.datetime.fromtimestamp(first_s, zone).date()


def sent(
    pieces: Iterator[bytes], form: ReportFormat, headers: Mapping[str, str] | None = None
) -> Response:
    """A file as an answer: as it is made where that takes many pieces."""
    if form == "json":
        return StreamingResponse(pieces, media_type=MEDIA_TYPES[form], headers=headers)
    return Response(b"".join(pieces), media_type=MEDIA_TYPES[form], headers=headers)


def name_of(asked: Asked, form: ReportFormat) -> str:
    """What the file is called, of letters that a header can hold."""
    return re.sub(r"[^A-Za-z0-9.-]", "_", file_name(asked, form))


def folder_of(site: Site) -> Path:
    """Where monthly reports are."""
    return site.settings.reports.folder or site.settings.data_dir / "reports"


def monthly(site: Site) -> list[MadeFile]:
    """The files of past months, the newest first; none where the folder cannot be read."""
    found = []
    try:
        for path in folder_of(site).iterdir():
            name = _MONTHLY.fullmatch(path.name)
            if name is not None and path.is_file():
                day = dt.date.fromisoformat(name[1])
                found.append(MadeFile(path.name, day, name[2], name[3], path.stat().st_size))
    except (OSError, ValueError):
        return []
    return sorted(found, key=lambda file: (-file.day.toordinal(), file.name))


def _scope(text: str, only: frozenset[str] | None) -> Scope | None:
    """A choice of the page; None for what it is not."""
    if not text:
        return Scope(only=only)
    if text.startswith(COMMUNE) and len(text) > len(COMMUNE):
        return Scope(commune=text.removeprefix(COMMUNE)[:20], only=only)
    if text.startswith(GROUP) and len(text) > len(GROUP):
        return Scope(group=text.removeprefix(GROUP)[:64], only=only)
    return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
