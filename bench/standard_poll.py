"""The standard poll: 10 scalars and 20 columns of ifTable and ifXTable of a 48-port switch.

The same poll by Hatang, by Debian's prometheus-snmp-exporter and by pysnmp's high-level API, each
client's own CPU time only; the switches answer from another process. Values must be equal.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from prometheus_client import CollectorRegistry

from bench.full_path import looks_per_cpu_s
from collectors.snmp.session import Oid, Value
from collectors.snmp.sessions import session_for
from collectors.snmp.simulator.replay import loopback_addresses
from collectors.snmp.text import oid
from config.sections import Credential, SnmpV2c, SnmpV3
from hatang.daemon import tune_python
from inventory.metrics import Instruments

EXPORTER = "prometheus-snmp-exporter"
PORTS = 48

_ROUNDS = 5
"""The last of them is measured: a poller that has run for some minutes knows its devices."""

SCALARS = {
    "sysDescr": "1.3.6.1.2.1.1.1.0",
    "sysObjectID": "1.3.6.1.2.1.1.2.0",
    "sysUpTime": "1.3.6.1.2.1.1.3.0",
    "sysContact": "1.3.6.1.2.1.1.4.0",
    "sysName": "1.3.6.1.2.1.1.5.0",
    "sysLocation": "1.3.6.1.2.1.1.6.0",
    "sysServices": "1.3.6.1.2.1.1.7.0",
    "ifNumber": "1.3.6.1.2.1.2.1.0",
    "ipInReceives": "1.3.6.1.2.1.4.3.0",
    "ipOutRequests": "1.3.6.1.2.1.4.10.0",
}
_IF = {2: "ifDescr", 3: "ifType", 4: "ifMtu", 5: "ifSpeed", 7: "ifAdminStatus", 8: "ifOperStatus"}
_IF |= {13: "ifInDiscards", 14: "ifInErrors", 19: "ifOutDiscards", 20: "ifOutErrors"}
_IFX = {1: "ifName", 2: "ifInMulticastPkts", 6: "ifHCInOctets", 7: "ifHCInUcastPkts"}
_IFX |= {9: "ifHCInBroadcastPkts", 10: "ifHCOutOctets", 11: "ifHCOutUcastPkts"}
_IFX |= {13: "ifHCOutBroadcastPkts", 15: "ifHighSpeed", 18: "ifAlias"}
COLUMNS = {name: f"1.3.6.1.2.1.2.2.1.{number}" for number, name in _IF.items()}
COLUMNS |= {name: f"1.3.6.1.2.1.31.1.1.1.{number}" for number, name in _IFX.items()}

_TEXTS = frozenset(
    {"sysDescr", "sysObjectID", "sysContact", "sysName", "sysLocation", "ifDescr", "ifName"}
    | {"ifAlias"}
)
_COUNTER64 = frozenset(name for name in COLUMNS if name.startswith("ifHC"))
_GAUGES = frozenset({"ifSpeed", "ifHighSpeed"})
_INTEGERS = frozenset({"ifType", "ifMtu", "ifAdminStatus", "ifOperStatus"})
_PAIRS = 5
"""Measured one after the other: a machine that is not alone is faster in one minute than the next.
"""
_USER, _AUTH_KEY, _PRIV_KEY = "bench", "bench-auth-passphrase", "bench-priv-passphrase"

Poll = Mapping[str, float]
"""`name` or `name.index` -> number, of what is a number."""


def measure_standard_poll() -> dict[str, float]:
    """Figure -> value; a peer that is not installed is left out."""
    tune_python()
    figures: dict[str, float] = {}
    for version, count in (("v2c", 200), ("v3", 60)):
        with (switches_by_v3 if version == "v3" else switches)(count) as places:
            ours, our_poll = _hatang_alone(places, version)
            if shutil.which(EXPORTER):
                pairs = [(ours, *_exporter(places, version))]
                while len(pairs) < _PAIRS:
                    pairs.append((_hatang_alone(places, version)[0], *_exporter(places, version)))
                ours = median(one for one, _, _ in pairs)
                peer = median(one for _, one, _ in pairs)
                ratios = sorted(one / other for one, other, _ in pairs)
                figures[f"{EXPORTER}, {version}: devices per CPU-second"] = peer
                figures[f"ratio, {version}: hatang to {EXPORTER}"] = median(ratios)
                figures[f"ratio, {version}: the least of {_PAIRS} pairs"] = ratios[0]
                if version == "v2c":
                    whole = looks_per_cpu_s(places, "public")
                    figures["hatang, v2c, the full path: looks per CPU-second"] = whole
                    figures[f"ratio, the full path: hatang to {EXPORTER}"] = whole / peer
                _require_equal(our_poll, pairs[0][2], EXPORTER)
            figures[f"hatang, {version}: devices per CPU-second"] = ours
            if version == "v2c":
                peer, peer_poll = asyncio.run(_pysnmp(places[:12]))
                figures["pysnmp's high-level API, v2c: devices per CPU-second"] = peer
                figures["ratio, v2c: hatang to pysnmp's high-level API"] = ours / peer
                _require_equal(our_poll, peer_poll, "pysnmp")
    return figures


def _hatang_alone(places: list[tuple[str, int]], version: str) -> tuple[float, Poll]:
    return asyncio.run(_hatang(places, credential(version)))


@contextlib.contextmanager
def switches(count: int, ports: int = PORTS) -> Iterator[list[tuple[str, int]]]:
    """Switches that answer v2c on loopback, values standing still; where they are."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "devices"
        folder.mkdir()
        for number in range(count):
            (folder / f"sw-{number:05}.snmprec").write_text(recording(number, ports))
        known = Path(temporary) / "map.json"
        command = [sys.executable, "-m", "hatang", "simulate", str(folder), "--still"]
        command += ["--address", "127.62.0.1", "--port", "16191", "--map", str(known)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            process.stdout.readline()
            found: dict[str, Any] = json.loads(known.read_text())
            yield [(device["address"], device["port"]) for device in found.values()]
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def switches_by_v3(count: int, ports: int = PORTS) -> Iterator[list[tuple[str, int]]]:
    """The same by v3 only, from agents that are quick at it."""
    address, port = "127.62.0.1", 16191
    command = [sys.executable, "-m", "bench.usm_agent", *map(str, (count, ports, address, port))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield [(where, port) for where in loopback_addresses(address, count)]
    finally:
        process.terminate()
        process.wait()


def recording(number: int, ports: int) -> str:
    """One switch as a .snmprec file."""
    values = {"sysDescr": "Bench switch, 48 ports, version 7.1", "sysObjectID": "1.3.6.1.4.1.99999"}
    values |= {"sysContact": "it@example.org", "sysName": f"sw-{number}", "sysLocation": "Phong 1"}
    tags = {"sysObjectID": 6, "sysUpTime": 67, "ifNumber": 2, "sysServices": 2}
    tags |= {"ipInReceives": 65, "ipOutRequests": 65}
    lines = [
        f"{instance}|{tags.get(name, 4)}|{values.get(name, 123456 + number)}"
        for name, instance in SCALARS.items()
    ]
    for name, column in COLUMNS.items():
        for port in range(1, ports + 1):
            lines.append(f"{column}.{port}|{_tag(name)}|{_cell(name, port, number)}")
    return "\n".join(lines) + "\n"


def _tag(name: str) -> int:
    if name in _TEXTS:
        return 4
    if name in _INTEGERS:
        return 2
    return 70 if name in _COUNTER64 else 66 if name in _GAUGES else 65


def _cell(name: str, port: int, number: int) -> object:
    if name in _TEXTS:
        return f"GigabitEthernet0/{port}" if name != "ifAlias" else f"Phong {port}"
    if name in _INTEGERS:
        return {"ifType": 6, "ifMtu": 1500}.get(name, 1 + port % 2)
    if name in _GAUGES:
        return 1_000_000_000 if name == "ifSpeed" else 1000
    return (port * 7_919 + number) * (1_000_003 if name in _COUNTER64 else 3)


def credential(version: str) -> Credential:
    """Who may ask the switches."""
    if version == "v2c":
        return SnmpV2c.model_validate({"version": "v2c", "community": "public"})
    keys = {"auth_key": _AUTH_KEY, "priv_key": _PRIV_KEY}
    return SnmpV3.model_validate({"version": "v3", "user": _USER, **keys})


async def _hatang(places: list[tuple[str, int]], credential: Credential) -> tuple[float, Poll]:
    """Devices per CPU-second in the last round."""
    instruments = Instruments(CollectorRegistry())
    scalars = {name: oid(dots) for name, dots in SCALARS.items()}
    columns = {name: oid(dots) for name, dots in COLUMNS.items()}
    sessions = [session_for(credential, 10.0, instruments) for _ in places]
    clock = asyncio.get_running_loop().time

    async def poll(at: int) -> tuple[Mapping[str, Value], Mapping[str, Mapping[Oid, Value]]]:
        session = sessions[at]
        session.open(socket.AF_INET, places[at])
        try:
            found = await session.get(scalars, clock() + 30)
            rows = await session.columns(columns, clock() + 30)
        finally:
            await session.close()
        assert not found.problems, found.problems
        assert not rows.problems, rows.problems
        return found.values, rows.rows

    for _ in range(_ROUNDS):
        started = time.process_time()
        for at in range(0, len(places), 10):
            polls = await asyncio.gather(*map(poll, range(at, min(at + 10, len(places)))))
            if at == 0:
                first = polls[0]
        spent = time.process_time() - started
    values: dict[str, float] = {n: v for n, v in first[0].items() if isinstance(v, int)}
    for name, column in first[1].items():
        values |= {f"{name}.{i[-1]}": v for i, v in column.items() if isinstance(v, int)}
    return len(places) / spent, values


def _exporter(places: list[tuple[str, int]], version: str) -> tuple[float, Poll]:
    """The exporter's devices per CPU-second, scraped one after the other, after a first one."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as temporary:
        config = Path(temporary) / "snmp.yml"
        config.write_text(json.dumps({"bench": _module(version)}))
        command = [EXPORTER, f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            page = _scrape(port, places[0], until_s=time.monotonic() + 20)
            before = _cpu_s(process.pid)
            for place in places:
                _scrape(port, place)
            spent = _cpu_s(process.pid) - before
        finally:
            process.terminate()
            process.wait()
    return len(places) / spent, _exported(page)


def _module(version: str) -> dict[str, Any]:
    """The exporter's module, as its generator would write it for these objects."""
    metrics = [
        {"name": name, "oid": dots.removesuffix(".0"), "help": name, "type": _kind(name)}
        for name, dots in SCALARS.items()
    ]
    index = [{"labelname": "ifIndex", "type": "gauge"}]
    metrics += [
        {"name": name, "oid": dots, "help": name, "type": _kind(name), "indexes": index}
        for name, dots in COLUMNS.items()
    ]
    auth = {"community": "public"}
    if version == "v3":
        auth = {"username": _USER, "security_level": "authPriv"}
        auth |= {"password": _AUTH_KEY, "auth_protocol": "SHA256"}
        auth |= {"priv_protocol": "AES", "priv_password": _PRIV_KEY}
    return {
        "get": list(SCALARS.values()),
        "walk": list(COLUMNS.values()),
        "metrics": metrics,
        "version": 3 if version == "v3" else 2,
        "max_repetitions": 25,
        "timeout": "10s",
        "auth": auth,
    }


def _kind(name: str) -> str:
    if name == "sysObjectID":
        return "OctetString"
    if name in _TEXTS:
        return "DisplayString"
    return "gauge" if name in _INTEGERS | _GAUGES else "counter"


def _scrape(port: int, place: tuple[str, int], until_s: float | None = None) -> str:
    url = f"http://127.0.0.1:{port}/snmp?module=bench&target={place[0]}:{place[1]}"
    while True:
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return str(answer.read().decode())
        except ConnectionError:
            if until_s is None or time.monotonic() > until_s:
                raise
        except urllib.error.URLError:
            if until_s is None or time.monotonic() > until_s:
                raise
        time.sleep(0.05)


def _exported(page: str) -> Poll:
    """`name` or `name.index` -> value of an exporter's page."""
    found = {}
    for name, index, value in re.findall(
        r'^(\w+)(?:\{ifIndex="(\d+)"\})? ([-+.\de]+)$', page, re.MULTILINE
    ):
        if name in SCALARS or name in COLUMNS:
            found[f"{name}.{index}" if index else name] = float(value)
    return found


async def _pysnmp(places: list[tuple[str, int]]) -> tuple[float, Poll]:
    """The same objects through pysnmp.hlapi, GET and GETBULK of one column each, as its
    documentation shows."""
    from pysnmp.hlapi.v3arch.asyncio import (
        CommunityData,
        ContextData,
        ObjectIdentity,
        ObjectType,
        SnmpEngine,
        UdpTransportTarget,
        bulk_walk_cmd,
        get_cmd,
    )

    engine, community, context = SnmpEngine(), CommunityData("public"), ContextData()
    values: dict[str, float] = {}

    async def poll(place: tuple[str, int]) -> None:
        target = await UdpTransportTarget.create(place)
        scalars = [ObjectType(ObjectIdentity(dots)) for dots in SCALARS.values()]
        found = await get_cmd(engine, community, target, context, *scalars, lookupMib=False)
        for name, (_, value) in zip(SCALARS, found[3], strict=True):
            if name not in _TEXTS:
                values[name] = int(value)
        for name, dots in COLUMNS.items():
            column = ObjectType(ObjectIdentity(dots))
            walk = bulk_walk_cmd(
                engine, community, target, context, 0, 25, column,
                lexicographicMode=False, lookupMib=False,
            )  # fmt: skip
            async for _, _, _, bindings in walk:
                for instance, value in bindings:
                    if name not in _TEXTS:
                        values[f"{name}.{tuple(instance)[-1]}"] = int(value)

    await poll(places[0])
    started = time.process_time()
    for place in reversed(places):
        await poll(place)
    spent = time.process_time() - started
    engine.close_dispatcher()
    return len(places) / spent, values


def _require_equal(ours: Poll, theirs: Poll, peer: str) -> None:
    """A figure of different values would compare nothing."""
    wrong = [name for name in theirs if ours.get(name) != theirs[name]]
    missing = ours.keys() - theirs.keys()
    if wrong or missing:
        raise AssertionError(f"{peer} and hatang differ in {[*wrong, *missing][:5]}")


def _cpu_s(pid: int) -> float:
    """CPU seconds of a process so far (proc(5), utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
