"""Labels: the page, the PDF, and the short address that a label's QR code leads to."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from dashboards.web.answers import Answer
from dashboards.web.labels import labels_page, labels_pdf, wanted
from dashboards.web.pages import own_path
from dashboards.web.site import Site
from dashboards.web.visitor import Right, require

READ = ["GET", "HEAD"]


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @router.api_route("/labels", methods=READ)
    def page(request: Request) -> Response:
        communes = require(request, Right.REGISTER).communes
        asked = wanted(request.query_params, site)
        return answer(request, "labels.html", page=labels_page(site, asked, communes, {}))

    @router.api_route("/labels.pdf", methods=READ)
    def pdf(request: Request) -> Response:
        communes = require(request, Right.REGISTER).communes
        asked = wanted(request.query_params, site)
        data, problems = labels_pdf(site, asked, communes)
        if problems:
            page = labels_page(site, asked, communes, problems)
            return answer(request, "labels.html", 422, page=page)
        return Response(
            data,
            media_type="application/pdf",
            headers={"Content-Disposition": 'attachment; filename="labels.pdf"'},
        )

    @router.api_route("/a/{tag}", methods=READ)
    def scanned(request: Request, tag: str) -> Response:
        require(request, Right.READ)
        entry = site.register.get(tag)
        if entry is None:
            return answer(request, "missing.html", 404, what=tag)
        require(request, Right.READ, entry.asset.commune)
        return RedirectResponse(own_path(f"/assets/{tag}"), 302)

    return router
