"""The inbox and what one does there: register, attach, ignore, accept, keep; one or many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from dashboards.web.answers import Answer, speech_of
from dashboards.web.forms import Posted, number, one, see_other
from dashboards.web.inbox import inbox_page, intake_of, thing_of
from dashboards.web.problem_words import by_field
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, Visitor, actor_of, require, visitor_of
from dashboards.web.words import N_
from inventory.identity_work import Identity
from inventory.intake import proposal, seen_values
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.stale import Stale
from inventory.sighting import Thing

TYPED = ("tag", "name", "class", "commune", "address", "vendor", "model", "serial")
"""Inputs of the form that registers a thing."""

DONE = {
    "registered": N_("Registered."),
    "attached": N_("Attached to the asset."),
    "ignored": N_("Left out of the list."),
    "back": N_("Back in the list."),
    "accepted": N_("The register says now what was measured."),
    "kept": N_("Kept as it was typed."),
    "swapped": N_("Both addresses are exchanged."),
}

TEXTS = (
    N_("choose at least one"),
    N_("say why"),
    N_("somebody has changed it since; look at it again"),
    N_("a class and a commune are needed; open it and say what it is"),
)
"""English texts of `inventory.intake` and of this page, so that they have translations."""


def sees(visitor: Visitor) -> Callable[[str], bool]:
    """Which communes somebody sees here; "" is what lies in none: only who sees all sees that."""
    return lambda code: visitor.communes is None or code in visitor.communes


def need(request: Request, commune: str) -> None:
    """Whoever decides keeps the register or runs the monitoring, there. Raises as `require`."""
    visitor = visitor_of(request)
    if sees(visitor)(commune) and any(
        visitor.may(right, commune or None) for right in (Right.REGISTER, Right.OPERATE)
    ):
        return
    # Somebody limited to communes may not decide on what lies in none.
    require(request, Right.REGISTER, commune or "-")


def need_some(request: Request) -> None:
    """Whoever asks may decide somewhere, before they learn what there is. Raises as `require`."""
    if not visitor_of(request).may(Right.OPERATE):
        require(request, Right.REGISTER)


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def page(
        request: Request,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, Any] | None = None,
    ) -> HTMLResponse:
        visitor = visitor_of(request)
        done = request.query_params.get("done", "")
        return answer(
            request,
            "inbox.html",
            status,
            page=inbox_page(site, sees(visitor)),
            may=any(visitor.may(right) for right in (Right.REGISTER, Right.OPERATE)),
            done=DONE.get(done, "") if request.method in READ else "",
            about=request.query_params.get("tag", "")[:64],
            errors=by_field(problems, speech_of(request, site)),
            typed=typed or {},
        )

    def thing_page(
        request: Request,
        thing: Thing,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, Any] | None = None,
    ) -> HTMLResponse:
        values = proposal(thing)
        tag = next(intake_of(site).tags(values.get("class", "other"), values.get("commune", "")))
        return answer(
            request,
            "inbox_thing.html",
            status,
            thing=thing,
            values={"tag": tag, **values} if typed is None else typed,
            seen=seen_values(thing),
            names={
                code: view.unit.name
                for code, view in site.snapshot.communes.items()
                if sees(visitor_of(request))(code)
            },
            tags=_tags_near(site, thing),
            errors=by_field(problems, speech_of(request, site)),
        )

    def found(request: Request, id_: str | int) -> Thing:
        wanted = id_ if isinstance(id_, int) else number(id_)
        thing = thing_of(site, wanted) if wanted is not None else None
        if thing is None or not sees(visitor_of(request))(thing.commune):
            raise HTTPException(404)
        return thing

    def need_asset(request: Request, tag: str) -> None:
        entry = site.register.get(tag)
        if entry is None:
            raise HTTPException(404)
        need(request, entry.asset.commune)

    @router.api_route("/inbox", methods=READ)
    def inbox(request: Request) -> HTMLResponse:
        require(request, Right.READ)
        return page(request)

    @router.api_route("/inbox/{id:int}", methods=READ)
    def one_thing(request: Request, id: int) -> HTMLResponse:
        require(request, Right.READ)
        return thing_page(request, found(request, id))

    @router.post("/inbox/{id:int}/register")
    def register(request: Request, id: int, posted: Posted) -> Response:
        need_some(request)
        thing = found(request, id)
        typed = {key: one(posted, key) for key in TYPED}
        need(request, thing.commune)
        need(request, typed["commune"] or thing.commune)
        values: dict[str, Any] = {key: value for key, value in typed.items() if value}
        if one(posted, "watch") and typed["address"]:
            snmp = {"kind": "snmp", "credential": thing.credential}
            values["endpoints"] = [snmp if thing.credential else {"kind": "ping"}]
        try:
            intake_of(site).register([(thing, values)], actor_of(request))
        except Refused as refused:
            return thing_page(request, thing, 422, refused.problems, typed)
        return see_other(f"/inbox?done=registered&tag={typed['tag']}")

    @router.post("/inbox/{id:int}/attach")
    def attach(request: Request, id: int, posted: Posted) -> Response:
        need_some(request)
        thing, tag = found(request, id), one(posted, "to")
        need(request, thing.commune)
        try:
            if not tag:
                raise Refused([FieldProblem("to", "must not be empty")])
            if site.register.get(tag) is None:
                raise Refused([FieldProblem("to", "there is no asset {tag}", {"tag": tag})])
            need_asset(request, tag)
            taken = [*posted.get("take", ())]
            intake_of(site).attach(thing, tag, taken, actor_of(request))
        except (Refused, Stale, NotFound) as error:
            return thing_page(request, thing, 422, _problems(error))
        return see_other(f"/inbox?done=attached&tag={tag}")

    @router.post("/inbox/{id:int}/back")
    def back(request: Request, id: int) -> Response:
        need_some(request)
        thing = found(request, id)
        need(request, thing.commune)
        intake_of(site).take_back([thing], actor_of(request))
        return see_other("/inbox?done=back")

    @router.post("/inbox")
    def many(request: Request, posted: Posted) -> Response:
        need_some(request)
        things = [found(request, id_) for id_ in dict.fromkeys(posted.get("thing", ()))]
        for commune in {thing.commune for thing in things}:
            need(request, commune)
        intake, reason = intake_of(site), one(posted, "reason")
        try:
            if one(posted, "do") == "ignore":
                intake.ignore(things, reason, actor_of(request))
                return see_other("/inbox?done=ignored")
            free: dict[tuple[str, str], Iterator[str]] = {}
            chosen: list[tuple[Thing, dict[str, Any]]] = []
            for thing in things:
                values = proposal(thing)
                if "class" not in values or "commune" not in values:
                    text = "a class and a commune are needed; open it and say what it is"
                    raise Refused([FieldProblem("thing", text, row=len(chosen))])
                kind = values["class"], values["commune"]
                tags = free.setdefault(kind, intake.tags(*kind))
                chosen.append((thing, {**values, "tag": next(tags)}))
            intake.register(chosen, actor_of(request), reason=reason)
        except Refused as refused:
            chosen_ids = {thing.id for thing in things}
            typed = {"things": chosen_ids, "reason": reason}
            return page(request, 422, refused.problems, typed)
        return see_other("/inbox?done=registered")

    @router.post("/inbox/settle")
    def settle(request: Request, posted: Posted) -> Response:
        need_some(request)
        tag, what = one(posted, "tag"), one(posted, "what")
        keep = one(posted, "do") == "keep"
        need_asset(request, tag)
        identity, actor = Identity(site.register, site.desk, site.clock), actor_of(request)
        shown = inbox_page(site, sees(visitor_of(request))).mismatches
        try:
            if what == "swapped":
                pair = next((p for p in shown.swapped if p.one.tag == tag), None)
                if pair is None:
                    raise Refused(
                        [FieldProblem("", "somebody has changed it since; look at it again")]
                    )
                need_asset(request, pair.other.tag)
                identity.swap(pair.one.tag, pair.other.tag, actor, why=pair.by)
                return see_other("/inbox?done=swapped")
            values, why = _settled(shown, what, tag, one(posted, "measured"))
            if values.get("commune"):
                need(request, values["commune"])
            field, measured = next(iter(values.items()))
            if keep:
                identity.keep(tag, field, measured, actor, reason=one(posted, "reason"))
            else:
                identity.accept(tag, values, actor, why=why)
        except (Refused, Stale, NotFound) as error:
            return page(request, 422, _problems(error))
        return see_other(f"/inbox?done={'kept' if keep else 'accepted'}&tag={tag}")

    return router


def _settled(shown: Any, what: str, tag: str, measured: str) -> tuple[dict[str, str], str]:
    """(field -> what is measured of it, why) of a mismatch that stands on the page now.

    Raises Refused where it is not the one that was looked at any more.
    """
    if what == "address":
        move = next((m for m in shown.moved if m.asset.tag == tag), None)
        if move is not None and move.address == measured:
            commune = {"commune": move.commune} if move.commune else {}
            return {"address": move.address, **commune}, move.by
    for conflict in shown.conflicting:
        if (conflict.asset.tag, conflict.field, conflict.measured) == (tag, what, measured):
            return {conflict.field: conflict.measured}, "measured"
    raise Refused([FieldProblem("", "somebody has changed it since; look at it again")])


def _problems(error: Refused | Stale | NotFound) -> Sequence[FieldProblem]:
    if isinstance(error, Refused):
        return error.problems
    return [FieldProblem("", "somebody has changed it since; look at it again")]


def _tags_near(site: Site, thing: Thing) -> list[tuple[str, str]]:
    """(tag, name) of assets that a thing may be: of its commune, those of its class first."""
    views = site.snapshot.assets_of(thing.commune) if thing.commune else []
    ranked = sorted(
        views, key=lambda view: (view.registered.asset_class != thing.asset_class, view.tag)
    )
    first = [thing.match.tag] if thing.match is not None else []
    known = site.snapshot.assets
    named = [(tag, known[tag].registered.name) for tag in first if tag in known]
    return named + [(v.tag, v.registered.name) for v in ranked if v.tag not in first][:300]
