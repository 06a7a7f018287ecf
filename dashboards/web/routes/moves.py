"""What happens to an asset: received, handed over, transferred, lost, liquidated …"""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request, Response

from dashboards.web.answers import Answer, speech_of
from dashboards.web.asset_form import day_text, read_day
from dashboards.web.asset_list import communes_of
from dashboards.web.forms import Posted, number, one, see_other
from dashboards.web.problem_words import by_field
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, actor_of, require
from dashboards.web.words import N_
from inventory.register.entry import Entry
from inventory.register.moves import NEEDS_DOCUMENT, Move, MoveKind, kinds_for
from inventory.register.problems import FieldProblem, Refused
from inventory.register.stale import Stale

_INPUTS = ("kind", "day", "document", "to_commune", "from_person", "to_person", "note")


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def page(
        request: Request,
        entry: Entry,
        texts: dict[str, str],
        problems: tuple[FieldProblem, ...] = (),
        stale: bool = False,
    ) -> Response:
        found = {
            "entry": entry,
            "texts": texts,
            "problems": by_field(problems, speech_of(request, site)),
            "kinds": kinds_for(entry.asset.status),
            "documents": NEEDS_DOCUMENT,
            # A transfer leads out of the communes that somebody looks after.
            "communes": [c for c in communes_of(site, None) if c[0] != entry.asset.commune],
            "moves": site.register.moves(entry.id),
            "names": dict(communes_of(site, None)),
            "stale": stale,
        }
        return answer(request, "moves.html", 409 if stale else 422 if problems else 200, page=found)

    def entry_of(request: Request, tag: str, right: Right) -> Entry | None:
        require(request, right)
        entry = site.register.get(tag)
        if entry is not None:
            require(request, right, entry.asset.commune)
        return entry

    @router.api_route("/assets/{tag}/moves", methods=READ)
    def moves(request: Request, tag: str) -> Response:
        entry = entry_of(request, tag, Right.READ)
        if entry is None:
            return answer(request, "missing.html", 404, what=tag)
        today = dt.datetime.fromtimestamp(site.clock.wall(), site.settings.zone).date()
        texts = dict.fromkeys(_INPUTS, "")
        texts |= {"day": day_text(today), "from_person": entry.asset.custodian}
        texts["kind"] = request.query_params.get("kind", "")
        return page(request, entry, texts)

    @router.post("/assets/{tag}/moves")
    def record(request: Request, tag: str, posted: Posted) -> Response:
        entry = entry_of(request, tag, Right.REGISTER)
        if entry is None:
            return answer(request, "missing.html", 404, what=tag)
        texts = {key: one(posted, key, 10_000) for key in _INPUTS}
        problems = []
        day = read_day(texts["day"])
        if day is None:
            text = N_("is not a day; write day/month/year, for example 31/12/2025")
            problems.append(FieldProblem("day", text))
        if texts["kind"] not in list(MoveKind):
            problems.append(FieldProblem("kind", "must not be empty"))
        if problems or day is None:
            return page(request, entry, texts, tuple(problems))
        move = Move(
            MoveKind(texts["kind"]),
            day,
            texts["document"],
            to_commune=texts["to_commune"],
            from_person=texts["from_person"],
            to_person=texts["to_person"],
            note=texts["note"],
        )
        try:
            site.register.move(tag, move, actor_of(request), version=number(one(posted, "version")))
        except Stale as stale:
            return page(request, stale.entry, texts, stale=True)
        except Refused as refused:
            return page(request, entry, texts, refused.problems)
        return see_other(f"/assets/{tag}?done=moved")

    return router
