"""Sweeps and the inbox from the command line and through a running daemon, with real sockets."""

import json
import os
import re
import signal

import pytest

from tests.free_port import free_port

RANGE = "127.81.0.1-127.81.0.40"
SWEPT = f"""\
discovery:
  find: snmp
  timeout: 3s
  rate: {{rate}}
  port: {{port}}
  communes:
    - {{{{code: "22849", ranges: [{RANGE}], credentials: [lan]{{more}}}}}}
"""


@pytest.fixture
def served(devices):
    """Two simulated devices at 127.81.0.x, on one port that is free: {name: address}."""
    options = ("--address", "127.81.0.7", "--port", str(free_port()))
    return devices("router_mikrotik", "switch_tplink", options=options)


@pytest.fixture
def swept(district, host_asset, served):
    """Writes a configuration that sweeps where the devices are: swept(assets=…, more=…)."""

    def write(assets=host_asset, more="", rate=2000):
        port = next(iter(served.values()))["port"]
        return district(assets, SWEPT.format(port=port, more=more, rate=rate))

    return write


def inbox(hatang, config, *options):
    done = hatang("inbox", "--config", config, "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_sweep_by_hand_prints_what_it_found_and_puts_it_into_the_inbox(hatang, swept, canary):
    config = swept()
    done = hatang("scan", "22849", "--config", config, "--format", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["state"], told["position"], told["total"]) == ("finished", 40, 40)
    assert {(t["vendor"], t["credential"]) for t in told["things"]} == {
        ("MikroTik", "lan"),
        ("TP-Link", "lan"),
    }
    listed = inbox(hatang, config)
    assert {thing["vendor"] for thing in listed} == {"MikroTik", "TP-Link"}
    assert {thing["commune"] for thing in listed} == {"22849"}
    assert canary not in done.stdout + done.stderr


def test_the_table_names_the_asset_that_a_thing_may_be(hatang, swept, host_asset, served):
    address = served["router_mikrotik"]["address"]
    known = (
        f'  - {{tag: RT-9, name: Router, class: router, commune: "22849", address: {address}}}\n'
    )
    config = swept(host_asset + known)
    done = hatang("scan", "22849", "--config", config)
    (line,) = [line for line in done.stdout.splitlines() if address in line]
    assert re.search(r"RT-9\s+same address", line)
    assert {thing["vendor"] for thing in inbox(hatang, config)} == {"TP-Link"}
    assert len(inbox(hatang, config, "--all")) == 2


def test_a_thing_that_is_ignored_leaves_the_list_and_comes_back_when_restored(hatang, swept):
    config = swept()
    hatang("scan", "22849", "--config", config)
    first, second = inbox(hatang, config)
    done = hatang("inbox", "ignore", first["id"], "--reason", "máy của khách", "--config", config)
    assert done.returncode == 0, done.stderr
    assert [thing["id"] for thing in inbox(hatang, config)] == [second["id"]]
    again = hatang("scan", "22849", "--config", config)
    assert again.returncode == 0
    (kept,) = [t for t in inbox(hatang, config, "--all") if t["id"] == first["id"]]
    assert (kept["state"], kept["reason"], kept["count"]) == ("ignored", "máy của khách", 2)
    assert hatang("inbox", "restore", first["id"], "--config", config).returncode == 0
    assert len(inbox(hatang, config)) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("scan", "22850"), 2, "is no range of addresses"),
        (("scan", "10.0.0.0/8"), 2, "at most 4096"),
        (("scan", "22849", "--credential", "lam"), 2, "did you mean lan?"),
        (("scan", "10.9.0.0/24", "--credential", "lan"), 2, "may be offered inside"),
        (("inbox", "ignore", "77", "--reason", "x"), 1, "has no 77"),
        (("inbox", "ignore", "77", "--reason", " "), 2, "say why"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(hatang, swept, arguments, code, said):
    done = hatang(*arguments, "--config", swept())
    assert done.returncode == code
    assert said in " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.stderr).split())


def test_a_sweep_that_was_stopped_by_hand_goes_on_with_the_same_command(
    hatang, start_hatang, swept, wait_for
):
    config = swept(rate=20)
    process = start_hatang("scan", "22849", "--config", config, env={"HATANG_TEST_COMMUNITY": "x"})
    spool = config.parent / "data" / "inbox-spool"
    wait_for("the sweep", lambda: spool.is_dir() and any(spool.glob("*.json")))
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "the same command goes on from there" in told
    assert list(spool.glob("*.json")) == []
    done = hatang("scan", "22849", "--config", config, "--format", "json")
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["things"]) == 2


