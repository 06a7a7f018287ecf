"""/imports and /exports: the register as spreadsheets."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from dashboards.api.answers import moment
from dashboards.api.assets import Once
from dashboards.api.changes import check_undo
from dashboards.api.doors import Reader, Registrar
from dashboards.api.once import ApiRoute, FileRoute
from dashboards.api.paging import Limit, Offset, links
from dashboards.api.problem import (
    ApiProblem,
    FieldError,
    in_language,
    language_of,
    problems,
    said,
    told,
)
from dashboards.web.sheets import imports_of
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.register.entry import Query as Wanted
from inventory.register.problems import FieldProblem, NotFound
from inventory.sheets.export import Line, write_export
from inventory.sheets.import_state import Import, NoImport, State
from inventory.sheets.imports import Preview
from inventory.sheets.lines import Kind
from inventory.sheets.problem import SheetError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_TAKEN = (CSV, XLSX, "application/octet-stream")

ImportId = Annotated[str, InPath(pattern="^[0-9a-f]{1,40}$", description="Id of an import.")]


def _language(request: Request, response: Response) -> str:
    """In which language an answer has its sentences; its headers say so."""
    language = language_of(request)
    response.headers.update(in_language(language))
    return language


Language = Annotated[str, Depends(_language)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ImportAnswer(_Answer):
    """An import: it is read (`reading`), can be applied (`ready`), is written (`applying`)."""

    id: str
    file: str
    by: str
    at: dt.datetime
    state: State
    doing: str
    """What is done at this moment: waiting, reading, planning, applying; empty for nothing."""
    rows: int
    counts: dict[str, int]
    """Rows by what becomes of them: new, changed, same, refused, skipped."""
    problem: str
    """Why it failed or was not applied."""
    batch: str
    """Of what it changed, once it is applied."""


class ImportLine(_Answer):
    """What becomes of one row."""

    row: int
    """Its number in the sheet."""
    kind: Kind
    tag: str
    name: str
    changes: dict[str, Any]
    """By field the new value."""
    errors: list[FieldError]


class ExportQuery(BaseModel):
    """Which file."""

    format: Literal["csv", "xlsx"] = "xlsx"
    language: Literal["vi", "en"] = "vi"
    """Of the headings; either is understood by an import."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["sheets and labels"])

    @router.get("/imports")
    def imports(visitor: Registrar, language: Language) -> list[ImportAnswer]:
        """The newest imports; one's own for somebody who is limited to communes."""
        found = imports_of(site).list()
        return [_import(site, one, language) for one in found if _is_theirs(visitor, one)]

    @router.get("/imports/{import_id}", responses=problems(404))
    def one(visitor: Registrar, import_id: ImportId, language: Language) -> ImportAnswer:
        """How far an import is."""
        return _import(site, _seen(site, visitor, import_id), language)

    @router.get(
        "/imports/{import_id}/lines",
        response_model=list[ImportLine],
        responses=problems(404, 409),
    )
    def lines(
        request: Request,
        visitor: Registrar,
        import_id: ImportId,
        kind: Kind | None = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> Response:
        """What becomes of each row; 409 while that is worked out, or once it is applied."""
        language = language_of(request)
        found = _lines(_preview(site, visitor, import_id), kind, language)
        return JSONResponse(
            [line.model_dump(mode="json") for line in found[offset : offset + limit]],
            headers=links(request, offset, limit, len(found)) | in_language(language),
        )

    @router.post("/imports/{import_id}/apply", status_code=202, responses=problems(404, 409, 413))
    def apply(
        visitor: Registrar, import_id: ImportId, language: Language, once: Once = None
    ) -> ImportAnswer:
        """Begin to write what the lines say, all or nothing; 409 where a row is refused."""
        found = _preview(site, visitor, import_id)
        if found.plan.counts()[Kind.REFUSED.value] or not found.plan.steps:
            raise ApiProblem(409, "a row is refused, or nothing is to change; look at its lines")
        imports_of(site).apply(import_id, visitor.actor, visitor.communes)
        return _import(site, _seen(site, visitor, import_id), language)

    @router.post("/imports/{import_id}/undo", responses=problems(404, 409, 413))
    def undo(
        visitor: Registrar, import_id: ImportId, language: Language, once: Once = None
    ) -> ImportAnswer:
        """Take a whole import back."""
        found = _seen(site, visitor, import_id)
        if found.state is not State.APPLIED:
            raise ApiProblem(409, "it is not applied")
        check_undo(site, visitor, found.batch, site.register.changes(batch=found.batch, limit=None))
        imports_of(site).undo(import_id, visitor.actor)
        return _import(site, _seen(site, visitor, import_id), language)

    @router.get(
        "/exports/assets",
        response_class=Response,
        responses={200: {"content": {CSV: _BINARY, XLSX: _BINARY}}},
    )
    def export(visitor: Reader, query: Annotated[ExportQuery, Query()]) -> Response:
        """Every asset with every field, in a form that an import takes back unchanged."""
        found = site.register.search(Wanted(communes=visitor.communes, limit=None)).entries
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"assets.{query.format}"
            write_export(path, [Line(e.id, e.asset) for e in found], query.language)
            content = path.read_bytes()
        return Response(content, media_type=CSV if query.format == "csv" else XLSX)

    router.include_router(_uploads(site))
    return router


def _uploads(site: Site) -> APIRouter:
    router = APIRouter(route_class=FileRoute)
    body = {"required": True, "content": dict.fromkeys(_TAKEN, _BINARY)}

    @router.post(
        "/imports",
        status_code=202,
        responses=problems(409, 413, 415),
        openapi_extra={"requestBody": body},
    )
    async def take(
        request: Request,
        visitor: Registrar,
        language: Language,
        name: Annotated[str, Query(min_length=1, max_length=200, description="Name of the file.")],
        once: Once = None,
    ) -> ImportAnswer:
        """Hand in a sheet (.csv or .xlsx): it is read and compared, and nothing is changed yet."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _TAKEN:
            wrong = FieldProblem(
                "Content-Type", "must be one of {types}", {"types": ", ".join(_TAKEN)}
            )
            raise ApiProblem(415, "the body must be a sheet", [wrong])
        content = io.BytesIO(await request.body())
        return await run_in_threadpool(_take, site, visitor, name, content, language)

    return router


def _take(
    site: Site, visitor: Visitor, name: str, content: io.BytesIO, language: str
) -> ImportAnswer:
    try:
        id_ = imports_of(site).take(name, content, visitor.actor, visitor.communes)
    except SheetError as error:
        wrong = FieldProblem("", error.text, error.values)
        raise ApiProblem(422, "the sheet cannot be taken", [wrong]) from error
    return _import(site, imports_of(site).get(id_), language)


def _is_theirs(visitor: Visitor, one: Import) -> bool:
    return visitor.communes is None or one.actor == visitor.name


def _seen(site: Site, visitor: Visitor, id_: str) -> Import:
    try:
        found = imports_of(site).get(id_)
    except NoImport:
        raise NotFound(f"import {id_}") from None
    if not _is_theirs(visitor, found):
        raise NotFound(f"import {id_}")
    return found


def _preview(site: Site, visitor: Visitor, id_: str) -> Preview:
    found = _seen(site, visitor, id_)
    preview = imports_of(site).preview(id_, visitor.communes)
    if preview is None or imports_of(site).doing(id_) or found.state is not State.READY:
        told, values = "the import is {state}", {"state": found.state.value}
        raise ApiProblem(409, told, values=values, headers={"Retry-After": "1"})
    return preview


def _lines(preview: Preview, kind: Kind | None, language: str) -> list[ImportLine]:
    return [
        ImportLine(
            row=line.row,
            kind=line.kind,
            tag=line.tag,
            name=line.name,
            changes={change.key: change.new for change in line.changes},
            errors=told(line.problems, language),
        )
        for line in preview.plan.lines
        if kind in (None, line.kind)
    ]


def _import(site: Site, one: Import, language: str) -> ImportAnswer:
    text, values = one.problem or ("", {})
    return ImportAnswer(
        id=one.id,
        file=one.file,
        by=one.actor,
        at=moment(one.at_s),
        state=one.state,
        doing=imports_of(site).doing(one.id),
        rows=one.rows,
        counts=dict(one.counts),
        problem=said(text, values, language),
        batch=one.batch,
    )
