import asyncio
import json
from pathlib import Path

import pytest

from collectors.snmp.simulator.errors import SimulatorError
from collectors.snmp.simulator.faults import parse_fault_option
from collectors.snmp.simulator.replay import (
    load_devices,
    loopback_addresses,
    recordings_in,
    simulate,
)
from collectors.snmp.simulator.scenario import Event, Scenario
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import RecordingError, parse_recording
from config.scalars import Secret
from config.sections import SnmpV3

_REPOSITORY = Path(__file__).parents[4]
_RECORDED = _REPOSITORY.parent / "shared" / "devices" / "snmprec"
_WALK = ("-On", "-OQ", "-Oe", "-Ih", "-t", "20", "-r", "1")


def _v3(level="authPriv", **changes):
    keys = {"auth_key": Secret("auth-demo-1"), "priv_key": Secret("priv-demo-1")}
    return SnmpV3(version="v3", user="demo", level=level, **(keys | changes))


@pytest.mark.parametrize("tool", [("snmpwalk", "-v1"), ("snmpbulkwalk", "-v2c")])
def test_a_walk_by_net_snmp_gives_the_recording(switch, net_snmp, tool):
    async def main():
        simulator = await simulate(switch, base="127.32.0.1", port=0, live=False)
        address, port = simulator.addresses["sw-01"]
        code, output = await net_snmp(*tool, "-c", "public", *_WALK, f"{address}:{port}", ".1")
        await simulator.stop()
        return code, output

    code, output = asyncio.run(main())
    assert code == 0, output
    expected = {
        ".1.3.6.1.2.1.1.5.0": '"sw-01"',
        ".1.3.6.1.2.1.1.2.0": ".1.3.6.1.4.1.14988.1",
        ".1.3.6.1.2.1.1.3.0": "0:0:20:34.00",
        ".1.3.6.1.2.1.2.2.1.6.1": '"02 00 00 00 00 01 "',
        ".1.3.6.1.2.1.2.2.1.10.1": "4294967000",
        ".1.3.6.1.2.1.4.20.1.1.127.0.0.1": "127.0.0.1",
    }
    if tool[1] == "-v2c":
        expected[".1.3.6.1.2.1.31.1.1.1.6.1"] = "18446744073709551000"
    lines = [line for line in output.splitlines() if " = " in line and "No more" not in line]
    seen = dict(line.split(" = ", 1) for line in lines)
    assert {oid: seen.get(oid) for oid in expected} == expected
    assert len(seen) == (16 if tool[1] == "-v2c" else 15)


_LEVELS = [
    (_v3(), ("-a", "SHA-256", "-A", "auth-demo-1", "-x", "AES", "-X", "priv-demo-1")),
    (
        _v3(auth="MD5", priv="DES"),
        ("-a", "MD5", "-A", "auth-demo-1", "-x", "DES", "-X", "priv-demo-1"),
    ),
    (_v3("authNoPriv", auth="SHA"), ("-a", "SHA", "-A", "auth-demo-1")),
    (_v3("noAuthNoPriv"), ()),
]


@pytest.mark.parametrize(("user", "options"), _LEVELS)
def test_v3_answers_at_every_level_from_the_same_device(switch, net_snmp, user, options):
    async def main():
        simulator = await simulate(
            switch, base="127.32.0.1", port=0, live=False, community=None, v3_user=user
        )
        where = "{}:{}".format(*simulator.addresses["sw-01"])
        level = ("-v3", "-l", user.level, "-u", "demo", *options)
        walk = await net_snmp("snmpbulkwalk", *level, *_WALK, where, ".1")
        silent = await net_snmp(
            "snmpget", "-v2c", "-c", "public", "-t", "0.3", "-r", "0", where, "1.3"
        )
        await simulator.stop()
        return walk, silent

    (code, output), (silent, _) = asyncio.run(main())
    assert code == 0, output
    assert '.1.3.6.1.2.1.1.5.0 = "sw-01"' in output
    assert ".1.3.6.1.2.1.31.1.1.1.15.1 = 1000" in output
    assert silent != 0


