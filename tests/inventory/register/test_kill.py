"""A process that is killed while it applies a batch: all of the batch or nothing of it."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

APPLY_AND_DIE = """
    import os, signal, sys
    from pathlib import Path
    from config.assets import Asset
    from config.sections import Settings
    from inventory.clock import SystemClock
    from inventory.register.checks import Rules
    from inventory.register.entry import Actor, Create, Edit
    from inventory.register.register import Register
    from inventory.store.connect import sqlite3
    from inventory.store.desk import direct_desk

    left = int(sys.argv[2])

    def trace(statement):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def asset(number):
        values = {"tag": f"PC-{number}", "name": "PC", "class": "desktop", "commune": "22849"}
        return Asset.model_validate(values)

    settings = Settings.model_validate({"communes": [{"code": "22849"}]})
    rules = Rules(settings, {"22849": "Xã"})
    with direct_desk(Path(sys.argv[1])) as desk:
        register = Register(desk, lambda: rules, SystemClock())
        steps = [Create(asset(n)) for n in range(1, 300)] + [Edit("PC-0", {"tag": "PC-300"})]
        if left < 0:
            register.create(asset(0), Actor("lan", "cli"))
            sys.exit()

        def traced(connection, done):
            print("written", flush=True)
            if sys.argv[2] == "0":
                os.kill(os.getpid(), signal.SIGKILL)

        desk._writer._connection.set_trace_callback(trace)
        register.apply(steps, Actor("lan", "cli"), reason="import", also=traced)
        desk._writer._connection.set_trace_callback(None)
    print("committed", flush=True)
"""


def run(database, statement):
    lines = APPLY_AND_DIE.splitlines()
    program = "\n".join(line.removeprefix("    ") for line in lines)
    return subprocess.run(
        [sys.executable, "-c", program, str(database), str(statement)],
        capture_output=True,
        text=True,
        timeout=300,
    )


def rows(database):
    """How many stand in each table, and whether the two that belong together agree."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return tuple(
            connection.execute(sql).fetchone()[0]
            for sql in (
                "SELECT count(*) FROM register",
                "SELECT count(*) FROM register_index",
                "SELECT count(*) FROM changes",
                "SELECT count(*) FROM register WHERE tag = 'PC-300'",
                "SELECT count(*) FROM register_index WHERE tag = 'PC-300'",
            )
        )


@pytest.mark.parametrize("statement", [40, 900, 0])
def test_a_batch_that_is_killed_leaves_all_or_nothing(tmp_path, statement):
    database = tmp_path / "hatang.db"
    assert run(database, -1).returncode == 0
    before = rows(database)
    assert before == (1, 1, 1, 0, 0)
    killed = run(database, statement)
    assert killed.returncode == -9, killed.stderr
    assert ("written" in killed.stdout) == (statement == 0)
    assert rows(database) == before
    finished = run(database, 10**9)
    assert "committed" in finished.stdout, finished.stderr
    assert rows(database) == (300, 300, 301, 1, 1)
