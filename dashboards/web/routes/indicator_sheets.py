"""The matrix and the list of indicators as sheets, out and in: a preview, then all rows or none.

A sheet that was handed in is kept in memory until a few others were; after a restart it is handed
in again.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Request, Response, UploadFile
from starlette.exceptions import HTTPException

from dashboards.web.answers import Answer, speech_of
from dashboards.web.forms import see_other
from dashboards.web.indicators import indicators_of, may_declare, require_declare, sees, site_ground
from dashboards.web.problem_words import problem_text
from dashboards.web.routes.reading import READ
from dashboards.web.sheet_words import KINDS
from dashboards.web.site import Site
from dashboards.web.stored import sent_and_gone, temporary_file
from dashboards.web.visitor import Right, Visitor, require
from dashboards.web.words import N_
from inventory.indicators.sheet import OF, Book, title_of, write_sheet
from inventory.indicators.sheet_plan import SheetPlan, plan_sheet
from inventory.register.entry import Actor
from inventory.register.problems import FieldProblem, Refused
from inventory.sheets.apart import read_apart
from inventory.sheets.error_file import write_errors
from inventory.sheets.export import LANGUAGES
from inventory.sheets.gate import MAX_BYTES
from inventory.sheets.problem import SheetError
from inventory.sheets.table import Table

KEPT = 20
"""Sheets that wait for their owner's word."""
SHOWN = 200
"""Rows of a preview."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv; charset=utf-8"
_CHANGED = N_("what is declared has changed meanwhile; look at the preview again")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that was handed in, and by whom."""

    owner: str
    file: str
    table: Table


_kept: weakref.WeakKeyDictionary[object, dict[str, _Sheet]] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def mine(request: Request, id_: str) -> tuple[Visitor, _Sheet]:
        visitor = require_declare(request)
        with _lock:
            found = _kept.get(site.register, {}).get(id_)
        if found is None or found.owner != visitor.name:
            raise HTTPException(404)
        return visitor, found

    def plan_of(request: Request, visitor: Visitor, found: _Sheet) -> SheetPlan:
        indicators, language = indicators_of(site), speech_of(request, site).language
        allowed = frozenset(c for c in site.snapshot.communes if may_declare(visitor, c))
        known = indicators.declarations()
        ground = site_ground(site)
        return plan_sheet(found.table, ground, known, indicators.today(), language, allowed)

    def asking(request: Request, status: int = 200, problem: str = "") -> Response:
        require_declare(request)
        return answer(request, "indicators_import.html", status, problem=problem)

    def preview(request: Request, id_: str, status: int = 200, problem: str = "") -> Response:
        visitor, found = mine(request, id_)
        speech = speech_of(request, site)
        plan = plan_of(request, visitor, found)
        known = indicators_of(site).definitions

        def place(key: str) -> str:
            letters, title = plan.column_of(key)
            return f"{letters} ({title[:60]}): " if letters else f"{title[:60]}: " if title else ""

        return answer(
            request,
            "indicators_preview.html",
            status,
            id=id_,
            file=found.file,
            plan=plan,
            counts=plan.counts(),
            lines=[one for one in plan.lines if one.kind.value not in ("same", "skipped")],
            most=SHOWN,
            kinds=KINDS,
            problem=problem,
            said=lambda one: place(one.field) + problem_text(_bare(one), speech),
            indicator=lambda key: (
                title_of(key, known, speech.language) if key.removeprefix(OF) in known else key
            ),
        )

    @router.api_route("/indicators/import", methods=READ)
    def ask(request: Request) -> Response:
        return asking(request)

    @router.post("/indicators/import")
    def take(request: Request, sheet: Annotated[UploadFile | None, File()] = None) -> Response:
        visitor, speech = require_declare(request), speech_of(request, site)
        if sheet is None or not sheet.filename:
            return asking(request, 422, speech.text("choose a file first"))
        try:
            found = _Sheet(visitor.name, _plain_name(sheet.filename), _table(sheet))
            plan_of(request, visitor, found)
        except SheetError as error:
            return asking(request, 422, speech.text(error.text).format_map(error.values))
        id_ = secrets.token_hex(8)
        with _lock:
            kept = _kept.setdefault(site.register, {})
            while len(kept) >= KEPT:
                kept.pop(next(iter(kept)))
            kept[id_] = found
        return see_other(f"/indicators/import/{id_}")

    @router.api_route("/indicators/import/{id_}", methods=READ)
    def look(request: Request, id_: str) -> Response:
        return preview(request, id_)

    @router.post("/indicators/import/{id_}")
    def apply(request: Request, id_: str) -> Response:
        visitor, found = mine(request, id_)
        plan = plan_of(request, visitor, found)
        if not plan.can_apply:
            return preview(request, id_, 422)
        for code in {entry.commune for entry in plan.entries}:
            require_declare(request, code)
        actor = Actor(visitor.name, "import", visitor.address)
        try:
            batch = indicators_of(site).declare(plan.entries, actor, f"import of {found.file}")
        except Refused:
            return preview(request, id_, 409, speech_of(request, site).text(_CHANGED))
        with _lock:
            _kept.get(site.register, {}).pop(id_, None)
        return see_other(f"/indicators?done=imported&batch={batch}")

    @router.api_route("/indicators/import/{id_}/errors.xlsx", methods=READ)
    def errors(request: Request, id_: str) -> Response:
        visitor, found = mine(request, id_)
        plan, speech = plan_of(request, visitor, found), speech_of(request, site)
        path = temporary_file(".xlsx")
        title = speech.text("What is wrong")

        def said(problem: FieldProblem) -> str:
            return problem_text(_bare(problem), speech)

        write_errors(path, found.table, plan.header, plan, title, said)
        return sent_and_gone(path, f"{Path(found.file).stem}-errors.xlsx", _XLSX)

    @router.api_route("/indicators/sheets/{form}.{suffix}", methods=READ)
    def export(request: Request, form: str, suffix: str, language: str = "") -> Response:
        visitor = require(request, Right.READ)
        if form not in ("matrix", "list") or suffix not in ("xlsx", "csv"):
            raise HTTPException(404)
        indicators = indicators_of(site)
        rows = indicators.rows(sees(site, visitor))
        book = Book(rows, indicators.definitions, site.settings.zone)
        spoken = language if language in LANGUAGES else speech_of(request, site).language
        path = temporary_file(f".{suffix}")
        write_sheet(path, book, "list" if form == "list" else "matrix", spoken)
        kind = _XLSX if suffix == "xlsx" else _CSV
        return sent_and_gone(path, f"hatang-indicators-{form}.{suffix}", kind)

    return router


def _bare(problem: FieldProblem) -> FieldProblem:
    """Without its row, which the preview says itself."""
    return FieldProblem(problem.field, problem.text, problem.values)


def _table(sheet: UploadFile) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        content = sheet.file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            most = str(MAX_BYTES // 2**20)
            raise SheetError("has more than {most} MB; send it in parts", most=most)
        path.write_bytes(content)
        return read_apart(path, Path(folder) / "table")


def _plain_name(name: str) -> str:
    shown = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return shown.strip()[:120] or "sheet"
