"""/stock-takes: open, count, look, close, and apply what follows."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from config.scalars import Day
from dashboards.api.answers import BatchAnswer, moment
from dashboards.api.assets import Once
from dashboards.api.changes import answered_batch
from dashboards.api.doors import Reader, Registrar, sees, within
from dashboards.api.once import ApiRoute
from dashboards.api.problem import ApiProblem, problems
from dashboards.web.site import Site
from dashboards.web.stock_take import stock_takes_of
from dashboards.web.visitor import Visitor
from inventory.people.roles import Right
from inventory.register.problems import FieldProblem, NotFound
from inventory.stock_take.count import Count, NotACount, count_of
from inventory.stock_take.opening import MEMBERS_MAX, Opening, StockTake
from inventory.stock_take.report import How, Line, Member, MemberRole, Result
from inventory.stock_take.stock_takes import Closed, NoStockTake

MOST_COUNTS = 5_000

Number = Annotated[int, Path(ge=1, le=2**62, description="Number of a stock-take.")]
_Text = Annotated[str, Field(max_length=500)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class MemberBody(_Body):
    """One of the board that counts."""

    name: str = Field(min_length=1, max_length=100)
    title: str = Field("", max_length=100)
    """The office that he or she holds."""
    role: MemberRole = MemberRole.MEMBER


class OpeningBody(_Body):
    """What a stock-take is opened with."""

    commune: str = Field(max_length=16)
    site: str = Field("", max_length=200)
    """Empty for all of the commune."""
    day: Day
    """As of the end of which the book is taken."""
    title: str = Field(min_length=1, max_length=200)
    reason: str = Field("", max_length=1_000)
    members: list[MemberBody] = Field(default_factory=list, max_length=MEMBERS_MAX)


class CountBody(_Body):
    """One thing that was seen."""

    id: str = Field(pattern="^[A-Za-z0-9-]{8,64}$")
    """Made by whoever counts: the same id is the same count, however often it is sent."""
    label: str = Field("", max_length=2_000)
    """The text of its label or QR code; empty for a thing without one, which `note` describes."""
    how: How = How.SCAN
    at: AwareDatetime | None = None
    """When, by the counter's clock; now where it is left out."""
    site: _Text = ""
    room: _Text = ""
    note: _Text = ""


class CountsBody(_Body):
    """Counts, as a phone sends them when it has a line again."""

    counts: list[CountBody] = Field(min_length=1, max_length=MOST_COUNTS)


class CountsAnswer(_Body):
    """What became of counts."""

    new: int
    known: int
    """How many had been sent before, and changed nothing."""


class ClosingBody(_Body):
    """What the minutes end with."""

    conclusion: str = Field("", max_length=5_000)


class ApplyBody(_Body):
    """Which of the proposed changes are applied."""

    tags: list[Annotated[str, Field(max_length=64)]] = Field(min_length=1, max_length=10_000)
    document: str = Field("", max_length=200)
    """Number of the minutes or of the decision."""


class StockTakeAnswer(_Body):
    """One stock-take."""

    id: int
    commune: str
    unit: str
    """The commune's name when it was opened."""
    site: str
    day: dt.date
    title: str
    reason: str
    members: list[MemberBody]
    state: Literal["open", "closed"]
    opened_at: dt.datetime
    opened_by: str
    closed_at: dt.datetime | None
    closed_by: str
    book_size: int
    """How many assets the book has."""


class LineAnswer(_Body):
    """What became of one thing."""

    result: Result
    tag: str
    """Empty for a thing without a label."""
    name: str
    in_book: bool
    here: bool
    """Whether it was seen within the stock-take's scope."""
    asset_class: str
    serial: str
    custodian: str
    price_vnd: int | None
    residual_vnd: int | None
    by: str
    how: How | None
    times: int
    """How many counts said so."""
    note: str


