"""The daemon as its users meet it: a process, its pages and metrics, its signals, its database."""

import contextlib
import itertools
import json
import resource
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from inventory.store.files import FileStore


def rows(config, sql, *parameters):
    """What the database beside a configuration says."""
    connection = sqlite3.connect(f"file:{config.parent}/data/hatang.db?mode=ro", uri=True)
    try:
        return connection.execute(sql, parameters).fetchall()
    finally:
        connection.close()


def timeline(config, tag):
    """(state, start, end) of one asset, in order."""
    return rows(
        config,
        "SELECT state, start_s, end_s FROM reachability JOIN assets ON id = asset_id "
        "WHERE tag = ? ORDER BY start_s",
        tag,
    )


def assert_tiles(intervals):
    """No hole, no overlap, nothing empty, only the last open, no two alike side by side."""
    for (state, start, end), (following, begin, _) in itertools.pairwise(intervals):
        assert end == begin
        assert end > start
        assert state != following
    assert intervals[-1][2] is None


def test_a_district_is_polled_kept_judged_and_served(
    daemon, devices, district, host_asset, snmp_asset, wait_for
):
    known = devices("router_mikrotik", "switch_tplink")
    router = snmp_asset("RT-1", known["router_mikrotik"], edge="true", uplink="ether1")
    switch = snmp_asset("SW-1", known["switch_tplink"], asset_class="switch")
    config = district(host_asset + router + switch)
    # A machine that stands still for a moment is no outage that the availability would show.
    config.write_text(config.read_text().replace("down_after: 2", "down_after: 9"))
    run = daemon(config, alone=True)
    for tag in ("SRV-1", "RT-1", "SW-1"):
        wait_for(f"{tag} up", lambda tag=tag: run.value("hatang_asset_up", asset=tag) == 1)
    wait_for(
        "readiness",
        lambda: run.value("hatang_commune_readiness_ratio", commune="22849", pillar="all"),
    )
    assert run.value("hatang_commune_readiness_confidence_ratio", commune="22849", pillar="all") > 0
    wait_for(
        "availability",
        lambda: run.value("hatang_asset_availability_ratio", asset="RT-1", window="24h") == 1,
    )
    assert run.value("hatang_interface_receive_bytes_total", asset="RT-1", interface="ether1") > 0
    assert run.value("hatang_asset_storage_size_bytes", asset="SRV-1", kind="memory") > 0
    assert run.value("hatang_build_info") == 1
    status, overview = run.get("/")
    assert status == 200
    assert "Thuận Bắc" in overview
    assert run.get("/communes/22849")[0] == 200
    assert "RT-1" in run.get("/assets/RT-1")[1]
    assert run.get("/assets/NOBODY")[0] == 404
    assert run.get("/healthz")[0] == 200
    assert run.stop() == 0
    assert_tiles(timeline(config, "RT-1"))
    assert dict(rows(config, "SELECT name, value FROM facts WHERE source = 'measured'"))["sys_name"]
    assert rows(config, "SELECT count(*) FROM interfaces")[0][0] > 5


@pytest.mark.prometheus
@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs Debian's prometheus")
def test_the_served_metrics_pass_promtool(daemon, district, host_asset, wait_for):
    run = daemon(district(host_asset))
    wait_for("the host", lambda: run.value("hatang_asset_up", asset="SRV-1") == 1)
    _, text = run.get("/metrics")
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, text=True
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.prometheus
def test_a_real_prometheus_scrapes_the_daemon_and_answers_from_it(
    daemon, devices, district, host_asset, snmp_asset, start_prometheus
):
    known = devices("router_mikrotik")
    router = snmp_asset("RT-1", known["router_mikrotik"], edge="true", uplink="ether1")
    run = daemon(district(host_asset + router))
    prometheus = start_prometheus(run.url.removeprefix("http://"))
    for expr in (
        'hatang_asset_up{asset="RT-1"} == 1',
        'hatang_commune_readiness_ratio{commune="22849",pillar="all"}',
        'rate(hatang_interface_receive_bytes_total{asset="RT-1",interface="ether1"}[15s]) > 0',
        "rate(hatang_poll_duration_seconds_count[15s]) > 0",
    ):
        assert prometheus.answer(expr), expr


def test_it_may_open_as_many_files_as_the_machine_lets_it(daemon, district, host_asset):
    config = district(host_asset)
    own, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(own, most // 2), most))
    try:
        run = daemon(config, alone=True)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (own, most))
    assert resource.prlimit(run.process.pid, resource.RLIMIT_NOFILE) == (most, most)


