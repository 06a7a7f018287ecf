"""`make bench-readiness`: the readiness of the whole of Viet Nam, from a database on the disk.

Beside it stands plain SQL over the very same database that only counts: of every commune its
assets by class, how many answered, and the time that they were down in the window. It knows
neither office hours nor evidence, and stands for the least that any report costs.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bench import nation
from collectors.snmp.knowledge.book import ProfileBook
from config.sections import Settings
from hatang.assessment import Assessor, concerned, in_batches
from hatang.daemon import tune_python
from hatang.plan import Plan
from inventory.profile_set import ProfileSet
from inventory.store.rows import Batch
from inventory.store.writer import Writer
from inventory.units import UnitTable

COMMUNES = 3_321
CHANGES = 50


def main() -> None:
    """Build the database, measure in a process of its own, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, default=COMMUNES)
    parser.add_argument("--folder", type=Path, help="where a database was built before")
    arguments = parser.parse_args()
    if arguments.folder is not None:
        report = measure(arguments.folder, arguments.communes)
        print(json.dumps(report))
        return
    with tempfile.TemporaryDirectory() as folder:
        units = nation.communes(arguments.communes)
        began = time.process_time()
        nation.write(Path(folder) / "hatang.db", nation.settings(list(units)))
        print(f"  database built, CPU s {time.process_time() - began:>29.0f}", flush=True)
        command = [sys.executable, "-m", "bench.readiness", "--folder", folder]
        command += ["--communes", str(arguments.communes)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    report = json.loads(done.stdout)
    for name, value in report.items():
        print(f"  {name:<58} {value:>14,.4g}")
    kept = Path(__file__).parent / "results"
    kept.mkdir(exist_ok=True)
    (kept / "readiness.json").write_text(json.dumps(report, indent=1) + "\n")


def measure(folder: Path, most: int) -> dict[str, float]:
    """Figure -> value. CPU seconds, because other work of the machine must not count."""
    tune_python()
    units = nation.communes(most)
    profile = nation.profile()
    settings = nation.settings(list(units)).model_copy(update={"data_dir": folder})
    plan = Plan(
        folder / "hatang.yaml",
        settings,
        UnitTable(list(units.values()), "bench"),
        units,
        ProfileSet.alone(profile),
        ProfileBook({}),
    )
    register_mib = _peak_mib()
    began, on_the_clock = time.process_time(), time.perf_counter()
    bodies = _evaluate_all(plan)
    full_s, wall_s = time.process_time() - began, time.perf_counter() - on_the_clock
    peak_mib = _peak_mib()
    plain_s = _plain_sql(plan.database, settings)
    one_ms = _one_commune_ms(plan)
    return {
        "communes": len(units),
        "assets": len(settings.assets),
        "requirements": len(profile.requirements),
        "full evaluation (read, judged, written), CPU s": full_s,
        "the same on the clock, s": wall_s,
        "communes a CPU-second": len(units) / full_s,
        "peak of resident memory, MiB": peak_mib,
        "of that the register and the interpreter, MiB": register_mib,
        "evaluations written, MB": bodies / 1e6,
        "plain SQL that counts, CPU s": plain_s,
        "full evaluation over plain SQL": full_s / plain_s,
        "after one asset's change, p95 ms": one_ms,
        "how fast the machine was: a million additions, CPU ms": _ms(lambda: sum(range(10**6))),
    }


def _evaluate_all(plan: Plan) -> int:
    """Evaluate and write all communes; how many bytes of evaluations the database has now."""
    writer = Writer(plan.database)
    assessor = Assessor(plan)
    for codes in in_batches(plan.communes):
        found = assessor.of(codes, nation.NOW_S)
        writer.write(Batch(nation.NOW_S, evaluations=found))
    writer.close(clean=True)
    with closing(sqlite3.connect(plan.database)) as plain:
        return int(plain.execute("SELECT sum(length(body)) FROM evaluations").fetchone()[0])


def _one_commune_ms(plan: Plan) -> float:
    """From an asset's change to the evaluation of its commune in the database, p95."""
    writer = Writer(plan.database)
    assets = list(plan.settings.assets)
    step = max(1, len(assets) // CHANGES)
    assessor = Assessor(plan)
    assessor.of([assets[0].commune], nation.NOW_S)
    times = []
    for at in range(0, len(assets), step):
        assets[at] = assets[at].model_copy(update={"room": f"P. {at}"})
        changed = plan.settings.model_copy(update={"assets": tuple(assets)})
        after, now_s = replace(plan, settings=changed), nation.NOW_S + 1 + at
        began = time.process_time()
        (commune,) = concerned(assessor.plan, after)
        assessor = Assessor(after, assessor)
        writer.write(Batch(now_s, evaluations=assessor.of([commune], now_s)))
        times.append(1000 * (time.process_time() - began))
    writer.close(clean=True)
    return statistics.quantiles(times, n=20)[-1]


def _plain_sql(database: Path, settings: Settings) -> float:
    """CPU seconds of the counts that stand in every report, in one query for each."""
    since_s = nation.NOW_S - settings.readiness.window
    began = time.process_time()
    with closing(sqlite3.connect(database)) as plain:
        for sql, bound in _COUNTS.items():
            plain.execute(sql, {"since": since_s, "now": nation.NOW_S} if bound else {}).fetchall()
    return time.process_time() - began


_COUNTS = {
    "SELECT commune, json_extract(registered, '$.class') c, "
    "count(*), sum(json_extract(registered, '$.in_use_since') < '2019-11-25') "
    "FROM assets GROUP BY commune, c": False,
    "SELECT commune, value, count(*) FROM assets JOIN facts ON asset_id = id "
    "WHERE name = 'os' GROUP BY commune, value": False,
    "SELECT commune, count(DISTINCT asset_id) FROM assets JOIN endpoints ON asset_id = assets.id "
    "WHERE last_answer_at_s > :since GROUP BY commune": True,
    "SELECT commune, state, sum(min(coalesce(end_s, :now), :now) - max(start_s, :since)), "
    "max(min(coalesce(end_s, :now), :now) - max(start_s, :since)) "
    "FROM assets JOIN reachability ON asset_id = id WHERE coalesce(end_s, :now) > :since "
    "GROUP BY commune, state": True,
    "SELECT commune, metric, sum(total) / sum(count), max(peak) FROM assets JOIN rollups "
    "ON asset_id = id WHERE hour_s > :since GROUP BY commune, metric": True,
}
"""Query -> whether it asks for the window."""


def _ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
