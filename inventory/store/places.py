"""Places and people in SQL: what was entered of them, and what assets say.

Functions over a connection, which know no rules. A row carries the batches of changes that made
and removed it, so that undoing a batch brings back both the assets and the row.
"""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import sqlite3
from typing import Any

from inventory.place import FIELDS, Place, PlaceKind

_ROW = "id, kind, commune, site, name, note"


def place_by_id(connection: sqlite3.Connection, id_: int) -> Place | None:
    """A place that was entered and not removed."""
    row = connection.execute(
        f"SELECT {_ROW} FROM places WHERE id=? AND removed_in IS NULL", (id_,)
    ).fetchone()
    return None if row is None else _place(row, 0)


def same_place(connection: sqlite3.Connection, place: Place) -> Place | None:
    """The row of the same kind, commune, site and name."""
    row = connection.execute(
        f"SELECT {_ROW} FROM places WHERE removed_in IS NULL AND kind=? AND commune=? AND site=? "
        "AND name=?",
        (place.kind.value, place.commune, place.site, place.name),
    ).fetchone()
    return None if row is None else _place(row, 0)


def add_place(connection: sqlite3.Connection, place: Place, batch: str) -> int:
    """Keep a place; its id."""
    row = connection.execute(
        "INSERT INTO places (kind, commune, site, name, note, made_in) VALUES (?,?,?,?,?,?) "
        "RETURNING id",
        (place.kind.value, place.commune, place.site, place.name, place.note, batch),
    ).fetchone()
    return int(row[0])


def remove_place(connection: sqlite3.Connection, id_: int, batch: str) -> None:
    """A place is not there any more."""
    connection.execute("UPDATE places SET removed_in=? WHERE id=?", (batch, id_))


def move_site(connection: sqlite3.Connection, commune: str, old: str, new: str, batch: str) -> None:
    """The rooms of a site belong to another one from now on; those that it has already, go."""
    rooms = connection.execute(
        f"SELECT {_ROW} FROM places WHERE removed_in IS NULL AND kind='room' AND commune=? "
        "AND site=?",
        (commune, old),
    ).fetchall()
    for row in rooms:
        room = _place(row, 0)
        assert room.id is not None
        remove_place(connection, room.id, batch)
        moved = Place(room.kind, commune, room.name, new, room.note)
        if same_place(connection, moved) is None:
            add_place(connection, moved, batch)


def undo_places(connection: sqlite3.Connection, undone: str, batch: str) -> bool:
    """What a batch made goes, what it removed comes back; whether there was anything."""
    made = connection.execute(
        "UPDATE places SET removed_in=? WHERE made_in=? AND removed_in IS NULL", (batch, undone)
    ).rowcount
    # Made by hand since: the one that is there stays.
    back = connection.execute(
        "UPDATE OR IGNORE places SET removed_in=NULL WHERE removed_in=? AND made_in<>?",
        (undone, undone),
    ).rowcount
    return bool(made or back)


def places_of(connection: sqlite3.Connection, commune: str | None = None) -> list[Place]:
    """What was entered and what assets say, once each, with how many assets say so.

    commune: only its places and people; people without a commune belong to all. By kind and name.
    """
    found: dict[tuple[str, str, str, str], Place] = {}
    where = "" if commune is None else "AND commune IN (?, '')"
    bound = () if commune is None else (commune,)
    for row in connection.execute(
        f"SELECT {_ROW} FROM places WHERE removed_in IS NULL {where}", bound
    ):
        found[row[1], row[2], row[3], row[4]] = _place(row, 0)
    for kind, field in FIELDS.items():
        for said in _said(connection, kind, field, commune):
            key = (kind.value, said.commune, said.site, said.name)
            entered = found.get(key)
            if entered is None and kind is PlaceKind.PERSON:
                key = (kind.value, "", "", said.name)
                entered = found.get(key)
            if entered is not None:
                found[key] = Place(
                    kind, entered.commune, entered.name, entered.site, entered.note,
                    entered.id, entered.assets + said.assets,
                )  # fmt: skip
            else:
                found[key] = said
    order = list(PlaceKind)
    return sorted(
        found.values(),
        key=lambda p: (order.index(p.kind), p.commune, p.site.casefold(), p.name.casefold()),
    )


def _said(
    connection: sqlite3.Connection, kind: PlaceKind, field: str, commune: str | None
) -> list[Place]:
    site = "coalesce(json_extract(r.body, '$.site'), '')" if kind is PlaceKind.ROOM else "''"
    where = "" if commune is None else "AND i.commune = ?"
    bound = () if commune is None else (commune,)
    rows = connection.execute(
        f"SELECT i.commune, {site} s, json_extract(r.body, '$.{field}') n, count(*) "
        "FROM register r JOIN register_index i ON i.id = r.id "
        f"WHERE NOT i.removed AND NOT i.hidden AND n <> '' {where} GROUP BY i.commune, s, n",
        bound,
    )
    return [Place(kind, row[0], row[2], row[1], assets=row[3]) for row in rows]


def tags_at(connection: sqlite3.Connection, place: Place) -> tuple[list[str], int]:
    """(tags of the assets of the database that say they are there, how many of the files do)."""
    parts, bound = [f"json_extract(r.body, '$.{FIELDS[place.kind]}') = ?"], [place.name]
    if place.commune:
        parts.append("i.commune = ?")
        bound.append(place.commune)
    if place.kind is PlaceKind.ROOM:
        parts.append("coalesce(json_extract(r.body, '$.site'), '') = ?")
        bound.append(place.site)
    rows = connection.execute(
        "SELECT i.tag, i.origin FROM register r JOIN register_index i ON i.id = r.id "
        f"WHERE NOT i.removed AND NOT i.hidden AND {' AND '.join(parts)} ORDER BY i.tag",
        bound,
    ).fetchall()
    return [tag for tag, origin in rows if origin != "file"], sum(o == "file" for _, o in rows)


def _place(row: tuple[Any, ...], assets: int) -> Place:
    id_, kind, commune, site, name, note = row
    return Place(PlaceKind(kind), commune, name, site, note, id_, assets)
