"""Sheets as people make them, before a register over a real database."""

import csv
import itertools

import openpyxl
import pytest

from config.assets import Asset
from config.sections import Settings
from inventory.register.checks import Rules
from inventory.register.entry import Actor, Query
from inventory.register.register import Register
from inventory.sheets.fields import field_of
from inventory.sheets.header import columns_of, find_header
from inventory.sheets.plan import plan_import
from inventory.sheets.reader import read
from inventory.sheets.table import read_table
from inventory.sheets.values import reading
from inventory.store.desk import DirectDesk
from inventory.store.writer import Writer

COMMUNES = {"22849": "Xã Thuận Bắc", "22840": "Xã Bắc Ái", "00267": "Xã Đa Phúc"}
HEADER = ["Mã tài sản", "Tên tài sản", "Loại tài sản", "Mã xã"]


class TickingClock:
    """A second passes with every look at it."""

    def __init__(self):
        self._seconds = itertools.count(1_795_000_000)

    def wall(self):
        return float(next(self._seconds))

    def monotonic(self):
        return 0.0


def asset(tag="PC-1", **more):
    values = {"tag": tag, "name": f"Máy {tag}", "class": "desktop", "commune": "22849", **more}
    return Asset.model_validate(values)


@pytest.fixture
def make_asset():
    return asset


@pytest.fixture
def header():
    return list(HEADER)


@pytest.fixture
def communes():
    return dict(COMMUNES)


@pytest.fixture
def lan():
    return Actor("lan", "import")


@pytest.fixture
def rules():
    settings = Settings.model_validate({"communes": [{"code": code} for code in COMMUNES]})
    return Rules(settings, COMMUNES)


@pytest.fixture
def desk(tmp_path):
    writer = Writer(tmp_path / "hatang.db")
    yield DirectDesk(writer)
    writer.close(clean=True)


@pytest.fixture
def clock():
    return TickingClock()


@pytest.fixture
def register(desk, rules, clock):
    return Register(desk, lambda: rules, clock)


@pytest.fixture
def everything(register):
    return lambda: register.search(Query(limit=None)).entries


@pytest.fixture
def make_sheet(tmp_path):
    """Rows -> a file with them, made by openpyxl or csv."""

    def make(rows, name="sheet.xlsx"):
        path = tmp_path / name
        if path.suffix == ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
            return path
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
        return path

    return make


@pytest.fixture
def read_sheet(tmp_path):
    """A file -> its table, as the process of its own reads it."""

    def read_it(path):
        result = tmp_path / "table.jsonl"
        read(path, result)
        return read_table(result)

    return read_it


@pytest.fixture
def plan_of(read_sheet, everything, rules, desk, communes):
    """A file -> what importing it would do."""

    def plan(path, knows=field_of, chosen=None, defaults=None):
        header = find_header(read_sheet(path), knows)
        columns = columns_of(header, chosen or {}, knows)
        how = reading(communes, "vi")
        entries = everything()
        return desk.read(lambda c: plan_import(header, columns, entries, rules, how, c, defaults))

    return plan
