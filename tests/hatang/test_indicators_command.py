"""`hatang indicators`: alone and beside a daemon, which evaluates what was declared."""

import asyncio
import csv
import json
import time

import pytest
from typer.testing import CliRunner

from hatang.cli import application
from hatang.daemon import Daemon
from hatang.plan import read_plan


@pytest.fixture
def environment(monkeypatch, canary):
    monkeypatch.setenv("HATANG_TEST_COMMUNITY", canary)


@pytest.fixture
def here(environment):
    """Runs one command in this process: here("indicators", "list") -> result."""
    return lambda *arguments: CliRunner().invoke(application(), [str(one) for one in arguments])


def of(done):
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def until(found):
    """What `found()` gives once that is something, within a minute."""
    ends = time.monotonic() + 60
    while (result := found()) is None and time.monotonic() < ends:
        time.sleep(0.05)
    return result


def test_values_are_set_listed_and_come_back_in_a_sheet_and_a_wrong_one_changes_nothing(
    here, district, host_asset, tmp_path
):
    config = district(host_asset)
    done = here(
        *("indicators", "set", "22849", "staff-trained", "85 %", "--as-of", "2026-01-01"),
        *("--document", "BC 7", "--by", "Lan", "-c", config),
    )
    assert done.exit_code == 0, done.stderr
    assert "22849 staff-trained: 85 % as of 2026-01-01, batch b" in done.stdout
    path = tmp_path / "list.csv"
    assert "rows to" in here("indicators", "export", path, "--form", "list", "-c", config).stdout
    again = of(here("indicators", "import", path, "-c", config, "-f", "json"))
    assert (again["new"], again["changed"], again["refused"], again["batch"]) == (0, 0, 0, None)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = ["22849", "4", "101 %"], ["22849", "5", ""]
        csv.writer(file).writerows([["Mã xã", "desks", "staff-trained"], *rows])
    errors = tmp_path / "errors.xlsx"
    done = here("indicators", "import", path, "-c", config, "-f", "json", "--errors", errors)
    assert (done.exit_code, errors.exists()) == (1, True)
    assert [(row["row"], row["column"]) for row in of(done)["rows"]] == [(2, "C"), (3, "B")]
    wrong = here("indicators", "set", "22849", "staff-trained", "1", "-c", config)
    assert wrong.exit_code == 2
    assert "1 % or 100 %" in wrong.stderr
    listed = of(here("indicators", "list", "-c", config, "-f", "json"))
    rows = {row["indicator"]: row for row in listed}
    one = rows["staff-trained"]
    assert (one["value"], one["by"], one["document"]) == (0.85, "Lan", "BC 7")
    assert (rows["desks"]["value"], rows["desks"]["attention"]) == (None, "missing")


def test_beside_a_daemon_it_does_the_writing_and_evaluates_the_commune(
    hatang, district, host_asset, environment
):
    config = district(host_asset, readiness_every="1h")
    done = {}

    async def story():
        daemon = Daemon(read_plan(config))
        ready = asyncio.Event()
        running = asyncio.create_task(daemon.run(ready))
        await asyncio.wait_for(ready.wait(), 60)
        site = daemon.site

        def value():
            found = site.snapshot.communes["22849"].evaluation
            results = found.results if found else ()
            return next((r.value for r in results if r.requirement == "staff-trained"), None)

        try:
            done["set"] = await asyncio.to_thread(
                hatang, "indicators", "set", "22849", "staff-trained", "85 %", "-c", config
            )
            done["value"] = await asyncio.to_thread(until, value)
            done["shown"] = site.snapshot.communes["22849"].declared.declared["staff-trained"].value
            done["changes"] = await asyncio.to_thread(site.register.changes, kind="indicator")
        finally:
            daemon.stop()
        await running

    asyncio.run(story())
    assert done["set"].returncode == 0, done["set"].stderr
    assert (done["value"], done["shown"]) == (0.85, 0.85)
    assert [(c.subject, c.via) for c in done["changes"]] == [("22849 staff-trained", "cli")]
