"""The tables of the inbox: things, sweeps, and tries of credentials.

Functions over a connection that the writer or a reader opened.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from inventory.observation import Claim, ClaimKind
from inventory.sighting import How, Match, ScanState, Thing, ThingState, Tries


def write_things(connection: sqlite3.Connection, things: Iterable[Thing]) -> None:
    """Put things in place of what they were."""
    connection.executemany(
        "INSERT OR REPLACE INTO things VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [_row(thing) for thing in things],
    )


def write_scans(connection: sqlite3.Connection, scans: Iterable[ScanState]) -> None:
    """Put sweeps in place of what they were."""
    connection.executemany(
        "INSERT OR REPLACE INTO scans VALUES (?,?,?,?,?,?,?,?,?,?)",
        [
            (
                s.target,
                s.started_s,
                s.digest,
                s.updated_s,
                s.state,
                s.position,
                s.total,
                s.found,
                s.by,
                s.duration_s,
            )
            for s in scans
        ],
    )


def write_tries(connection: sqlite3.Connection, tries: Iterable[Tries]) -> None:
    """Put counts of tries in place of what they were."""
    connection.executemany(
        "INSERT OR REPLACE INTO tries VALUES (?,?,?,?,?)",
        [(t.address, t.credential, t.day, t.refused, t.silent) for t in tries],
    )


def forget(connection: sqlite3.Connection, scans_before_s: float, tries_before: str) -> None:
    """Delete sweeps and tries that are older."""
    connection.execute("DELETE FROM scans WHERE updated_s < ?", (scans_before_s,))
    connection.execute("DELETE FROM tries WHERE day < ?", (tries_before,))


def thing_of(row: tuple[Any, ...]) -> Thing:
    """A thing of its row."""
    (id, how, addresses, first, last, mac, claims, facts, count, credential) = row[:10]
    (asset_class, commune, note, tag, by, against, sure, state, reason, decided) = row[10:]
    return Thing(
        id,
        tuple(How(word) for word in json.loads(how)),
        tuple(json.loads(addresses)),
        first,
        last,
        mac,
        tuple(Claim(ClaimKind(kind), value) for kind, value in json.loads(claims)),
        json.loads(facts),
        count,
        credential,
        asset_class,
        commune,
        note,
        Match(tag, by, against, bool(sure)) if tag else None,
        ThingState(state),
        reason,
        decided,
    )


def _row(thing: Thing) -> tuple[Any, ...]:
    match = thing.match
    return (
        thing.id,
        json.dumps(thing.how),
        json.dumps(thing.addresses),
        thing.first_seen_s,
        thing.last_seen_s,
        thing.mac,
        json.dumps([(claim.kind.value, claim.value) for claim in thing.claims]),
        json.dumps(dict(thing.facts)),
        thing.count,
        thing.credential,
        thing.asset_class,
        thing.commune,
        thing.note,
        match.tag if match else "",
        match.by if match else "",
        match.against if match else "",
        match.sure if match else False,
        thing.state.value,
        thing.reason,
        thing.decided_at_s,
    )
