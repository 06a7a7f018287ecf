"""How long operating systems are supported: the shipped table and one's own rows."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from inventory.readiness import os_support
from inventory.readiness.os_support import is_supported, read_table, support_of

DAY = dt.date(2026, 11, 25)
HEAD = "prefix,supported_until,source\n"


@pytest.mark.parametrize(
    ("os", "until"),
    [
        ("Windows 7 Pro", "2020-01-14"),
        ("Windows 8", "2016-01-12"),
        ("Windows 8.1", "2023-01-10"),
        ("Microsoft Windows 10 Pro", "2025-10-14"),
        ("Windows 10 Enterprise LTSC 2021", "2027-01-12"),
        ("Windows 10 Enterprise 1909", "2022-05-10"),
        ("Windows 11 Pro, version 24H2", "2026-10-13"),
        ("Windows 11 Education 24H2", "2027-10-12"),
        ("Windows Server 2012 R2 Standard", "2023-10-10"),
        ("Debian GNU/Linux 12 (bookworm)", "2028-06-30"),
        ("Ubuntu 22.04.3 LTS", "2027-04-01"),
        ("CentOS Linux 7.9.2009", "2024-06-30"),
        ("Red Hat Enterprise Linux 8.4", "2029-05-31"),
        ("FortiOS 7.2.8", "2026-09-30"),
    ],
)
def test_the_edition_does_not_hide_the_version(os, until):
    last = dt.date.fromisoformat(until)
    assert support_of(os).until == last
    assert is_supported(os, last)
    assert not is_supported(os, last + dt.timedelta(days=1))


@pytest.mark.parametrize(
    "os",
    ["", "BeOS", "Windows", "Windows 100", "Windows 11 Pro", "Windows 11 Enterprise", "Debian"],
)
def test_an_unknown_version_is_unknown(os):
    assert support_of(os) is None
    assert is_supported(os, DAY) is None


def test_every_row_has_a_source_and_stands_once():
    path = Path(os_support.__file__).parents[1] / "data" / "os_support.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["source"] for row in rows)
    assert len({row["prefix"] for row in rows}) == len(rows) > 80


def test_a_row_of_ones_own_is_added_or_replaces_the_shipped_one(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(
        HEAD + "windows 10,2028-10-10,Hợp đồng ESU 12/HĐ\nastra 1.7,,Nhà sản xuất\n",
        encoding="utf-8",
    )
    table = read_table(own)
    assert is_supported("Windows 10 Pro", DAY, table)
    assert table.of("Windows 10 Pro").source == "Hợp đồng ESU 12/HĐ"
    assert is_supported("Astra 1.7", DAY, table)
    assert table.of("Astra 1.7").until is None
    assert is_supported("Windows 7", DAY, table) is False
    assert is_supported("Windows 10 Pro", DAY) is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prefix,until\n", "the first line must be"),
        (HEAD + "beos,2026-13-01,x\n", "own.csv:2: '2026-13-01' is no day"),
        (HEAD + "beos,2026-12-01,x\n,2026-12-01,x\n", "own.csv:3: prefix"),
    ],
)
def test_a_wrong_file_says_where(tmp_path, text, said):
    own = tmp_path / "own.csv"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        read_table(own)


def test_a_device_that_invents_names_fills_no_memory(monkeypatch):
    monkeypatch.setattr(os_support, "KNOWN_MAX", 3)
    table = read_table(None)
    found = [table.of(f"Windows 7 build {n}") for n in range(10)]
    assert {f.until for f in found} == {dt.date(2020, 1, 14)}
    assert len(table._known) <= 3