def test_only_one_sweep_goes_over_a_database_at_a_time(hatang, start_hatang, swept, wait_for):
    config = swept(rate=5)
    process = start_hatang("scan", "22849", "--config", config, env={"HATANG_TEST_COMMUNITY": "x"})
    lock = config.parent / "data" / "hatang.db.sweep.lock"
    wait_for("the sweep", lambda: lock.exists() and lock.read_text().strip())
    second = hatang("scan", "22849", "--config", config)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert second.returncode == 4
    assert f"is in use by another sweep, pid {process.pid}" in second.stderr


def test_with_a_running_daemon_a_sweep_by_hand_reaches_its_inbox(daemon, hatang, swept, wait_for):
    config = swept()
    run = daemon(config)
    assert hatang("scan", "22849", "--config", config).returncode == 0
    wait_for("the inbox", lambda: run.value("hatang_inbox_things", state="new") == 2)
    assert run.value("hatang_scans_total", outcome="finished") == 1
    assert run.value("hatang_scan_addresses_total") == 40
    assert run.value("hatang_sightings_total", how="scan") == 2
    (first, _) = inbox(hatang, config)
    done = hatang("inbox", "ignore", first["id"], "--reason", "khách", "--config", config)
    assert done.returncode == 0, done.stderr
    wait_for("the decision", lambda: run.value("hatang_inbox_things", state="ignored") == 1)
    assert run.stop() == 0
    assert len(inbox(hatang, config)) == 1


def test_the_daemon_sweeps_on_its_schedule_and_goes_on_after_a_restart(
    daemon, hatang, swept, wait_for
):
    config = swept(more=", every: 1d", rate=5)
    run = daemon(config)
    lock = config.parent / "data" / "hatang.db.sweep.lock"
    wait_for("the sweep", lambda: lock.exists() and lock.read_text().strip())
    assert run.stop() == 0
    config = swept(more=", every: 1d")
    again = daemon(config)
    wait_for("the things", lambda: again.value("hatang_inbox_things", state="new") == 2)
    wait_for("the end", lambda: again.value("hatang_scans_total", outcome="finished") == 1)
    assert again.stop() == 0
    assert len(inbox(hatang, config)) == 2


def test_registering_a_thing_and_reloading_settles_it(
    daemon, hatang, swept, host_asset, snmp_asset, served, wait_for
):
    config = swept()
    hatang("scan", "22849", "--config", config)
    run = daemon(config)
    wait_for("two", lambda: run.value("hatang_inbox_things", state="new") == 2)
    swept(host_asset + snmp_asset("RT-1", served["router_mikrotik"]))
    run.send(signal.SIGHUP)
    wait_for("one", lambda: run.value("hatang_inbox_things", state="registered") == 1)
    assert run.value("hatang_inbox_things", state="new") == 1


def test_what_a_registered_switch_sees_beside_it_is_a_candidate(
    daemon, hatang, devices, district, snmp_asset, wait_for
):
    known = devices("switch_ruijie")
    config = district(snmp_asset("SW-1", known["switch_ruijie"], asset_class="switch"))
    run = daemon(config)
    wait_for("neighbours", lambda: run.value("hatang_sightings_total", how="neighbour"))
    wait_for("the inbox", lambda: run.value("hatang_inbox_things", state="new"))
    assert run.stop() == 0
    found = inbox(hatang, config)
    assert {thing["how"] for thing in found} == {"neighbour"}
    assert all("neighbour of SW-1" in thing["note"] for thing in found)
    assert all(thing["name"] for thing in found)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a folder away")
def test_root_does_not_write_into_the_folder_of_the_services_user(hatang, swept):
    config = swept()
    data = config.parent / "data"
    data.mkdir()
    os.chown(data, 65534, 65534)
    for command in (("scan", "22849"), ("inbox", "ignore", "1", "--reason", "x")):
        done = hatang(*command, "--config", config)
        assert done.returncode == 4
        assert "run this as sudo -u" in done.stderr
    assert list(data.iterdir()) == []
