"""Traps through the daemon: received, kept, counted, and the device looked at at once."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("snmptrap") is None, reason="needs Debian's package snmp"
)

LISTEN = 'traps: {listen: ["127.0.0.1:0"]}'
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "MIBS": "", "HOME": "/nonexistent"}


def port_of(run):
    """Where the daemon takes traps, as its log says."""
    return re.search(r"receiving SNMP traps on 127.0.0.1 port (\d+)", "".join(run.log))[1]


def trap(run, community, *what, source="127.0.0.1"):
    here = (f"--clientaddr={source}",)
    subprocess.run(
        ["snmptrap", "-v2c", "-c", community, *here, f"udp:127.0.0.1:{port_of(run)}", "1", *what],
        check=True,
        env=ENVIRONMENT,
        capture_output=True,
    )


def rows(config, sql):
    connection = sqlite3.connect(f"file:{config.parent}/data/hatang.db?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


HOURLY = ("interval: 1s, timeout: 500ms, deadline: 5s", "interval: 1h, timeout: 9s, deadline: 60s")


@pytest.fixture
def hourly(district, snmp_asset, devices):
    """A district whose one router is looked at every hour, and listens for traps."""

    def write(tag="RT-1", extra=LISTEN):
        router = devices("router_mikrotik")["router_mikrotik"]
        path = district(snmp_asset(tag, router), extra=extra, readiness_every="1h")
        path.write_text(path.read_text().replace(*HOURLY))
        return path

    return write


def test_a_trap_is_kept_and_counted_and_its_device_looked_at_at_once(
    daemon, hourly, wait_for, canary
):
    config = hourly()
    run = daemon(config)
    looks = lambda: run.value("hatang_polls_total", kind="snmp", outcome="ok")  # noqa: E731
    wait_for("the first look", lambda: looks() == 1)
    trap(run, canary, "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.2.1.2.2.1.1.2", "i", "2")
    wait_for("a second look long before its slot", lambda: looks() == 2)
    counted = {"asset": "RT-1", "commune": "22849", "kind": "link_down"}
    assert run.value("hatang_snmp_traps_total", **counted) == 1
    kept = "SELECT kind, oid, version, sender, bindings FROM traps"
    found = wait_for("the trap in the store", lambda: rows(config, kept))
    bindings = '[["1.3.6.1.2.1.2.2.1.1.2", "2"]]'
    assert found == [("link_down", "1.3.6.1.6.3.1.1.5.3", "v2c", "127.0.0.1", bindings)]
    status, page = run.get("/assets/RT-1?lang=en")
    assert status == 200
    assert "port went down" in page
    assert run.value("hatang_asset_up", asset="RT-1") == 1
    assert run.stop() == 0
    assert canary not in "".join(run.log)


def test_a_trap_of_a_stranger_or_with_a_wrong_community_does_nothing_but_count(
    daemon, hourly, wait_for, canary
):
    config = hourly()
    run = daemon(config)
    rejected = lambda reason: run.value("hatang_snmp_traps_rejected_total", reason=reason)  # noqa: E731
    assert rejected("wrong_community") == 0
    trap(run, "guess", "1.3.6.1.6.3.1.1.5.3")
    wait_for("the wrong community", lambda: rejected("wrong_community") == 1)
    trap(run, canary, "1.3.6.1.6.3.1.1.5.3", source="127.0.0.99")
    wait_for("the stranger", lambda: rejected("unknown_sender") == 1)
    assert run.stop() == 0
    assert rows(config, "SELECT count(*) FROM traps") == [(0,)]
    found = rows(config, "SELECT how, addresses, note FROM things")
    assert found == [('["trap"]', '["127.0.0.99"]', "SNMP trap: link_down")]


def test_a_v3_inform_is_acknowledged_by_the_credentials_that_are_named(
    daemon, hourly, wait_for, canary
):
    config = hourly(extra='traps: {listen: ["127.0.0.1:0"], credentials: [secure]}')
    keys = 'auth_key: "${HATANG_TEST_COMMUNITY}", priv_key: "${HATANG_TEST_COMMUNITY}"'
    secure = f"credentials:\n  secure: {{version: v3, user: monitor, {keys}}}"
    config.write_text(config.read_text().replace("credentials:", secure, 1))
    run = daemon(config)
    rejected = lambda reason: run.value("hatang_snmp_traps_rejected_total", reason=reason)  # noqa: E731
    trap(run, canary, "1.3.6.1.6.3.1.1.5.3")
    wait_for("a community that is not named", lambda: rejected("wrong_community") == 1)
    security = ("-l", "authPriv", "-a", "SHA-256", "-A", canary, "-x", "AES", "-X", canary)
    to = f"udp:127.0.0.1:{port_of(run)}"
    done = subprocess.run(
        ["snmpinform", "-v3", "-u", "monitor", *security, to, "1", "1.3.6.1.2.1.33.2.1"],
        env=ENVIRONMENT,
        capture_output=True,
    )
    assert done.returncode == 0
    counted = {"asset": "RT-1", "kind": "ups_on_battery"}
    assert run.value("hatang_snmp_traps_total", **counted) == 1
    assert run.stop() == 0
    assert canary not in "".join(run.log)


def test_our_engine_keeps_its_id_and_its_boots_rise_with_every_start(daemon, hourly):
    config = hourly()
    known = []
    for _ in range(2):
        assert daemon(config).stop() == 0
        known.append(dict(rows(config, "SELECT key, value FROM meta WHERE key LIKE 'snmp%'")))
    assert known[0]["snmp_engine_id"] == known[1]["snmp_engine_id"]
    first, second = (int(meta["snmp_engine_boots"]) for meta in known)
    assert 0 < first < second


def test_nothing_listens_unless_configured(daemon, hourly):
    config = hourly(extra="")
    run = daemon(config)
    assert run.stop() == 0
    assert "receiving SNMP traps" not in "".join(run.log)
    assert rows(config, "SELECT count(*) FROM meta WHERE key LIKE 'snmp%'") == [(0,)]


def test_a_port_that_is_taken_is_refused_at_the_start(hatang, hourly):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        done = hatang("run", "--config", hourly(extra=f'traps: {{listen: ["127.0.0.1:{port}"]}}'))
    assert done.returncode != 0
    assert f"cannot receive traps on 127.0.0.1:{port}/udp" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reload_takes_new_credentials_and_senders_and_keeps_the_sockets(
    daemon, hourly, wait_for, canary
):
    config = hourly()
    run = daemon(config)
    text = config.read_text()
    config.write_text(
        text.replace("tag: RT-1", "tag: RT-2").replace('127.0.0.1:0"]}', '127.0.0.1:1"]}')
    )
    run.send(1)
    wait_for("the reload", lambda: "configuration taken over" in "".join(run.log))
    assert "traps.listen has changed; it takes effect at the next start" in "".join(run.log)
    trap(run, canary, "1.3.6.1.6.3.1.1.5.4")
    wait_for(
        "the trap of RT-2",
        lambda: run.value("hatang_snmp_traps_total", asset="RT-2", kind="link_up") == 1,
    )
    assert run.stop() == 0


@pytest.mark.skipif(
    shutil.which("setpriv") is None or os.geteuid() != 0, reason="gives up one right of root"
)
def test_port_162_without_rights_is_refused_with_what_to_do(hourly):
    config = hourly(extra='traps: {listen: ["127.0.0.1:162"]}')
    without = ("setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-all")
    done = subprocess.run(
        [*without, sys.executable, "-m", "hatang", "run", "--config", str(config)],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"HATANG_TEST_COMMUNITY": "s3cret"},
    )
    assert done.returncode != 0
    assert "cannot receive traps on 127.0.0.1:162/udp: Permission denied" in done.stderr
    assert "take 1162 in traps.listen" in done.stderr.replace("\n", " ")
