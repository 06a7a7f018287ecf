"""Profiles: read them, copy one, edit the copy and see what it would do to the communes."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from config.profile import shipped_profiles
from config.profile_text import HandWork, changed_text, copy_text, renamed_text
from dashboards.web.answers import Answer, speech_of
from dashboards.web.asset_form import read_day
from dashboards.web.forms import Posted, one, see_other
from dashboards.web.problem_words import by_field
from dashboards.web.profile_fields import Wrong, change_of
from dashboards.web.profile_use import counts
from dashboards.web.profiles import (
    MOST_CHARACTERS,
    NAME,
    Content,
    Entry,
    Profiles,
    digest_of,
    lines_of,
)
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, Visitor, require
from dashboards.web.words import N_
from inventory.register.problems import FieldProblem

log = logging.getLogger(__name__)

DONE = {
    "copied": N_("Copied. Change what you like; nothing of it counts before you choose it."),
    "saved": N_("Saved."),
    "chosen": N_("Chosen. Communes are evaluated anew when it counts."),
}

TEXTS = (
    N_("must be small letters, digits and -, as khanh-hoa-2027"),
    N_("there is a profile of this name; take another"),
    N_("write the id in a line of its own"),
    N_("only a file with extends or for is changed by fields; edit the text"),
    N_("mend the text first"),
    N_("write each key of the file in a line of its own"),
    N_("somebody saved this file meanwhile; copy your text and open the page again"),
    N_("cannot be written; the folder is {folder}"),
)
"""English texts of this module and of `config.profile_text`, so that they have translations."""

KEYS = {
    "at_least": N_("Threshold"),
    "at_most": N_("Threshold"),
    "partly": N_("Partly met from"),
    "weight": N_("Weight"),
    "level": N_("Level"),
    "remedy.price_vnd": N_("Price"),
    "remedy.price_date": N_("Day of the price"),
}
"""Keys of a requirement as readers call them; the others stay as the file has them."""

_FIELDS = ("requirement", "level", "weight", "threshold", "partly", "price")


def planner(request: Request) -> Visitor:
    """Who may change what all communes are held against. Raises as `require`."""
    visitor = require(request, Right.PLAN)
    if visitor.communes is not None:
        require(request, Right.PLAN, "-")
    return visitor


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def listed(
        request: Request,
        visitor: Visitor,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        profiles = Profiles(site)
        rows = [(entry, profiles.content(entry)) for entry in profiles.entries()]
        done = request.query_params.get("done", "") if request.method in READ else ""
        return answer(
            request,
            "profiles.html",
            status,
            rows=rows,
            counts=counts(site, rows),
            done=DONE["chosen"] if done == "chosen" else "",
            uncovered=site.profiles.uncovered(site.today),
            folder=str(profiles.folder),
            may=_may(visitor),
            errors=by_field(problems, speech_of(request, site)),
            typed=typed or {},
        )

    def edited(
        request: Request,
        visitor: Visitor,
        entry: Entry,
        text: str,
        digest: str,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        profiles = Profiles(site)
        content = profiles.content_of(entry, text)
        done = DONE.get(request.query_params.get("done", "")) if request.method in READ else ""
        return answer(
            request,
            "profile_edit.html",
            status,
            entry=entry,
            text=text,
            digest=digest,
            content=content,
            wrong=lines_of(content.problems),
            preview=profiles.preview(content, visitor) if content.read else None,
            preview_wrong=lines_of,
            profile_read=_profile(content),
            done=done,
            errors=by_field(problems, speech_of(request, site)),
            typed=typed or {},
            keys=KEYS,
            day_of=read_day,
        )

    def own(name: str) -> Entry:
        entry = Profiles(site).own(name)
        if entry is None:
            raise HTTPException(404)
        return entry

    @router.api_route("/profiles", methods=READ)
    def all_profiles(request: Request) -> HTMLResponse:
        return listed(request, require(request, Right.READ))

    @router.api_route("/profiles/{name}", methods=READ)
    def profile(request: Request, name: str) -> HTMLResponse:
        visitor = require(request, Right.READ)
        profiles = Profiles(site)
        entry = profiles.entry(name)
        if entry is None:
            raise HTTPException(404)
        content = profiles.content(entry)
        return answer(
            request,
            "profile.html",
            entry=entry,
            content=content,
            wrong=lines_of(content.problems),
            text=profiles.text(entry) if content.read is None else "",
            may=_may(visitor),
            today=site.today,
            chosen=counts(site, [(entry, content)]).of(name),
        )

    @router.post("/profiles")
    def copy(request: Request, posted: Posted) -> Response:
        visitor = planner(request)
        name, source = one(posted, "name", 64), one(posted, "source", 64)
        profiles = Profiles(site)
        entry, typed = profiles.entry(source), {"name": name, "source": source}
        problem = _no_name(name, profiles)
        if entry is None:
            raise HTTPException(404)
        if problem is None:
            try:
                profiles.save(profiles.new(name), _copied(profiles, entry, name))
            except HandWork as error:
                problem = FieldProblem("source", str(error))
            except OSError as error:
                problem = _unwritten(profiles, error)
        if problem is not None:
            return listed(request, visitor, 422, [problem], typed)
        return see_other(f"/profiles/{name}/edit?done=copied")

    @router.api_route("/profiles/{name}/edit", methods=READ)
    def edit(request: Request, name: str) -> HTMLResponse:
        visitor, entry = planner(request), own(name)
        text = Profiles(site).text(entry)
        return edited(request, visitor, entry, text, digest_of(text))

    @router.post("/profiles/{name}/preview")
    def preview(request: Request, name: str, posted: Posted) -> HTMLResponse:
        visitor, entry = planner(request), own(name)
        text, digest = _text(posted), one(posted, "digest")
        if one(posted, "action") != "apply":
            return edited(request, visitor, entry, text, digest, typed=_typed(posted))
        typed = _typed(posted)
        content = Profiles(site).content_of(entry, text)
        try:
            if content.read is None:
                raise HandWork("mend the text first")
            requirement, change = change_of(typed, content.read.profile, site.today)
            text = changed_text(text, requirement, change)
        except HandWork as error:
            wrong = [FieldProblem("requirement", str(error))]
            return edited(request, visitor, entry, text, digest, 422, wrong, typed)
        except Wrong as error:
            return edited(request, visitor, entry, text, digest, 422, error.problems, typed)
        return edited(request, visitor, entry, text, digest)

    @router.post("/profiles/{name}")
    def save(request: Request, name: str, posted: Posted) -> Response:
        visitor, entry = planner(request), own(name)
        profiles = Profiles(site)
        text, digest = _text(posted), one(posted, "digest")
        problem = None
        if digest != digest_of(profiles.text(entry)):
            said = "somebody saved this file meanwhile; copy your text and open the page again"
            problem = FieldProblem("text", said)
        elif profiles.content_of(entry, text).read is None:
            problem = FieldProblem("text", "mend the text first")
        else:
            try:
                profiles.save(entry, text)
            except OSError as error:
                problem = _unwritten(profiles, error)
        if problem is not None:
            return edited(request, visitor, entry, text, digest, 422, [problem], _typed(posted))
        return see_other(f"/profiles/{name}/edit?done=saved")

    return router


def _may(visitor: Visitor) -> bool:
    return visitor.may(Right.PLAN) and visitor.communes is None


def _no_name(name: str, profiles: Profiles) -> FieldProblem | None:
    if NAME.fullmatch(name) is None:
        return FieldProblem("name", "must be small letters, digits and -, as khanh-hoa-2027")
    if profiles.entry(name) is not None or profiles.new(name).path.exists():
        return FieldProblem("name", "there is a profile of this name; take another")
    return None


def _copied(profiles: Profiles, entry: Entry, name: str) -> str:
    """The text of a copy: a profile is extended, so that what is changed is all that it says."""
    content = profiles.content(entry)
    if content.layer is not None or content.read is None:
        return renamed_text(profiles.text(entry), name)
    profile = content.read.profile
    shipped = entry.name in shipped_profiles() and entry.origin == "shipped"
    extends = entry.name if shipped else str(entry.path.resolve())
    titles = (f"{profile.title.vi} ({name})", f"{profile.title.en} ({name})")
    return copy_text(name, extends, titles, profile.valid_from.isoformat())


def _unwritten(profiles: Profiles, error: OSError) -> FieldProblem:
    log.error("a profile cannot be written: %s", error)
    text = "cannot be written; the folder is {folder}"
    return FieldProblem("name", text, {"folder": str(profiles.folder)})


def _profile(content: Content) -> Any:
    return content.read.profile if content.read else None


def _text(posted: Mapping[str, Sequence[str]]) -> str:
    """What stands in the text field, with the line ends of a file; one letter more than allowed
    shows that it is too long."""
    values = posted.get("text", ())
    text = values[-1] if values else ""
    return text.replace("\r\n", "\n")[: MOST_CHARACTERS + 1]


def _typed(posted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {key: one(posted, key, 64) for key in _FIELDS}
