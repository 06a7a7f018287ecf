"""Changing many assets at once."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from dashboards.web.answers import Answer, speech_of
from dashboards.web.asset_edit import Proposals
from dashboards.web.asset_list import wish_of
from dashboards.web.bulk import (
    applied,
    chosen_again,
    chosen_by,
    page_for,
    preview,
    tried,
    values_of,
)
from dashboards.web.forms import Posted, one, see_other
from dashboards.web.languages import Speech
from dashboards.web.problem_words import by_field
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, actor_of, require
from dashboards.web.words import word
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.stale import Stale


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()
    proposals = Proposals()

    @router.api_route("/assets/bulk", methods=READ)
    def choose(request: Request) -> Response:
        visitor = require(request, Right.REGISTER)
        asked = request.query_params.get("asked", "")[:2000]
        tags = request.query_params.getlist("tag")
        everything = request.query_params.get("all") == "1"
        wish = wish_of(QueryParams(asked))
        chosen, too_many = chosen_by(site, wish, tags, everything, visitor.communes)
        page = page_for(
            site, wish.asked(), chosen, visitor.communes, proposals.of(site), too_many=too_many
        )
        return answer(request, "bulk.html", page=page)

    @router.post("/assets/bulk")
    def change(request: Request, posted: Posted) -> Response:
        visitor = require(request, Right.REGISTER)
        speech = speech_of(request, site)
        chosen, versions = chosen_again(site, one(posted, "rows", 1_000_000), visitor.communes)
        asked = wish_of(QueryParams(one(posted, "asked", 2000))).asked()
        keys, texts, values, problems = values_of(posted)
        reason = one(posted, "reason", 300)
        more: dict[str, Any] = {"keys": keys, "texts": texts | {"reason": reason}}
        if values.get("commune"):
            require(request, Right.REGISTER, values["commune"])
        try:
            if not keys:
                raise Refused([FieldProblem("", "tick at least one field")])
            if problems:
                raise Refused(problems)
            rows, steps = preview(chosen, keys, values, _sayings(site, speech))
            more |= {"rows": rows, "changed": len(steps)}
            if one(posted, "do") == "apply" and steps:
                batch = applied(site.register, steps, versions, actor_of(request), reason)
                return see_other(f"/changes?batch={batch}")
            tried(site.register, steps, actor_of(request))
        except Refused as refused:
            more["problems"] = by_field(refused.problems[:200], speech)
        except Stale as stale:
            more["stale"] = stale.entry.asset.tag
        except NotFound as gone:
            more["problems"] = {"": [str(gone)]}
        page = page_for(site, asked, chosen, visitor.communes, proposals.of(site), **more)
        status = 409 if page.stale else 422 if page.problems else 200
        return answer(request, "bulk.html", status, page=page)

    return router


def _sayings(site: Site, speech: Speech) -> dict[str, Any]:
    communes = site.snapshot.communes

    def commune(code: str) -> str:
        return communes[code].unit.name if code in communes else code

    def said(id_: str) -> str:
        return speech.text(word(id_))

    return {"commune": commune, "class": said, "status": said}
