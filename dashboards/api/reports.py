"""/reports: what was known as of a day, as a file; what `hatang report` and the page make."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from config.reports import ReportFormat
from dashboards.api.doors import Reader
from dashboards.api.once import ApiRoute
from dashboards.api.problem import ApiProblem
from dashboards.reports.make import MEDIA_TYPES, Asked
from dashboards.web.reports import made, sent
from dashboards.web.site import Site
from dashboards.web.visitor import Right, require
from inventory.readiness.frozen import Scope
from inventory.register.problems import FieldProblem

_ANSWERED: dict[str, Any] = {
    media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
    for media in MEDIA_TYPES.values()
}


class ReportQuery(BaseModel):
    """Which report."""

    as_of: dt.date
    """What was known at the end of this day, which has come."""
    compare: dt.date | None = None
    """An earlier day: the report says what changed since."""
    commune: str | None = Field(None, pattern="^[0-9A-Za-z]{1,20}$")
    """Only this commune, by its code on that day."""
    group: str | None = Field(None, pattern="^[a-z0-9-]{1,64}$")
    """Only this group, as it was on that day."""
    format: ReportFormat = "json"
    """Which form; docs/report.schema.json says what is in `json`."""
    language: Literal["vi", "en", "hi"] = "vi"
    """Language of the texts; `json` has them all, `pdf` is in vi and en only."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["readiness"])

    @router.get("/reports", response_class=Response, responses={200: {"content": _ANSWERED}})
    def report(
        request: Request, visitor: Reader, query: Annotated[ReportQuery, Query()]
    ) -> Response:
        """A report of readiness as of a day; the same file whatever was edited since."""
        today = dt.datetime.fromtimestamp(site.clock.wall(), site.settings.zone).date()
        if query.as_of > today:
            raise _wrong("as_of", "has not come yet")
        if query.compare is not None and query.compare >= query.as_of:
            raise _wrong("compare", "must be before as_of")
        if query.commune is not None and query.group is not None:
            raise _wrong("group", "give a commune or a group, not both")
        if query.commune is not None:
            require(request, Right.READ, query.commune)
        scope = Scope(query.commune, query.group, visitor.communes)
        asked = Asked(query.as_of, query.compare, scope, query.language)
        data, wrong = made(site, asked, query.format)
        for field, text in wrong.items():
            raise _wrong(field, text)
        return sent(data, query.format)

    return router


def _wrong(field: str, text: str) -> ApiProblem:
    return ApiProblem(422, "no report was made", [FieldProblem(field, text)])
