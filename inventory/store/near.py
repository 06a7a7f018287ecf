"""What rules need to know of other assets, in SQL; functions over a connection."""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Near:
    """What rules need to know of another asset: its tag, commune and where it is kept."""

    id: int
    tag: str
    commune: str
    origin: str


def edges_of(connection: sqlite3.Connection, communes: Iterable[str]) -> list[Near]:
    """The edge devices of some communes."""
    bound: list[object] = []
    where = _one_of("commune", communes, bound)
    return _near(connection, f"edge AND {where}", bound)


def hosts(connection: sqlite3.Connection) -> list[Near]:
    """What has an endpoint of kind host."""
    return _near(connection, "host", [])


def who_names(
    connection: sqlite3.Connection, column: str, tags: Iterable[str]
) -> list[tuple[Near, str]]:
    """(who, the tag that it names) of everything that names one of `tags`; column: upstream or
    parent."""
    bound: list[object] = []
    where = _one_of(column, tags, bound)
    return [
        (Near(*row[:4]), row[4])
        for row in connection.execute(
            f"SELECT id, tag, commune, origin, {column} FROM register_index "
            f"WHERE {where} AND NOT removed AND NOT hidden ORDER BY tag",
            bound,
        )
    ]


def with_serials(
    connection: sqlite3.Connection, serials: Iterable[str]
) -> dict[str, list[tuple[Near, str]]]:
    """Serial key -> (who has it, the folded maker)."""
    bound: list[object] = []
    where = _one_of("i.serial", serials, bound)
    found: dict[str, list[tuple[Near, str]]] = {}
    for row in connection.execute(
        "SELECT i.id, i.tag, i.commune, i.origin, i.serial, i.maker FROM register_index i "
        f"WHERE {where} AND NOT i.removed AND NOT i.hidden",
        bound,
    ):
        found.setdefault(row[4], []).append((Near(*row[:4]), row[5]))
    return found


def above(connection: sqlite3.Connection, tags: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Tag -> (id, commune, upstream, parent, looked_at) of each of some assets that stand."""
    bound: list[object] = []
    where = _one_of("tag", tags, bound)
    return {
        row[0]: tuple(row[1:])
        for row in connection.execute(
            "SELECT tag, id, commune, upstream, parent, looked_at FROM register_index "
            f"WHERE {where} AND NOT removed AND NOT hidden",
            bound,
        )
    }


def _near(connection: sqlite3.Connection, where: str, bound: Sequence[object]) -> list[Near]:
    return [
        Near(*row)
        for row in connection.execute(
            "SELECT id, tag, commune, origin FROM register_index "
            f"WHERE {where} AND NOT removed AND NOT hidden ORDER BY tag",
            tuple(bound),
        )
    ]


def _one_of(column: str, wanted: Iterable[str], bound: list[object]) -> str:
    chosen = [str(value) for value in wanted]
    bound.append(json.dumps(chosen))
    return f"{column} IN (SELECT value FROM json_each(?))"
