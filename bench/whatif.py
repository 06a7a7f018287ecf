"""A what-if over one province: 100 communes, 40 requirements, 60 assets each; seconds and gaps.

Everything is invented, the same each time. Alone: `python -m bench.whatif`.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from typing import Any

from config.profile import Profile, Requirement, load_profile
from config.sections import Asset, Commune
from inventory.planning.solve import Limits, solve
from inventory.planning.whatif import Goal, WhatIf
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.units import Unit
from inventory.uptime import Availability, State

COMMUNES, REQUIREMENTS, ASSETS = 100, 40, 60
BUDGET_VND = 10_000_000_000
NOW = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
SYSTEMS = ("Windows 7", "Windows 10 22H2", "Windows 11 25H2", "Windows 11 25H2")

_TEXT = {"vi": "x", "en": "x"}
_MORE = (
    ("camera", 4, 2_500_000),
    ("phone", 5, 900_000),
    ("video_conference", 1, 45_000_000),
    ("nas", 1, 16_000_000),
    ("server", 1, 85_000_000),
    ("laptop", 6, 19_500_000),
    ("access_point", 4, 3_200_000),
    ("scanner", 3, 8_800_000),
    ("printer", 8, 4_800_000),
    ("switch", 2, 9_500_000),
    ("ups", 2, 9_000_000),
    ("router", 2, 12_000_000),
)
_EQUIPPED = (
    ("disk-encryption", ("laptop",), 450_000),
    ("page-counter", ("printer",), 300_000),
    ("spare-battery", ("ups",), 1_200_000),
    ("card-reader", ("desktop",), 600_000),
)


def province_profile() -> Profile:
    """The shipped profile with more requirements, 40 in all."""
    shipped = load_profile("commune-2026")
    pillar = shipped.pillars[0].id
    more = [
        _asked(
            f"more-{n}",
            pillar,
            {"measure": "asset_count", "of": {"classes": [name]}},
            price,
            at_least=count,
            partly=count // 2 if count > 1 else None,
        )
        for n, (name, count, price) in enumerate(_MORE)
    ] + [
        _asked(
            feature,
            pillar,
            {
                "measure": "asset_share",
                "of": {"classes": classes},
                "having": {"feature": feature},
            },
            price,
            at_least=1.0,
            partly=0.8,
            unit="ratio",
        )
        for feature, classes, price in _EQUIPPED
    ]
    found = (*shipped.requirements, *map(Requirement.model_validate, more))
    assert len(found) >= REQUIREMENTS
    return shipped.model_copy(update={"requirements": found[:REQUIREMENTS]})


def _asked(
    id: str, pillar: str, measure: dict[str, Any], price_vnd: int, **more: Any
) -> dict[str, Any]:
    return {
        "id": id,
        "pillar": pillar,
        "title": _TEXT,
        "basis": {"kind": "ours", "document": "bench"},
        "level": "desirable" if price_vnd > 10_000_000 else "mandatory",
        "measure": measure,
        "remedy": {
            "name": _TEXT,
            "price_vnd": price_vnd,
            "price_date": "2026-01-01",
            "source": "bench",
        },
        **{key: value for key, value in more.items() if value is not None},
    }


def province(communes: int = COMMUNES, seed: int = 7) -> Iterator[CommuneFacts]:
    """Communes that differ in everything that requirements ask about."""
    dice = random.Random(seed)
    for number in range(communes):
        code = f"{10_000 + number}"
        unit = Unit(code, "commune", f"Xã {number}", "1", dt.date(2025, 7, 1))
        posts = dice.randint(22, 45)
        declared = Commune.model_validate(
            {
                "code": code,
                "posts": posts,
                "posts_group_8": posts - dice.randint(4, 9),
                "internet_bps": dice.choice([30, 100, 200, 300]) * 1_000_000,
                "declared": {
                    name: {"value": dice.choice([0.4, 0.8, 1.0]), "as_of": "2026-10-01"}
                    for name in ("case-files-online", "staff-trained", "one-stop-equipped")
                },
            }
        )
        computers = dice.randint(14, 34)
        classes = ["desktop"] * computers + ["router"]
        others = ["printer", "scanner", "ups", "switch", "access_point", "camera", "phone"]
        classes += [dice.choice(others) for _ in range(ASSETS - len(classes))]
        assets = tuple(
            _asset(dice, code, n, name, edge=name == "router") for n, name in enumerate(classes)
        )
        yield CommuneFacts(unit, declared, assets)


def _asset(dice: random.Random, code: str, number: int, name: str, *, edge: bool) -> AssetFacts:
    since = dt.date(2014, 1, 1) + dt.timedelta(days=dice.randrange(4600))
    features = [f for f, classes, _ in _EQUIPPED if name in classes and dice.random() < 0.5]
    if name == "desktop" and dice.random() < 0.6:
        features.append("antivirus")
    registered = {
        "tag": f"C{code}-{number}",
        "name": name,
        "class": name,
        "commune": code,
        "edge": edge,
        "status": "in_use" if edge or dice.random() < 0.95 else "in_stock",
        "in_use_since": since.isoformat(),
        "features": features,
    }
    if not edge:
        system = dice.choice(SYSTEMS) if name == "desktop" else ""
        return AssetFacts(Asset.model_validate(registered), os=system)
    registered |= {"address": "127.0.0.1", "endpoints": [{"kind": "tcp", "port": 22}]}
    up = dice.choice([0.9, 0.97, 0.995])
    totals = dict.fromkeys(State, 0.0) | {State.UP: up * 160 * 3600, State.DOWN: (1 - up) * 576e3}
    return AssetFacts(
        Asset.model_validate(registered),
        office=Availability(totals),
        longest_outage_s=(1 - up) * 576e3,
        observed_at_s=NOW.timestamp(),
    )


def measure_whatif() -> dict[str, float]:
    """Figure -> value, in seconds of wall time unless it says otherwise."""
    profile, communes = province_profile(), list(province())
    figures: dict[str, float] = {}
    for goal in Goal:
        for moves in (False, True):
            problem = WhatIf(BUDGET_VND, goal, allow_moves=moves)
            began = time.perf_counter()
            answer = solve(
                problem, communes, lambda _: profile, NOW.timestamp(), Limits(30.0, 0.001)
            )
            took_s = time.perf_counter() - began
            what = f"{COMMUNES} communes, {goal.value}{', with moves' if moves else ''}"
            figures[f"{what}: s"] = took_s
            figures[f"{what}: gap, %"] = answer.optimality_gap * 100
    return figures


if __name__ == "__main__":
    for figure, value in measure_whatif().items():
        print(f"{figure:<60} {value:10.3f}")
