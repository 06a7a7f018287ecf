"""What the pages of stock-takes are made of, and what their forms say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboards.web.languages import Speech
from dashboards.web.site import Site
from dashboards.web.words import N_
from inventory.alphabet import folded
from inventory.money import worth
from inventory.register.problems import FieldProblem
from inventory.stock_take.opening import MEMBERS_MAX, Opening
from inventory.stock_take.report import Line, Member, MemberRole, Result, StockTakeReport
from inventory.stock_take.stock_takes import StockTakes

Fields = Mapping[str, Sequence[str]]
"""Input of a form -> what was typed."""

LINES_A_PAGE = 200
"""More would be too heavy for a slow line; the sheet and the minutes have all of them."""

BLANK_MEMBERS = 5

RESULT_WORDS = {
    Result.COUNTED: N_("Counted"),
    Result.MISSING: N_("Not found in the count"),
    Result.ELSEWHERE: N_("Found elsewhere"),
    Result.SURPLUS: N_("Surplus"),
    Result.UNLABELLED: N_("Without a label"),
}
HOW_WORDS = {
    "scan": N_("scanned"),
    "typed": N_("typed"),
    "tick": N_("ticked"),
    "sheet": N_("by sheet"),
}
ROLE_WORDS = {
    MemberRole.CHAIR: N_("Head of the board"),
    MemberRole.MEMBER: N_("Member"),
    MemberRole.SECRETARY: N_("Secretary"),
}
KIND_WORDS = {"lost": N_("Lost"), "transfer": N_("Transfer"), "found": N_("Found again")}

FIELD_WORDS = {
    "title": N_("Title"),
    "commune": N_("Commune"),
    "site": N_("Site"),
    "day": N_("Book as of"),
    "reason": N_("Reason"),
    "members": N_("Board"),
    "sheet": N_("Sheet"),
    "seen": N_("Seen"),
    "label": N_("Label"),
    "sure": N_("Confirmation"),
    "tags": N_("Changes"),
}

REFUSALS = (
    N_("must not be empty"),
    N_("must have at most {most} characters"),
    N_("is still to come; take today or a day before"),
    N_("is no day; write it as day/month/year"),
    N_("name at most {most} members"),
    N_("a name and an office have at most {most} characters"),
    N_("a board has one head"),
    N_("choose a commune"),
    N_("nothing was registered here on {day}; take a later day"),
    N_("nothing is registered at {site}; look how the register writes it"),
    N_("nothing is registered in this commune yet"),
    N_("counts come in without a pause; try again"),
    N_("choose at least one change that waits"),
    N_("say that it is to be closed"),
    N_("{given} is neither seen nor not seen; write x, or nothing"),
    N_("has more than {most} rows"),
    N_("needs a row of headings with {tag} and {seen}"),
    N_("choose a file"),
    N_("is too big; the sheet of a stock-take has at most {most} MB"),
    N_("say which label was seen, or what the thing without a label is"),
    N_("this is no label of ours"),
    N_("a text is too long; write at most 500 characters"),
    N_("{tag} has been changed since the closing; look at it and change it by hand"),
    N_("{tag} is not registered any more"),
    N_("you may not change what {tag} needs: it concerns another commune"),
)
"""English texts of `inventory.stock_take` and of these pages, so that they have translations."""


def stock_takes_of(site: Site) -> StockTakes:
    """The stock-takes of a site, with the present as evidence."""
    return StockTakes(
        site.desk,
        site.register,
        site.clock,
        site.settings.zone,
        site.snapshot.assets.get,
        lambda asset, day: worth(asset, day).residual,
    )


@dataclass(frozen=True, slots=True)
class OpeningForm:
    """The form that opens a stock-take, as it was typed."""

    commune: str = ""
    site: str = ""
    day: str = ""
    title: str = ""
    reason: str = ""
    members: tuple[tuple[str, str, str], ...] = ()
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def rows(self) -> Sequence[tuple[str, str, str]]:
        """The members that were typed, and room for more."""
        free = max(1, BLANK_MEMBERS - len(self.members))
        roles = [MemberRole.CHAIR.value] if not self.members else []
        roles += [MemberRole.MEMBER.value] * (free - len(roles))
        return (*self.members, *(("", "", role) for role in roles))


def form_of(posted: Fields) -> OpeningForm:
    """The form as it was typed."""
    names, titles, roles = (
        posted.get(key, ()) for key in ("member_name", "member_title", "member_role")
    )
    members = tuple(
        (" ".join(name.split()), " ".join(title.split()), role)
        for name, title, role in zip(names, titles, roles, strict=False)
        if name.strip() or title.strip()
    )
    return OpeningForm(
        one(posted, "commune"),
        one(posted, "site"),
        one(posted, "day"),
        one(posted, "title"),
        reason=one(posted, "reason", 2_000),
        members=members[: MEMBERS_MAX + 1],
    )


def opening_of(form: OpeningForm) -> Opening | list[FieldProblem]:
    """What the form says, or what is wrong with it."""
    problems = []
    try:
        day = dt.date.fromisoformat(form.day)
    except ValueError:
        day = dt.date.min
        problems.append(FieldProblem("day", "is no day; write it as day/month/year"))
    if not form.commune:
        problems.append(FieldProblem("commune", "choose a commune"))
    known = {role.value for role in MemberRole}
    members = tuple(
        Member(name, title, MemberRole(role) if role in known else MemberRole.MEMBER)
        for name, title, role in form.members
        if name
    )
    if len(members) < len(form.members):
        problems.append(FieldProblem("members", "must not be empty"))
    if problems:
        return problems
    return Opening(form.commune, form.site, day, form.title, form.reason, members)


def said(problem: FieldProblem, speech: Speech) -> str:
    """A problem as a sentence in the reader's language; of a row of a sheet, with its number."""
    try:
        text = speech.text(problem.text).format_map(problem.values)
    except (KeyError, ValueError, IndexError):
        text = str(problem)
    if problem.row is None:
        return text
    return speech.text(N_("Row {number}: {what}")).format(number=problem.row + 1, what=text)


