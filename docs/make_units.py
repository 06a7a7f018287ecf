"""Makes inventory/data/units.csv from the data of vietnamadminunits (MIT); see docs/units.md.

pip install vietnamadminunits        # into an environment of its own
python docs/make_units.py FOLDER_OF_THE_PACKAGE/data inventory/data/units.csv
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

KNOWN_FROM = "2025-01-01"
REFORM = "2025-07-01"
LAST_DAY_BEFORE = "2025-06-30"
HEADER = (
    *("code", "level", "name", "parent", "valid_from", "valid_to"),
    *("successors", "latitude", "longitude", "area_km2"),
)


def main(folder: Path, target: Path) -> None:
    """Write the table, units of one level and period together, by code."""
    database = sqlite3.connect(folder / "dataset.db")
    database.row_factory = sqlite3.Row
    today = database.execute("SELECT * FROM admin_units").fetchall()
    before = database.execute("SELECT * FROM admin_units_legacy").fetchall()
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for rows in (_today(today), _before(before, today, converter)):
            writer.writerows(sorted(set(rows), key=lambda row: (row[4], row[1], row[0])))


def _today(rows: list[sqlite3.Row]) -> Iterator[tuple[str, ...]]:
    for r in rows:
        where = _degrees(r["provinceLat"], r["provinceLon"])
        yield (r["provinceCode"], "province", r["province"], "", REFORM, "", "", *where, "")
        where = _degrees(r["wardLat"], r["wardLon"])
        area = f"{r['wardAreaKm2']:g}" if r["wardAreaKm2"] else ""
        code, name, parent = r["wardCode"], r["ward"], r["provinceCode"]
        yield (code, "commune", name, parent, REFORM, "", "", *where, area)


def _before(
    rows: list[sqlite3.Row], today: list[sqlite3.Row], converter: dict[str, dict]
) -> Iterator[tuple[str, ...]]:
    communes, provinces = _successors(today, converter)
    end = (KNOWN_FROM, LAST_DAY_BEFORE)
    for r in rows:
        heir = provinces.get(r["provinceKey"], "")
        where = _degrees(r["provinceLat"], r["provinceLon"])
        yield (r["provinceCode"], "province", r["province"], "", *end, heir, *where, "")
        if not r["districtCode"]:
            continue
        key = f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey'] or ''}"
        heirs = " ".join(sorted(communes.get(key, ())))
        where = _degrees(r["districtLat"], r["districtLon"])
        code, name, parent = r["districtCode"], r["district"], r["provinceCode"]
        without_communes = "" if r["wardCode"] else heirs
        yield (code, "district", name, parent, *end, without_communes, *where, "")
        if r["wardCode"]:
            where = _degrees(r["wardLat"], r["wardLon"])
            yield (r["wardCode"], "commune", r["ward"], code, *end, heirs, *where, "")


def _successors(
    today: list[sqlite3.Row], converter: dict[str, dict]
) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Key of a former commune -> codes of today; key of a former province -> code of today."""
    codes = {(r["provinceKey"], r["wardKey"]): r["wardCode"] for r in today}
    province_codes = {r["provinceKey"]: r["provinceCode"] for r in today}
    communes: dict[str, set[str]] = defaultdict(set)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, former in wards.items():
            for key in former:
                communes[key].add(codes[province, ward])
    for province, former in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in former.items():
            communes[key].update(codes[province, part["newWardKey"]] for part in parts)
    provinces = {
        key: province_codes[province]
        for province, former in converter["DICT_PROVINCE"].items()
        for key in former
    }
    return communes, provinces


def _degrees(latitude: float | None, longitude: float | None) -> tuple[str, str]:
    if latitude is None or longitude is None:
        return "", ""
    return f"{latitude:.4f}", f"{longitude:.4f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
