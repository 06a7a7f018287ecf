"""Makes and models in SQL; functions over a connection, which know no rules."""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from typing import Any

from config.assets import AssetClass
from inventory.device_model import Model

_ROW = "id, class, vendor, model, life_years, price_vnd, price_day, picture, note, version"
_USED = (
    "SELECT json_extract(r.body, '$.vendor') v, json_extract(r.body, '$.model') m, count(*) n, "
    "min(i.class) FROM register r JOIN register_index i ON i.id = r.id "
    "WHERE NOT i.removed AND NOT i.hidden AND v <> '' AND m <> '' GROUP BY v, m"
)


def models(connection: sqlite3.Connection, asset_class: AssetClass | None = None) -> list[Model]:
    """What was entered, by maker and model, with how many assets are of it."""
    where = "" if asset_class is None else "AND class = ?"
    bound = () if asset_class is None else (asset_class.value,)
    used: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(_USED):
        used[_key(row[0], row[1])] += row[2]
    rows = connection.execute(
        f"SELECT {_ROW} FROM models WHERE removed_at_s IS NULL {where} "
        "ORDER BY vendor COLLATE NOCASE, model COLLATE NOCASE",
        bound,
    )
    found = (_model(row) for row in rows)
    return [replace(m, assets=used[_key(m.vendor, m.model)]) for m in found]


def unlisted(connection: sqlite3.Connection, limit: int) -> list[Model]:
    """What assets are of and nobody entered, the commonest first."""
    known = {
        _key(*row)
        for row in connection.execute("SELECT vendor, model FROM models WHERE removed_at_s IS NULL")
    }
    rows = sorted(connection.execute(_USED), key=lambda row: (-row[2], row[0], row[1]))
    return [
        Model(AssetClass(row[3]), row[0], row[1], assets=row[2])
        for row in rows
        if _key(row[0], row[1]) not in known
    ][:limit]


def model_by_id(connection: sqlite3.Connection, id_: int, *, removed: bool = False) -> Model | None:
    """One model that stands, or one that was removed."""
    word = "NOT NULL" if removed else "NULL"
    row = connection.execute(
        f"SELECT {_ROW} FROM models WHERE id=? AND removed_at_s IS {word}", (id_,)
    ).fetchone()
    return None if row is None else _model(row)


def model_named(connection: sqlite3.Connection, vendor: str, model: str) -> Model | None:
    """The model of that maker and name."""
    row = connection.execute(
        f"SELECT {_ROW} FROM models WHERE removed_at_s IS NULL AND vendor=? COLLATE NOCASE "
        "AND model=? COLLATE NOCASE",
        (vendor, model),
    ).fetchone()
    return None if row is None else _model(row)


def add_model(connection: sqlite3.Connection, model: Model) -> int:
    """Keep a new model; its id."""
    row = connection.execute(
        "INSERT INTO models (class, vendor, model, life_years, price_vnd, price_day, picture, "
        "note, version) VALUES (?,?,?,?,?,?,?,?,1) RETURNING id",
        _values(model),
    ).fetchone()
    return int(row[0])


def update_model(connection: sqlite3.Connection, model: Model) -> None:
    """A model as it is from now on, one version later."""
    connection.execute(
        "UPDATE models SET class=?, vendor=?, model=?, life_years=?, price_vnd=?, price_day=?, "
        "picture=?, note=?, version=version+1 WHERE id=?",
        (*_values(model), model.id),
    )


def set_removed(connection: sqlite3.Connection, id_: int, at_s: float | None) -> None:
    """A model is removed since a moment, or not any more."""
    connection.execute("UPDATE models SET removed_at_s=? WHERE id=?", (at_s, id_))


def pictures(connection: sqlite3.Connection) -> set[str]:
    """The digests of all pictures."""
    rows = connection.execute("SELECT DISTINCT picture FROM models WHERE picture <> ''")
    return {row[0] for row in rows}


def _values(model: Model) -> tuple[Any, ...]:
    return (
        model.asset_class.value,
        model.vendor,
        model.model,
        model.life_years,
        model.price_vnd,
        model.price_day or None,
        model.picture or None,
        model.note,
    )


def _model(row: tuple[Any, ...]) -> Model:
    (id_, asset_class, vendor, model, life, price, day, picture, note, version) = row
    return Model(
        AssetClass(asset_class),
        vendor,
        model,
        life,
        price,
        day or "",
        picture or "",
        note,
        id_,
        version,
    )


def _key(vendor: str, model: str) -> tuple[str, str]:
    return vendor.casefold(), model.casefold()
