"""Templates: what they can call, and how untrusted text is made fit to show.

Whatever a template prints is cleaned of control and bidirectional characters, then escaped; a
template cannot forget it. What is long is cut by `brief`, with the whole in its title.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from config.assets import AssetClass, AssetStatus
from dashboards.labels import clean_label
from dashboards.web.asset_fields import COLUMNS, label_of
from dashboards.web.asset_form import read_day
from dashboards.web.evidence import evidence_text
from dashboards.web.history import FULL_HEIGHT, tally
from dashboards.web.inbox import match_text, note_text, same_text
from dashboards.web.languages import LANGUAGES, NAMES, Speech
from dashboards.web.log_words import reason_of
from dashboards.web.site import Site
from dashboards.web.words import reason_word, word
from inventory.alphabet import order
from inventory.readiness.reasons import reason_text
from inventory.uptime import State

ICONS = {
    "up": "●",
    "down": "✕",
    "unreachable": "◌",
    "maintenance": "⚒",
    "unknown": "?",
    "met": "✓",
    "partly": "◐",
    "unmet": "✕",
    "exempt": "–",
}
"""Beside each word, so that no meaning hangs on a colour."""

LONGEST = 1_000
"""Characters of any one text on a page: a device that calls itself a megabyte does not make one."""

BRIEF = 80
"""Characters of a device's text in a table."""

_FOLDER = Path(__file__).parent


class Pages:
    """The templates, read once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=shown,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters["brief"] = brief
        self._environment.filters["whole"] = escape
        self._static: dict[str, str] = {}
        self._style = self.static("hatang.css")

    def static(self, name: str) -> str:
        """The address of a file of ours, with its digest: browsers keep it until it changes."""
        if name not in self._static:
            digest = hashlib.sha256((_FOLDER / "static" / name).read_bytes()).hexdigest()[:12]
            self._static[name] = f"/static/{name}?v={digest}"
        return self._static[name]

    def render(self, template: str, speech: Speech, site: Site, path: str, **values: Any) -> str:
        """A whole page in a language."""
        now_s = site.clock.wall()
        return self._environment.get_template(template).render(
            values,
            _=speech.text,
            say=speech,
            language=speech.language,
            languages=LANGUAGES,
            names_of_languages=NAMES,
            word=lambda id: speech.text(word(str(id))),
            icon=lambda id: ICONS.get(str(id), ""),
            why=lambda id: reason_text(id, speech.language),
            reason=lambda id: speech.text(reason_word(id)),
            evidence=lambda text, unit: evidence_text(text, unit, speech),
            note=lambda text: note_text(text, speech),
            reason_of=lambda line: reason_of(line, speech),
            why_match=lambda match: match_text(match, speech),
            same_by=lambda kind: same_text(kind, speech),
            age=lambda at_s: speech.duration(now_s - at_s) if at_s is not None else "–",
            asset_now=site.snapshot.assets.get,
            tally=tally,
            full_height=FULL_HEIGHT,
            now_s=now_s,
            path=own_path(path),
            problems=dict(site.snapshot.problems),
            profile=site.profile,
            style=self._style,
            static=self.static,
            label_of=label_of,
            shown_value=lambda key, value: shown_value(key, value, speech, site),
            all_columns=COLUMNS,
            **choices(speech),
            version=site.version,
            provider=site.settings.oidc.shown if site.settings.oidc is not None else "",
        )


def choices(speech: Speech) -> dict[str, list[tuple[str, str]]]:
    """What a form and a filter offer: (id, word) of classes, statuses and states."""

    def said(ids: Iterable[str]) -> list[tuple[str, str]]:
        return [(str(id_), speech.text(word(str(id_)))) for id_ in ids]

    return {
        "class_choices": sorted(said(AssetClass), key=lambda pair: order(pair[1])),
        "status_choices": said(AssetStatus),
        "state_choices": said(State),
    }


def shown_value(key: str, value: Any, speech: Speech, site: Site) -> str:
    """A value of the log of changes as a reader says it."""
    if key in ("class", "status"):
        return speech.text(word(str(value)))
    if key == "commune" and value in site.snapshot.communes:
        return site.snapshot.communes[value].unit.name
    if key == "price_vnd" and isinstance(value, int):
        return speech.money(value)
    if isinstance(value, bool):
        return speech.text("yes" if value else "no")
    if key in ("purchased", "in_use_since", "warranty_until"):
        day = read_day(str(value))
        return speech.day(day) if day else str(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {text}" for name, text in value.items())
    if isinstance(value, list):
        return ", ".join(
            " ".join(map(str, one.values())) if isinstance(one, dict) else str(one) for one in value
        )
    return str(value)


def shown(value: object) -> object:
    """What a template prints for a value; no-break spaces, which our own figures have, stay.

    >>> shown("a\\u202eb"), shown(3)
    ('ab', 3)
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if len(value) <= LONGEST and value.replace("\xa0", " ").isprintable():
        return value
    return clean_label(value, LONGEST)[0]


def brief(text: str, most: int = BRIEF) -> str:
    """A text of at most `most` characters; of a longer one the beginning, the whole in its title.

    >>> brief("abcdef", 4)
    Markup('<span title="abcdef">abc…</span>')
    """
    whole = clean_label(str(text), LONGEST)[0]
    if len(whole) <= most:
        return whole
    return Markup('<span title="{}">{}…</span>').format(whole, whole[: most - 1].rstrip())


def own_path(path: str) -> str:
    """A path as a link to this very site: two slashes at its beginning would name a host.

    >>> own_path("/assets/RT-1"), own_path("//evil.example/x")
    ('/assets/RT-1', '/evil.example/x')
    """
    return quote("/" + path.lstrip("/\\"))
