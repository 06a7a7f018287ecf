"""What an entry is found and compared by, worked out once when it is written."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import re
from dataclasses import dataclass
from typing import Any

from config.assets import Asset
from inventory.alphabet import folded, sort_key
from inventory.identity import JUNK

_TEXTS = (
    *("name", "site", "room", "custodian", "vendor", "model", "os", "funding", "supplier"),
    *("invoice", "document", "card", "country", "serial", "parent", "upstream"),
)
_DAYS = ("in_use_since", "warranty_until", "purchased")
_NUMBERS = ("price_vnd", "life_years")


@dataclass(frozen=True, slots=True)
class Ready:
    """An asset with all that is written of it, worked out before the writing begins.

    columns: those of `register_index` from commune on, without origin.
    """

    asset: Asset
    body: str
    columns: tuple[object, ...]

    @classmethod
    def of(cls, asset: Asset) -> Ready:
        """An asset, ready to be written."""
        return cls(asset, body_of(asset), _columns(asset))


def body_of(asset: Asset) -> str:
    """An asset as the register keeps it; the same for the same asset."""
    return asset.model_dump_json(by_alias=True, exclude_defaults=True)


def facts_of(asset: Asset) -> dict[str, Any]:
    """What stands in an asset, by field as in hatang.yaml."""
    found: dict[str, Any] = json.loads(body_of(asset))
    return found


def _columns(asset: Asset) -> tuple[object, ...]:
    kinds = [endpoint.kind for endpoint in asset.endpoints]
    return (
        asset.commune,
        asset.asset_class.value,
        asset.status.value,
        asset.edge,
        "host" in kinds,
        bool(kinds) and "host" not in kinds,
        asset.upstream,
        asset.parent,
        serial_key(asset.serial),
        folded(asset.vendor),
        search_text(asset),
    )


def search_text(asset: Asset) -> str:
    """Everything that is written of an asset, as one searches it."""
    parts = [asset.tag, asset.commune, asset.address or "", asset.note]
    parts += [getattr(asset, name) or "" for name in _TEXTS]
    parts += [_day_text(day) for name in _DAYS if (day := getattr(asset, name)) is not None]
    parts += [str(asset.price_vnd)] if asset.price_vnd is not None else []
    parts += [*asset.custom.values(), *asset.features]
    # A line break keeps one word from being found across two fields.
    return folded("\n".join(part for part in parts if part))


def key_of(name: str, text: str) -> str:
    """The key of one value of a column, as it is sorted by and compared."""
    if name == "address":
        return _address_key(text)
    if name in _DAYS or name == "changed":
        return text
    if name in _NUMBERS:
        return text.zfill(20) if text else ""
    return sort_key(text) if text else ""


def serial_key(serial: str) -> str:
    """A serial number as two are compared, or "" for what makers leave in place of one.

    >>> serial_key(" cz-3014 lk7p "), serial_key("To be filled by O.E.M.")
    ('CZ3014LK7P', '')
    """
    plain = re.sub(r"[\s\-_./]", "", serial).upper()
    junk = serial.strip().lower() in JUNK or len(set(plain)) <= 1
    return "" if junk else plain


def _address_key(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return sort_key(address) if address else ""
    return f"{ip.version}{ip.packed.hex()}"


def _day_text(day: dt.date) -> str:
    """As it is kept and as people write it, so that both are found."""
    return f"{day.isoformat()}\n{day.day:02}/{day.month:02}/{day.year}\n{day:%d%m%Y}"
