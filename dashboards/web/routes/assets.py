"""The list of assets, and entering, copying, changing and removing them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from config.assets import AssetClass
from dashboards.web.answers import Answer, speech_of
from dashboards.web.asset_edit import (
    Conflict,
    FormPage,
    Proposals,
    copy_texts,
    keeps_endpoints,
    merged,
    new_texts,
    offered,
    own_fields,
    taken_over,
    wanted_assets,
)
from dashboards.web.asset_fields import FIELDS
from dashboards.web.asset_form import Typed, read_form, texts_of
from dashboards.web.asset_list import (
    COLUMNS_COOKIE,
    FILTERS_COOKIE,
    columns_of,
    communes_of,
    filters_cookie,
    filters_of,
    list_page,
    wish_of,
    with_filter,
)
from dashboards.web.forms import Posted, number, one, see_other
from dashboards.web.offers import check_custom
from dashboards.web.problem_words import by_field
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, actor_of, require
from inventory.register.entry import Create, Entry
from inventory.register.problems import FieldProblem, Refused
from inventory.register.stale import Stale

_YEAR_S = 31_536_000


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()
    proposals = Proposals()

    def form_page(
        request: Request,
        kind: str,
        action: str,
        texts: dict[str, str],
        problems: tuple[FieldProblem, ...] = (),
        **more: Any,
    ) -> Response:
        visitor = require(request, Right.REGISTER)
        texts = own_fields(site, texts.get("class", "")) | texts
        page = FormPage(
            kind,
            action,
            texts,
            communes_of(site, visitor.communes),
            {**proposals.of(site), **offered(site, texts.get("commune", ""))},
            sorted(site.settings.credentials),
            by_field(problems, speech_of(request, site)),
            **more,
        )
        status = 409 if page.conflict else 422 if page.problems else 200
        return answer(request, "asset_form.html", status, page=page)

    def missing(request: Request, tag: str) -> Response:
        return answer(request, "missing.html", 404, what=tag)

    @router.api_route("/assets", methods=READ)
    def listing(request: Request) -> Response:
        visitor = require(request, Right.READ)
        asked = request.query_params.getlist("col")
        columns = columns_of(asked, request.cookies.get(COLUMNS_COOKIE, ""))
        filters = filters_of(request.cookies.get(FILTERS_COOKIE, ""))
        wish = wish_of(request.query_params)
        page = list_page(site, wish, visitor.communes, columns, filters)
        found = answer(request, "assets.html", page=page)
        if asked:
            _remember(found, COLUMNS_COOKIE, ".".join(columns))
        return found

    @router.post("/assets/filters")
    def filters(request: Request, posted: Posted) -> Response:
        require(request, Right.READ)
        kept = filters_of(request.cookies.get(FILTERS_COOKIE, ""))
        asked = one(posted, "asked", 2000)
        if drop := one(posted, "drop"):
            kept.pop(drop, None)
        else:
            kept = with_filter(kept, one(posted, "name"), asked) or kept
        found = see_other(f"/assets?{asked}" if asked else "/assets")
        _remember(found, FILTERS_COOKIE, filters_cookie(kept))
        return found

    @router.api_route("/assets/new", methods=READ)
    def new(request: Request) -> Response:
        visitor = require(request, Right.REGISTER)
        communes = communes_of(site, visitor.communes)
        texts = new_texts(communes[0][0] if len(communes) == 1 else "")
        params = request.query_params
        texts |= {key: params[key][:500] for key in FIELDS if params.get(key)}
        return form_page(request, "new", "/assets/new", texts)

    def create(request: Request, posted: Posted, kind: str, action: str, **more: Any) -> Response:
        require(request, Right.REGISTER)
        typed = read_form(posted)
        count, serials = one(posted, "count") or "1", one(posted, "serials", 50_000)
        reason = one(posted, "reason", 300)
        texts = typed.texts | {"count": count, "serials": serials, "reason": reason}
        try:
            assets, problems = wanted_assets(typed, count, serials, site.register)
            if assets and not problems:
                problems = list(check_custom(site, assets[0].asset_class, assets[0].custom))
            if problems:
                raise Refused(problems)
            for commune in {asset.commune for asset in assets}:
                require(request, Right.REGISTER, commune)
            if len(assets) == 1:
                site.register.create(assets[0], actor_of(request), reason)
                return see_other(f"/assets/{assets[0].tag}?done=created")
            batch = site.register.apply(
                [Create(asset) for asset in assets], actor_of(request), reason=reason
            )
            return see_other(f"/changes?{urlencode({'batch': batch})}")
        except Refused as refused:
            return form_page(request, kind, action, texts, refused.problems, **more)

    @router.post("/assets/new")
    def save_new(request: Request, posted: Posted) -> Response:
        return create(request, posted, "new", "/assets/new")

    def entry_of(request: Request, tag: str, right: Right = Right.REGISTER) -> Entry | None:
        require(request, right)
        entry = site.register.get(tag)
        if entry is not None:
            require(request, right, entry.asset.commune)
        return entry

    @router.api_route("/assets/{tag}/copy", methods=READ)
    def copy(request: Request, tag: str) -> Response:
        entry = entry_of(request, tag)
        if entry is None:
            return missing(request, tag)
        texts = copy_texts(entry.asset)
        return form_page(request, "copy", f"/assets/{tag}/copy", texts, entry=entry)

    @router.post("/assets/{tag}/copy")
    def save_copy(request: Request, tag: str, posted: Posted) -> Response:
        entry = entry_of(request, tag)
        if entry is None:
            return missing(request, tag)
        return create(request, posted, "copy", f"/assets/{tag}/copy", entry=entry)

    def edit_page(
        request: Request,
        entry: Entry,
        texts: dict[str, str],
        problems: tuple[FieldProblem, ...] = (),
        version: int = 0,
        conflict: Conflict | None = None,
    ) -> Response:
        return form_page(
            request,
            "edit",
            f"/assets/{entry.asset.tag}/edit",
            texts,
            problems,
            entry=entry,
            version=version or entry.version,
            watching=not keeps_endpoints(entry.asset),
            conflict=conflict,
        )

    @router.api_route("/assets/{tag}/edit", methods=READ)
    def edit(request: Request, tag: str) -> Response:
        entry = entry_of(request, tag)
        if entry is None:
            return missing(request, tag)
        if entry.origin == "file":
            return answer(request, "kept_in_file.html", 409, entry=entry)
        return edit_page(request, entry, texts_of(entry.asset))

    @router.post("/assets/{tag}/edit")
    def save_edit(request: Request, tag: str, posted: Posted) -> Response:
        entry = entry_of(request, tag)
        if entry is None:
            return missing(request, tag)
        version = number(one(posted, "version")) or 0
        typed = read_form(posted, keep_endpoints=keeps_endpoints(entry.asset))
        typed = taken_over(typed, posted.get("theirs", ()), entry.asset)
        reason = one(posted, "reason", 300)
        texts = {**texts_of(entry.asset), **typed.texts, "reason": reason}
        if version == entry.version and typed.problems:
            return edit_page(request, entry, texts, typed.problems, version)
        try:
            _may_move_to(request, typed)
            kind = typed.values.get("class")
            if kind in list(AssetClass) and version == entry.version:
                wrong = check_custom(site, AssetClass(kind), typed.values["custom"])
                if wrong:
                    raise Refused(wrong)
            saved = site.register.edit(
                tag, typed.values, actor_of(request), version=version, reason=reason
            )
        except Stale as stale:
            texts, conflict = merged(stale.entry, stale.changes, typed.texts)
            return edit_page(
                request, stale.entry, texts | {"reason": reason}, (), conflict=conflict
            )
        except Refused as refused:
            return edit_page(request, entry, texts, refused.problems, version)
        return see_other(f"/assets/{saved.asset.tag}?done=saved")

    @router.api_route("/assets/{tag}/remove", methods=READ)
    def remove(request: Request, tag: str) -> Response:
        entry = entry_of(request, tag)
        if entry is None:
            return missing(request, tag)
        if entry.origin == "file":
            return answer(request, "kept_in_file.html", 409, entry=entry)
        page = {"entry": entry, "problems": {}, "reason": ""}
        return answer(request, "remove.html", page=page)

    @router.post("/assets/{tag}/remove")
    def do_remove(request: Request, tag: str, posted: Posted) -> Response:
        entry = entry_of(request, tag)
        if entry is None:
            return missing(request, tag)
        reason = one(posted, "reason", 300)
        version = number(one(posted, "version"))
        try:
            if not reason:
                raise Refused([FieldProblem("reason", "must not be empty")])
            site.register.remove(tag, actor_of(request), version=version, reason=reason)
        except Stale:
            return see_other(f"/assets/{tag}?done=stale")
        except Refused as refused:
            said = by_field(refused.problems, speech_of(request, site))
            page = {"entry": entry, "problems": said, "reason": reason}
            return answer(request, "remove.html", 422, page=page)
        return see_other(f"/changes?{urlencode({'subject': tag})}")

    return router


def _may_move_to(request: Request, typed: Typed) -> None:
    commune = typed.values.get("commune")
    if commune:
        require(request, Right.REGISTER, commune)


def _remember(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=_YEAR_S, samesite="lax", httponly=True)
