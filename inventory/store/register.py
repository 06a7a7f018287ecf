"""The register in SQL: entries, and what they are found by.

Functions over a connection; they know no rules and leave transactions to whoever calls.
"""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.assets import Asset, AssetStatus
from inventory.register.entry import SORTS, Entry
from inventory.register.index import Ready
from inventory.store.errors import RESTORE_HINT, StoreError

_ENTRY = "r.id, r.body, r.version, r.origin, r.created_at_s, r.changed_at_s, r.removed_at_s"


_MANY = 500
"""Tags asked for at once."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an entry is found by. state: here, hidden (by the files) or removed."""

    id: int
    tag: str
    state: str
    commune: str
    asset_class: str
    status: str
    origin: str
    text: str


def has_register(connection: sqlite3.Connection) -> bool:
    """Whether the database is new enough to have one."""
    return bool(
        connection.execute("SELECT count(*) FROM sqlite_master WHERE name='register'").fetchone()[0]
    )


def entry_by_tag(connection: sqlite3.Connection, tag: str) -> Entry | None:
    """The entry that has a tag now; of two (in the files and in the database) the file's."""
    return _one(
        connection.execute(
            f"SELECT {_ENTRY} FROM register r WHERE r.tag=? AND r.removed_at_s IS NULL "
            "ORDER BY r.origin LIMIT 1",
            (tag,),
        )
    )


def entry_by_id(connection: sqlite3.Connection, id_: int) -> Entry | None:
    """An entry, removed or not."""
    return _one(connection.execute(f"SELECT {_ENTRY} FROM register r WHERE r.id=?", (id_,)))