def test_ctrl_c_ends_with_everything_committed(daemon, district, host_asset, wait_for):
    config = district(host_asset)
    run = daemon(config)
    wait_for("the host", lambda: run.value("hatang_asset_up", asset="SRV-1") == 1)
    assert run.stop(signal.SIGINT) == 0
    assert "Traceback" not in "".join(run.log)
    last_look = rows(config, "SELECT last_look_at_s FROM endpoints")[0][0]
    assert rows(config, "SELECT at_s FROM heartbeat")[0][0] >= last_look
    assert rows(config, "PRAGMA integrity_check") == [("ok",)]


def test_s1_kill_9_leaves_every_committed_interval_and_an_unknown_gap(
    daemon, district, host_asset, wait_for
):
    config = district(host_asset)
    run = daemon(config)
    wait_for("up in the store", lambda: [r for r in timeline(config, "SRV-1") if r[0] == "up"])
    run.stop(signal.SIGKILL)
    before, heartbeat = timeline(config, "SRV-1"), rows(config, "SELECT at_s FROM heartbeat")[0][0]
    assert before[-1][0] == "up"
    again = daemon(config)
    wait_for("up again", lambda: again.value("hatang_asset_up", asset="SRV-1") == 1)
    assert again.value("hatang_store_recoveries_total") == 1
    assert again.stop() == 0
    after = timeline(config, "SRV-1")
    assert_tiles(after)
    assert after[: len(before) - 1] == before[:-1]
    up, gap, back = after[-3:]
    assert (up[0], up[1], up[2]) == ("up", before[-1][1], heartbeat)
    assert (gap[0], back[0]) == ("unknown", "up")
    assert rows(config, "PRAGMA integrity_check") == [("ok",)]


def test_a_second_daemon_on_the_same_database_is_refused_with_the_first_ones_pid(
    daemon, district, host_asset, hatang
):
    config = district(host_asset)
    run = daemon(config)
    second = hatang("run", "--config", config)
    assert second.returncode == 4
    assert str(run.process.pid) in second.stderr
    assert run.get("/healthz")[0] == 200


def test_an_address_in_use_is_said_in_one_line(daemon, district, host_asset, hatang, tmp_path):
    config = district(host_asset)
    run = daemon(config)
    port = run.url.rpartition(":")[2]
    other = tmp_path / "other.yaml"
    other.write_text(
        config.read_text()
        .replace("127.0.0.1:0", f"127.0.0.1:{port}")
        .replace("data_dir: data", "data_dir: data2")
    )
    second = hatang("run", "--config", other)
    assert second.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_sighup_takes_over_a_good_file_and_refuses_a_bad_one(
    daemon, district, host_asset, hatang, wait_for
):
    config = district(host_asset)
    run = daemon(config)
    wait_for("the host", lambda: run.value("hatang_asset_up", asset="SRV-1") == 1)
    good = config.read_text()
    config.write_text(good.replace("class: server", "class: serverr"))
    run.send(signal.SIGHUP)
    wait_for("the refusal", lambda: run.value("hatang_config_reload_ok") == 0)
    assert run.value("hatang_asset_up", asset="SRV-1") == 1
    assert any("hatang.yaml:" in line and "assets[0].class" in line for line in run.log)
    config.write_text(good.replace("SRV-1", "SRV-2"))
    run.send(signal.SIGHUP)
    wait_for("the new asset", lambda: run.value("hatang_asset_up", asset="SRV-2") == 1)
    assert run.value("hatang_config_reload_ok") == 1
    assert run.value("hatang_asset_up", asset="SRV-1") is None
    done = hatang(
        *("profile", "use", "school-connectivity", "--reason", "12/QĐ", "--yes"),
        *("--config", config),
    )
    assert (done.returncode, done.stderr) == (0, "")
    wait_for("what was chosen", lambda: 'requirement="schools-connected"' in run.get("/metrics")[1])
    assert run.stop() == 0


def test_a_dead_device_is_down_and_what_lies_behind_it_unreachable(
    daemon, devices, district, host_asset, snmp_asset, wait_for
):
    known = devices("router_mikrotik", "switch_tplink", options=("--fault", "*:dead"))
    router = snmp_asset("RT-1", known["router_mikrotik"], edge="true")
    switch = snmp_asset("SW-1", known["switch_tplink"], asset_class="switch")
    run = daemon(district(host_asset + router + switch))
    state = "hatang_asset_state"
    wait_for("down", lambda: run.value(state, asset="RT-1", state="down") == 1)
    wait_for("unreachable", lambda: run.value(state, asset="SW-1", state="unreachable") == 1)
    assert run.value("hatang_asset_up", asset="SRV-1") == 1
    assert run.value("hatang_poll_failures_total", kind="snmp", reason="timeout") >= 2


