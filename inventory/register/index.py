"""What an entry is found and sorted by, computed once when it is written."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re

from config.assets import Asset
from inventory.alphabet import folded, sort_key
from inventory.identity import JUNK
from inventory.register.entry import SORTS

_TEXTS = (
    *("name", "site", "room", "custodian", "vendor", "model", "os", "funding", "supplier"),
    *("invoice", "document", "card", "country", "serial", "parent", "upstream"),
)
_DAYS = ("in_use_since", "warranty_until", "purchased")
_NUMBERS = ("price_vnd", "life_years")


def index_row(asset: Asset, origin: str, at_s: float) -> tuple[object, ...]:
    """The columns of `register_index` after id, tag, removed and hidden."""
    keys = sort_keys(asset, at_s)
    return (
        asset.commune,
        asset.asset_class.value,
        asset.status.value,
        origin,
        asset.edge,
        any(endpoint.kind == "host" for endpoint in asset.endpoints),
        bool(asset.endpoints) and all(endpoint.kind != "host" for endpoint in asset.endpoints),
        asset.upstream,
        asset.parent,
        serial_key(asset.serial),
        search_text(asset),
        *(keys[name] for name in SORTS),
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


def sort_keys(asset: Asset, at_s: float) -> dict[str, str]:
    """Column -> a text that sorts as people expect of it; "" where nothing is known."""
    keys = {name: key_of(name, getattr(asset, name) or "") for name in _TEXTS}
    keys |= {"tag": key_of("tag", asset.tag), "commune": key_of("commune", asset.commune)}
    keys |= {"class": key_of("class", asset.asset_class.value)}
    keys |= {"status": key_of("status", asset.status.value)}
    keys["address"] = key_of("address", asset.address or "")
    for name in _DAYS:
        day = getattr(asset, name)
        keys[name] = day.isoformat() if day is not None else ""
    for name in _NUMBERS:
        number = getattr(asset, name)
        keys[name] = "" if number is None else key_of(name, str(number))
    keys["changed"] = f"{at_s:020.6f}"
    return keys


def key_of(name: str, text: str) -> str:
    """The key of one value of a column, as it is sorted by and compared."""
    if name == "address":
        return _address_key(text)
    if name in _DAYS:
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
