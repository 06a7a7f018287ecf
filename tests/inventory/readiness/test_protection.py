"""Programs that protect, recognised in what devices say runs and is installed."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from inventory.equipment import ProgramReading
from inventory.readiness import protection
from inventory.readiness.protection import programs_seen, protection_in


def test_every_row_names_a_kind_that_a_profile_can_ask_for():
    path = Path(protection.__file__).parents[1] / "data" / "protection.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["kind"] for row in rows} == {"antivirus", "firewall", "backup"}
    assert all(row["beginning"] == row["beginning"].lower() and row["product"] for row in rows)


def test_what_is_installed_but_does_not_run_protects_only_where_nothing_says_what_runs():
    clam = ProgramReading("clamav-daemon", "2026-11-01")
    assert protection_in([clam]) == {"antivirus": "ClamAV"}
    assert protection_in([clam, ProgramReading("sshd", running=True)]) == {}
    assert protection_in([clam, ProgramReading("clamd", running=True)]) == {"antivirus": "ClamAV"}


def test_a_backup_program_need_not_run():
    found = protection_in([ProgramReading("restic"), ProgramReading("sshd", running=True)])
    assert found == {"backup": "restic"}


@pytest.mark.parametrize(
    ("programs", "is_whole", "changed"),
    [
        ([ProgramReading("sshd", running=True)], False, None),
        ([ProgramReading("7-Zip")], True, None),
        (
            [ProgramReading("A", "2026-01-02"), ProgramReading("B", "2025-01-02")],
            True,
            "2026-01-02",
        ),
        ([ProgramReading(f"p{n}") for n in range(3000)], False, None),
        ([], False, None),
    ],
)
def test_what_runs_alone_or_a_list_cut_short_is_no_whole_list(programs, is_whole, changed):
    seen = programs_seen(programs, 5.0)
    day = None if changed is None else dt.date.fromisoformat(changed)
    assert (seen.is_whole, seen.changed_on, seen.at_s) == (is_whole, day, 5.0)
