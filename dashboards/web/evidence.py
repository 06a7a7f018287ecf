"""Evidence in the reader's language.

Evaluations keep evidence as plain text, so that a report of an old day says what was said then.
The few shapes that `inventory.readiness.measures` writes are told again in the reader's words;
whatever has another shape is shown as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from dashboards.web.languages import Speech
from dashboards.web.words import N_

_COUNTED = {
    "posts": N_("Posts: {count}"),
    "posts_group_8": N_("Posts of group VIII: {count}"),
    "desks": N_("One-stop counters: {count}"),
    "sites": N_("Places of work: {count}"),
    "inhabitants": N_("Inhabitants: {count}"),
}
_NUMBERS = {
    "lan_ports": N_("{what}: {count} network sockets"),
    "wifi_radios": N_("{what}: {count} Wi-Fi radios"),
}
_OUTAGES = N_("{count} outages of more than {least}")
_FULL = N_("full for {time}: {full} of {all} looks")
_LASTS = N_("{what}, lasts for {time}")
_HOURS = N_("office hours: up {up}, down {down}; {coverage} of them watched")
_SINCE = N_("{what}, in use since {day}")
_LOOKS = N_("{good} of {all} looks brought what was expected")
_PERCENTILE = N_("{share} of {count} looks were at or below {value}")
_ABOVE = N_("{have} registered, {most} allowed by the norm")

_Said = Callable[[re.Match[str], str, Speech], str]


def evidence_text(text: str, unit: str, speech: Speech) -> str:
    """The text of one piece of evidence for a requirement whose value is in `unit`.

    >>> from zoneinfo import ZoneInfo
    >>> evidence_text("posts: 30", "ratio", Speech("vi", ZoneInfo("UTC")))
    'Số vị trí việc làm: 30'
    """
    for shape, said in _SHAPES:
        found = shape.fullmatch(text)
        if found is not None:
            try:
                return said(found, unit, speech)
            except ValueError:  # 2026-13-01 or 1.2.3: somebody else's text of this shape
                return text
    return text


def _counted(found: re.Match[str], unit: str, speech: Speech) -> str:
    said = speech.text(_COUNTED[found[1]]).format(count=speech.number(int(found[2])))
    return f"{said}{found[3] or ''}"


def _number_of(found: re.Match[str], unit: str, speech: Speech) -> str:
    count = speech.number(float(found[3]))
    return speech.text(_NUMBERS[found[2]]).format(what=found[1], count=count)


def _outages(found: re.Match[str], unit: str, speech: Speech) -> str:
    least = speech.duration(float(found[2]) * 60)
    return speech.text(_OUTAGES).format(count=speech.number(int(found[1])), least=least)


def _full(found: re.Match[str], unit: str, speech: Speech) -> str:
    return speech.text(_FULL).format(
        time=speech.duration(float(found[1]) * 3600),
        full=speech.number(int(found[2])),
        all=speech.number(int(found[3])),
    )


def _lasts(found: re.Match[str], unit: str, speech: Speech) -> str:
    time = speech.duration(float(found[2]) * 60)
    return speech.text(_LASTS).format(what=found[1], time=time)


def _declared(found: re.Match[str], unit: str, speech: Speech) -> str:
    return f"{speech.quantity(float(found[1]), unit)}{found[2] or ''}"


def _hours(found: re.Match[str], unit: str, speech: Speech) -> str:
    return speech.text(_HOURS).format(
        up=speech.duration(float(found[1]) * 3600),
        down=speech.duration(float(found[2]) * 3600),
        coverage=speech.percent(int(found[3]) / 100, 0),
    )


def _since(found: re.Match[str], unit: str, speech: Speech) -> str:
    day = speech.day(dt.date.fromisoformat(found[2]))
    return speech.text(_SINCE).format(what=found[1], day=day)


def _looks(found: re.Match[str], unit: str, speech: Speech) -> str:
    good, total = speech.number(int(found[1])), speech.number(int(found[2]))
    return speech.text(_LOOKS).format(good=good, all=total)


def _above(found: re.Match[str], unit: str, speech: Speech) -> str:
    have, most = speech.number(int(found[1])), speech.number(float(found[2]))
    return speech.text(_ABOVE).format(have=have, most=most)


def _percentile(found: re.Match[str], unit: str, speech: Speech) -> str:
    return speech.text(_PERCENTILE).format(
        share=speech.percent(float(found[1]) / 100, 0),
        value=speech.quantity(float(found[2]), unit),
        count=speech.number(int(found[3])),
    )


def _longest(found: re.Match[str], unit: str, speech: Speech) -> str:
    return speech.duration(float(found[1]) * 3600)


_SHAPES: tuple[tuple[re.Pattern[str], _Said], ...] = (
    (re.compile(rf"({'|'.join(_COUNTED)}): ([0-9]{{1,9}})(, .+)?", re.DOTALL), _counted),
    (re.compile(rf"(.+), ({'|'.join(_NUMBERS)}): ([0-9.]{{1,9}})", re.DOTALL), _number_of),
    (re.compile(r"([0-9]{1,9}) × > ([0-9.]{1,9}) min"), _outages),
    (re.compile(r"([0-9.]{1,9}) h, ([0-9]{1,12}) / ([0-9]{1,12})"), _full),
    (re.compile(r"up ([0-9.]{1,9}) h, down ([0-9.]{1,9}) h, coverage ([0-9]{1,3})%"), _hours),
    (re.compile(r"(.+), ([0-9]{4}-[0-9]{2}-[0-9]{2})", re.DOTALL), _since),
    (re.compile(r"([0-9]{1,12}) / ([0-9]{1,12})"), _looks),
    (re.compile(r"([0-9]{1,9}) > ([0-9.]{1,9})"), _above),
    (re.compile(r"p([0-9.]{1,6}) ([0-9.e+-]{1,12}) \(([0-9]{1,12})\)"), _percentile),
    (re.compile(r"([0-9.]{1,9}) h"), _longest),
    (re.compile(r"(.+), ([0-9]{1,6}) min", re.DOTALL), _lasts),
    (re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?)(, .+)?", re.DOTALL), _declared),
)