def test_v3_says_wrong_digest_and_unknown_user_and_refuses_set(switch, net_snmp):
    async def main():
        simulator = await simulate(switch, base="127.32.0.1", port=0, v3_user=_v3())
        where = "{}:{}".format(*simulator.addresses["sw-01"])

        async def ask(tool, user, password, *more):
            options = ("-v3", "-l", "authPriv", "-u", user, "-a", "SHA-256", "-A", password)
            keys = ("-x", "AES", "-X", "priv-demo-1", "-t", "20", "-r", "0")
            return (await net_snmp(tool, *options, *keys, where, "1.3.6.1.2.1.1.5.0", *more))[1]

        texts = (
            await ask("snmpget", "demo", "another-key"),
            await ask("snmpget", "nobody", "auth-demo-1"),
            await ask("snmpset", "demo", "auth-demo-1", "s", "x"),
        )
        await simulator.stop()
        return texts

    digest, user, refused = asyncio.run(main())
    assert "Authentication failure" in digest
    assert "Unknown user name" in user
    assert "notWritable" in refused


@pytest.mark.parametrize("only", ["v1", "v2c", "v3"])
def test_a_device_that_speaks_one_version_is_deaf_to_the_others(switch, net_snmp, only):
    versions = {
        "v1": ("-v1", "-c", "public"),
        "v2c": ("-v2c", "-c", "public"),
        "v3": ("-v3", "-l", "noAuthNoPriv", "-u", "demo"),
    }

    async def main():
        faults = [parse_fault_option(f"sw-*:{only}_only")]
        simulator = await simulate(
            switch, base="127.32.0.1", port=0, v3_user=_v3("noAuthNoPriv"), faults=faults
        )
        where = "{}:{}".format(*simulator.addresses["sw-01"])
        heard = []
        for name, options in versions.items():
            patience = ("-t", "20") if name == only else ("-t", "0.3")
            ask = (*options, *patience, "-r", "0", where, "1.3.6.1.2.1.1.5.0")
            code, _ = await net_snmp("snmpget", *ask)
            heard += [name] if code == 0 else []
        await simulator.stop()
        return heard

    assert asyncio.run(main()) == [only]


def test_after_a_reboot_v3_managers_find_one_boot_more(switch, net_snmp):
    async def main():
        now = [0.0]
        simulator = await simulate(
            switch, base="127.32.0.1", port=0, v3_user=_v3("noAuthNoPriv"), clock=lambda: now[0]
        )
        device = simulator["sw-01"]
        device.add(Event(at_s="10s", for_s="5s", reboot=True))
        where = "{}:{}".format(*simulator.addresses["sw-01"])
        options = ("-v3", "-l", "noAuthNoPriv", "-u", "demo", *_WALK, where, "1.3.6.1.2.1.1.3.0")
        before = await net_snmp("snmpget", *options)
        now[0] = 17.0
        after = await net_snmp("snmpget", *options)
        await simulator.stop()
        return before[1], after[1]

    before, after = asyncio.run(main())
    assert "0:0:20:34.00" in before
    assert "0:0:00:02.00" in after


def test_counters_move_by_the_clock_that_is_given(switch, net_snmp):
    async def main():
        now = [0.0]
        rule = {"device": "sw-*", "interface": 1, "in_bps": 8e6, "out_bps": 0, "swing": 0}
        simulator = await simulate(
            switch,
            base="127.32.0.1",
            port=0,
            scenario=Scenario.model_validate({"traffic": [rule]}),
            clock=lambda: now[0],
        )
        where = "{}:{}".format(*simulator.addresses["sw-01"])
        read = []
        for now[0] in (0.0, 60.0):
            _, text = await net_snmp(
                "snmpget", "-v2c", "-c", "public", "-Oqv", where, "1.3.6.1.2.1.31.1.1.1.6.1"
            )
            read.append(int(text))
        await simulator.stop()
        return read

    first, second = asyncio.run(main())
    assert (second - first) % 2**64 == 60_000_000


