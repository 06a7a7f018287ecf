"""Makes inventory/data/units.csv from the data of vietnamadminunits (MIT); see docs/units.md.

pip install vietnamadminunits        # into an environment of its own
python docs/make_units.py FOLDER_OF_THE_PACKAGE/data inventory/data/units.csv
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

KNOWN_FROM = "2025-03-01"
"""The last change before the reform that the source has: the city of Phú Mỹ (1365/NQ-UBTVQH15)."""

REFORM = "2025-07-01"
LAST_DAY_BEFORE = "2025-06-30"

AMENDED = (
    # Resolution 30/2026/QH16: a province becomes a city under the centre.
    ("2026-04-30", "Thành phố", "75"),
    # Resolution 237/NQ-UBTVQH16: ten communes of Đồng Nai become wards.
    (
        "2026-04-30",
        "Phường",
        "25270 25357 25363 26116 26170 26248 26326 26368 26425 26485",
    ),
    # Resolution 36/2026/QH16.
    ("2026-09-01", "Thành phố", "22"),
    # Resolution 39/2026/QH16.
    ("2026-09-20", "Thành phố", "24"),
    # Resolution 388/NQ-UBTVQH16: twelve communes of Bắc Ninh become wards.
    (
        "2026-09-20",
        "Phường",
        "07294 07375 07399 07444 07840 09193 09292 09313 09319 09454 09475 09496",
    ),
)
"""(first day, type word from then on, codes) of units that kept code, shape and parent."""

ASTRAY_KM = 30.0
"""A commune's point is not believed when all that it was made of lies further away."""

NO_HEIR = ("31379", "31582")
"""Phú Tân in Châu Thành of Hậu Giang has in the source the point and the heir of Phú Tân in
Châu Thành of Sóc Trăng."""

HEADER = (
    *("code", "level", "name", "parent", "valid_from", "valid_to"),
    *("successors", "latitude", "longitude", "area_km2"),
)
_TWO_CAPITALS = re.compile("^(Thị Xã|Thị Trấn|Thành Phố) ")

Row = tuple[str, ...]
Heirs = dict[str, set[str]]
"""Key of a former commune -> codes of the communes of today that took its place."""


def main(folder: Path, target: Path) -> None:
    """Write the table: what is today and what was, each by level, code and day."""
    database = sqlite3.connect(folder / "dataset.db")
    database.row_factory = sqlite3.Row
    today = database.execute("SELECT * FROM admin_units").fetchall()
    before = database.execute("SELECT * FROM admin_units_legacy").fetchall()
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    heirs = _heirs(today, before, converter)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        now = _amended(set(_today(today, _astray(today, before, heirs))))
        for rows in (now, _before(today, before, heirs, converter["DICT_PROVINCE"])):
            named = {(*row[:2], _spelled(row[2]), *row[3:]) for row in rows}
            writer.writerows(sorted(named, key=lambda row: (row[1], row[0], row[4])))


def _today(rows: list[sqlite3.Row], astray: set[str]) -> Iterator[Row]:
    for r in rows:
        where = _degrees(r["provinceLat"], r["provinceLon"])
        yield (r["provinceCode"], "province", r["province"], "", REFORM, "", "", *where, "")
        code, name, parent = r["wardCode"], r["ward"], r["provinceCode"]
        where = ("", "") if code in astray else _degrees(r["wardLat"], r["wardLon"])
        area = f"{r['wardAreaKm2']:g}" if r["wardAreaKm2"] else ""
        yield (code, "commune", name, parent, REFORM, "", "", *where, area)


