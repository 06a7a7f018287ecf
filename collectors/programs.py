"""Programs of the machine that the daemon runs on: packages of dpkg, and what runs.

Blocks, so it runs in a thread. A system without dpkg gives what runs alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import psutil

from inventory.equipment import ProgramReading

EVERY_S = 6 * 3600.0
"""How often the list is read: a thousand files are looked at."""

_PACKAGE = re.compile(r"^Package: (\S+)$", re.MULTILINE)
_IS_INSTALLED = re.compile(r"^Status: \S+ \S+ installed$", re.MULTILINE)
_UFW_IS_ON = re.compile(r"^ENABLED=yes\s*$", re.MULTILINE)


def read_programs(root: Path = Path("/")) -> tuple[ProgramReading, ...]:
    """What is installed and what runs, by name. root: of the file system."""
    installed = dict(_packages(root / "var/lib/dpkg"))
    running = {*_running(), *_filters(root / "etc")}
    return tuple(
        ProgramReading(name, installed.get(name, ""), name in running)
        for name in sorted(installed.keys() | running)
    )


def _packages(dpkg: Path) -> Iterator[tuple[str, str]]:
    """Name and day of the last installation or update of each package."""
    try:
        status = (dpkg / "status").read_text(encoding="utf-8", errors="replace")
        days = {
            file.name.removesuffix(".list").partition(":")[0]: _day(file.stat().st_mtime)
            for file in (dpkg / "info").glob("*.list")
        }
    except OSError:
        return
    for entry in status.split("\n\n"):
        name = _PACKAGE.search(entry)
        if name and _IS_INSTALLED.search(entry):
            yield name[1], days.get(name[1], "")


def _running() -> Iterator[str]:
    for process in psutil.process_iter(["name"]):
        if name := process.info["name"]:
            yield name


def _filters(etc: Path) -> Iterator[str]:
    """Packet filters that are switched on: no process shows them, and their rules are root's."""
    try:
        if _UFW_IS_ON.search((etc / "ufw/ufw.conf").read_text(encoding="utf-8", errors="replace")):
            yield "ufw"
    except OSError:
        pass
    if (etc / "systemd/system/sysinit.target.wants/nftables.service").is_symlink():
        yield "nftables"


def _day(at_s: float) -> str:
    return dt.datetime.fromtimestamp(at_s, dt.UTC).date().isoformat()
