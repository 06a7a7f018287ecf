"""An import that is killed while it writes: nothing of it stands, and it can go in again."""

import contextlib
import csv
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inventory.sheets.import_state import State
from inventory.sheets.imports import Imports

ROWS = 1_500
DEADLINE_S = 120.0

JOB = """
import signal, sys, time
from pathlib import Path

from config.sections import Settings
from inventory.clock import SystemClock
from inventory.register.checks import Rules
from inventory.register.entry import Actor
from inventory.register.register import Register
from inventory.sheets.imports import Imports
from inventory.store.desk import direct_desk

database, sheet = map(Path, sys.argv[1:3])
logged = 0


def halt(statement):
    # Inside of the transaction, at its last row but one.
    global logged
    logged += statement.startswith("INSERT INTO changes")
    if logged == int(sys.argv[3]):
        print("writing", flush=True)
        signal.pause()


rules = Rules(Settings.model_validate({"communes": [{"code": "22849"}]}), {"22849": "Xã"})
with direct_desk(database) as desk:
    register = Register(desk, lambda: rules, SystemClock())
    imports = Imports(desk, register, lambda: rules, SystemClock(), database.with_name("imports"))
    with sheet.open("rb") as file:
        id_ = imports.take(sheet.name, file, Actor("lan", "web"))
    while imports.doing(id_):
        time.sleep(0.01)
    print(id_, flush=True)
    desk._writer._connection.set_trace_callback(halt)
    imports.apply(id_, Actor("lan", "web"))
    while imports.doing(id_):
        time.sleep(0.01)
"""


@pytest.fixture
def sheet(tmp_path, header):
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [[f"PC-{n}", f"Máy {n}", "desktop", "22849", "Ghi chú " * 100] for n in range(ROWS)]
        csv.writer(file).writerows([[*header, "Ghi chú"], *rows])
    return path


def until(what):
    """Wait for something that can be seen."""
    ends_s = time.monotonic() + DEADLINE_S
    while not (found := what()):
        assert time.monotonic() < ends_s, "it did not come"
        time.sleep(0.001)
    return found


def counts(database):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("register", "register_index", "changes")
        ]


@pytest.fixture
def imports(desk, register, rules, clock, tmp_path):
    return Imports(desk, register, lambda: rules, clock, tmp_path / "imports")


def test_an_import_that_is_killed_while_it_writes_is_all_or_nothing(tmp_path, sheet, request, lan):
    database = tmp_path / "hatang.db"
    with subprocess.Popen(
        [sys.executable, "-c", JOB, str(database), str(sheet), str(ROWS - 1)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        text=True,
    ) as job:
        id_, state = job.stdout.readline().strip(), job.stdout.readline().strip()
        job.kill()
    assert (state, job.returncode) == ("writing", -signal.SIGKILL)
    # More than fits into SQLite's memory: a part of the rows is on the disk, in its log.
    assert database.with_name("hatang.db-wal").stat().st_size > 1_000_000
    assert counts(database) == [0, 0, 0]

    imports = request.getfixturevalue("imports")  # opens the database, as the next start does
    broken_off = imports.get(id_)
    assert broken_off.state is State.READY
    assert "nothing of it was written" in broken_off.problem[0]
    until(lambda: imports.preview(id_) and not imports.doing(id_))
    assert imports.get(id_).problem == broken_off.problem
    imports.apply(id_, lan)
    until(lambda: not imports.doing(id_))
    assert (imports.get(id_).state, imports.get(id_).problem) == (State.APPLIED, None)
    assert counts(database) == [ROWS, ROWS, ROWS]
