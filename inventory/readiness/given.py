"""What an example says that a commune has, as the facts that a measure looks at.

Whatever is seen was seen just now, unless the example says how long ago.
"""

from __future__ import annotations

import datetime as dt

from config.profile_examples import Given, GivenAsset, GivenFigure, Hours
from config.sections import Asset, Commune
from inventory.equipment import ProgramReading
from inventory.readiness.facts import AssetFacts, CommuneFacts, Figure, Number, Runtime
from inventory.readiness.protection import programs_seen
from inventory.rollups import HOUR_S, STEPS, Bucket
from inventory.units import Unit
from inventory.uptime import Availability, State

_LEVEL = "commune"
_SINCE = dt.date(2000, 1, 1)


def noon_of(day: dt.date) -> float:
    """The moment at which an example of a day is looked at: noon, UTC."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()


def facts_of(given: Given, now_s: float, unit: Unit | None = None) -> CommuneFacts:
    """The facts of an example at a moment; unit: whose it is, an invented one where None."""
    declared = Commune.model_validate(given.model_dump(include=set(Commune.model_fields)))
    assets: list[AssetFacts] = []
    for group in given.assets:
        for _ in range(group.count):
            assets.append(_asset(group, f"{group.tag}-{len(assets) + 1}", given.code, now_s))
    return CommuneFacts(
        unit or Unit(given.code, _LEVEL, given.code, "", _SINCE), declared, tuple(assets)
    )


def _asset(given: GivenAsset, tag: str, commune: str, now_s: float) -> AssetFacts:
    fields = {name: getattr(given, name) for name in Asset.model_fields}
    asset = Asset.model_construct(**{**fields, "tag": tag, "commune": commune})
    if given.office_hours is not None or given.figures:
        asset = asset.model_copy(update={"endpoints": given.endpoints or _PROBE})
    longest_s = max((given.longest_outage or 0.0, *given.outages))
    is_seen = given.office_hours is not None
    programs = [
        ProgramReading(
            p.name, "" if p.installed_on is None else p.installed_on.isoformat(), p.running
        )
        for p in given.programs
    ]
    return AssetFacts(
        asset,
        os=given.os,
        last_answer_at_s=None if given.answered_before is None else now_s - given.answered_before,
        office=None if given.office_hours is None else _office(given.office_hours),
        longest_outage_s=longest_s if is_seen else None,
        observed_at_s=now_s if is_seen else None,
        figures={name: _figure(name, figure, now_s) for name, figure in given.figures.items()},
        outages_s=given.outages,
        programs=programs_seen(programs, now_s) if programs else None,
        ups=None
        if given.ups_runtime is None
        else Runtime(given.ups_runtime, now_s, given.on_battery),
        numbers={name: Number(value, now_s) for name, value in given.numbers.items()},
    )


_PROBE = Asset.model_validate(
    {"tag": "x", "name": "x", "class": "other", "commune": "x", "address": "127.0.0.1"}
    | {"endpoints": [{"kind": "tcp", "port": 1}]}
).endpoints
"""What is seen is looked at."""


def _office(hours: Hours) -> Availability:
    known = {State.UP: hours.up, State.DOWN: hours.down, State.UNKNOWN: hours.unknown}
    return Availability({state: known.get(state) or 0.0 for state in State})


def _figure(name: str, given: GivenFigure, now_s: float) -> Figure:
    """All samples with one value, one in each of the latest hours."""
    bucket = Bucket(name, 0.0)
    bucket.add(given.value)
    histogram = [count * given.samples for count in bucket.histogram]
    assert len(histogram) == STEPS
    hours = given.samples
    return Figure(histogram, given.samples, given.value * hours, now_s - HOUR_S, hours, hours)