def test_no_secret_reaches_log_pages_metrics_or_database(
    daemon, devices, district, host_asset, snmp_asset, wait_for, canary, hatang
):
    known = devices("router_mikrotik")
    config = district(host_asset + snmp_asset("RT-1", known["router_mikrotik"]))
    run = daemon(config)
    wait_for("the router", lambda: run.value("hatang_asset_up", asset="RT-1") == 1)
    pages = [run.get(p)[1] for p in ("/", "/communes/22849", "/assets/RT-1", "/metrics")]
    shown = hatang("check-config", config)
    polled = hatang("poll", "RT-1", "--config", config)
    command = Path(f"/proc/{run.process.pid}/cmdline").read_bytes().decode()
    assert run.stop() == 0
    data = (config.parent / "data" / "hatang.db").read_bytes()
    for text in (*pages, *run.log, shown.stdout, shown.stderr, polled.stdout, command):
        assert canary not in text
    assert canary.encode() not in data


def test_the_store_that_a_newer_hatang_made_is_refused_and_not_touched(
    daemon, district, host_asset, hatang, wait_for
):
    config = district(host_asset)
    run = daemon(config)
    wait_for("the host", lambda: run.value("hatang_asset_up", asset="SRV-1") == 1)
    run.stop()
    path = config.parent / "data" / "hatang.db"
    with sqlite3.connect(path) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('hatang', 'm999_from_the_future', 'later')"
        )
    newer.close()
    before = path.read_bytes()
    refused = hatang("run", "--config", config)
    assert refused.returncode == 4
    assert "newer" in refused.stderr
    assert path.read_bytes() == before


def test_a_backup_is_restored_but_never_over_a_running_daemon(
    daemon, district, host_asset, hatang, wait_for
):
    config = district(host_asset)
    run = daemon(config)
    wait_for("the host", lambda: run.value("hatang_asset_up", asset="SRV-1") == 1)
    data = config.parent / "data"
    digest = FileStore(data / "hatang.db").put(b"a picture")
    with contextlib.closing(sqlite3.connect(data / "hatang.db")) as connection, connection:
        connection.execute(
            "INSERT INTO models (class, vendor, model, picture, note, version) "
            "VALUES ('ups', 'APC', 'SMT1500', ?, '', 1)",
            (digest,),
        )
    made = hatang("backup", "--config", config, "--folder", config.parent / "kept")
    assert made.returncode == 0
    (backup,) = (config.parent / "kept").glob("*.db")
    refused = hatang("restore", backup, "--config", config)
    assert refused.returncode == 4
    assert str(run.process.pid) in refused.stderr
    run.stop()
    shutil.rmtree(data)
    restored = hatang("restore", backup, "--config", config)
    assert restored.returncode == 0
    assert rows(config, "SELECT tag FROM assets") == [("SRV-1",)]
    assert (data / "attachments" / digest).read_bytes() == b"a picture"
    assert daemon(config).stop() == 0
    (data / "attachments" / digest).write_bytes(b"changed")
    incomplete = hatang("backup", "--config", config)
    assert incomplete.returncode == 1
    assert "APC SMT1500" in incomplete.stderr
    assert list((data / "backup").glob("*.db"))


def fill(folder):
    """Take every byte that is left on a small disk."""
    with contextlib.suppress(OSError), (folder / "filler").open("ab", buffering=0) as filler:
        while filler.write(bytes(4096)):
            pass


def test_s3_a_full_disk_is_on_the_page_and_in_the_metrics_and_ends_without_a_restart(
    daemon, district, host_asset, wait_for, tmp_path
):
    disk = tmp_path / "data"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", disk], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk: {mounted.stderr.strip() or 'needs root'}")
    try:
        config = district(host_asset)
        run = daemon(config)
        wait_for("the host", lambda: run.value("hatang_asset_up", asset="SRV-1") == 1)
        wait_for("full", lambda: fill(disk) or run.value("hatang_store_ok") == 0)
        status, health = run.get("/healthz")
        assert (status, json.loads(health)["status"]) == (503, "degraded")
        assert 'role="alert"' in run.get("/")[1]
        looks = run.value("hatang_polls_total", kind="host", outcome="ok")
        wait_for(
            "more looks",
            lambda: run.value("hatang_polls_total", kind="host", outcome="ok") > looks + 1,
        )
        (disk / "filler").unlink()
        wait_for("room again", lambda: run.value("hatang_store_ok") == 1)
        assert run.value("hatang_store_errors_total", kind="full") >= 1
        assert run.value("hatang_asset_up", asset="SRV-1") == 1
        assert 'role="alert"' not in run.get("/")[1]
        assert run.stop() == 0
        line = timeline(config, "SRV-1")
        assert_tiles(line)
        assert [state for state, _, _ in line] == ["unknown", "up"]
    finally:
        subprocess.run(["umount", "-l", disk], check=False)
