"""Answers that several routes of stock-takes give: the list, one stock-take, what was refused."""

from __future__ import annotations

import uuid
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from dashboards.web.answers import Answer, speech_of
from dashboards.web.site import Site
from dashboards.web.stock_take import (
    FIELD_WORDS,
    HOW_WORDS,
    KIND_WORDS,
    RESULT_WORDS,
    ROLE_WORDS,
    Fields,
    OpeningForm,
    by_field,
    counts_by_result,
    shown_of,
    stock_takes_of,
)
from dashboards.web.visitor import Right, Visitor, require
from inventory.register.problems import Refused
from inventory.stock_take.opening import StockTake
from inventory.stock_take.proposal import Proposal
from inventory.stock_take.stock_takes import NoStockTake

READ = ["GET", "HEAD"]

NUMBER_MAX = 2**53

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_SAID = frozenset({"closed", "ticked", "withdrawn", "named", "sheet", "minutes", "applied"})
"""What a page can say was done, by the word in its address."""


async def _posted(request: Request) -> Fields:
    form = await request.form()
    found: dict[str, list[str]] = {}
    for key, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(key, []).append(value)
    return found


Posted = Annotated[Fields, Depends(_posted)]
"""The texts of a form, for routes that run in threads."""


class TakePages:
    """See the module."""

    def __init__(self, site: Site, answer: Answer) -> None:
        self._site = site
        self._answer = answer

    def take(self, request: Request, id: int, right: Right) -> tuple[StockTake, Visitor]:
        """A stock-take and who asks for it. Raises HTTPException where there is none, and what
        `require` raises."""
        require(request, right)
        try:
            if id > NUMBER_MAX:
                raise NoStockTake(str(id))
            take = stock_takes_of(self._site).get(id)
        except NoStockTake as error:
            raise HTTPException(404) from error
        return take, require(request, right, take.opening.commune)

    def all_of_them(self, request: Request, form: OpeningForm, status: int = 200) -> Response:
        """The list with the form that opens one, as far as the visitor may."""
        visitor = require(request, Right.READ)
        runs = [
            run
            for run in stock_takes_of(self._site).all()
            if visitor.may(Right.READ, run.take.opening.commune)
        ]
        communes = {
            code: view.unit.name
            for code, view in sorted(self._site.snapshot.communes.items())
            if visitor.may(Right.REGISTER, code)
        }
        return self._answer(
            request,
            "stock_takes.html",
            status,
            runs=runs,
            form=form,
            communes=communes,
            sites=_sites(self._site, communes),
            field_words=FIELD_WORDS,
            role_words=ROLE_WORDS,
        )

    def page(
        self,
        request: Request,
        take: StockTake,
        visitor: Visitor,
        errors: dict[str, list[str]] | None = None,
        status: int = 200,
    ) -> Response:
        """One stock-take: figures, lines, forms. errors: field -> sentences."""
        asked = request.query_params
        works = stock_takes_of(self._site)
        report = works.report(take.id)
        first = asked.get("from", "0")
        shown = shown_of(
            report,
            asked.get("show", ""),
            asked.get("text", "")[:200].strip(),
            int(first) if first.isascii() and first.isdigit() and len(first) < 9 else 0,
        )
        said = asked.get("said", "")
        return self._answer(
            request,
            "stock_take.html",
            status,
            take=take,
            report=report,
            shown=shown,
            counts=counts_by_result(report),
            proposals=works.proposals(take.id) if take.state == "closed" else [],
            may_edit=visitor.may(Right.REGISTER, take.opening.commune),
            may_apply=lambda proposal: may_apply(visitor, proposal),
            communes={code: view.unit.name for code, view in self._site.snapshot.communes.items()},
            errors_found=errors or {},
            said=said if said in _SAID else "",
            number=asked.get("number", "")[:9],
            form_id=str(uuid.uuid4()),
            result_words=RESULT_WORDS,
            how_words=HOW_WORDS,
            role_words=ROLE_WORDS,
            kind_words=KIND_WORDS,
            field_words=FIELD_WORDS,
        )

    def refused(
        self, request: Request, found: tuple[StockTake, Visitor], refused: Refused
    ) -> Response:
        """The page of a stock-take with what was refused."""
        errors = by_field(refused.problems, speech_of(request, self._site))
        return self.page(request, *found, errors, 422)


def may_apply(visitor: Visitor, proposal: Proposal) -> bool:
    """Whether somebody may change an asset in both communes that it concerns."""
    places = [place for place in (proposal.before, proposal.after) if place is not None]
    return all(visitor.may(Right.REGISTER, place.commune) for place in places)


def _sites(site: Site, communes: dict[str, str]) -> list[str]:
    views = list(site.snapshot.assets.values())
    named = {v.registered.site for v in views if v.registered.commune in communes}
    return sorted(named - {""})[:300]


def see(path: str, **query: str) -> Response:
    """Go and look at what was done."""
    asked = {key: value for key, value in query.items() if value}
    return RedirectResponse(path + (f"?{urlencode(asked)}" if asked else ""), 303)


def download(body: bytes, name: str) -> Response:
    """A spreadsheet to keep."""
    held = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=_XLSX, headers=held)
