"""Makes and models, and fields of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from config.assets import AssetClass
from dashboards.web.answers import Answer, speech_of
from dashboards.web.forms import Posted, number, one, see_other
from dashboards.web.offers import catalogue_of, fields_of
from dashboards.web.problem_words import by_field
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.stored import download, picked
from dashboards.web.visitor import Right, Visitor, actor_of, require
from dashboards.web.words import N_
from inventory.custom_field import Field, FieldKind
from inventory.device_model import Model
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.scanned import scanned, sniffed
from inventory.store.files import FileStore

DONE = {
    "saved": N_("Saved."),
    "removed": N_("Removed."),
    "restored": N_("Restored."),
}

KINDS = {
    FieldKind.TEXT: N_("text"),
    FieldKind.NUMBER: N_("number"),
    FieldKind.DATE: N_("day"),
    FieldKind.CHOICE: N_("choice"),
}

TEXTS = (
    N_("is in the catalogue already"),
    N_("must be from 1 to {most} years"),
    N_("must be 0 or more, in dong"),
    N_("say of which day the price is"),
    N_("is no day; write for example 2026-01-31"),
    N_("is no number; write for example 12.5"),
    N_("must be one of: {known}"),
    N_("another field has this name"),
    N_("write at least two choices, one a line"),
)
"""English texts of `inventory.catalogue` and `custom_fields`, so that they have translations."""

_TYPED = ("class", "vendor", "model", "life_years", "price_vnd", "price_day", "note")


def _everywhere(request: Request) -> Visitor:
    """Who keeps the register of all communes: these lists are everybody's. Raises as `require`."""
    visitor = require(request, Right.REGISTER)
    if visitor.communes is not None:
        require(request, Right.REGISTER, "-")
    return visitor


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def shown(
        request: Request,
        template: str,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        **values: Any,
    ) -> HTMLResponse:
        visitor = require(request, Right.READ)
        query = request.query_params
        is_read = request.method in READ
        return answer(
            request,
            template,
            status,
            may=visitor.may(Right.REGISTER) and visitor.communes is None,
            done=DONE.get(query.get("done", ""), "") if is_read else "",
            gone=number(query.get("id", "")) if is_read else None,
            errors=by_field(problems, speech_of(request, site)),
            **values,
        )

    def catalogue_page(
        request: Request,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        catalogue = catalogue_of(site)
        query = request.query_params
        offered = {key: query.get(key, "")[:200] for key in ("class", "vendor", "model")}
        return shown(
            request,
            "catalogue.html",
            status,
            problems,
            models=catalogue.models(),
            unlisted=catalogue.unlisted(20),
            typed=typed or offered,
        )

    def model_page(
        request: Request,
        model: Model,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        facts = {key: "" if v is None else str(v) for key, v in asdict(model).items()}
        facts["class"] = facts.pop("asset_class")
        return shown(
            request,
            "catalogue_model.html",
            status,
            problems,
            model=model,
            typed={**facts, **(typed or {})},
        )

    def found(id_: int) -> Model:
        model = catalogue_of(site).get(id_)
        if model is None:
            raise HTTPException(404)
        return model

    @router.api_route("/catalogue", methods=READ)
    def catalogue(request: Request) -> HTMLResponse:
        return catalogue_page(request)

    @router.post("/catalogue")
    def create(request: Request, posted: Posted) -> Response:
        _everywhere(request)
        typed = {key: one(posted, key, 2000) for key in _TYPED}
        try:
            id_ = catalogue_of(site).save(_model(typed), actor_of(request))
        except Refused as refused:
            return catalogue_page(request, 422, refused.problems, typed)
        return see_other(f"/catalogue?done=saved&id={id_}")

    @router.api_route("/catalogue/{id:int}", methods=READ)
    def model(request: Request, id: int) -> HTMLResponse:
        return model_page(request, found(id))

    @router.post("/catalogue/{id:int}")
    def edit(request: Request, id: int, posted: Posted) -> Response:
        _everywhere(request)
        known = found(id)
        typed = {key: one(posted, key, 2000) for key in _TYPED}
        version = number(one(posted, "version")) or 0
        try:
            wanted = _model(typed)
            changed = replace(wanted, id=id, version=version, picture=known.picture)
            catalogue_of(site).save(changed, actor_of(request))
        except Refused as refused:
            return model_page(request, known, 422, refused.problems, typed)
        return see_other("/catalogue?done=saved")

    @router.post("/catalogue/{id:int}/remove")
    def remove(request: Request, id: int) -> Response:
        _everywhere(request)
        try:
            catalogue_of(site).remove(id, actor_of(request))
        except NotFound:
            raise HTTPException(404) from None
        return see_other(f"/catalogue?done=removed&id={id}")

    @router.post("/catalogue/{id:int}/restore")
    def restore(request: Request, id: int) -> Response:
        _everywhere(request)
        try:
            catalogue_of(site).restore(id, actor_of(request))
        except NotFound:
            raise HTTPException(404) from None
        except Refused as refused:
            return catalogue_page(request, 422, refused.problems)
        return see_other("/catalogue?done=restored")

    @router.post("/catalogue/{id:int}/picture")
    def picture(
        request: Request, id: int, file: Annotated[UploadFile | None, File()] = None
    ) -> Response:
        _everywhere(request)
        known = found(id)
        data, name = picked(file)
        try:
            clean = scanned(data, name, pictures_only=True)
            picture = FileStore(site.database).put(clean.data)
            catalogue_of(site).set_picture(id, picture, actor_of(request))
        except Refused as refused:
            return model_page(request, known, 422, refused.problems)
        return see_other(f"/catalogue/{id}?done=saved")

    @router.api_route("/catalogue/{id:int}/picture", methods=READ)
    def stored(request: Request, id: int) -> Response:
        require(request, Right.READ)
        model = found(id)
        data = FileStore(site.database).get(model.picture)
        media_type = sniffed(data) if data is not None else None
        if data is None or media_type is None or not media_type.startswith("image/"):
            raise HTTPException(404)
        name = f"{model.vendor} {model.model}"
        return download(data, media_type, name)

    def fields_page(
        request: Request,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, Any] | None = None,
    ) -> HTMLResponse:
        return shown(
            request,
            "own_fields.html",
            status,
            problems,
            fields=fields_of(site).fields(),
            kinds=KINDS,
            typed=typed or {},
        )

    @router.api_route("/fields", methods=READ)
    def fields(request: Request) -> HTMLResponse:
        return fields_page(request)

    @router.post("/fields")
    def add_field(request: Request, posted: Posted) -> Response:
        _everywhere(request)
        kind = one(posted, "kind")
        chosen = [c for c in posted.get("classes", ()) if c in list(AssetClass)]
        choices = one(posted, "choices", 20_000)
        typed = {"name": one(posted, "name"), "kind": kind, "classes": chosen, "choices": choices}
        field = Field(
            one(posted, "name"),
            FieldKind(kind) if kind in list(FieldKind) else FieldKind.TEXT,
            tuple(AssetClass(c) for c in chosen),
            tuple(choices.splitlines()),
        )
        try:
            fields_of(site).create(field, actor_of(request))
        except Refused as refused:
            return fields_page(request, 422, refused.problems, typed)
        return see_other("/fields?done=saved")

    @router.post("/fields/{id:int}/{what}")
    def change_field(request: Request, id: int, what: str) -> Response:
        _everywhere(request)
        try:
            if what == "remove":
                fields_of(site).remove(id, actor_of(request))
                return see_other(f"/fields?done=removed&id={id}")
            if what == "restore":
                fields_of(site).restore(id, actor_of(request))
                return see_other("/fields?done=restored")
        except Refused as refused:
            return fields_page(request, 422, refused.problems)
        except NotFound:
            pass
        raise HTTPException(404)

    return router


def _model(typed: Mapping[str, str]) -> Model:
    """What was typed. Raises Refused."""
    problems = []
    if typed["class"] not in list(AssetClass):
        problems.append(FieldProblem("class", "must not be empty"))
    numbers: dict[str, int | None] = {}
    for key in ("life_years", "price_vnd"):
        text = re.sub(r"[.,\s\u00a0\u202f₫đ]", "", typed[key])
        numbers[key] = number(text) if text else None
        if text and numbers[key] is None:
            problems.append(FieldProblem(key, "is no number; write for example 12.5"))
    if problems:
        raise Refused(problems)
    return Model(
        AssetClass(typed["class"]),
        typed["vendor"],
        typed["model"],
        numbers["life_years"],
        numbers["price_vnd"],
        typed["price_day"],
        note=typed["note"],
    )