def test_a_map_says_where_each_device_is_and_faults_go_by_glob(switch, tmp_path):
    async def main():
        simulator = await simulate(
            switch,
            base="127.32.0.1",
            port=0,
            map_file=tmp_path / "map.json",
            faults=[parse_fault_option("sw-*:dead"), parse_fault_option("ap-*:drop=1")],
        )
        where = simulator.addresses["sw-01"]
        faults = simulator["sw-01"].faults
        await simulator.stop()
        return where, faults

    where, faults = asyncio.run(main())
    assert json.loads((tmp_path / "map.json").read_text()) == {
        "sw-01": {"address": where[0], "port": where[1], "community": "public"}
    }
    assert (faults.dead, faults.drop) == (True, 0.0)


def test_a_context_recording_is_a_view_of_its_device():
    text = b"1.3.6.1.2.1.1.5.0|4|sw"
    recordings = [parse_recording(text, name=n, source=n) for n in ("sw", "sw@10", "lone@10")]
    devices = {device.name: device for device in load_devices(recordings)}
    assert sorted(devices) == ["lone@10", "sw"]
    assert sorted(devices["sw"]._views) == [b"public", b"public@10"]


def test_a_folder_without_recordings_and_a_bad_recording_are_refused(tmp_path):
    with pytest.raises(SimulatorError, match="no folder"):
        recordings_in(tmp_path / "none")
    with pytest.raises(SimulatorError, match=r"no \.snmprec file"):
        recordings_in(tmp_path)
    (tmp_path / "bad.snmprec").write_text("hello\n")
    with pytest.raises(RecordingError, match=r"bad\.snmprec:1: "):
        recordings_in(tmp_path)


def test_a_map_that_cannot_be_written_stops_the_simulator(switch, tmp_path):
    async def main():
        with pytest.raises(SimulatorError, match="No such file"):
            await simulate(switch, port=0, map_file=tmp_path / "none" / "map.json")

    asyncio.run(main())


def test_addresses_skip_0_and_255_and_stay_on_loopback():
    assert loopback_addresses("127.20.0.253", 4) == [
        "127.20.0.253",
        "127.20.0.254",
        "127.20.1.1",
        "127.20.1.2",
    ]
    with pytest.raises(SimulatorError, match="do not fit"):
        loopback_addresses("127.255.255.254", 3)
    with pytest.raises(SimulatorError, match="is refused"):
        loopback_addresses("192.0.2.1", 1)


def test_every_recorded_device_can_be_walked_to_its_end(net_snmp):
    if not _RECORDED.is_dir():
        pytest.skip("there are no recordings of real devices beside this repository")

    async def walk(simulator, name, limit):
        where = "{}:{}".format(*simulator.addresses[name])
        async with limit:
            code, output = await net_snmp(
                "snmpbulkwalk", "-v2c", "-c", "public", "-Onq", "-t", "20", "-Cr40", where, ".1"
            )
            return name, code, output.count("\n.") + output.startswith(".")

    async def main():
        recordings = recordings_in(_RECORDED)
        small = {r.name: len(r.rows) for r in recordings if len(r.rows) < 3000}
        async with Simulator(load_devices(recordings, base="127.33.0.1", port=0)) as simulator:
            assert len(simulator.addresses) == len(recordings)
            limit = asyncio.Semaphore(4)
            walks = [walk(simulator, name, limit) for name in sorted(small)]
            return small, await asyncio.gather(*walks), simulator

    small, walks, simulator = asyncio.run(main())
    broken = [(name, code) for name, code, count in walks if code or count < small[name]]
    assert broken == []
    assert sum(device.counts.malformed for device in simulator.devices.values()) == 0