def entries_by_id(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Entry]:
    """Id -> the entry, removed or not."""
    return {
        row[0]: _entry(row)
        for row in connection.execute(
            f"SELECT {_ENTRY} FROM register r WHERE r.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
    }


def entries_by_tag(connection: sqlite3.Connection, tags: Iterable[str]) -> dict[str, Entry]:
    """Tag -> the entry that has it now, as `entry_by_tag`."""
    found: dict[str, Entry] = {}
    wanted = list(dict.fromkeys(tags))
    for at in range(0, len(wanted), _MANY):
        part = wanted[at : at + _MANY]
        marks = ",".join("?" * len(part))
        for row in connection.execute(
            f"SELECT {_ENTRY} FROM register r WHERE r.tag IN ({marks}) "
            "AND r.removed_at_s IS NULL ORDER BY r.origin DESC",
            part,
        ):
            entry = _entry(row)
            found[entry.asset.tag] = entry
    return found


def standing(connection: sqlite3.Connection, origin: str) -> Iterator[tuple[int, int, str, str]]:
    """(id, version, tag, body) of everything of one origin that was not removed, by tag."""
    yield from connection.execute(
        "SELECT id, version, tag, body FROM register WHERE origin=? AND removed_at_s IS NULL "
        "ORDER BY tag",
        (origin,),
    )


def insert(
    connection: sqlite3.Connection, new: Sequence[Ready], at_s: float, origin: str = "register"
) -> list[int]:
    """New entries; their ids."""
    first = int(connection.execute("SELECT coalesce(max(id), 0) FROM register").fetchone()[0]) + 1
    ids = range(first, first + len(new))
    connection.executemany(
        "INSERT INTO register VALUES (?,?,?,?,1,?,?,NULL)",
        (
            (id_, ready.asset.tag, origin, ready.body, at_s, at_s)
            for id_, ready in zip(ids, new, strict=True)
        ),
    )
    _index(connection, zip(ids, new, strict=True), origin)
    return list(ids)


def update(
    connection: sqlite3.Connection,
    gone: Sequence[tuple[int, str]],
    changed: Sequence[tuple[int, Ready]],
    at_s: float,
    origin: str = "register",
) -> None:
    """Entries as they are from now on, one version later: (id, tag) of those that are removed,
    and those that stand. Tags may be exchanged among the latter."""
    connection.executemany(
        "UPDATE register SET version=version+1, changed_at_s=?, removed_at_s=? WHERE id=?",
        ((at_s, at_s, id_) for id_, _ in gone),
    )
    stamp = _next_stamp(connection)
    connection.executemany(
        "UPDATE register_index SET removed=1, hidden=0, stamp=? WHERE id=?",
        ((stamp, id_) for id_, _ in gone),
    )
    tags = dict(
        connection.execute(
            "SELECT id, tag FROM register WHERE removed_at_s IS NULL AND id IN "
            "(SELECT value FROM json_each(?))",
            (json.dumps([id_ for id_, _ in changed]),),
        )
    )
    connection.executemany(
        "UPDATE register SET tag = '~' || id WHERE id = ?",
        ((id_,) for id_, ready in changed if tags.get(id_) != ready.asset.tag),
    )
    connection.executemany(
        "UPDATE register SET tag=?, body=?, version=version+1, changed_at_s=?, removed_at_s=NULL "
        "WHERE id=?",
        ((ready.asset.tag, ready.body, at_s, id_) for id_, ready in changed),
    )
    _index(connection, changed, origin)


def _next_stamp(connection: sqlite3.Connection) -> int:
    found = connection.execute("SELECT coalesce(max(stamp), 0) FROM register_index").fetchone()
    return int(found[0]) + 1


def _index(
    connection: sqlite3.Connection, entries: Iterable[tuple[int, Ready]], origin: str
) -> None:
    stamp = _next_stamp(connection)
    connection.executemany(
        "INSERT OR REPLACE INTO register_index (id, tag, removed, hidden, stamp, origin, commune, "
        "class, status, edge, host, looked_at, upstream, parent, serial, maker, text) "
        "VALUES (?,?,0,0,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        ((id_, ready.asset.tag, stamp, origin, *ready.columns) for id_, ready in entries),
    )


def indexed_since(connection: sqlite3.Connection, stamp: int) -> tuple[int, list[Indexed]]:
    """(the newest stamp, what was written after `stamp`)."""
    rows = connection.execute(
        "SELECT id, tag, CASE WHEN removed THEN 'removed' WHEN hidden THEN 'hidden' ELSE 'here' "
        "END, commune, class, status, origin, text, stamp FROM register_index WHERE stamp > ?",
        (stamp,),
    ).fetchall()
    return max((row[8] for row in rows), default=stamp), [Indexed(*row[:8]) for row in rows]


def column_values(
    connection: sqlite3.Connection, name: str, ids: Sequence[int] | None
) -> Iterator[tuple[int, str]]:
    """(entry, what stands in one field as text); ids: None for all. name: one of `SORTS`."""
    if name not in SORTS:
        raise ValueError(f"nothing is sorted by {name}")
    if name == "changed":
        value = "printf('%020.6f', changed_at_s)"
    elif name == "status":
        value = f"coalesce(json_extract(body, '$.status'), '{AssetStatus.IN_USE.value}')"
    else:
        value = f"coalesce(CAST(json_extract(body, '$.{name}') AS TEXT), '')"
    where, bound = "", ()  # type: tuple[str, tuple[object, ...]]
    if ids is not None:
        where, bound = "WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    yield from connection.execute(f"SELECT id, {value} FROM register {where}", bound)


def versions(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, int]:
    """Entry -> its version."""
    return dict(
        connection.execute(
            "SELECT id, version FROM register WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
    )


def hide_doubles(connection: sqlite3.Connection) -> list[str]:
    """Hide what is registered under a tag that the files have, too; the tags of it."""
    stamp = _next_stamp(connection)
    connection.execute(
        "UPDATE register_index SET hidden = 0, stamp = ? WHERE hidden AND tag NOT IN "
        "(SELECT tag FROM register_index WHERE origin='file' AND NOT removed)",
        (stamp,),
    )
    connection.execute(
        "UPDATE register_index SET hidden = 1, stamp = ? WHERE origin='register' AND NOT removed "
        "AND NOT hidden AND tag IN "
        "(SELECT tag FROM register_index WHERE origin='file' AND NOT removed)",
        (stamp,),
    )
    rows = connection.execute("SELECT tag FROM register_index WHERE hidden AND NOT removed")
    return sorted(row[0] for row in rows)


def rename_watched(connection: sqlite3.Connection, names: Mapping[str, str]) -> None:
    """What was recorded under old tags stands under the new ones; names: old -> new.

    What is gone and was recorded under a new tag keeps its rows, under a name that is no tag.
    """
    known = {
        old: row[0]
        for old in names
        if (row := connection.execute("SELECT id FROM assets WHERE tag=?", (old,)).fetchone())
    }
    for id_ in known.values():
        connection.execute("UPDATE assets SET tag = '~' || id WHERE id=?", (id_,))
    for old, new in names.items():
        connection.execute("UPDATE assets SET tag = tag || '~' || id WHERE tag=?", (new,))
        if old not in known:
            continue
        connection.execute("UPDATE assets SET tag=? WHERE id=?", (new, known[old]))
        connection.execute(
            "UPDATE OR REPLACE endpoints SET id = ? || substr(id, ?) WHERE asset_id=?",
            (new, len(old) + 1, known[old]),
        )
        connection.execute(
            "UPDATE OR REPLACE inbox SET key = ? || substr(key, ?) WHERE asset_id=?",
            (new, len(old) + 1, known[old]),
        )


def _one(rows: sqlite3.Cursor) -> Entry | None:
    row = rows.fetchone()
    return None if row is None else _entry(row)


def _entry(row: Sequence[Any]) -> Entry:
    return Entry(row[0], asset_of(row[0], row[1]), *row[2:])


def asset_of(id_: int, body: str) -> Asset:
    """The asset of an entry. Raises StoreError where it is none any more."""
    try:
        return Asset.model_validate_json(body)
    except ValueError as error:
        raise StoreError(
            "corrupt", f"entry {id_} of the register is damaged; {RESTORE_HINT}"
        ) from error
