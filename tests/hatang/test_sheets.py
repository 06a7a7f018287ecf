"""`hatang assets export` and `import`, alone and beside a daemon."""

import asyncio
import csv
import json
import threading

import pytest

from hatang.daemon import Daemon
from hatang.plan import read_plan

HEADER = ["Mã tài sản", "Tên tài sản", "Loại tài sản", "Mã xã"]


@pytest.fixture
def environment(monkeypatch, canary):
    monkeypatch.setenv("HATANG_TEST_COMMUNITY", canary)


@pytest.fixture
def sheet(tmp_path):
    def make(*rows, header=HEADER):
        path = tmp_path / "sheet.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return make


def of(done):
    return json.loads(done.stdout)


def test_a_sheet_goes_in_and_an_untouched_export_changes_nothing(
    hatang, district, host_asset, sheet, tmp_path
):
    config = district(host_asset)
    path = sheet(["PC-1", "Máy =1", "PC", "22849"], ["", "=cmd|' /C calc'!A0", "Máy in", "22849"])
    dry = of(hatang("assets", "import", path, "-c", config, "--dry-run", "-f", "json"))
    assert (dry["new"], dry["refused"], dry["batch"]) == (2, 0, None)
    done = hatang("assets", "import", path, "-c", config, "-f", "json")
    assert done.returncode == 0
    assert of(done)["new"] == 2
    assert of(done)["batch"]
    for name in ("all.xlsx", "all.csv"):
        out = tmp_path / name
        assert "Wrote 3 assets" in hatang("assets", "export", out, "-c", config).stdout
        again = of(hatang("assets", "import", out, "-c", config, "-f", "json"))
        counts = {key: again[key] for key in ("new", "changed", "same", "refused")}
        assert counts == {"new": 0, "changed": 0, "same": 3, "refused": 0}
    listed = of(hatang("assets", "-c", config, "-f", "json"))
    assert [row["tag"] for row in listed] == ["SRV-1", "PC-1", "PR-22849-001"]
    english = tmp_path / "en.csv"
    hatang("assets", "export", english, "-c", config, "--language", "en")
    assert english.read_text(encoding="utf-8-sig").startswith("Hatang number,Asset tag,Name,")
    before = tmp_path / "before.csv"
    assert (
        "Wrote 0 assets"
        in hatang("assets", "export", before, "-c", config, "--as-of", "2020-01-01").stdout
    )


def test_a_wrong_sheet_changes_nothing_and_accounts_for_every_row(
    hatang, district, host_asset, sheet, tmp_path
):
    config = district(host_asset)
    path = sheet(["PC-1", "Máy", "PC", "22849"], ["PC-2", "", "PC", "99999"])
    errors = tmp_path / "errors.xlsx"
    done = hatang("assets", "import", path, "-c", config, "-f", "json", "--errors", errors)
    assert done.returncode == 1
    found = of(done)
    assert [found[key] for key in ("new", "changed", "same", "refused")] == [1, 0, 0, 1]
    row, other = found["rows"]
    assert (row["row"], row["column"], row["title"]) == (3, "D", "Mã xã")
    assert "22849 Xã Thuận Bắc" in row["reason"]
    assert (other["row"], other["field"], other["reason"]) == (3, "name", "must not be empty")
    assert errors.exists()
    table = hatang("assets", "import", path, "-c", config)
    assert "nothing was changed" in table.stdout
    assert not (config.parent / "data").exists()


def test_what_is_no_sheet_is_said_in_one_line(hatang, district, host_asset, tmp_path):
    config, path = district(host_asset), tmp_path / "a.xlsx"
    path.write_bytes(b"PK half")
    done = hatang("assets", "import", path, "-c", config)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("half a file; copy or send it again")
    missing = hatang("assets", "import", tmp_path / "none.xlsx", "-c", config)
    assert missing.returncode == 1
    assert "No such file" in missing.stderr
    wrong = hatang("assets", "import", path, "-c", config, "--map", "sap")
    assert wrong.returncode == 2
    assert "glpi" in wrong.stderr


def test_a_daemon_writes_what_a_command_hands_it(environment, hatang, district, host_asset, sheet):
    config = district(host_asset)
    path = sheet(["PC-1", "Máy", "PC", "22849"], ["PC-2", "Máy", "PC", "22849"])
    done, threads = {}, threading.active_count()

    async def story():
        daemon = Daemon(read_plan(config))
        ready = asyncio.Event()
        running = asyncio.create_task(daemon.run(ready))
        await asyncio.wait_for(ready.wait(), 60)
        try:
            for name in ("first", "again"):
                done[name] = await asyncio.to_thread(
                    hatang, "assets", "import", path, "-c", config, "-f", "json"
                )
            done["changes"] = await asyncio.to_thread(
                daemon.site.register.changes, batch=of(done["first"])["batch"]
            )
        finally:
            daemon.stop()
        await running

    asyncio.run(story())
    assert of(done["first"])["new"] == 2, done["first"].stderr
    assert of(done["again"])["same"] == 2
    assert {(c.subject, c.via) for c in done["changes"]} == {("PC-1", "cli"), ("PC-2", "cli")}
    assert threading.active_count() < threads + 20


def test_the_map_of_another_program_is_used(hatang, district, host_asset, sheet):
    path = sheet(
        ["PC-KT", "HP", "S1", "Desktop", "ProDesk"],
        header=["Name", "Manufacturer", "Serial number", "Type", "Model"],
    )
    options = ("--map", "glpi", "--commune", "22849", "--dry-run", "-f", "json")
    found = of(hatang("assets", "import", path, "-c", district(host_asset), *options))
    assert (found["new"], found["refused"]) == (1, 0)
