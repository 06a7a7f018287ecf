"""Every variable of every recording: our sessions bring what net-snmp's snmpbulkwalk brings.

The recordings of real devices lie beside the repository and may be absent. Each is read through our
engine; through pysnmp, which takes most of the time, a third of them is read, another third each
day, so that every device has its turn within three days.
"""

import asyncio
import datetime as dt
import os
import re
import struct
from collections import Counter
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from collectors.snmp.pysnmp_session import PysnmpSession
from collectors.snmp.sessions import session_for
from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.replay import load_devices
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import read_recording
from config.sections import SnmpV2c
from inventory.metrics import Instruments

REAL = Path(__file__).resolve().parents[3].parent / "shared" / "devices" / "snmprec"
SHARDS = 8
MOST_BELOW_A_ROOT = 8_000
ENGINES = {"hatang": session_for, "pysnmp": PysnmpSession}
CREDENTIAL = SnmpV2c.model_validate({"version": "v2c", "community": "public"})

LINE = re.compile(r"^(\.[0-9.]+) = (.*)$")
TYPED = re.compile(r"^([A-Za-z][A-Za-z0-9-]*): ?(.*)$")
FLOAT = b"\x9f\x78\x04"
"""How net-snmp writes a float into an Opaque."""
NO_VALUE = ("No more variables", "No Such", "NULL")


@pytest.mark.snmpd
def test_every_variable_of_our_own_recordings_is_what_net_snmp_reads():
    paths = sorted(shipped_folder().glob("*.snmprec"))
    assert differences(paths, "127.39.100.1", through_pysnmp=paths) == {}


@pytest.mark.snmpd
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_variable_of_the_real_devices_is_what_net_snmp_reads(shard):
    if not REAL.is_dir():
        pytest.skip("there are no recordings of real devices beside this repository")
    paths = sorted(REAL.glob("*.snmprec"))[shard::SHARDS]
    turn = dt.date.today().toordinal() % 3
    assert differences(paths, f"127.39.{shard}.1", through_pysnmp=paths[turn::3]) == {}


def differences(paths, base, through_pysnmp):
    """(Recording, engine) -> the first OIDs on which a session and snmpbulkwalk do not agree."""

    async def main():
        wrong = {}
        recordings = {path.stem: read_recording(path) for path in paths}
        engines = {path.stem: ["hatang"] for path in paths}
        for path in through_pysnmp:
            engines[path.stem].append("pysnmp")
        devices = load_devices(list(recordings.values()), base=base, port=0, live=False)
        async with Simulator(devices) as simulator:
            for name, (address, port) in simulator.addresses.items():
                roots = roots_of([row.oid for row in recordings[name].rows])
                peers = await through_net_snmp(address, port)
                assert len(peers) == len(recordings[name].rows), name
                for engine in engines[name]:
                    ours = await through_session(roots, address, port, engine)
                    oids = ours.keys() | peers.keys()
                    odd = sorted(oid for oid in oids if ours.get(oid) != peers.get(oid))
                    if odd:
                        told = [(oid, ours.get(oid), peers.get(oid)) for oid in odd[:3]]
                        wrong[name, engine] = told
        return wrong

    return asyncio.run(main())


def rounded(value):
    """A float in an Opaque to the six digits that net-snmp shows; all else as it is."""
    if isinstance(value, bytes) and value.startswith(FLOAT) and len(value) == 7:
        return f"{struct.unpack('>f', value[3:])[0]:f}"
    return value


def roots_of(oids, length=2):
    """Branches that hold all of these OIDs and few enough of them each."""
    roots = []
    for branch, count in Counter(oid[:length] for oid in oids).items():
        below = [oid for oid in oids if oid[:length] == branch]
        if count <= MOST_BELOW_A_ROOT and all(len(oid) > length for oid in below):
            roots.append(branch)
        else:
            roots += roots_of(below, length + 1)
    return roots


async def through_session(roots, address, port, engine):
    """OID -> value, walked branch by branch."""
    session = ENGINES[engine](CREDENTIAL, 5.0, Instruments(CollectorRegistry()))
    found = {}
    until_s = asyncio.get_running_loop().time() + 300
    for root in roots:
        session.open(2, (address, port))
        columns = await session.columns({"all": root}, until_s)
        assert columns.problems == (), (address, root)
        found |= {(*root, *i): rounded(value) for i, value in columns.rows["all"].items()}
        await session.close()
    return found


async def through_net_snmp(address, port):
    """OID -> value of snmpbulkwalk's output: numeric OIDs, raw ticks, strings in hexadecimal."""
    process = await asyncio.create_subprocess_exec(
        *("snmpbulkwalk", "-v2c", "-c", "public", "-On", "-Oe", "-Ot", "-Ox", "-Cr25"),
        *("-t", "10", f"{address}:{port}", "1"),
        stdout=asyncio.subprocess.PIPE,
        env={"MIBS": "", "PATH": os.environ["PATH"]},
    )
    out, _ = await process.communicate()
    found, last = {}, None
    for line in out.decode("latin-1").splitlines():
        match = LINE.match(line)
        if match is None:  # the next line of a long string
            found[last] += bytes.fromhex(line)
        elif not match[2].startswith(NO_VALUE):
            last = tuple(map(int, match[1][1:].split(".")))
            found[last] = value_of(match[2])
    return found


def value_of(shown):
    """A value as a session gives it."""
    typed = TYPED.match(shown)
    if typed is None:
        return b"" if shown == '""' else int(shown)
    kind, text = typed.groups()
    if kind in ("Hex-STRING", "OPAQUE"):
        return bytes.fromhex(text)
    if kind == "OID":
        return tuple(map(int, text.lstrip(".").split(".")))
    if kind == "IpAddress":
        return bytes(map(int, text.split(".")))
    if kind == "Opaque":
        return f"{float(text.rpartition(':')[2]):f}"
    return int(text)
