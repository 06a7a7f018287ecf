"""Templates: what they can call, and how untrusted text is made fit to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboards.labels import clean_label
from dashboards.web.languages import LANGUAGES, Speech
from dashboards.web.site import Site
from dashboards.web.words import word
from inventory.readiness.reasons import reason_text

ICONS = {
    "up": "●",
    "down": "✕",
    "unreachable": "◌",
    "maintenance": "⚒",
    "unknown": "?",
    "met": "✓",
    "partly": "◐",
    "unmet": "✕",
}
"""Beside each word, so that no meaning hangs on a colour."""


class Pages:
    """The templates, read once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["clean"] = lambda text: clean_label(str(text))[0]

    def render(self, template: str, speech: Speech, site: Site, path: str, **values: Any) -> str:
        """A whole page in a language."""
        now_s = site.clock.wall()
        return self._environment.get_template(template).render(
            values,
            _=speech.text,
            say=speech,
            language=speech.language,
            languages=LANGUAGES,
            word=lambda id: speech.text(word(str(id))),
            icon=lambda id: ICONS.get(str(id), ""),
            reason=lambda id: reason_text(id, speech.language),
            age=lambda at_s: speech.duration(now_s - at_s) if at_s is not None else "–",
            now_s=now_s,
            path=own_path(path),
            problems=dict(site.snapshot.problems),
            profile=site.profile,
            version=site.version,
        )


def own_path(path: str) -> str:
    """A path as a link to this very site: two slashes at its beginning would name a host.

    >>> own_path("/assets/RT-1"), own_path("//evil.example/x")
    ('/assets/RT-1', '/evil.example/x')
    """
    return quote("/" + path.lstrip("/\\"))
