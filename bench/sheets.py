"""A sheet of 50,000 assets goes in, out, and in again untouched: seconds, and memory.

What a page does, step by step: reading in a process of its own, planning, applying. Alone:
`python -m bench.sheets`.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bench.register import ASSETS, CODES, assets
from config.sections import Settings
from inventory.clock import SystemClock
from inventory.register.checks import Rules
from inventory.register.entry import SYSTEM, Query
from inventory.register.register import Register
from inventory.sheets.apart import read_apart
from inventory.sheets.choice import Choice
from inventory.sheets.export import Line, write_export
from inventory.sheets.plan import ImportPlan, plan_of_table
from inventory.store.desk import Desk, direct_desk

T = TypeVar("T")

_STEPS = ("read", "planned", "applied")


def measure_sheets() -> dict[str, float]:
    """Figure -> value, in seconds unless it says otherwise; of the processor those with CPU, that
    of the process that reads included."""
    figures: dict[str, float] = {}

    def timed(what: str, work: Callable[[], T]) -> T:
        began, spent = time.perf_counter(), _processor_s()
        found = work()
        figures[f"{ASSETS} assets, {what}: CPU s"] = _processor_s() - spent
        figures[f"{ASSETS} assets, {what}: s"] = time.perf_counter() - began
        return found

    rules = Rules(
        Settings.model_validate({"communes": [{"code": code} for code in CODES]}),
        {code: f"Xã {code}" for code in CODES},
    )
    with tempfile.TemporaryDirectory() as name, direct_desk(Path(name) / "hatang.db") as desk:
        folder = Path(name)
        register = Register(desk, lambda: rules, SystemClock())
        first = folder / "first.xlsx"
        write_export(first, [Line(0, asset) for asset in assets()], "vi")
        plan = _import(first, "new .xlsx", desk, register, rules, timed)
        assert plan.counts()["new"] == ASSETS, plan.counts()
        timed("new .xlsx: applied", lambda: register.apply(plan.steps, SYSTEM))
        for unit in ("CPU s", "s"):
            each = [figures[f"{ASSETS} assets, new .xlsx: {step}: {unit}"] for step in _STEPS]
            figures[f"{ASSETS} assets, new .xlsx: all of it: {unit}"] = sum(each)
        for suffix in (".xlsx", ".csv"):
            path = folder / f"all{suffix}"
            entries = register.search(Query(limit=None)).entries
            lines = [Line(entry.id, entry.asset) for entry in entries]
            timed(f"exported as {suffix}", lambda p=path, n=lines: write_export(p, n, "vi"))
            figures[f"{ASSETS} assets, {suffix}: MB"] = path.stat().st_size / 2**20
            again = _import(path, f"untouched {suffix}", desk, register, rules, timed)
            assert again.counts()["same"] == ASSETS, again.counts()
            assert not again.steps
    peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    figures["reading, in its own process: MB at most"] = peak_kb / 1024
    return figures


def _processor_s() -> float:
    """CPU seconds of this process and of those that it waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _import(
    path: Path,
    what: str,
    desk: Desk,
    register: Register,
    rules: Rules,
    timed: Callable[[str, Callable[[], Any]], Any],
) -> ImportPlan:
    table = timed(f"{what}: read", lambda: read_apart(path, path.with_suffix(".jsonl")))
    entries = register.search(Query(limit=None)).entries
    found = timed(
        f"{what}: planned",
        lambda: desk.read(lambda c: plan_of_table(table, Choice(), entries, rules, c, "vi")),
    )
    plan: ImportPlan = found[1]
    return plan


if __name__ == "__main__":
    for figure, value in measure_sheets().items():
        print(f"{figure:<60} {value:10.2f}")
