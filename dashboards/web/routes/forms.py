"""Books and minutes: S24-H and S26-H of a commune and year, hand-over minutes of a move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from fastapi import APIRouter, Request, Response

from dashboards.forms.hand_over import HandOver, hand_over, lines
from dashboards.forms.s24h import s24h
from dashboards.forms.s26h import s26h
from dashboards.forms.words import BLANK, MOTTO, NATION, dong, long_day, office, place_of, reason_of
from dashboards.web.answers import Answer
from dashboards.web.hand_overs import hand_over_of, unit_name
from dashboards.web.site import Site
from dashboards.web.visitor import Right, require
from dashboards.web.words import N_
from inventory.books import Booked, books_of, year_ends_s
from inventory.money import norms

READ = ["GET", "HEAD"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_YEAR = 1990

Book = Callable[[Iterable[Booked], str, int, dt.date], bytes]
MARKS = {
    "H": N_("read in the text"),
    "M": N_("told by one source"),
    "L": N_("inferred"),
    "K": N_("not checked"),
}
"""How sure a norm of `inventory.money` is."""
BOOKS: Mapping[str, tuple[str, Book]] = {"s24h": ("S24-H", s24h), "s26h": ("S26-H", s26h)}


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def today() -> dt.date:
        return dt.datetime.fromtimestamp(site.clock.wall(), site.settings.zone).date()

    def page(request: Request, status: int = 200, **problems: str) -> Response:
        visitor = require(request, Right.READ)
        communes = {
            code: view.unit.name
            for code, view in site.snapshot.communes.items()
            if visitor.may(Right.READ, code)
        }
        asked = {
            "commune": request.query_params.get("commune", ""),
            "year": request.query_params.get("year", str(today().year)),
            "book": request.query_params.get("book", "s24h"),
        }
        return answer(
            request, "forms.html", status,
            communes=communes, asked=asked, wrong=problems, norms=norms(), marks=MARKS,
        )  # fmt: skip

    @router.api_route("/forms", methods=READ)
    def forms(request: Request) -> Response:
        return page(request)

    @router.api_route("/forms/book.xlsx", methods=READ)
    def book(request: Request) -> Response:
        require(request, Right.READ)
        asked, problems = request.query_params, {}
        commune, year = asked.get("commune", ""), asked.get("year", "")
        if commune not in site.snapshot.communes:
            problems["commune"] = N_("choose a commune")
        if not (year.isdecimal() and FIRST_YEAR <= int(year[:5]) <= today().year):
            problems["year"] = N_("must be a year, not before 1990 and not to come")
        if asked.get("book") not in BOOKS:
            problems["book"] = N_("must be one of the list")
        if problems:
            return page(request, 422, **problems)
        require(request, Right.READ, commune)
        title, make = BOOKS[asked["book"]]
        day = today()
        end = min(day, dt.date(int(year), 12, 31))
        booked = books_of(
            site.register,
            commune,
            lambda move: reason_of(move, lambda code: unit_name(site, code, move.day)),
            before_s=year_ends_s(int(year), day, site.settings.zone),
        )
        data = make(booked, unit_name(site, commune, end), int(year), day)
        return sheet(data, f"{title}-{commune}-{year}.xlsx")

    def minutes_of(request: Request, tag: str, move: int) -> HandOver | None:
        visitor = require(request, Right.READ)
        entry = site.register.get(tag)
        if entry is None:
            return None
        recorded = next((r.move for r in site.register.moves(entry.id) if r.id == move), None)
        # Whoever gave it away may print its minutes still.
        if recorded is None or not visitor.may(Right.READ, recorded.from_commune):
            require(request, Right.READ, entry.asset.commune)
        return hand_over_of(site, entry, move)

    @router.api_route("/assets/{tag}/moves/{move}/minutes", methods=READ)
    def minutes(request: Request, tag: str, move: int) -> Response:
        found = minutes_of(request, tag, move)
        if found is None:
            return answer(request, "missing.html", 404, what=tag)
        return answer(
            request, "hand_over.html", tag=tag, move=move, minutes=found, rows=lines(found),
            nation=NATION, motto=MOTTO, gap=BLANK, office=office(found.by),
            place=place_of(found.by), day=long_day(found.day), dong=dong,
        )  # fmt: skip

    @router.api_route("/assets/{tag}/moves/{move}/minutes.xlsx", methods=READ)
    def minutes_sheet(request: Request, tag: str, move: int) -> Response:
        found = minutes_of(request, tag, move)
        if found is None:
            return answer(request, "missing.html", 404, what=tag)
        return sheet(hand_over(found), f"ban-giao-{found.day.isoformat()}-{tag}.xlsx")

    return router


def sheet(data: bytes, name: str) -> Response:
    """A spreadsheet to save. name: of letters that a header can hold."""
    disposition = f'attachment; filename="{name}"'
    return Response(data, media_type=XLSX, headers={"Content-Disposition": disposition})
