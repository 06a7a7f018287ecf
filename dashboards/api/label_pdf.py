"""/labels: labels of assets as a PDF, as the page of labels makes it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from dashboards.api.doors import Registrar
from dashboards.api.once import ApiRoute
from dashboards.api.problem import ApiProblem
from dashboards.web.labels import labels_pdf, wanted
from dashboards.web.site import Site
from inventory.register.problems import FieldProblem

_PDF = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}


class LabelQuery(BaseModel):
    """Which labels, and on which sheet."""

    tag: list[Annotated[str, Field(max_length=64)]] = Field(min_length=1, max_length=1_000)
    """Of these assets; what lies outside your communes is left out."""
    sheet: str | None = Field(None, max_length=100)
    """Name of a sheet of the settings; the usual one where it is left out."""
    start: int = Field(1, ge=1, le=500)
    """The first place of the sheet that is free."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["sheets and labels"])

    @router.get("/labels", response_class=Response, responses={200: {"content": _PDF}})
    def labels(
        request: Request, visitor: Registrar, query: Annotated[LabelQuery, Query()]
    ) -> Response:
        """Labels with QR codes, to print."""
        data, wrong = labels_pdf(site, wanted(request.query_params, site), visitor.communes)
        if wrong:
            errors = [FieldProblem(field, text) for field, text in wrong.items()]
            raise ApiProblem(422, "no label was made", errors)
        return Response(data, media_type="application/pdf")

    return router
