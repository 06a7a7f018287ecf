"""How a page is answered: in the reader's language, from a template."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from dashboards.web.form_guard import csrf_field
from dashboards.web.gate import set_form
from dashboards.web.languages import LANGUAGES, Speech, chosen
from dashboards.web.menu import menu_of
from dashboards.web.pages import Pages
from dashboards.web.site import Site
from dashboards.web.visitor import visitor_of

COOKIE = "hatang_lang"
"""Remembers the language that was chosen."""

_YEAR_S = 31_536_000


class Answer(Protocol):
    """Makes a page of a template: `answer(request, "inbox.html", page=...)`."""

    def __call__(
        self, request: Request, template: str, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """The page; values: what the template needs beside what every template has."""
        ...


def speech_of(request: Request, site: Site) -> Speech:
    """How this reader is spoken to."""
    language = chosen(
        request.query_params.get("lang"),
        request.cookies.get(COOKIE) or visitor_of(request).language,
        request.headers.get("accept-language", ""),
        site.settings.web.language,
    )
    return Speech(language, site.settings.zone)


def _asked(request: Request) -> str:
    """What an address asks for beside the language, to be asked again in another one."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in ("lang", "done")]
    return urlencode(kept)


def answering(site: Site) -> Answer:
    """What answers for a site; its templates are read once."""
    pages = Pages()

    def answer(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        speech = speech_of(request, site)
        visitor = visitor_of(request)
        addresses: frozenset[str] = request.app.state.addresses
        text = pages.render(
            template,
            speech,
            site,
            request.url.path,
            visitor=visitor,
            csrf_field=lambda: csrf_field(request),
            menu=menu_of(addresses, visitor),
            asked_again=_asked(request),
            addresses=addresses,
            **values,
        )
        response = HTMLResponse(text, status)
        if getattr(request.state, "form_used", False) and not visitor_of(request).is_known:
            set_form(request, response)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(
                COOKIE, speech.language, max_age=_YEAR_S, samesite="lax", httponly=True
            )
        return response

    return answer
