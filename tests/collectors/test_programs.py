"""Programs of this machine and of devices: what is installed, when, and what runs."""

import os
import subprocess

import psutil

from collectors.programs import read_programs
from collectors.snmp.topology.programs import installed_of, programs_of, running_of
from inventory.equipment import ProgramReading

DAY_S = 1_795_000_000  # 2026-11-18

STATUS = """\
Package: clamav-daemon
Status: install ok installed
Version: 1.0.7

Package: libc6
Status: hold ok installed
Architecture: amd64

Package: gone
Status: deinstall ok config-files
"""


def machine(tmp_path, status=STATUS):
    info = tmp_path / "var/lib/dpkg/info"
    info.mkdir(parents=True)
    (info.parent / "status").write_text(status, encoding="utf-8")
    for name in ("clamav-daemon.list", "libc6:amd64.list", "gone.list"):
        (info / name).touch()
        os.utime(info / name, (DAY_S, DAY_S))
    return tmp_path


def by_name(programs):
    return {program.name: program for program in programs}


def test_packages_count_with_the_day_of_their_last_update(tmp_path):
    found = by_name(read_programs(machine(tmp_path)))
    assert found["clamav-daemon"].installed_on == found["libc6"].installed_on == "2026-11-18"
    assert "gone" not in found


def test_what_runs_is_known_without_any_packages(tmp_path):
    found = by_name(read_programs(tmp_path))
    own = psutil.Process().name()
    assert found[own] == ProgramReading(own, "", running=True)
    assert all(program.running for program in found.values())


def test_packet_filters_that_are_switched_on_count_as_running(tmp_path):
    etc = tmp_path / "etc"
    (etc / "ufw").mkdir(parents=True)
    wants = etc / "systemd/system/sysinit.target.wants"
    wants.mkdir(parents=True)
    (etc / "ufw/ufw.conf").write_text("# x\nENABLED=no\n", encoding="utf-8")
    assert not {"ufw", "nftables"} & by_name(read_programs(tmp_path)).keys()
    (etc / "ufw/ufw.conf").write_text("ENABLED=yes\nLOGLEVEL=low\n", encoding="utf-8")
    (wants / "nftables.service").symlink_to("/nowhere")
    assert {"ufw", "nftables"} <= by_name(read_programs(tmp_path)).keys()


def test_this_machine_has_the_packages_that_dpkg_lists():
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wanted = {line.split()[1] for line in listed.splitlines() if line.startswith("installed ")}
    found = by_name(read_programs())
    assert wanted <= found.keys()
    assert all(found[name].installed_on for name in wanted)


def test_a_device_lists_programs_with_days_and_what_runs():
    rows = {
        "hrSWInstalledName": {(1,): b"7-Zip", (2,): b"KB500", (3,): b"KB500", (4,): b""},
        "hrSWInstalledDate": {
            (1,): bytes([0x07, 0xEA, 2, 30, 0, 0, 0, 0]),
            (2,): bytes([0x07, 0xEA, 10, 14, 3, 0, 0, 0]),
            (3,): bytes([0x07, 0xEA, 11, 11, 3, 0, 0, 0, 0x2B, 7, 0]),
        },
    }
    running = {"hrSWRunName": {(4,): b"MsMpEng.exe", (9,): b"svchost.exe", (10,): b"svchost.exe"}}
    assert programs_of(installed_of(rows), running_of(running)) == (
        ProgramReading("7-Zip"),
        ProgramReading("KB500", "2026-11-11"),
        ProgramReading("MsMpEng.exe", "", running=True),
        ProgramReading("svchost.exe", "", running=True),
    )


def test_an_endless_list_is_cut_short():
    names = {(n,): f"p{n:05}".encode() for n in range(5000)}
    assert len(installed_of({"hrSWInstalledName": names})) == 3000
    assert len(running_of({"hrSWRunName": names})) == 500
