"""From a day on, hold communes against a profile: what would change is shown, then it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from dashboards.web.answers import Answer, speech_of
from dashboards.web.asset_form import read_day
from dashboards.web.forms import Posted, one, see_other
from dashboards.web.problem_words import by_field
from dashboards.web.profile_use import SETTINGS, Use, choices_of, use_of
from dashboards.web.profiles import Entry, Preview, Profiles, lines_of
from dashboards.web.routes.profiles import KEYS, planner
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import actor_of
from dashboards.web.words import N_
from inventory.register.problems import FieldProblem, Refused

TEXTS = (
    N_("is no day; write it as 31/12/2026"),
    N_("must not be before today: what counted stays as it was"),
    N_("must not be more than {years} years ahead"),
    N_("the profile is valid from {day} on only"),
    N_("the profile is valid to {day} only"),
    N_("the file or the day has changed meanwhile; look at what changes now"),
    N_("it does not fit what else counts then; see below"),
)
"""English texts of this module and of `inventory.profile_choice`, so that they have
translations."""


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def page(
        request: Request,
        entry: Entry | None,
        typed: Mapping[str, str],
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        preview: Preview | None = None,
        use: Use | None = None,
    ) -> HTMLResponse:
        profiles = Profiles(site)
        return answer(
            request,
            "profile_use.html",
            status,
            entry=entry,
            content=profiles.content(entry) if entry else None,
            typed=typed,
            errors=by_field(problems, speech_of(request, site)),
            preview=preview,
            preview_wrong=lines_of,
            use=use,
            keys=KEYS,
            day_of=read_day,
        )

    def entry_of(name: str) -> Entry | None:
        """The profile that an address names; None for what the settings name."""
        entry = None if name == SETTINGS else Profiles(site).entry(name)
        if entry is None and name != SETTINGS:
            raise HTTPException(404)
        return entry

    @router.api_route("/profiles/{name}/use", methods=READ)
    def ask(request: Request, name: str) -> HTMLResponse:
        planner(request)
        what = "end" if request.query_params.get("what") == "end" else "use"
        since = read_day(request.query_params.get("since", "")) or site.today
        return page(request, entry_of(name), {"since": since.isoformat(), "what": what})

    @router.post("/profiles/{name}/use")
    def use(request: Request, name: str, posted: Posted) -> Response:
        visitor, entry = planner(request), entry_of(name)
        asked = use_of(posted, Profiles(site), entry, site.today)
        problems = [*asked.problems, *_refused(asked)]
        if asked.choice is None or problems:
            return page(request, entry, asked.typed, 422, problems)
        shown = Profiles(site).preview_of(asked.choice, visitor)
        if shown.problems:
            text = "it does not fit what else counts then; see below"
            return page(request, entry, asked.typed, 422, [FieldProblem("", text)], shown)
        seen = one(posted, "shown", 64)
        if one(posted, "action") == "use" and seen == asked.digest:
            return keep(request, asked)
        if seen and one(posted, "action") == "use":
            text = "the file or the day has changed meanwhile; look at what changes now"
            return page(request, entry, asked.typed, 422, [FieldProblem("", text)], shown, asked)
        return page(request, entry, asked.typed, 200, (), shown, asked)

    def _refused(asked: Use) -> Sequence[FieldProblem]:
        if asked.choice is None:
            return ()
        try:
            choices_of(site).check(asked.choice)
        except Refused as error:
            return error.problems
        return ()

    def keep(request: Request, asked: Use) -> Response:
        assert asked.choice is not None  # nothing else is previewed
        choices_of(site).make(asked.choice, actor_of(request))
        site.chosen_anew()
        return see_other("/profiles?done=chosen")

    return router
