"""/indicators: figures of communes and declared indicators: what holds, the history, entering."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, Strict

from dashboards.api.answers import moment
from dashboards.api.assets import Once
from dashboards.api.doors import Reader, sees
from dashboards.api.once import ApiRoute
from dashboards.api.problem import ApiProblem, problems
from dashboards.web.indicators import end_of_day_s, indicators_of, may_declare, require_declare
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, Visitor
from inventory.indicators.checks import Entry
from inventory.indicators.declaration import Declaration, State
from inventory.indicators.definition import Definition, Kind
from inventory.indicators.indicators import CommuneRow
from inventory.indicators.values import typed, value_of
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.sheets.problem import CellError

Number = Annotated[int, Path(ge=1, le=2**62, description="Number of an entry.")]
_Code = Annotated[str | None, Query(max_length=16, description="Code of a commune.")]
_Name = Annotated[str | None, Query(max_length=64, description="Name of an indicator.")]
_Day = Annotated[
    dt.date | None,
    Query(ge=dt.date(2000, 1, 1), le=dt.date(2199, 12, 31), description="Today where unset."),
]
_Known = Annotated[
    Literal["now", "then"],
    Query(description="As it is known now, or as it was known at the end of that day."),
]

MOST_ENTRIES = 1_000
"""In one request."""


def _declares(request: Request) -> Visitor:
    """Somebody who may declare somewhere. Raises LoginNeeded and Denied."""
    return require_declare(request)


Declarer = Annotated[Visitor, Depends(_declares)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class IndicatorAnswer(_Model):
    """A figure or indicator that can be declared."""

    name: str
    title: dict[str, str]
    """By language."""
    kind: Kind
    """count, share (0 to 1), ratio, hours, seconds, bps or yes (0 or 1)."""
    most: float
    """The largest value that is taken."""
    figure: bool
    """Whether it is a figure of the commune, which hatang.yaml may have without a day."""
    max_age_seconds: float | None
    """After how long a declaration counts for less."""
    asked_by: list[str]
    """Titles of the requirements that ask for it, in English."""


class ValueAnswer(_Model):
    """What is said of one indicator of one commune on a day."""

    commune: str
    indicator: str
    value: float
    text: str
    """The value as a person types it."""
    as_of: dt.date | None
    """Null for a figure of hatang.yaml."""
    expires: dt.date | None
    document: str
    by: str
    """Who answers for it."""
    state: State
    """holds, expired or not_yet."""
    entry: int | None
    """Its number; null where hatang.yaml says it."""
    entered_by: str
    entered_at: dt.datetime | None


class EntryAnswer(_Model):
    """One entry of the history."""

    id: int
    commune: str
    indicator: str
    value: float
    as_of: dt.date
    expires: dt.date | None
    document: str
    by: str
    entered_by: str
    entered_at: dt.datetime
    batch: str
    withdrawn_at: dt.datetime | None
    withdrawn_by: str


class EntryBody(_Model):
    """A value to declare."""

    commune: str = Field(max_length=16)
    """Code of the commune."""
    indicator: str = Field(max_length=64)
    """Name of the indicator."""
    value: (
        Annotated[float, Strict(), Field(allow_inf_nan=False)]
        | Annotated[str, Field(min_length=1, max_length=60)]
    )
    """A number in the indicator's own unit (a share from 0 to 1, bits a second), or a text as
    people type it: "85 %", "200 Mbps"."""
    as_of: dt.date
    """The day for which it holds."""
    expires: dt.date | None = None
    """The day from which it no longer counts."""
    document: str = Field("", max_length=300)
    """The paper that it stands on."""
    by: str = Field("", max_length=300)
    """Who answers for it."""


class EntriesBody(_Model):
    """Values to declare, all or none."""

    entries: list[EntryBody] = Field(min_length=1, max_length=MOST_ENTRIES)
    reason: str = Field("", max_length=500)
    """Why; it stands in the log of changes."""


class EnteredAnswer(_Model):
    """What was done."""

    batch: str
    """By which all of it can be undone; empty where everything stood there already."""


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["indicators"])

    @router.get("/indicators")
    def known(visitor: Reader) -> list[IndicatorAnswer]:
        """What can be declared: the figures of a commune, and what the profiles in use ask for."""
        return [_definition(one) for one in indicators_of(site).definitions.values()]

    @router.get("/indicators/values")
    def values(
        visitor: Reader,
        commune: _Code = None,
        indicator: _Name = None,
        day: _Day = None,
        known: _Known = "now",
    ) -> list[ValueAnswer]:
        """What is said of every commune on a day: what holds, has expired, is not yet in force."""
        indicators = indicators_of(site)
        on = day or indicators.today()
        known_at_s = end_of_day_s(on, site.settings.zone) if known == "then" else None
        codes = [c for c in site.snapshot.communes if sees(visitor, c) and commune in (None, c)]
        kinds = indicators.definitions
        return [
            answer
            for row in indicators.rows(codes, on, known_at_s)
            for answer in _values(row, kinds)
            if indicator in (None, answer.indicator)
        ]

    @router.get("/indicators/entries")
    def entries(
        visitor: Reader, commune: _Code = None, indicator: _Name = None
    ) -> list[EntryAnswer]:
        """Everything that was ever entered, the last first; withdrawn entries too."""
        found = indicators_of(site).declarations(None if commune is None else [commune])
        return [
            _entry(one)
            for one in reversed(found)
            if sees(visitor, one.commune) and indicator in (None, one.name)
        ]

    @router.post(
        "/indicators/entries", status_code=201, responses=problems(404, 409, 412, 413, 415)
    )
    def declare(visitor: Declarer, body: EntriesBody, once: Once = None) -> EnteredAnswer:
        """Declare values, all or none. What stands there already changes nothing."""
        _within(visitor, {entry.commune for entry in body.entries})
        indicators = indicators_of(site)
        wanted = _read(body.entries, indicators.definitions)
        try:
            return EnteredAnswer(batch=indicators.declare(wanted, visitor.actor, body.reason))
        except Refused as refused:
            raise _problem(refused.problems) from None

    @router.delete(
        "/indicators/entries/{number}",
        status_code=204,
        response_class=Response,
        responses=problems(404),
    )
    def withdraw(visitor: Declarer, number: Number) -> Response:
        """Take one entry back; what stood before it stands again."""
        found = indicators_of(site).get(number)
        if found is None or not sees(visitor, found.commune):
            raise NotFound(f"entry {number}")
        _within(visitor, [found.commune])
        indicators_of(site).withdraw(number, visitor.actor)
        return Response(status_code=204)

    @router.post("/indicators/batches/{batch}/undo", responses=problems(404, 409, 412, 413, 415))
    def undo(
        visitor: Declarer,
        batch: Annotated[str, Path(max_length=40, description="Id of a batch of entries.")],
        once: Once = None,
    ) -> EnteredAnswer:
        """Take back everything that was declared together."""
        made = indicators_of(site).made_in(batch)
        if not made or not all(sees(visitor, one.commune) for one in made):
            raise NotFound(f"batch {batch}")
        _within(visitor, {one.commune for one in made})
        return EnteredAnswer(batch=indicators_of(site).undo(batch, visitor.actor))

    return router


def _within(visitor: Visitor, communes: Iterable[str]) -> None:
    for commune in sorted(communes):
        if not may_declare(visitor, commune):
            text = "needs the right to register or plan in commune {commune}"
            raise Denied(text, commune=commune)


def _read(bodies: Sequence[EntryBody], known: Mapping[str, Definition]) -> list[Entry]:
    found, wrong = [], []
    for row, body in enumerate(bodies):
        value: float | None = body.value if isinstance(body.value, float) else None
        definition = known.get(body.indicator)
        if isinstance(body.value, str) and definition is not None:
            try:
                value = value_of(definition.kind, body.value)
                if value is None:
                    raise CellError("must not be empty")
            except CellError as error:
                wrong.append(FieldProblem("value", error.text, error.values, row))
        paper = (body.as_of, body.expires, body.document, body.by)
        found.append(Entry(body.commune, body.indicator, value or 0.0, *paper, row=row))
    if wrong:
        raise _problem(wrong)
    return found


def _problem(found: Sequence[FieldProblem]) -> ApiProblem:
    errors = [
        FieldProblem(
            f"entries.{one.row}.{'indicator' if one.field == 'name' else one.field}",
            one.text,
            one.values,
        )
        for one in found
    ]
    return ApiProblem(422, "nothing was entered", errors)


def _definition(one: Definition) -> IndicatorAnswer:
    return IndicatorAnswer(
        name=one.name,
        title={language: one.title.text(language) for language in ("vi", "en", "hi")},
        kind=one.kind,
        most=one.most,
        figure=one.figure,
        max_age_seconds=one.max_age_s,
        asked_by=[title.en for title in one.asked_by],
    )


def _values(row: CommuneRow, known: Mapping[str, Definition]) -> list[ValueAnswer]:
    found = []
    for name, said in row.said.items():
        kind: Kind = known[name].kind if name in known else "ratio"
        entry = said.declaration
        found.append(
            ValueAnswer(
                commune=row.code,
                indicator=name,
                value=said.value,
                text=typed(kind, said.value),
                as_of=said.as_of,
                expires=said.expires,
                document=said.document,
                by=said.by,
                state=said.state,
                entry=entry.id if entry else None,
                entered_by=entry.entered_by if entry else "",
                entered_at=moment(entry.entered_at_s) if entry else None,
            )
        )
    return found


def _entry(one: Declaration) -> EntryAnswer:
    return EntryAnswer(
        id=one.id,
        commune=one.commune,
        indicator=one.name,
        value=one.value,
        as_of=one.as_of,
        expires=one.expires,
        document=one.document,
        by=one.by,
        entered_by=one.entered_by,
        entered_at=moment(one.entered_at_s),
        batch=one.batch,
        withdrawn_at=None if one.withdrawn_at_s is None else moment(one.withdrawn_at_s),
        withdrawn_by=one.withdrawn_by,
    )
