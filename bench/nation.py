"""The whole of Viet Nam as a register and a database: every commune, 60 assets in each.

The same each time. Assets have time lines with an outage, facts of their operating systems, and
the hourly figures that readiness asks for, in every office hour of the window.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.assets import Asset
from config.profile import Profile, load_profile
from config.sections import Settings
from inventory.office_hours import office_spans
from inventory.rollups import HOUR_S, Bucket, hour_of
from inventory.store.rows import AssetRow, Batch, EndpointRow, FactRow
from inventory.store.writer import Writer
from inventory.units import Unit, read_units
from inventory.uptime import Interval, State

NOW_S = dt.datetime(2026, 11, 25, 16, 0, tzinfo=dt.UTC).timestamp()
REQUIREMENTS = 40
COMMUNES_A_BATCH = 50

_DAY_S = 86400.0
_KINDS = (
    ("router", 1),
    ("firewall", 1),
    ("switch", 3),
    ("access_point", 3),
    ("server", 1),
    ("desktop", 34),
    ("laptop", 4),
    ("printer", 4),
    ("scanner", 3),
    ("ups", 2),
    ("camera", 2),
    ("video_conference", 1),
    ("phone", 1),
)
ASSETS_A_COMMUNE = sum(count for _, count in _KINDS)
_PING = {"kind": "ping"}
_SERVICE = {"kind": "http", "url": "http://10.0.0.1/"}
_SYSTEMS = ("Windows 7", "Windows 10", "Windows 11", "Ubuntu 24.04")


def communes(most: int) -> dict[str, Unit]:
    """Code -> unit, of so many of today's communes."""
    day = dt.datetime.fromtimestamp(NOW_S, dt.UTC).date()
    found = [u for u in read_units() if u.level == "commune" and u.holds_on(day)]
    return {unit.code: unit for unit in sorted(found, key=lambda unit: unit.code)[:most]}


def settings(codes: Sequence[str]) -> Settings:
    """The settings of a daemon that watches these communes."""
    made = Settings.model_validate(
        {
            "communes": [
                {
                    "code": code,
                    "posts": 30 + number % 20,
                    "posts_group_8": 25,
                    "internet_bps": 100_000_000,
                    "declared": {"staff-trained": {"value": 0.5, "as_of": "2026-10-01"}},
                }
                for number, code in enumerate(codes)
            ]
        }
    )
    return made.model_copy(
        update={"assets": tuple(asset for code in codes for asset in assets_of(code))}
    )


def assets_of(code: str) -> Iterator[Asset]:
    """What a commune has."""
    number = 0
    for kind, count in _KINDS:
        for _ in range(count):
            number += 1
            watched = kind not in ("scanner", "ups")
            yield Asset.model_validate(
                {
                    "tag": f"{code}-{number:02}",
                    "name": f"{kind} {number}",
                    "class": kind,
                    "commune": code,
                    "edge": kind == "router",
                    "vendor": "HP",
                    "model": f"Model {number % 7}",
                    "serial": f"SN{code}{number:02}",
                    "in_use_since": dt.date(2016 + (int(code) + number) % 10, 3, 1),
                    "features": ["antivirus"] if number % 3 else [],
                    "address": "10.0.0.1" if watched else None,
                    "endpoints": [_SERVICE if kind == "server" else _PING] if watched else [],
                }
            )


def profile() -> Profile:
    """The shipped profile with as many requirements as the bench asks for."""
    shipped = load_profile("commune-2026")
    found = list(shipped.requirements)
    while len(found) < REQUIREMENTS:
        more = found[len(found) - len(shipped.requirements)]
        found.append(more.model_copy(update={"id": f"{more.id}-{len(found)}"}))
    return shipped.model_copy(update={"requirements": tuple(found[:REQUIREMENTS])})


def write(database: Path, made: Settings) -> None:
    """The database of these settings, through the writer of the daemon."""
    spans = office_spans(made.office_hours, made.zone, NOW_S - made.readiness.window, NOW_S)
    hours = sorted({hour_of(at) for begin, end in spans for at in _each_hour(begin, end)})
    writer = Writer(database)
    try:
        step = COMMUNES_A_BATCH * ASSETS_A_COMMUNE
        for begin in range(0, len(made.assets), step):
            batch = Batch(NOW_S)
            for id, asset in enumerate(made.assets[begin : begin + step], begin + 1):
                _put(batch, id, asset, hours)
            writer.write(batch)
    finally:
        writer.close(clean=True)


def _each_hour(begin_s: float, end_s: float) -> Iterator[float]:
    at_s = begin_s
    while at_s < end_s:
        yield at_s
        at_s += HOUR_S


def _put(batch: Batch, id: int, asset: Asset, hours: Sequence[float]) -> None:
    began_s = NOW_S - 60 * _DAY_S
    registered = json.dumps(asset.model_dump(mode="json", exclude_defaults=True, by_alias=True))
    batch.assets.append(AssetRow(id, asset.tag, asset.commune, registered, began_s))
    for endpoint in asset.endpoints:
        name = f"{asset.tag}/{endpoint.kind}"
        batch.endpoints.append(
            EndpointRow(name, id, endpoint.kind, "e", 1, "ok", "", "", NOW_S - 60, NOW_S - 60)
        )
    out_s = NOW_S - (1 + id % 20) * _DAY_S
    batch.timelines[id] = [
        Interval(State.UP, began_s, out_s),
        Interval(State.DOWN, out_s, out_s + 3600 * (1 + id % 9)),
        Interval(State.UP, out_s + 3600 * (1 + id % 9)),
    ]
    if asset.asset_class in ("desktop", "laptop", "server"):
        batch.facts.append(FactRow(id, "os", "measured", _SYSTEMS[id % 4], NOW_S - 600))
        batch.facts.append(FactRow(id, "os_version", "measured", "Pro", NOW_S - 600))
    figure = {"router": "uplink_utilisation_ratio", "server": "probe_ok"}.get(asset.asset_class)
    for at, hour_s in enumerate(hours if figure else ()):
        bucket = Bucket(figure or "", hour_s)
        for sample in range(4):
            bucket.add((at * 7 + sample) % 20 / 20)
        batch.rollups.append((id, bucket))
