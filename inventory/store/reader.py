"""What the database says, on a connection of its own that cannot write.

One reader belongs to one thread at a time. Rows come back as the values they were written from.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from inventory.readiness.codec import checksum, evaluation_from_json
from inventory.readiness.result import Evaluation
from inventory.rollups import Bucket
from inventory.sighting import ScanState, Thing, Tries
from inventory.store.connect import open_for_reading
from inventory.store.equipment import ALL_EQUIPMENT
from inventory.store.errors import RESTORE_HINT, StoreError, store_error
from inventory.store.rows import (
    AssetRow,
    EndpointRow,
    EquipmentRow,
    FactRow,
    InboxRow,
    InterfaceRow,
    TrapRow,
)
from inventory.store.seen import thing_of
from inventory.store.traps import TRAPS_OF, trap_row
from inventory.uptime import Interval, State


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
        return [
            AssetRow(
                r.id,
                r.tag,
                json.loads(then[r.id])["commune"],
                then[r.id],
                r.registered_at_s,
                r.gone_at_s,
                r.booted_at_s,
                r.reboots,
            )
            for r in rows
            if r.id in then and (r.gone_at_s is None or r.gone_at_s > as_of_s)
        ]

    def endpoints(self) -> list[EndpointRow]:
        """The last look at every endpoint."""
        return [EndpointRow(*row) for row in self._all("SELECT * FROM endpoints ORDER BY id")]

    def facts(self) -> list[FactRow]:
        """All facts."""
        return [FactRow(*row) for row in self._all("SELECT * FROM facts")]

    def interfaces(self) -> list[InterfaceRow]:
        """All interfaces as they were last seen."""
        return [
            InterfaceRow(asset, index, name, alias, mac, speed, _flag(admin), _flag(oper), at_s)
            for asset, index, name, alias, mac, speed, admin, oper, at_s in self._all(
                "SELECT * FROM interfaces ORDER BY asset_id, if_index"
            )
        ]

    def equipment(self) -> list[EquipmentRow]:
        """All equipment as it was last read."""
        return [EquipmentRow(*row) for row in self._all(ALL_EQUIPMENT)]

    def timelines(self, since_s: float = 0.0) -> dict[int, list[Interval]]:
        """Asset id -> its intervals that end after `since_s`, in order."""
        result: dict[int, list[Interval]] = defaultdict(list)
        for asset_id, start, end, state, behind in self._all(
            "SELECT asset_id, start_s, end_s, state, behind FROM reachability "
            "WHERE end_s IS NULL OR end_s > ? ORDER BY asset_id, start_s",
            since_s,
        ):
            result[asset_id].append(Interval(State(state), start, end, behind))
        return result

    def timelines_of(self, tags: list[str], since_s: float) -> dict[str, list[Interval]]:
        """Tag -> its intervals that end after `since_s`, in order."""
        result: dict[str, list[Interval]] = {tag: [] for tag in tags}
        marks = ",".join("?" * len(tags))
        for tag, start, end, state, behind in self._all(
            "SELECT tag, start_s, end_s, state, behind FROM reachability JOIN assets ON id = "  # noqa: S608
            f"asset_id WHERE tag IN ({marks}) AND (end_s IS NULL OR end_s > ?) ORDER BY start_s",
            *tags,
            since_s,
        ):
            result[tag].append(Interval(State(state), start, end, behind))
        return result

    def rollups(self, metric: str, hours: Iterable[float]) -> dict[int, list[Bucket]]:
        """Asset id -> its buckets of one metric that begin at one of `hours`, in order."""
        # By asset, as the key has it: the rows of other hours and metrics are not touched.
        rows = self._all(
            "SELECT asset_id, hour_s, count, total, peak, histogram FROM rollups "
            "WHERE asset_id IN (SELECT id FROM assets) AND metric = ? "
            "AND hour_s IN (SELECT value FROM json_each(?)) ORDER BY asset_id, hour_s",
            metric,
            json.dumps(sorted(hours)),
        )
        # One text for all of them: parsing 50,000 small ones takes three times as long.
        histograms = json.loads(f"[{','.join(row[5] for row in rows)}]")
        result: dict[int, list[Bucket]] = defaultdict(list)
        for (asset_id, hour, count, total, peak, _), steps in zip(rows, histograms, strict=True):
            result[asset_id].append(Bucket(metric, hour, count, total, peak, steps))
        return result

    def rollups_of_hour(self, hour_s: float) -> list[tuple[int, Bucket]]:
        """Every bucket of one hour, to go on counting after a restart."""
        return [
            (row[0], Bucket(row[1], row[2], row[3], row[4], row[5], json.loads(row[6])))
            for row in self._all("SELECT * FROM rollups WHERE hour_s = ?", hour_s)
        ]

    def evaluations(self, as_of_s: float) -> dict[str, Evaluation]:
        """Commune -> its newest evaluation that was made at `as_of_s` or before."""
        found: dict[str, Evaluation] = {}
        for commune, body, kept in self._all(
            "SELECT commune, body, checksum FROM (SELECT *, row_number() OVER (PARTITION BY "
            "commune ORDER BY at_s DESC) n FROM evaluations WHERE at_s <= ?) WHERE n = 1",
            as_of_s,
        ):
            if checksum(body) != kept:
                raise StoreError(
                    "corrupt", f"an evaluation of commune {commune} is damaged; {RESTORE_HINT}"
                )
            found[commune] = evaluation_from_json(body)
        return found

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
        return [trap_row(row) for row in self._all(TRAPS_OF, tag, most)]

    def integrity_problems(self) -> list[str]:
        """What SQLite's own check finds, an empty list where all is well."""
        found = [str(row[0]) for row in self._all("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def _all(self, sql: str, *parameters: object) -> list[Any]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise store_error(error, "read the database") from error


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)
