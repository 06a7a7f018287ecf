"""Rows that the recorder commits a second, beside plain executemany of the very same rows.

Both write the same batches into a database with the same pragmas, one transaction each.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from inventory.rollups import Bucket
from inventory.store.connect import open_for_writing
from inventory.store.rows import AssetRow, Batch, FactRow
from inventory.store.writer import Writer
from inventory.uptime import Interval, State

ASSETS = 300
BATCHES = 40
FIGURES = 10
FACTS = 5


def measure_recorder() -> dict[str, float]:
    """Figure -> value."""
    with tempfile.TemporaryDirectory() as folder:
        batches = [_batch(number) for number in range(BATCHES)]
        rows = sum(batch.rows for batch in batches)
        ours = rows / _through_the_writer(Path(folder) / "ours.db", batches)
        plain = rows / _through_executemany(Path(folder) / "plain.db", batches)
    return {
        f"hatang's writer, batches of {batches[0].rows} rows: rows a second": ours,
        "executemany, the same rows: rows a second": plain,
        "ratio: hatang to executemany": ours / plain,
    }


def _batch(number: int) -> Batch:
    """What a second of a busy district leaves: assets, facts, time lines, hourly figures."""
    ids = range(1, ASSETS + 1)
    return Batch(
        float(number),
        assets=[AssetRow(i, f"A{i}", "22849", "{}", 0.0, reboots=number) for i in ids],
        facts=[
            FactRow(i, f"fact{f}", "measured", f"value {number}", float(number))
            for i in ids
            for f in range(FACTS)
        ],
        timelines={i: [Interval(State.UP, 0.0)] for i in ids},
        rollups=[
            (i, Bucket("cpu_ratio", float(number * 10 + f), 1, 0.5, 0.5))
            for i in ids
            for f in range(FIGURES)
        ],
    )


def _through_the_writer(path: Path, batches: list[Batch]) -> float:
    writer = Writer(path)
    started = time.perf_counter()
    for batch in batches:
        writer.write(batch)
    spent = time.perf_counter() - started
    writer.close(clean=True)
    return spent


def _through_executemany(path: Path, batches: list[Batch]) -> float:
    """The rows alone: no time lines compared, no register history, no JSON made."""
    connection = open_for_writing(path)
    prepared = [_prepared(batch) for batch in batches]
    started = time.perf_counter()
    for statements in prepared:
        connection.execute("BEGIN IMMEDIATE")
        for sql, rows in statements:
            connection.executemany(sql, rows)
        connection.execute("COMMIT")
    spent = time.perf_counter() - started
    connection.close()
    return spent


def _prepared(batch: Batch) -> list[tuple[str, list[tuple[object, ...]]]]:
    return [
        (
            "INSERT OR REPLACE INTO assets VALUES (?,?,?,?,?,?,?,?)",
            [
                (a.id, a.tag, a.commune, a.registered, 0.0, None, None, a.reboots)
                for a in batch.assets
            ],
        ),
        (
            "INSERT OR REPLACE INTO facts VALUES (?,?,?,?,?)",
            [(f.asset_id, f.name, f.source, f.value, f.at_s) for f in batch.facts],
        ),
        (
            "INSERT OR REPLACE INTO reachability VALUES (?,?,?,?,?)",
            [(i, line[0].start_s, None, "up", None) for i, line in batch.timelines.items()],
        ),
        (
            "INSERT OR REPLACE INTO rollups VALUES (?,?,?,?,?,?,?,?)",
            [(i, b.metric, b.hour_s, b.count, b.total, b.peak, "[]", 0) for i, b in batch.rollups],
        ),
    ]
