"""A form of an asset: what was typed becomes values, or problems beside what was typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from config.assets import Asset
from config.endpoints import HttpEndpoint, PingEndpoint, SnmpEndpoint, TcpEndpoint
from dashboards.web.asset_fields import FIELDS
from dashboards.web.words import N_
from inventory.register.problems import FieldProblem, problems_of

CUSTOM = "custom."
"""Before the name of an input for a field of one's own."""

MOST_TYPED = 20_000
"""Characters of one input; a longer one is cut, and the model refuses it."""

_WATCHING = ("ping", "snmp", "ports", "web")
_NEW_CUSTOM = ("custom_name", "custom_value")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CURRENCY = re.compile(r"\s*(?:₫|đ|đồng|dong|vnd|vnđ)\.?$", re.IGNORECASE)
_GROUPED = re.compile(r"-?[0-9]{1,3}([., \u00a0\u202f])[0-9]{3}(?:\1[0-9]{3}){0,5}")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent. texts: input -> what stands in it; values: field -> value as
    hatang.yaml has it; problems: what could not be read."""

    texts: dict[str, str]
    values: dict[str, Any]
    problems: tuple[FieldProblem, ...] = ()


@dataclass(slots=True)
class _Reading:
    problems: list[FieldProblem] = field(default_factory=list)

    def wrong(self, key: str, text: str, **values: str) -> None:
        self.problems.append(FieldProblem(key, text, values))


def read_day(text: str) -> dt.date | None:
    """A day as people type it; None where it is none.

    >>> read_day("31/12/2025"), read_day("2025-1-5"), read_day("31/2/2025"), read_day("12/2025")
    (datetime.date(2025, 12, 31), datetime.date(2025, 1, 5), None, None)
    """
    if match := _DAY.fullmatch(text.strip()):
        day, month, year = map(int, match.groups())
    elif match := _ISO_DAY.fullmatch(text.strip()):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_money(text: str) -> int | None:
    """Dong as people type them; None where it is no whole amount.

    >>> read_money("12.500.000 đ"), read_money("12,500,000"), read_money("1.5")
    (12500000, 12500000, None)
    """
    plain = _CURRENCY.sub("", text.strip())
    if re.fullmatch(r"-?[0-9]{1,18}", plain) or _GROUPED.fullmatch(plain):
        return int(re.sub(r"[^0-9-]", "", plain))
    return None


def day_text(day: dt.date) -> str:
    """A day as forms show it."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def money_text(dong: int) -> str:
    """An amount as forms show it.

    >>> money_text(12500000)
    '12.500.000'
    """
    return f"{dong:,}".replace(",", ".")


def texts_of(asset: Asset) -> dict[str, str]:
    """Input -> what a form of this asset has in it."""
    facts = asset.model_dump(by_alias=True)
    texts = {key: _text(facts[key]) for key in FIELDS if key in facts}
    for name, value in asset.custom.items():
        texts[CUSTOM + name] = value
    texts |= watching_texts(asset) or {}
    return texts


def watching_texts(asset: Asset) -> dict[str, str] | None:
    """How an asset is looked at, as inputs; None where that says more than inputs can."""
    texts = dict.fromkeys(_WATCHING, "")
    ports: list[str] = []
    for endpoint in asset.endpoints:
        said = endpoint.model_dump(exclude_defaults=True)
        if isinstance(endpoint, PingEndpoint) and len(said) == 1 and not texts["ping"]:
            texts["ping"] = "on"
        elif isinstance(endpoint, SnmpEndpoint) and len(said) == 2 and not texts["snmp"]:
            texts["snmp"] = endpoint.credential
        elif isinstance(endpoint, TcpEndpoint) and set(said) <= {"kind", "port", "name"}:
            if endpoint.name != (f"tcp{endpoint.port}" if ports else None):
                return None
            ports.append(str(endpoint.port))
        elif isinstance(endpoint, HttpEndpoint) and len(said) == 2 and not texts["web"]:
            texts["web"] = endpoint.url
        else:
            return None
    texts["ports"] = ", ".join(ports)
    return texts


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if isinstance(value, dt.date):
        return day_text(value)
    if isinstance(value, int):
        return money_text(value)
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return str(value)