def _amended(rows: set[Row]) -> Iterator[Row]:
    """The rows with a second one where a unit has had another type word since."""
    changes = {code: (day, word) for day, word, codes in AMENDED for code in codes.split()}
    for row in rows:
        code, level, name, parent, first, _, _, *rest = row
        if code not in changes:
            yield row
            continue
        day, word = changes.pop(code)
        last = (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()
        yield (code, level, name, parent, first, last, code, *rest)
        own = name.removeprefix("Tỉnh ").removeprefix("Xã ")
        yield (code, level, f"{word} {own}", parent, day, "", "", *rest)
    if changes:
        raise SystemExit(f"not in the source: {', '.join(changes)}")


def _spelled(name: str) -> str:
    """The name with its type word as all others have it: the source has a few as Thị Xã."""
    return _TWO_CAPITALS.sub(lambda found: found[0].capitalize(), name)


def _before(
    today: list[sqlite3.Row],
    before: list[sqlite3.Row],
    heirs: Heirs,
    provinces: dict[str, list[str]],
) -> Iterator[Row]:
    codes = {r["provinceKey"]: r["provinceCode"] for r in today}
    became = {former: codes[key] for key, many in provinces.items() for former in many}
    end = (KNOWN_FROM, LAST_DAY_BEFORE)
    for r in before:
        heir = became.get(r["provinceKey"], "")
        where = _degrees(r["provinceLat"], r["provinceLon"])
        yield (r["provinceCode"], "province", r["province"], "", *end, heir, *where, "")
        if not r["districtCode"]:
            continue
        found = " ".join(sorted(heirs.get(_key(r), ())))
        where = _degrees(r["districtLat"], r["districtLon"])
        code, name, parent = r["districtCode"], r["district"], r["provinceCode"]
        without_communes = "" if r["wardCode"] else found
        yield (code, "district", name, parent, *end, without_communes, *where, "")
        if r["wardCode"]:
            where = _degrees(r["wardLat"], r["wardLon"])
            yield (r["wardCode"], "commune", r["ward"], code, *end, found, *where, "")


def _heirs(
    today: list[sqlite3.Row], before: list[sqlite3.Row], converter: dict[str, dict]
) -> Heirs:
    """What became of each former commune.

    Of former communes with one name in one province of today the source gives each the heirs of
    all. Such an heir is the former commune's whose main heir it is, or else the nearest one's.
    """
    codes = {(r["provinceKey"], r["wardKey"]): r["wardCode"] for r in today}
    heirs: Heirs = defaultdict(set)
    main_heir: dict[str, str] = {}
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, former in wards.items():
            for key in former:
                heirs[key].add(codes[province, ward])
                main_heir[key] = codes[province, ward]
    for province, former in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in former.items():
            for part in parts:
                heirs[key].add(codes[province, part["newWardKey"]])
                if part["isDefaultNewWard"]:
                    main_heir[key] = codes[province, part["newWardKey"]]
    rows = {_key(r): r for r in before}
    points = {r["wardCode"]: r for r in today}
    claims: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, found in heirs.items():
        for code in found:
            claims[rows[key]["wardKey"] or key, code].append(key)
    for (_, code), keys in claims.items():
        if len(keys) > 1:
            own = {key for key in keys if main_heir.get(key) == code}
            near = min(keys, key=lambda key: _km(rows[key], points[code]))
            for key in set(keys) - (own or {near}):
                heirs[key].discard(code)
    former, heir = NO_HEIR
    heirs[next(key for key, r in rows.items() if r["wardCode"] == former)].remove(heir)
    return heirs


def _astray(today: list[sqlite3.Row], before: list[sqlite3.Row], heirs: Heirs) -> set[str]:
    """Codes of today's communes whose point cannot be theirs."""
    nearest: dict[str, float] = {}
    points = {r["wardCode"]: r for r in today}
    for r in before:
        for code in heirs.get(_key(r), ()):
            km = _km(r, points[code])
            nearest[code] = min(km, nearest.get(code, km))
    return {code for code, km in nearest.items() if ASTRAY_KM < km < math.inf}


def _key(former: sqlite3.Row) -> str:
    return f"{former['provinceKey']}_{former['districtKey']}_{former['wardKey'] or ''}"


def _km(one: sqlite3.Row, other: sqlite3.Row) -> float:
    """Between the points of two communes, near enough for Viet Nam; inf where one has none."""
    if None in (one["wardLat"], other["wardLat"]):
        return math.inf
    north = one["wardLat"] - other["wardLat"]
    east = (one["wardLon"] - other["wardLon"]) * math.cos(math.radians(one["wardLat"]))
    return 111.2 * math.hypot(north, east)


def _degrees(latitude: float | None, longitude: float | None) -> tuple[str, str]:
    if latitude is None or longitude is None:
        return "", ""
    return f"{latitude:.4f}", f"{longitude:.4f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
