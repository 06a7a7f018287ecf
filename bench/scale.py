"""`make bench-scale`: the whole daemon before thousands of devices, seen from outside.

Starts simulated switches in one process and `hatang run` in another, lets them settle, and writes
what the daemon's own /metrics, /proc and its files say to bench/results/scale.json.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.farm import COMMUNITY
from bench.full_path import config_text
from collectors.snmp.simulator.replay import loopback_addresses

_FIRST, _PORT = "127.64.0.1", 16192
_LINE = re.compile(r"(hatang_(?:schedule|slots|polls?)_\w+)(\{.*\})? (\S+)$")
_LAG = "hatang_schedule_lag_seconds"
_NAMES = (f"{_LAG}_count", f"{_LAG}_bucket", "hatang_slots_missed_total")
_NAMES += ("hatang_poll_failures_total", "hatang_polls_total")
"""Series of the daemon itself: six million of ports are no page that one would ask for."""
_SUMS = {
    "hatang_schedule_lag_seconds_count": "looks",
    "hatang_slots_missed_total": "missed",
    "hatang_poll_failures_total": "failures",
}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--ports", type=int, default=30)
    parser.add_argument("--interval", type=int, default=60, help="seconds from look to look")
    parser.add_argument("--minutes", type=float, default=5, help="how long it is watched")
    parser.add_argument("--settle", type=float, default=3, help="minutes before that")
    parser.add_argument("--dead", type=float, default=0.0, help="share of devices that are silent")
    arguments = parser.parse_args()
    report = measure(arguments)
    for name, value in report.items():
        print(f"  {name:<44} {value:>14,.4g}")
    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    name = "scale-dead.json" if arguments.dead else "scale.json"
    (folder / name).write_text(json.dumps(report, indent=1) + "\n")


def measure(arguments: argparse.Namespace) -> dict[str, float]:
    """Figure -> value, over the minutes that were watched."""
    with tempfile.TemporaryDirectory() as temporary, _farm(arguments):
        folder = Path(temporary)
        port = _write_config(folder, arguments)
        with _daemon(folder / "hatang.yaml") as pid:
            _wait_for_page(port)
            time.sleep(arguments.settle * 60)
            before, cpu_before, started = _figures(port), _cpu_s(pid), time.monotonic()
            time.sleep(arguments.minutes * 60)
            after, cpu_after, ended = _figures(port), _cpu_s(pid), time.monotonic()
            memory = _resident_bytes(pid)
    change = {name: after[name] - before.get(name, 0.0) for name in after}
    looks = change["looks"]
    seconds = ended - started
    due = arguments.devices * (1 - arguments.dead) * seconds / arguments.interval
    return {
        "devices": arguments.devices,
        "ports of each": arguments.ports,
        "share that is dead": arguments.dead,
        "interval, seconds": arguments.interval,
        "watched, seconds": seconds,
        "looks": looks,
        "looks that failed": change["failures"],
        "looks missed or more than 5 s late": change["missed"] + looks - change["on_time"],
        "the same, one in": _one_in(looks, change["missed"] + looks - change["on_time"]),
        "late by more than 5 s": looks - change["on_time"],
        "answered looks, of those the living are due": change["answered"] / due,
        "CPU of the daemon, cores": (cpu_after - cpu_before) / seconds,
        "looks per CPU-second": looks / (cpu_after - cpu_before),
        "resident memory, MiB": memory / 2**20,
    }


def _one_in(looks: float, late: float) -> float:
    return looks / late if late else float("inf")


@contextlib.contextmanager
def _farm(arguments: argparse.Namespace) -> Iterator[None]:
    numbers = (arguments.devices, arguments.ports, _FIRST, _PORT, arguments.dead)
    command = [sys.executable, "-m", "bench.farm", *map(str, numbers)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        print(process.stdout.readline().strip(), flush=True)
        yield
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def _daemon(config: Path) -> Iterator[int]:
    log = (config.parent / "log").open("w")
    command = [sys.executable, "-m", "hatang", "run", "--config", str(config)]
    environment = {**os.environ, "BENCH_COMMUNITY": COMMUNITY}
    process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        log.close()


def _write_config(folder: Path, arguments: argparse.Namespace) -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    places = [(where, _PORT) for where in loopback_addresses(_FIRST, arguments.devices)]
    more = f"polling: {{interval: {arguments.interval}s}}\nweb: {{listen: '127.0.0.1:{port}'}}"
    (folder / "hatang.yaml").write_text(config_text(places, folder, more))
    return port


def _wait_for_page(port: int) -> None:
    until_s = time.monotonic() + 600
    while True:
        try:
            _page(port, *_NAMES)
            return
        except OSError:
            if time.monotonic() > until_s:
                raise
            time.sleep(1)


def _page(port: int, *names: str) -> str:
    """The page, of these series only."""
    query = urllib.parse.urlencode([("name[]", name) for name in names])
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics?{query}", timeout=600) as answer:
        return str(answer.read().decode())


def _figures(port: int) -> dict[str, float]:
    """looks, failures, missed, on_time (began at most 5 s late) and answered, since the daemon
    started."""
    found = dict.fromkeys(("looks", "failures", "missed", "on_time", "answered"), 0.0)
    for line in _page(port, *_NAMES).splitlines():
        match = _LINE.match(line)
        if match is not None:
            name, labels, value = match.groups()
            if name in _SUMS:
                found[_SUMS[name]] += float(value)
            elif name == "hatang_polls_total" and 'outcome="ok"' in labels:
                found["answered"] += float(value)
            elif name == "hatang_schedule_lag_seconds_bucket" and 'le="5.0"' in labels:
                found["on_time"] += float(value)
    return found


def _cpu_s(pid: int) -> float:
    """CPU seconds of a process so far (proc(5), utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
