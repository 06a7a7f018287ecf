import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config.scalars import parse_duration_s
from hatang.commands.options import Exit
from hatang.daemon import STOP_WITHIN_S

UNIT = Path(__file__).parents[2] / "config" / "systemd" / "hatang.service"


def directives():
    """Every directive with its values, in the order of the file."""
    found = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"([A-Za-z]+)=(.*)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("StateDirectory", "hatang"),
        ("EnvironmentFile", "-/etc/hatang/environment"),
        ("ExecReload", "/bin/kill -HUP $MAINPID"),
        ("User", "hatang"),
        ("CapabilityBoundingSet", ""),
        ("AmbientCapabilities", ""),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("PrivateDevices", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK"),
        ("SystemCallArchitectures", "native"),
        ("UMask", "0077"),
    ],
)
def test_the_unit_has_what_the_daemon_and_its_guards_need(name, value):
    assert directives()[name] == [value]


def test_the_unit_leaves_the_host_collector_its_proc():
    assert "ProcSubset" not in directives()


def test_the_unit_says_how_ping_works_without_rights():
    assert "ping_group_range" in UNIT.read_text(encoding="utf-8")


def test_the_daemon_has_longer_to_stop_than_it_takes():
    (seconds,) = directives()["TimeoutStopSec"]
    assert parse_duration_s(seconds) > STOP_WITHIN_S


def test_what_a_new_start_cannot_mend_is_not_started_again():
    assert directives()["RestartPreventExitStatus"] == [f"{Exit.USAGE:d} {Exit.CONFIG:d}"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_the_exposure_low():
    found = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=25", UNIT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_knows_every_directive():
    found = subprocess.run(
        ["systemd-analyze", "verify", UNIT], capture_output=True, text=True, check=False
    )
    complaints = [
        line for line in found.stderr.splitlines() if "/opt/hatang/venv/bin/hatang" not in line
    ]
    assert complaints == []
