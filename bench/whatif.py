"""A what-if over one province: 100 communes, the shipped profile, 60 assets each; seconds and gaps.

Everything is invented, the same each time. Alone: `python -m bench.whatif`.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

from config.profile import load_profile
from config.sections import Asset, Commune
from inventory.planning.solve import Limits, solve
from inventory.planning.whatif import Goal, WhatIf
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.units import Unit
from inventory.uptime import Availability, State

COMMUNES, ASSETS = 100, 60
BUDGET_VND = 10_000_000_000
LIMITS = Limits(time_s=10.0, gap=0.001)
NOW = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
SYSTEMS = ("Windows 7", "Windows 10 22H2", "Windows 11 25H2", "Windows 11 25H2")
OTHERS = ("printer", "scanner", "ups", "switch", "access_point", "camera", "phone")


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
        classes = ["desktop"] * dice.randint(14, 34) + ["router"]
        classes += [dice.choice(OTHERS) for _ in range(ASSETS - len(classes))]
        assets = tuple(
            _asset(dice, code, n, name, edge=name == "router") for n, name in enumerate(classes)
        )
        yield CommuneFacts(unit, declared, assets)


def _asset(dice: random.Random, code: str, number: int, name: str, *, edge: bool) -> AssetFacts:
    since = dt.date(2014, 1, 1) + dt.timedelta(days=dice.randrange(4600))
    registered = {
        "tag": f"C{code}-{number}",
        "name": name,
        "class": name,
        "commune": code,
        "edge": edge,
        "status": "in_use" if edge or dice.random() < 0.95 else "in_stock",
        "in_use_since": since.isoformat(),
        "features": ["antivirus"] if name == "desktop" and dice.random() < 0.6 else [],
    }
    if not edge:
        system = dice.choice(SYSTEMS) if name == "desktop" else ""
        return AssetFacts(Asset.model_validate(registered), os=system)
    registered |= {"address": "127.0.0.1", "endpoints": [{"kind": "tcp", "port": 22}]}
    up = dice.choice([0.9, 0.97, 0.995])
    totals = dict.fromkeys(State, 0.0) | {State.UP: up * 576e3, State.DOWN: (1 - up) * 576e3}
    return AssetFacts(
        Asset.model_validate(registered),
        office=Availability(totals),
        longest_outage_s=(1 - up) * 576e3,
        observed_at_s=NOW.timestamp(),
    )


def measure_whatif() -> dict[str, float]:
    """Figure -> value, in seconds unless it says otherwise; CPU time is what other work on the
    machine changes least."""
    profile, communes = load_profile("commune-2026"), list(province())
    figures = {"requirements": float(len(profile.requirements))}
    for goal, moves in [*((goal, False) for goal in Goal), (Goal.MUST_HAVES, True)]:
        problem = WhatIf(BUDGET_VND, goal, allow_moves=moves)
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        answer = solve(problem, communes, lambda _: profile, NOW.timestamp(), LIMITS)
        what = f"{COMMUNES} communes, {goal.value}{', with moves' if moves else ''}"
        figures[f"{what}: s"] = time.perf_counter() - wall_s
        figures[f"{what}: s of CPU"] = time.process_time() - cpu_s
        figures[f"{what}: gap, %"] = answer.optimality_gap * 100
        figures[f"{what}: simplified communes"] = float(len(answer.simplified))
    return figures


if __name__ == "__main__":
    results = measure_whatif()
    for figure, value in results.items():
        print(f"{figure:<60} {value:10.3f}")
    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    (folder / "whatif.json").write_text(json.dumps(results, indent=1) + "\n")
