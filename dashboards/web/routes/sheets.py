"""Import and export of spreadsheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from dashboards.web.answers import Answer, speech_of
from dashboards.web.routes.reading import READ
from dashboards.web.sheet_words import KINDS, STATES, STEPS
from dashboards.web.sheets import (
    PAGE,
    choice_from,
    column_rows,
    field_title,
    imports_of,
    may_point,
    names_of,
    of_file,
    preview_page,
    said,
    targets,
    told,
)
from dashboards.web.site import Site
from dashboards.web.stored import sent_and_gone, temporary_file
from dashboards.web.visitor import Denied, Right, Visitor, require
from inventory.register.entry import Actor, Query
from inventory.register.problems import NotFound, Refused
from inventory.sheets.choice import Choice, choice_of
from inventory.sheets.error_file import write_errors
from inventory.sheets.export import LANGUAGES, Line, write_export
from inventory.sheets.gate import MAX_BYTES
from inventory.sheets.import_state import Import, NoImport, State
from inventory.sheets.maps import READY
from inventory.sheets.problem import SheetError
from inventory.store.as_of import assets_as_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def who(request: Request, id_: str) -> tuple[Visitor, Import]:
        """Who asks, and their import; those of others are for whoever may register everywhere."""
        visitor = require(request, Right.REGISTER)
        one = imports_of(site).get(id_)
        if visitor.communes is not None and one.actor != visitor.name:
            raise Denied("an import of somebody else")
        return visitor, one

    def listing(request: Request, status: int = 200, problem: str = "") -> Response:
        visitor = require(request, Right.REGISTER)
        found = imports_of(site).list()
        if visitor.communes is not None:
            found = [one for one in found if one.actor == visitor.name]
        values = {"imports": found, "states": STATES, "problem": problem}
        return answer(request, "imports.html", status, most_bytes=MAX_BYTES, **values)

    @router.api_route("/imports", methods=READ)
    def imports(request: Request) -> Response:
        return listing(request)

    @router.post("/imports")
    def take(request: Request, sheet: Annotated[UploadFile | None, File()] = None) -> Response:
        visitor = require(request, Right.REGISTER)
        speech = speech_of(request, site)
        if sheet is None or not sheet.filename:
            return listing(request, 422, speech.text("choose a file first"))
        try:
            id_ = imports_of(site).take(
                sheet.filename, sheet.file, _actor(visitor), visitor.communes
            )
        except SheetError as error:
            return listing(request, 422, of_file(error.text, error.values, speech))
        return RedirectResponse(f"/imports/{id_}", 303)

    @router.api_route("/imports/{id_}", methods=READ)
    def one(request: Request, id_: str, kind: str = "", first: int = 0) -> Response:
        return _or_missing(request, answer, id_, lambda: page(request, id_, kind, first))

    def page(
        request: Request,
        id_: str,
        kind: str = "",
        first: int = 0,
        problem: str = "",
        status: int = 200,
    ) -> Response:
        visitor, found = who(request, id_)
        speech = speech_of(request, site)
        language = speech.language
        preview = None
        if found.state is State.READY:
            preview = imports_of(site).preview(id_, visitor.communes)
        doing = imports_of(site).doing(id_)
        return answer(
            request,
            "import.html",
            status,
            one=found,
            doing=doing,
            steps=STEPS,
            states=STATES,
            kinds=KINDS,
            page=preview_page(preview, kind, first, language) if preview and not doing else None,
            size=PAGE,
            problem=problem or told(found, speech),
            may_point=may_point(found),
            field_title=lambda key: field_title(key, language),
            said=lambda problem: said(problem, speech),
            place=preview.plan.column_of if preview else None,
        )

    @router.post("/imports/{id_}/apply")
    def apply(request: Request, id_: str) -> Response:
        def work() -> Response:
            visitor, _ = who(request, id_)
            imports_of(site).apply(id_, _actor(visitor), visitor.communes)
            return RedirectResponse(f"/imports/{id_}", 303)

        return _or_missing(request, answer, id_, work)

    @router.post("/imports/{id_}/undo")
    def undo(request: Request, id_: str) -> Response:
        def work() -> Response:
            visitor, _ = who(request, id_)
            try:
                imports_of(site).undo(id_, _actor(visitor))
            except Refused as refused:
                speech = speech_of(request, site)
                words = "; ".join(said(problem, speech) for problem in refused.problems[:10])
                return page(request, id_, problem=words, status=409)
            except NotFound:
                return page(request, id_, status=409)
            return RedirectResponse(f"/imports/{id_}", 303)

        return _or_missing(request, answer, id_, work)

    @router.api_route("/imports/{id_}/columns", methods=READ)
    def columns(request: Request, id_: str) -> Response:
        def work() -> Response:
            visitor, found = who(request, id_)
            preview = imports_of(site).preview(id_, visitor.communes)
            language = speech_of(request, site).language
            return answer(
                request,
                "import_columns.html",
                one=found,
                rows=column_rows(preview) if preview else [],
                targets=targets(language),
                maps=READY,
                communes=_communes(site, visitor),
            )

        return _or_missing(request, answer, id_, work)

    @router.post("/imports/{id_}/columns")
    async def choose(request: Request, id_: str) -> Response:
        form = await request.form()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}

        def work() -> Response:
            visitor, found = who(request, id_)
            preview = imports_of(site).preview(id_, visitor.communes)
            titles = preview.header.titles if preview else ()
            chosen = choice_from(fields, titles, found.choice)
            if chosen.map != found.choice.map or fields.get("anew"):
                # Another program's map says itself what its columns are.
                chosen = Choice(map=chosen.map, defaults=chosen.defaults, row=chosen.row)
            imports_of(site).choose(
                id_,
                choice_of(chosen.as_json()),
                _actor(visitor),
                name=fields.get("name", "").strip()[:60],
                allowed=visitor.communes,
            )
            return RedirectResponse(f"/imports/{id_}", 303)

        return await run_in_threadpool(_or_missing, request, answer, id_, work)

    @router.api_route("/imports/{id_}/errors.xlsx", methods=READ)
    def errors(request: Request, id_: str) -> Response:
        def work() -> Response:
            visitor, found = who(request, id_)
            preview = imports_of(site).preview(id_, visitor.communes)
            if preview is None:
                return RedirectResponse(f"/imports/{id_}", 303)
            speech = speech_of(request, site)
            path = temporary_file(".xlsx")
            title = speech.text("What is wrong")
            write_errors(
                path,
                preview.table,
                preview.header,
                preview.plan,
                title,
                lambda problem: said(problem, speech),
            )
            return sent_and_gone(path, f"{Path(found.file).stem}-errors.xlsx", _XLSX)

        return _or_missing(request, answer, id_, work)

    @router.api_route("/exports", methods=READ)
    def exports(request: Request) -> Response:
        visitor = require(request, Right.READ)
        return answer(request, "exports.html", communes=_communes(site, visitor), wrong="")

    @router.api_route("/exports/assets.{suffix}", methods=READ)
    def export(
        request: Request,
        suffix: str,
        commune: str = "",
        language: str = "",
        as_of: str = "",
    ) -> Response:
        visitor = require(request, Right.READ)
        if suffix not in ("xlsx", "csv"):
            return answer(request, "missing.html", 404, what=request.url.path)
        if as_of:
            try:
                ends = dt.date.fromisoformat(as_of) + dt.timedelta(days=1)
                before = dt.datetime.combine(ends, dt.time(), site.settings.zone).timestamp()
            except (ValueError, OverflowError):
                wrong = speech_of(request, site).text("write the day as 31/12/2025")
                values = {"communes": _communes(site, visitor), "wrong": wrong}
                return answer(request, "exports.html", 422, **values)
            was = site.desk.read(lambda c: assets_as_of(c, before))
            lines = [Line(0, asset) for asset in sorted(was, key=lambda asset: asset.tag)]
        else:
            entries = site.register.search(Query(limit=None)).entries
            lines = [Line(entry.id, entry.asset) for entry in entries]
        lines = [
            line
            for line in lines
            if commune in ("", line.asset.commune) and visitor.may(Right.READ, line.asset.commune)
        ]
        path = temporary_file(f".{suffix}")
        wanted = language or speech_of(request, site).language
        write_export(path, lines, wanted if wanted in LANGUAGES else "en")
        kind = _XLSX if suffix == "xlsx" else "text/csv; charset=utf-8"
        return sent_and_gone(path, f"hatang-assets.{suffix}", kind)

    return router


def _or_missing(
    request: Request, answer: Answer, id_: str, work: Callable[[], Response]
) -> Response:
    try:
        return work()
    except NoImport:
        return answer(request, "missing.html", 404, what=id_)


def _actor(visitor: Visitor) -> Actor:
    return Actor(visitor.name, "import", visitor.address)


def _communes(site: Site, visitor: Visitor) -> dict[str, str]:
    found: dict[str, Any] = names_of(site)
    return {
        code: name
        for code, name in found.items()
        if visitor.communes is None or code in visitor.communes
    }
