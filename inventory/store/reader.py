"""What the database says, on a connection of its own that cannot write.

One reader belongs to one thread at a time. Rows come back as the values they were written from.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from inventory.indicators.declaration import Declaration
from inventory.readiness.codec import checksum, unpacked
from inventory.readiness.result import Evaluation
from inventory.rollups import FULL_SCALE, Bucket
from inventory.sighting import ScanState, Thing, Tries
from inventory.store.connect import open_for_reading
from inventory.store.equipment import EQUIPMENT_OF_KINDS, EQUIPMENT_WHERE
from inventory.store.errors import RESTORE_HINT, StoreError, store_error
from inventory.store.frozen import BODIES, GROUPS, NAMED, checked_body
from inventory.store.indicators import declarations
from inventory.store.rows import (
    AssetRow,
    EndpointRow,
    EquipmentRow,
    FactRow,
    InboxRow,
    InterfaceRow,
    TrapRow,
    rollup_checksum,
)
from inventory.store.scores import STEPS_OF, Moment, moments
from inventory.store.seen import thing_of
from inventory.store.traps import TRAPS_OF, trap_row
from inventory.uptime import Interval, State

_STATES = {state.value: state for state in State}
"""Far quicker than to ask the enumeration for each of a million intervals."""


class Reader:
    """See the module. Raises StoreError from every method."""

    def __init__(self, path: Path) -> None:
        self._connection = open_for_reading(path)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def meta(self) -> dict[str, str]:
        """What the database says of itself."""
        return dict(self._all("SELECT key, value FROM meta"))

    def heartbeat(self) -> float | None:
        """When the last batch was committed, seconds since 1970, or None."""
        rows = self._all("SELECT at_s FROM heartbeat")
        return float(rows[0][0]) if rows else None

    def assets(self, as_of_s: float | None = None) -> list[AssetRow]:
        """Assets of the register, by tag: all of them, or those of a moment as they were then."""
        rows = [AssetRow(*row) for row in self._all("SELECT * FROM assets ORDER BY tag")]
        if as_of_s is None:
            return rows
        then = dict(
            self._all(
                "SELECT asset_id, registered FROM (SELECT *, row_number() OVER (PARTITION BY "
                "asset_id ORDER BY at_s DESC) n FROM register_history WHERE at_s <= ?) "
                "WHERE n = 1",
                as_of_s,
            )
        )
        with _damage_told("the register's history"):
            return [
                replace(r, commune=json.loads(then[r.id])["commune"], registered=then[r.id])
                for r in rows
                if r.id in then and (r.gone_at_s is None or r.gone_at_s > as_of_s)
            ]

    def ids(self, tags: Iterable[str]) -> dict[str, int]:
        """Tag -> id, of those of some assets that the database has ever seen."""
        return dict(
            self._all(
                "SELECT tag, id FROM assets WHERE tag IN (SELECT value FROM json_each(?))",
                json.dumps(list(tags)),
            )
        )

    def endpoints(self, ids: Iterable[int] | None = None) -> list[EndpointRow]:
        """The last look at every endpoint, or at those of some assets."""
        rows = self._of("SELECT * FROM endpoints WHERE {} ORDER BY id", ids)
        return [EndpointRow(*row) for row in rows]

    def last_answers(self, ids: Iterable[int]) -> dict[int, float]:
        """Asset id -> when any endpoint of it answered last, of those of some that ever did."""
        return dict(
            self._of(
                "SELECT asset_id, max(last_answer_at_s) FROM endpoints "
                "WHERE {} AND last_answer_at_s IS NOT NULL GROUP BY asset_id",
                ids,
            )
        )

    def facts(self, ids: Iterable[int] | None = None) -> list[FactRow]:
        """All facts, or those of some assets."""
        return [FactRow(*row) for row in self._of("SELECT * FROM facts WHERE {}", ids)]

    def interfaces(self, ids: Iterable[int] | None = None) -> list[InterfaceRow]:
        """All interfaces as they were last seen, or those of some assets."""
        return [
            InterfaceRow(asset, index, name, alias, mac, speed, _flag(admin), _flag(oper), at_s)
            for asset, index, name, alias, mac, speed, admin, oper, at_s in self._of(
                "SELECT * FROM interfaces WHERE {} ORDER BY asset_id, if_index", ids
            )
        ]

    def equipment(
        self, ids: Iterable[int] | None = None, kinds: Iterable[str] | None = None
    ) -> list[EquipmentRow]:
        """All equipment as it was last read, or that of some assets or kinds."""
        if kinds is None:
            return [EquipmentRow(*row) for row in self._of(EQUIPMENT_WHERE, ids)]
        sql, wanted = EQUIPMENT_OF_KINDS, json.dumps(list(kinds))
        return [EquipmentRow(*row) for row in self._of(sql, ids, wanted)]

    def declarations(self, communes: Iterable[str] | None = None) -> list[Declaration]:
        """Figures and indicators that were ever declared, of all or some communes, in the order
        of entry; none in a database from before there were any."""
        if not self._all("SELECT 1 FROM sqlite_master WHERE name = 'declarations'"):
            return []
        try:
            return declarations(self._connection, communes=communes)
        except sqlite3.Error as error:
            raise store_error(error, "read the declarations") from error

    def timelines(
        self, since_s: float = 0.0, ids: Iterable[int] | None = None
    ) -> dict[int, list[Interval]]:
        """Asset id -> its intervals that end after `since_s`, in order; of all or some assets."""
        result: dict[int, list[Interval]] = defaultdict(list)
        rows = self._of(
            "SELECT asset_id, start_s, end_s, state, behind FROM reachability "
            "WHERE {} AND (end_s IS NULL OR end_s > ?) ORDER BY asset_id, start_s",
            ids,
            since_s,
        )
        with _damage_told("a time line"):
            for asset_id, start, end, state, behind in rows:
                result[asset_id].append(Interval(_STATES[state], start, end, behind))
        return result

    def timelines_of(self, tags: list[str], since_s: float) -> dict[str, list[Interval]]:
        """Tag -> its intervals that end after `since_s`, in order."""
        result: dict[str, list[Interval]] = {tag: [] for tag in tags}
        marks = ",".join("?" * len(tags))
        rows = self._all(
            "SELECT tag, start_s, end_s, state, behind FROM reachability JOIN assets ON id = "  # noqa: S608
            f"asset_id WHERE tag IN ({marks}) AND (end_s IS NULL OR end_s > ?) ORDER BY start_s",
            *tags,
            since_s,
        )
        with _damage_told("a time line"):
            for tag, start, end, state, behind in rows:
                result[tag].append(Interval(_STATES[state], start, end, behind))
        return result

    def rollups(
        self, metric: str, hours: Iterable[float], ids: Iterable[int] | None = None
    ) -> dict[int, list[Bucket]]:
        """Asset id -> its buckets of one metric that begin at one of `hours`, in order; of all or
        some assets."""
        # By asset, as the key has it: the rows of other metrics are not touched. Where to look is
        # said as one stretch of hours: most assets have no such figure, and 200 are soon passed by.
        wanted = list(hours)
        whose = "SELECT id FROM assets" if ids is None else "SELECT value FROM json_each(?)"
        rows = self._all(
            f"SELECT * FROM rollups WHERE asset_id IN ({whose}) AND metric = ? "  # noqa: S608
            "AND hour_s BETWEEN ? AND ? AND +hour_s IN (SELECT value FROM json_each(?)) "
            "ORDER BY asset_id, hour_s",
            *([] if ids is None else [json.dumps(list(ids))]),
            metric,
            min(wanted, default=0.0),
            max(wanted, default=0.0),
            json.dumps(wanted),
        )
        result: dict[int, list[Bucket]] = defaultdict(list)
        for asset_id, bucket in _buckets(rows):
            result[asset_id].append(bucket)
        return result

    def last_rollups(self) -> list[tuple[int, Bucket]]:
        """The last bucket of every asset and metric, to go on counting after a restart."""
        rows = self._all(
            # One step down the key for each: millions of older hours are not walked.
            "SELECT r.* FROM assets a CROSS JOIN json_each(?) m CROSS JOIN rollups r "
            "ON r.asset_id = a.id AND r.metric = m.value AND r.hour_s = (SELECT max(hour_s) "
            "FROM rollups WHERE asset_id = a.id AND metric = m.value)",
            json.dumps(list(FULL_SCALE)),
        )
        return list(_buckets(rows))

    def evaluations(self, as_of_s: float) -> dict[str, Evaluation]:
        """Commune -> its newest evaluation that was made at `as_of_s` or before."""
        found: dict[str, Evaluation] = {}
        for commune, body, kept in self._all(
            # The newest by the key alone: no body but the wanted ones is read.
            "SELECT e.commune, e.body, e.checksum FROM (SELECT commune, max(at_s) AS at_s "
            "FROM evaluations WHERE at_s <= ? GROUP BY commune) n JOIN evaluations e "
            "ON e.commune = n.commune AND e.at_s = n.at_s",
            as_of_s,
        ):
            with _damage_told(f"an evaluation of commune {commune}"):
                if checksum(body) != kept:
                    raise ValueError("its checksum differs")
                found[commune] = unpacked(body)
        return found

    def first_evaluated(self, by_s: float) -> float | None:
        """`by_s` where an evaluation of that moment or before is kept, else the moment of the first
        one; None where there is none at all."""
        if self._all("SELECT 1 FROM evaluations WHERE at_s <= ? LIMIT 1", by_s):
            return by_s
        ((first_s,),) = self._all("SELECT min(at_s) FROM evaluations")
        return None if first_s is None else float(first_s)

    def scores(
        self,
        communes: Iterable[str],
        since_s: float,
        until_s: float,
        step_s: float,
        offset_s: float,
    ) -> dict[str, list[Moment]]:
        """Commune -> the last evaluation of each step of `step_s` seconds between two moments.

        offset_s: what local time is ahead of UTC, so that a step of a day is a local day.
        """
        rows = self._all(STEPS_OF, json.dumps(sorted(communes)), since_s, until_s, offset_s, step_s)
        return moments(rows)

    def profile_body(self, digest: str) -> str | None:
        """The content of a profile as canonical JSON, None where it was not kept."""
        return self._body(BODIES, digest)

    def profile_body_named(self, id: str, version: str) -> str | None:
        """The first content that was kept of a profile's version, None without any."""
        return self._body(NAMED, id, version)

    def groups(self, as_of_s: float) -> str | None:
        """The groups of communes of a moment, as JSON; None from before any was kept."""
        rows = self._all(GROUPS, as_of_s)
        return str(rows[0][0]) if rows else None

    def _body(self, sql: str, *key: str) -> str | None:
        for digest, body in self._all(sql, *key):
            with _damage_told(f"profile {digest[:12]}"):
                return checked_body(digest, body)
        return None

    def inbox(self) -> list[InboxRow]:
        """What waits for a person, newest first."""
        return [InboxRow(*row) for row in self._all("SELECT * FROM inbox ORDER BY at_s DESC")]

    def things(self) -> list[Thing]:
        """What was seen and may not be registered, by id."""
        return [thing_of(row) for row in self._all("SELECT * FROM things ORDER BY id")]

    def scans(self, most: int = 100) -> list[ScanState]:
        """Sweeps, the newest first."""
        rows = self._all("SELECT * FROM scans ORDER BY started_s DESC LIMIT ?", most)
        return [ScanState(row[0], row[1], *row[2:]) for row in rows]

    def tries(self, day: str) -> list[Tries]:
        """Tries of credentials on one day (YYYY-MM-DD)."""
        return [Tries(*row) for row in self._all("SELECT * FROM tries WHERE day = ?", day)]

    def traps(self, tag: str, most: int) -> list[TrapRow]:
        """The newest traps of one asset, newest first."""
        rows = self._all(TRAPS_OF, tag, most)
        with _damage_told("a trap"):
            return [trap_row(row) for row in rows]

    def integrity_problems(self) -> list[str]:
        """What SQLite's own check finds, an empty list where all is well."""
        found = [str(row[0]) for row in self._all("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def _of(self, sql: str, ids: Iterable[int] | None, *parameters: object) -> list[Any]:
        """Rows of a query whose `{}` stands for "of these assets"; None means all."""
        if ids is None:
            return self._all(sql.format("1"), *parameters)
        whose = "asset_id IN (SELECT value FROM json_each(?))"
        return self._all(sql.format(whose), json.dumps(list(ids)), *parameters)

    def _all(self, sql: str, *parameters: object) -> list[Any]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise store_error(error, "read the database") from error


@contextlib.contextmanager
def _damage_told(what: str) -> Iterator[None]:
    """What cannot be read back is damage, and no error of whoever asked."""
    try:
        yield
    except (ValueError, TypeError, KeyError, struct.error) as error:
        raise StoreError("corrupt", f"{what} is damaged: {error}; {RESTORE_HINT}") from error


def _buckets(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, Bucket]]:
    """Asset id and bucket of each row of hourly figures, when none is damaged."""
    with _damage_told("an hourly figure"):
        for row in rows:
            if rollup_checksum(row[:-1]) != row[-1]:
                raise ValueError(f"the checksum of {row[1]} of asset id {row[0]} differs")
    # One text for all of them: parsing 50,000 small ones takes three times as long.
    histograms = from_json(f"[{','.join([row[6] for row in rows])}]")
    for (asset_id, metric, hour, count, total, peak, *_), steps in zip(
        rows, histograms, strict=True
    ):
        yield asset_id, Bucket(metric, hour, count, total, peak, steps)


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)
