"""Decisions of identity in SQL; functions over a connection, which know no rules."""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from inventory.decisions import Decision, Kind

_COLUMNS = (
    "id, at_s, kind, actor, batch, entry, others, thing, field, value, why, reason, undone_at_s"
)


def add_decision(connection: sqlite3.Connection, decision: Decision) -> int:
    """Keep a decision (its id is given here, which comes back)."""
    row = connection.execute(
        "INSERT INTO decisions (at_s, kind, actor, batch, entry, others, thing, field, value, "
        "why, reason) VALUES (?,?,?,?,?,?,?,?,?,?,?) RETURNING id",
        (
            decision.at_s,
            decision.kind.value,
            decision.actor,
            decision.batch,
            decision.entry,
            json.dumps(decision.others),
            decision.thing,
            decision.field,
            decision.value,
            decision.why,
            decision.reason,
        ),
    ).fetchone()
    return int(row[0])


def decision_by_id(connection: sqlite3.Connection, id_: int) -> Decision | None:
    """One decision, undone or not."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM decisions WHERE id=?", (id_,)).fetchone()
    return None if row is None else _decision(row)


def decisions_about(connection: sqlite3.Connection, entry: int) -> list[Decision]:
    """What was decided about an entry, the newest first, undone or not."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM decisions d WHERE entry=? OR EXISTS "
        "(SELECT 1 FROM json_each(d.others) WHERE value=?) ORDER BY id DESC",
        (entry, entry),
    )
    return [_decision(row) for row in rows]


def standing_decisions(connection: sqlite3.Connection, kinds: Iterable[Kind]) -> list[Decision]:
    """What was decided and not undone, the oldest first."""
    wanted = json.dumps([kind.value for kind in kinds])
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM decisions WHERE undone_at_s IS NULL AND kind IN "
        "(SELECT value FROM json_each(?)) ORDER BY id",
        (wanted,),
    )
    return [_decision(row) for row in rows]


def mark_undone(connection: sqlite3.Connection, id_: int, at_s: float, batch: str) -> None:
    """A decision does not hold any more; batch: in which it was undone."""
    connection.execute(
        "UPDATE decisions SET undone_at_s=?, undone_in=? WHERE id=?", (at_s, batch, id_)
    )


def merged_into(connection: sqlite3.Connection, entry: int) -> list[int]:
    """The entries that went up in an entry, those that went up in them, too; the nearest first."""
    merges: dict[int, list[int]] = {}
    for decision in standing_decisions(connection, (Kind.MERGE,)):
        merges.setdefault(decision.entry, []).extend(decision.others)
    found: list[int] = []
    waiting = [entry]
    while waiting:
        for other in merges.get(waiting.pop(0), ()):
            if other not in found and other != entry:
                found.append(other)
                waiting.append(other)
    return found


def _decision(row: tuple[Any, ...]) -> Decision:
    (id_, at_s, kind, actor, batch, entry, others, thing, field, value, why, reason, undone) = row
    return Decision(
        id_,
        at_s,
        Kind(kind),
        actor,
        batch,
        entry,
        tuple(json.loads(others)),
        thing,
        field or "",
        value or "",
        why,
        reason,
        undone,
    )


def kept(connection: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    """(tag, field, measured value) of what people keep as it was typed."""
    rows = connection.execute(
        "SELECT r.tag, d.field, d.value FROM decisions d JOIN register r ON r.id = d.entry "
        "WHERE d.kind='keep' AND d.undone_at_s IS NULL AND r.removed_at_s IS NULL"
    )
    return frozenset((tag, field, value) for tag, field, value in rows)


def recorded(connection: sqlite3.Connection, tag: str) -> tuple[list[tuple[str, str]], int]:
    """(facts by name, how many outages) of what was watched under a tag."""
    facts = connection.execute(
        "SELECT f.name, f.value FROM facts f JOIN assets a ON a.id = f.asset_id "
        "WHERE a.tag=? AND f.value <> '' ORDER BY f.name, f.source",
        (tag,),
    ).fetchall()
    outages = connection.execute(
        "SELECT count(*) FROM reachability r JOIN assets a ON a.id = r.asset_id "
        "WHERE a.tag=? AND r.state='down'",
        (tag,),
    ).fetchone()[0]
    return [(name, value) for name, value in facts], int(outages)
