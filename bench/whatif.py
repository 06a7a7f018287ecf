"""`make bench-whatif`: what a sum would mend in one province: each goal, alone and with moves.

The shipped profile and 60 assets for each commune; everything is invented, the same each time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

from config.profile import load_profile
from config.sections import Asset, Commune
from hatang.daemon import tune_python
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


def measure_whatif(communes: int = COMMUNES) -> dict[str, float]:
    """Figure -> value, in seconds unless it says otherwise; CPU time is what other work on the
    machine changes least."""
    tune_python()
    profile, facts = load_profile("commune-2026"), list(province(communes))
    figures = {"communes": float(communes), "requirements": float(len(profile.requirements))}
    for moves, goal in itertools.product((False, True), Goal):
        problem = WhatIf(BUDGET_VND * communes // COMMUNES, goal, allow_moves=moves)
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        answer = solve(problem, facts, lambda _: profile, NOW.timestamp(), LIMITS)
        what = f"{goal.value}{' with moves' if moves else ''}"
        figures |= {
            f"{what}: CPU s": time.process_time() - cpu_s,
            f"{what}: on the clock, s": time.perf_counter() - wall_s,
            f"{what}: gap, %": answer.optimality_gap * 100,
            f"{what}: proven": float(answer.proven),
            f"{what}: simplified communes": float(len(answer.simplified)),
            f"{what}: mean readiness after, %": (answer.after.score or 0) * 100,
            f"{what}: the lowest after, %": (answer.lowest_after or 0) * 100,
        }
    return figures


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, default=COMMUNES)
    report = measure_whatif(parser.parse_args().communes)
    for name, value in report.items():
        print(f"  {name:<58} {value:>14,.4g}")
    kept = Path(__file__).parent / "results"
    kept.mkdir(exist_ok=True)
    (kept / "whatif.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
