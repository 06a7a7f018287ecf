"""What this Hatang is and how it is."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dashboards.web.answers import Answer
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, require


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @router.api_route("/about", methods=READ)
    def about(request: Request) -> Response:
        require(request, Right.READ)
        assets = list(site.snapshot.assets.values())
        page = {
            "communes": len(site.snapshot.communes),
            "assets": len(assets),
            "watched": sum(1 for asset in assets if asset.endpoints),
            "database": site.database.stat().st_size if site.database.exists() else 0,
        }
        return answer(request, "about.html", page=page)

    return router