def read_form(posted: Mapping[str, Sequence[str]], *, keep_endpoints: bool = False) -> Typed:
    """What was typed. posted: input -> its values, in their order.

    keep_endpoints: the form does not say how the asset is looked at.
    """
    reading = _Reading()
    texts = {key: _last(posted, key) for key in FIELDS if key in posted}
    flags = {key: _last(posted, key) for key, f in FIELDS.items() if f.kind == "flag"}
    texts |= flags
    values: dict[str, Any] = {}
    for key, text in texts.items():
        if key not in _WATCHING:
            values[key] = _value(key, text.strip(), reading)
    if not keep_endpoints:
        values["endpoints"] = _endpoints(texts, reading)
    custom = {
        key: value[-1][:MOST_TYPED]
        for key, value in posted.items()
        if key.startswith(CUSTOM) and value
    }
    for name, value in zip(*(posted.get(key, ()) for key in _NEW_CUSTOM), strict=False):
        if name.strip():
            custom[CUSTOM + name.strip()[:200]] = value[:MOST_TYPED]
        elif value.strip():
            reading.wrong("custom", N_("say what the field is called"))
            texts["custom_value"] = value[:MOST_TYPED]
    texts |= custom
    values["custom"] = {
        key.removeprefix(CUSTOM): value.strip() for key, value in custom.items() if value.strip()
    }
    return Typed(texts, values, tuple(reading.problems))


def _last(posted: Mapping[str, Sequence[str]], key: str) -> str:
    values = posted.get(key, ())
    return values[-1][:MOST_TYPED].replace("\r\n", "\n") if values else ""


def read_value(key: str, text: str) -> tuple[Any, FieldProblem | None]:
    """The value of one input, and what is wrong with it."""
    reading = _Reading()
    value = _value(key, text.strip(), reading)
    return value, reading.problems[0] if reading.problems else None


def _value(key: str, text: str, reading: _Reading) -> Any:
    kind = FIELDS[key].kind
    if kind == "flag":
        return bool(text)
    if kind == "list":
        return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not text:
        return None
    if kind == "day":
        day = read_day(text)
        if day is None:
            reading.wrong(key, N_("is not a day; write day/month/year, for example 31/12/2025"))
            return None
        return day.isoformat()
    if kind in ("money", "whole"):
        amount = read_money(text)
        if amount is None:
            reading.wrong(key, N_("is not a whole number; write for example 12.500.000"))
        return amount
    return text


def _endpoints(texts: Mapping[str, str], reading: _Reading) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if texts.get("ping"):
        found.append({"kind": "ping"})
    if credential := texts.get("snmp", "").strip():
        found.append({"kind": "snmp", "credential": credential})
    ports: list[int] = []
    for part in re.split(r"[,;\s]+", texts.get("ports", "").strip()):
        if not part:
            continue
        if not re.fullmatch(r"[0-9]{1,5}", part) or not 1 <= int(part) <= 65535:
            reading.wrong("ports", N_("{given} is not a port; write 1 to 65535"), given=part[:20])
        elif int(part) not in ports:
            ports.append(int(part))
    for number, port in enumerate(ports):
        found.append({"kind": "tcp", "port": port} | ({"name": f"tcp{port}"} if number else {}))
    if url := texts.get("web", "").strip():
        found.append({"kind": "http", "url": url})
    if found and any(e["kind"] != "http" for e in found) and not texts.get("address", "").strip():
        reading.wrong("address", N_("is needed for watching it"))
    return found


def asset_of(values: Mapping[str, Any]) -> tuple[Asset | None, tuple[FieldProblem, ...]]:
    """The asset that values make, or what is wrong with them."""
    given = {key: value for key, value in values.items() if value not in (None, "", [], {})}
    try:
        return Asset.model_validate(given, by_alias=True, by_name=False), ()
    except ValidationError as error:
        return None, tuple(problems_of(error))


def next_tag(tag: str) -> str:
    """The tag after a tag: its last number one higher, as many digits.

    >>> next_tag("PC-009"), next_tag("PC-99"), next_tag("PC")
    ('PC-010', 'PC-100', 'PC-2')
    """
    match = re.fullmatch(r"(.*?)(\d+)", tag, re.DOTALL)
    if match is None:
        return f"{tag}-2"
    head, digits = match.groups()
    return f"{head}{int(digits) + 1:0{len(digits)}}"


def read_serials(text: str) -> list[str]:
    """Serial numbers, one a line; blank lines are none.

    >>> read_serials("A1\\n\\n B2 ")
    ['A1', 'B2']
    """
    return [line.strip() for line in text.splitlines() if line.strip()]