def by_field(problems: Sequence[FieldProblem], speech: Speech) -> dict[str, list[str]]:
    """Field -> its problems as sentences, at most twenty of each."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        sentences = found.setdefault(problem.field, [])
        if len(sentences) < 20:
            sentences.append(said(problem, speech))
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """The lines of one result as a page shows them. first: the number of the first one."""

    result: Result
    text: str
    lines: Sequence[Line]
    first: int
    total: int

    @property
    def next(self) -> int | None:
        """Where the next page begins, None on the last one."""
        after = self.first + len(self.lines)
        return after if after < self.total else None

    @property
    def previous(self) -> int | None:
        """Where the page before begins, None on the first one."""
        return max(0, self.first - LINES_A_PAGE) if self.first else None


def shown_of(report: StockTakeReport, show: str, text: str, first: int) -> Shown:
    """One page of lines: of a result, those in which all words of `text` are found."""
    result = Result(show) if show in set(Result) else Result.MISSING
    words = folded(text).split()
    found = [line for line in report.of(result) if all(w in _searched(line) for w in words)]
    first = first if 0 <= first < len(found) else 0
    return Shown(result, text, found[first : first + LINES_A_PAGE], first, len(found))


def _searched(line: Line) -> str:
    places = [p for p in (line.registered, line.found) if p is not None]
    parts = [line.tag, line.name, line.serial, line.custodian, line.vendor, line.model, line.note]
    parts += [text for place in places for text in (place.site, place.room)]
    return folded("\n".join(parts))


def counts_by_result(report: StockTakeReport) -> dict[Result, int]:
    """How many lines each result has."""
    return {result: len(report.of(result)) for result in Result}


def one(posted: Fields, key: str, most: int = 500) -> str:
    """The last value of an input, without blanks around it; '' where there is none."""
    values = posted.get(key, ())
    return values[-1].strip()[:most] if values else ""
