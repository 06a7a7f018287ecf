"""Listing and searching 50,000 registered assets through the web application, beside plain SQL over
the very same database. Alone: `python -m bench.register`.

Plain SQL is what a form over a database does: LIKE over the same text, ORDER BY by code points,
a count and a page. It sorts no Vietnamese and folds nothing, and stands for the least that any
other system pays.
"""

from __future__ import annotations

import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx

from bench.measured import ROUNDS, times_ms
from bench.register_site import client_of
from config.assets import Asset, AssetClass, AssetStatus
from config.sections import Settings
from hatang.daemon import tune_python
from inventory.alphabet import folded
from inventory.clock import SystemClock
from inventory.register.checks import Rules
from inventory.register.entry import SYSTEM, Create, Query
from inventory.register.register import Register
from inventory.store.desk import direct_desk

ASSETS = 50_000

CODES = [f"{22800 + number}" for number in range(40)]
_THINGS = ("Máy chủ", "Máy tính để bàn", "Máy in", "Bộ chuyển mạch", "Máy quét", "Bộ lưu điện")
_PEOPLE = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Đức Dũng", "Phạm Ánh Hồng", "Đỗ Thị Ấm")
_QUERIES = {
    "the first page by tag": Query(),
    "one serial number": Query("SN0012345"),
    "'may', most of all": Query("may"),
    "three words": Query("nguyen an hp"),
    "by name, page 800": Query(sort="name", offset=40_000),
    "five communes, two classes, in use, by custodian": Query(
        communes=frozenset(CODES[:5]),
        classes=(AssetClass.PRINTER, AssetClass.SERVER),
        statuses=(AssetStatus.IN_USE,),
        sort="custodian",
        descending=True,
    ),
}


def measure_register() -> dict[str, float]:
    """Figure -> value; times of the processor where it says CPU, else on the clock."""
    tune_python()
    settings = Settings.model_validate({"communes": [{"code": code} for code in CODES]})
    rules = Rules(settings, {code: f"Xã {code}" for code in CODES})
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "hatang.db"
        with direct_desk(database) as desk:
            register = Register(desk, lambda: rules, SystemClock())
            steps = [Create(asset) for asset in assets()]
            began = time.perf_counter()
            register.apply(steps, SYSTEM, reason="bench")
            figures = {f"{ASSETS} assets registered in one batch: s": time.perf_counter() - began}
            with client_of(database, desk, register, settings) as client:
                figures |= _pages(client, database, register)
    return figures


def _pages(client: httpx.Client, database: Path, register: Register) -> dict[str, float]:
    figures: dict[str, float] = {}

    def page(query: Query) -> int:
        with client.stream("GET", f"/assets?{_asked(query)}") as found:
            assert found.status_code == 200
            return sum(map(len, found.iter_raw()))

    for what, query in _QUERIES.items():
        figures[f"{what}: page, kB on the wire"] = page(query) / 1000
        with closing(sqlite3.connect(database)) as plain:
            for by, work in (
                ("page", partial(page, query)),
                ("register alone", partial(register.search, query)),
                ("plain SQL", partial(_in_sql, plain, query)),
            ):
                figures |= {f"{what}: {by}, {name}": ms for name, ms in times_ms(work).items()}
    edits = iter(range(ROUNDS))
    after = times_ms(
        partial(page, Query("may", sort="name")),
        lambda: register.edit("PC-00001", {"room": f"P. {next(edits)}"}, SYSTEM),
    )
    return figures | {f"a search after an edit: page, {name}": ms for name, ms in after.items()}


def assets() -> Iterator[Asset]:
    """A register of 50,000, the same each time."""
    chance = random.Random(1)
    for number in range(ASSETS):
        yield Asset.model_validate(
            {
                "tag": f"PC-{number:05}",
                "name": f"{chance.choice(_THINGS)} số {number % 97}",
                "class": chance.choice(list(AssetClass)).value,
                "commune": chance.choice(CODES),
                "status": chance.choice(list(AssetStatus)).value,
                "site": "Trụ sở UBND xã",
                "room": f"Phòng {number % 30}",
                "custodian": chance.choice(_PEOPLE),
                "vendor": chance.choice(("HP", "Dell", "Canon")),
                "model": f"Model {number % 50}",
                "serial": f"SN{number:07}",
                "price_vnd": chance.randrange(10**6, 10**8),
                "funding": "Ngân sách tỉnh",
                "note": f"Ghi chú của {chance.choice(_PEOPLE)}",
            }
        )


def _in_sql(connection: sqlite3.Connection, query: Query) -> None:
    parts, bound = ["i.removed = 0"], []
    for word in folded(query.text).split():
        parts.append("i.text LIKE ?")
        bound.append(f"%{word}%")
    for column, wanted in (
        ("commune", query.communes or ()),
        ("class", query.classes),
        ("status", query.statuses),
    ):
        if wanted:
            parts.append(f"i.{column} IN (SELECT value FROM json_each(?))")
            bound.append(json.dumps([str(one) for one in wanted]))
    joined = "FROM register r JOIN register_index i ON i.id = r.id WHERE " + " AND ".join(parts)
    way = "DESC" if query.descending else "ASC"
    connection.execute(f"SELECT count(*) {joined}", bound).fetchone()
    connection.execute(
        f"SELECT r.body {joined} ORDER BY json_extract(r.body, '$.{query.sort}') {way} "
        "LIMIT ? OFFSET ?",
        (*bound, query.limit, query.offset),
    ).fetchall()


def _asked(query: Query) -> str:
    """The query as an address of the list has it."""
    pairs = [("q", query.text), ("sort", query.sort), ("page", query.offset // query.limit + 1)]
    pairs += [("commune", code) for code in sorted(query.communes or ())]
    pairs += [("class", one.value) for one in query.classes]
    pairs += [("status", one.value) for one in query.statuses]
    pairs += [("size", query.limit)] + ([("desc", "1")] if query.descending else [])
    return urlencode(pairs)


if __name__ == "__main__":
    for figure, value in measure_register().items():
        print(f"{figure:<80} {value:10.2f}", flush=True)