class ProposalAnswer(_Body):
    """A change that follows from the minutes."""

    tag: str
    name: str
    kind: Literal["lost", "transfer", "found"]
    to_commune: str | None
    """Where it was seen; null where it was not."""
    sure: bool
    """Whether nothing speaks against it."""
    state: str
    """Whether it waits, was applied, or was left."""


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["stock-takes"])

    @router.get("/stock-takes")
    def all_of_them(visitor: Reader) -> list[StockTakeAnswer]:
        """The stock-takes, the newest first."""
        found = [run.take for run in stock_takes_of(site).all()]
        return [_answer(take) for take in found if sees(visitor, take.opening.commune)]

    @router.post("/stock-takes", status_code=201, responses=problems(409, 413, 415))
    def begin(visitor: Registrar, body: OpeningBody, once: Once = None) -> StockTakeAnswer:
        """Freeze the book of a commune or site and begin to count."""
        within(visitor, Right.REGISTER, [body.commune])
        view = site.snapshot.communes.get(body.commune)
        if view is None:
            wrong = FieldProblem("commune", "is no watched commune")
            raise ApiProblem(422, "nothing was opened", [wrong])
        opening = Opening(
            commune=body.commune,
            site=body.site.strip(),
            day=body.day,
            title=body.title.strip(),
            reason=body.reason.strip(),
            members=tuple(Member(m.name, m.title, m.role) for m in body.members),
        )
        return _answer(stock_takes_of(site).open(opening, view.unit.name, visitor.actor))

    @router.get("/stock-takes/{number}", responses=problems(404))
    def one(visitor: Reader, number: Number) -> StockTakeAnswer:
        """One stock-take."""
        return _answer(_take(site, visitor, number, Right.READ))

    @router.get("/stock-takes/{number}/lines", responses=problems(404))
    def lines(visitor: Reader, number: Number) -> list[LineAnswer]:
        """What became of each thing, as of now or, once closed, as the minutes have it."""
        _take(site, visitor, number, Right.READ)
        return [_line(line) for line in stock_takes_of(site).report(number).lines]

    @router.post("/stock-takes/{number}/counts", responses=problems(404, 409, 413, 415))
    def count(
        visitor: Registrar, number: Number, body: CountsBody, once: Once = None
    ) -> CountsAnswer:
        """Take counts in; one whose id is known changes nothing."""
        _take(site, visitor, number, Right.REGISTER)
        counts = [
            _count(place, said, visitor, site.clock.wall())
            for place, said in enumerate(body.counts)
        ]
        try:
            new = sum(stock_takes_of(site).count(number, counts))
        except Closed as error:
            raise _closed(number) from error
        return CountsAnswer(new=new, known=len(counts) - new)

    @router.post("/stock-takes/{number}/close", responses=problems(404, 409, 413, 415))
    def close(
        visitor: Registrar, number: Number, body: ClosingBody, once: Once = None
    ) -> StockTakeAnswer:
        """Freeze the minutes and propose what follows; it is never opened again."""
        _take(site, visitor, number, Right.REGISTER)
        try:
            stock_takes_of(site).close(number, body.conclusion, visitor.actor)
        except Closed as error:
            raise _closed(number) from error
        return _answer(stock_takes_of(site).get(number))

    @router.get("/stock-takes/{number}/proposals", responses=problems(404))
    def proposals(visitor: Reader, number: Number) -> list[ProposalAnswer]:
        """The changes that follow from the minutes; none while it runs."""
        _take(site, visitor, number, Right.READ)
        return [
            ProposalAnswer(
                tag=proposal.tag,
                name=proposal.name,
                kind=proposal.kind,
                to_commune=proposal.after.commune if proposal.after is not None else None,
                sure=proposal.sure,
                state=state.state,
            )
            for proposal, state in stock_takes_of(site).proposals(number)
        ]

    @router.post(
        "/stock-takes/{number}/apply",
        response_model=BatchAnswer,
        responses=problems(404, 409, 412, 413, 415),
    )
    def apply(visitor: Registrar, number: Number, body: ApplyBody, once: Once = None) -> Response:
        """Apply proposed changes, all or nothing; it can be undone as a batch."""
        _take(site, visitor, number, Right.REGISTER)
        for proposal, _ in stock_takes_of(site).proposals(number):
            if proposal.tag in body.tags:
                places = [place for place in (proposal.before, proposal.after) if place]
                within(visitor, Right.REGISTER, [place.commune for place in places])
        batch = stock_takes_of(site).apply(number, body.tags, body.document, visitor.actor)
        return answered_batch(site, batch)

    return router


def _take(site: Site, visitor: Visitor, number: int, right: Right) -> StockTake:
    """A stock-take that a visitor may see and, for `right`, work on. Raises NotFound, Denied."""
    try:
        take = stock_takes_of(site).get(number)
    except NoStockTake:
        raise NotFound(f"stock-take {number}") from None
    if not sees(visitor, take.opening.commune):
        raise NotFound(f"stock-take {number}")
    within(visitor, right, [take.opening.commune])
    return take


def _closed(number: int) -> ApiProblem:
    return ApiProblem(409, "stock-take {number} is closed", values={"number": str(number)})


def _count(place: int, said: CountBody, visitor: Visitor, now_s: float) -> Count:
    values = said.model_dump(exclude={"at", "how"}) | {"how": said.how.value}
    if said.at is not None:
        values["at"] = said.at.timestamp()
    try:
        return count_of(values, visitor.name, now_s)
    except NotACount as error:
        wrong = FieldProblem(f"counts.{place}", str(error))
        raise ApiProblem(422, "nothing was counted", [wrong]) from error


def _answer(take: StockTake) -> StockTakeAnswer:
    opening = take.opening
    return StockTakeAnswer(
        id=take.id,
        commune=opening.commune,
        unit=take.unit,
        site=opening.site,
        day=opening.day,
        title=opening.title,
        reason=opening.reason,
        members=[
            MemberBody.model_construct(name=m.name, title=m.title, role=m.role)
            for m in opening.members
        ],
        state=take.state,
        opened_at=moment(take.opened_at_s),
        opened_by=take.opened_by,
        closed_at=None if take.closed_at_s is None else moment(take.closed_at_s),
        closed_by=take.closed_by,
        book_size=take.book_size,
    )


def _line(line: Line) -> LineAnswer:
    return LineAnswer.model_validate({k: getattr(line, k) for k in LineAnswer.model_fields})
