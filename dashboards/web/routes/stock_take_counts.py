"""Counting: what a page, a phone and a sheet tell of what was seen.

Forms tell of one thing or of several that were ticked; a phone sends many counts at once in the
field `counts` of the same form and is answered in JSON.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from starlette.datastructures import UploadFile

from dashboards.web.answers import Answer, speech_of
from dashboards.web.languages import Speech
from dashboards.web.site import Site
from dashboards.web.stock_take import FIELD_WORDS, Fields, one, stock_takes_of
from dashboards.web.stock_take_pages import READ, Posted, TakePages, download, see
from dashboards.web.stock_take_sheet import MOST_BYTES, read_sheet, written_sheet
from dashboards.web.visitor import Right, Visitor
from inventory.register.problems import FieldProblem, Refused
from inventory.stock_take.count import NotACount, count_of
from inventory.stock_take.opening import StockTake
from inventory.stock_take.report import How, Result
from inventory.stock_take.stock_takes import Closed

MOST_COUNTS = 500
"""Counts that a phone sends at once; what is more it sends next."""

_STATIC = Path(__file__).parents[1] / "static"


async def _uploaded(request: Request) -> bytes | None:
    form = await request.form()
    file = form.get("sheet")
    if not isinstance(file, UploadFile) or not file.filename:
        return None
    octets = await file.read(MOST_BYTES + 1)
    await form.close()
    return octets


Uploaded = Annotated[bytes | None, Depends(_uploaded)]


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()
    pages = TakePages(site, answer)

    @router.api_route("/stock-takes/worker.js", methods=READ)
    def worker() -> Response:
        # Served from here, because a worker keeps only pages below its own address.
        return FileResponse(_STATIC / "stock_take_worker.js", media_type="text/javascript")

    @router.api_route("/stock-takes/{id:int}/count", methods=READ)
    def phone(request: Request, id: int) -> Response:
        found = pages.take(request, id, Right.REGISTER)
        take, _ = found
        if take.state == "closed":
            return see(f"/stock-takes/{id}?said=closed")
        book = stock_takes_of(site).book(id)
        asked = request.query_params
        return answer(
            request,
            "stock_take_count.html",
            field_words=FIELD_WORDS,
            take=take,
            sites=sorted({a.site for a in book if a.site})[:200],
            rooms=sorted({a.room for a in book if a.room})[:200],
            new_id=str(uuid.uuid4()),
            counted=asked.get("counted", "")[:64],
            refused=asked.get("refused", "")[:200],
            place=(asked.get("site", "")[:200], asked.get("room", "")[:200]),
        )

    @router.api_route("/stock-takes/{id:int}/book.json", methods=READ)
    def book(request: Request, id: int) -> Response:
        pages.take(request, id, Right.REGISTER)
        report = stock_takes_of(site).report(id)
        return JSONResponse(
            [
                {
                    "tag": line.tag,
                    "name": line.name,
                    "serial": line.serial,
                    "site": line.registered.site if line.registered else "",
                    "room": line.registered.room if line.registered else "",
                    "seen": line.counted_at_s is not None,
                }
                for line in report.lines
                if line.in_book
            ]
        )

    @router.post("/stock-takes/{id:int}/counts")
    def counts(request: Request, id: int, posted: Posted) -> Response:
        found = pages.take(request, id, Right.REGISTER)
        take, visitor = found
        if "counts" in posted:
            return _take_in(site, take, visitor, posted["counts"][-1], speech_of(request, site))
        now_s = site.clock.wall()
        place = {key: one(posted, key) for key in ("site", "room")}
        back = f"/stock-takes/{id}/count"
        try:
            count = count_of(
                {
                    **place,
                    "id": one(posted, "id"),
                    "label": one(posted, "label", 2_000),
                    "note": one(posted, "note"),
                    "how": How.TYPED.value,
                },
                visitor.name,
                now_s,
            )
            stock_takes_of(site).count(id, [count])
        except NotACount as error:
            return see(back, refused=str(error), **place)
        except Closed:
            return see(f"/stock-takes/{id}", said="closed")
        return see(back, counted=count.label or count.note, **place)

    @router.post("/stock-takes/{id:int}/ticks")
    def ticks(request: Request, id: int, posted: Posted) -> Response:
        def work(take: StockTake, visitor: Visitor) -> int:
            now_s = site.clock.wall()
            form_id = one(posted, "form")
            made = [
                count_of(
                    {
                        # Of the form and the tag, so that a form sent twice counts once.
                        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{form_id} {tag}")),
                        "label": tag,
                        "how": How.TICK.value,
                    },
                    visitor.name,
                    now_s,
                )
                for tag in dict.fromkeys(posted.get("tag", ()))
            ]
            return sum(stock_takes_of(site).count(take.id, made))

        return done(request, id, posted, "ticked", work)

    @router.post("/stock-takes/{id:int}/withdraw")
    def withdraw(request: Request, id: int, posted: Posted) -> Response:
        def work(take: StockTake, visitor: Visitor) -> int:
            return stock_takes_of(site).withdraw(take.id, one(posted, "line"), visitor.actor)

        return done(request, id, posted, "withdrawn", work)

    @router.post("/stock-takes/{id:int}/name")
    def name(request: Request, id: int, posted: Posted) -> Response:
        def work(take: StockTake, visitor: Visitor) -> int:
            said = {
                "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"name {one(posted, 'count')}")),
                "label": one(posted, "label"),
                "note": one(posted, "note"),
                "how": How.TYPED.value,
            }
            named = count_of(said, visitor.name, site.clock.wall())
            if not named.label:
                raise NotACount("say which label was seen, or what the thing without a label is")
            stock_takes_of(site).name_thing(take.id, one(posted, "count"), named, visitor.actor)
            return 1

        return done(request, id, posted, "named", work)

    def done(
        request: Request,
        id: int,
        posted: Fields,
        said: str,
        work: Callable[[StockTake, Visitor], int],
    ) -> Response:
        """Do what a form of the page asks for and show the page again."""
        found = pages.take(request, id, Right.REGISTER)
        show = one(posted, "show")
        where = {"show": show} if show in set(Result) else {}
        try:
            number = work(*found)
        except NotACount as error:
            problem = FieldProblem("line", str(error))
            return pages.refused(request, found, Refused([problem]))
        except Closed:
            return see(f"/stock-takes/{id}", said="closed")
        return see(f"/stock-takes/{id}", said=said, number=str(number), **where)

    @router.api_route("/stock-takes/{id:int}/sheet.xlsx", methods=READ)
    def sheet(request: Request, id: int) -> Response:
        pages.take(request, id, Right.READ)
        body = written_sheet(stock_takes_of(site).report(id))
        return download(body, f"kiem-ke-{id}-phieu-dem.xlsx")

    @router.post("/stock-takes/{id:int}/sheet")
    def sheet_back(request: Request, id: int, octets: Uploaded) -> Response:
        found = pages.take(request, id, Right.REGISTER)
        take, visitor = found
        works = stock_takes_of(site)
        book = {asset.tag: (asset.site, asset.room) for asset in works.book(id)}
        try:
            made = read_sheet(octets, book, visitor.name, site.clock.wall())
            number = sum(works.count(id, made))
        except Refused as refused:
            return pages.refused(request, (take, visitor), refused)
        except Closed:
            return see(f"/stock-takes/{id}", said="closed")
        return see(f"/stock-takes/{id}", said="sheet", number=str(number), show="counted")

    return router


def _take_in(site: Site, take: StockTake, visitor: Visitor, text: str, speech: Speech) -> Response:
    """What a phone sends: taken in whole, but for what is no count, which is named with why."""
    try:
        sent = json.loads(text)
    except ValueError:
        sent = None
    if not isinstance(sent, list) or len(sent) > MOST_COUNTS:
        return JSONResponse({"error": "counts must be a list in JSON"}, 422)
    made, refused = [], []
    for said in sent:
        values: dict[str, Any] = said if isinstance(said, dict) else {}
        try:
            made.append(count_of(values, visitor.name, site.clock.wall()))
        except NotACount as error:
            id = values.get("id")
            refused.append(
                {"id": id if isinstance(id, str) else "", "why": speech.text(str(error))}
            )
    works = stock_takes_of(site)
    try:
        new = works.count(take.id, made)
    except Closed:
        return JSONResponse({"closed": True}, 409)
    taken = [{"id": c.id, "new": is_new} for c, is_new in zip(made, new, strict=True)]
    seen, of = works.progress(take.id)
    return JSONResponse({"taken": taken, "refused": refused, "seen": seen, "of": of})
