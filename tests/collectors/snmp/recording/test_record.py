"""`hatang snmp record`, the command, at simulated devices and at a real snmpd."""

import asyncio
import os
import subprocess
import sys

import pytest
import yaml
from prometheus_client import CollectorRegistry

from collectors.base import CollectorError
from collectors.snmp.agent_session import Bounds
from collectors.snmp.identify import Place
from collectors.snmp.knowledge.book import shipped_book
from collectors.snmp.knowledge.offline import identified
from collectors.snmp.recording.case import CaseError, make_case, write_case
from collectors.snmp.recording.walk import walk
from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import parse_oid, read_recording
from config.sections import SnmpV2c
from inventory.metrics import Instruments

PRODUCT = ("profile", "vendor", "model", "version", "os", "class", "features")


def walk_at(where, credential, **more):
    place = Place(where[0], where[1], credential)
    return walk(place, Instruments(CollectorRegistry()), lambda count: None, **more)


def hatang(*arguments, env):
    return subprocess.run(
        [sys.executable, "-m", "hatang", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=env,
        timeout=120,
    )


@pytest.fixture
def environment():
    return os.environ | {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200"}


def shown_of(folder):
    """What Hatang finds in a case folder that was written, and what its file expects."""
    found = asyncio.run(identified(read_recording(folder / "device.snmprec"), shipped_book()))
    wanted = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    return found, wanted


@pytest.mark.parametrize("path", sorted(shipped_folder().glob("*.snmprec")), ids=lambda p: p.stem)
def test_what_is_walked_is_what_was_recorded_with_every_type(path, simulated, v2c):
    device = simulated(path.stem, "127.36.9.1")

    async def run():
        async with Simulator([device]) as simulator:
            return await walk_at(simulator.addresses[device.name], v2c())

    walked = asyncio.run(run())
    assert walked.problems == ()
    ours = {row.oid: row for row in walked.rows}
    roots = ("1.3.6.1.2.1", "1.3.6.1.4.1", "1.0.8802")
    theirs = [
        row
        for row in read_recording(path).rows
        if any(row.oid[: len(root)] == root for root in map(parse_oid, roots))
    ]
    assert set(ours) >= {row.oid for row in theirs}
    for row in theirs:
        assert ours[row.oid].tag == row.tag, row.oid


def test_a_device_that_was_recorded_and_is_replayed_is_the_same_device(simulated, tmp_path, v2c):
    device = simulated("switch_ruijie", "127.36.9.2")

    async def run():
        async with Simulator([device]) as simulator:
            return await walk_at(simulator.addresses[device.name], v2c())

    walked = asyncio.run(run())
    case = asyncio.run(make_case(walked.rows, shipped_book(), ["public"]))
    write_case(case, tmp_path / "case")
    found, wanted = shown_of(tmp_path / "case")
    assert {key: found[key] for key in PRODUCT[:-1]} == {key: wanted[key] for key in PRODUCT[:-1]}
    original = asyncio.run(
        identified(read_recording(shipped_folder() / "switch_ruijie.snmprec"), shipped_book())
    )
    assert {key: found.get(key) for key in PRODUCT} == {key: original[key] for key in PRODUCT}
    assert found["serial"] != original["serial"]
    with pytest.raises(CaseError, match="is there already"):
        write_case(case, tmp_path / "case")


@pytest.mark.snmpd
def test_a_real_snmpd_is_recorded_by_the_command_and_is_still_itself(snmpd, tmp_path, environment):
    folder = tmp_path / "server"
    where = f"{snmpd.address[0]}:{snmpd.address[1]}"
    done = hatang(
        "snmp", "record", where, folder, env=environment | {"HATANG_COMMUNITY": "readers"}
    )
    assert done.returncode == 0, done.stderr
    assert "sysName →" in done.stdout
    recording = (folder / "device.snmprec").read_text(encoding="utf-8")
    for secret in ("srv-01", "readers", "Phòng máy", "Phòng máy".encode().hex()):
        assert secret not in recording
        assert secret not in done.stdout + (folder / "expected.yaml").read_text(encoding="utf-8")
    found, wanted = shown_of(folder)
    assert {key: found[key] for key in PRODUCT[:-1]} == {key: wanted[key] for key in PRODUCT[:-1]}
    assert (found["os"], found["class"]) == ("linux", "server")
    again = hatang(
        "snmp", "record", where, folder, env=environment | {"HATANG_COMMUNITY": "readers"}
    )
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


def test_nobody_there_is_said_without_the_community(tmp_path, environment):
    done = hatang(
        *("snmp", "record", "127.36.9.9:9", tmp_path / "x"),
        env=environment | {"HATANG_COMMUNITY": "s3cret-c0mm"},
    )
    assert done.returncode == 1
    assert "127.36.9.9" in done.stderr
    assert "s3cret-c0mm" not in done.stderr + done.stdout
    assert not (tmp_path / "x").exists()


def test_a_walk_has_bounds_and_says_what_is_missing(simulated):
    device = simulated("switch_ruijie", "127.36.9.3")
    credential = SnmpV2c.model_validate({"version": "v2c", "community": "public"})

    async def run():
        async with Simulator([device]) as simulator:
            where = simulator.addresses[device.name]
            return await walk_at(where, credential, bounds=Bounds(rows=20, octets=10**7))

    walked = asyncio.run(run())
    assert any("too many rows" in problem for problem in walked.problems)
    assert walked.rows


def test_a_device_that_shows_nothing_is_refused(simulated):
    device = simulated("switch_ruijie", "127.36.9.4")
    credential = SnmpV2c.model_validate({"version": "v2c", "community": "wrong"})

    async def run():
        async with Simulator([device]) as simulator:
            await walk_at(simulator.addresses[device.name], credential)

    with pytest.raises(CollectorError):
        asyncio.run(run())


@pytest.mark.snmpd
def test_a_walk_over_v3_brings_what_net_snmps_own_walk_brings(snmpd, snmpwalk, v3):
    walked = asyncio.run(walk_at(snmpd.address, v3("sha256aes")))
    ours = {".".join(map(str, row.oid)): row for row in walked.rows}
    for tree in ("1.3.6.1.2.1.1", "1.3.6.1.2.1.2", "1.3.6.1.2.1.25.2"):
        theirs = snmpwalk(snmpd.address, "readers", tree)
        assert theirs
        assert {oid for oid in ours if oid.startswith(f"{tree}.")} == set(theirs)
    kinds = {oid.rpartition(".")[0]: row.tag for oid, row in ours.items()}
    assert (kinds["1.3.6.1.2.1.1.3"], kinds["1.3.6.1.2.1.2.2.1.10"]) == (0x43, 0x41)
    assert (kinds["1.3.6.1.2.1.2.2.1.5"], kinds["1.3.6.1.2.1.31.1.1.1.6"]) == (0x42, 0x46)
