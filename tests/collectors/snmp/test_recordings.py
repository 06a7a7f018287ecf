"""Every recording there is, served by the simulator: no look fails, and names and ports are right.

The recordings of real devices lie beside the repository and may be absent.
"""

import json
import re
from pathlib import Path

import pytest

from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.replay import load_devices, recordings_in
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import read_recording
from inventory.observation import Reading
from tests.collectors.still_time import run_still

REAL = Path(__file__).resolve().parents[3].parent / "shared" / "devices"
SHARDS = 4
NOT_JUDGED = {
    # Its MAC address is written without the zeros in front.
    "axiscam_i8116-e",
    "axiscam_q6074",
    # A card that several makers of UPS build in.
    "sd-UPS-ingrasys-power-switch",
}
"""Recordings whose maker or serial number the truth file has otherwise."""
NO_SYSTEM_GROUP = "answers, but shows nothing of the system group: check its view"


def looked_at(recordings, base, looker, credential):
    """name -> what a look brought."""

    async def main():
        found = {}
        async with Simulator(load_devices(recordings, base=base, port=0, live=False)) as simulator:
            for name, where in simulator.addresses.items():
                found[name] = await looker(where, credential).look()
        return found

    return run_still(main())


def test_all_shipped_recordings_are_read_whole(looker, v2c):
    found = looked_at(recordings_in(shipped_folder()), "127.37.0.1", looker, v2c())
    assert len(found) >= 10
    for name, reading in found.items():
        assert isinstance(reading, Reading), name
        assert reading.problems == (), name
        assert reading.facts["sys_name"] == name.replace("_", "-")
        assert reading.interfaces, name
        assert reading.uptime_s, name


@pytest.mark.parametrize("shard", range(SHARDS))
def test_all_recordings_of_real_devices_agree_with_what_was_counted_in_them(looker, v2c, shard):
    if not REAL.is_dir():
        pytest.skip("there are no recordings of real devices beside this repository")
    paths = sorted((REAL / "snmprec").glob("*.snmprec"))
    assert len(paths) == 249
    recordings = [read_recording(path) for path in paths[shard::SHARDS]]
    found = looked_at(recordings, f"127.38.{shard}.1", looker, v2c())
    wrong = {}
    for name, reading in found.items():
        truth = json.loads((REAL / "truth" / f"{name}.json").read_text())
        wrong[name] = list(differences(reading, truth))
    assert {name: told for name, told in wrong.items() if told} == {}


def differences(reading, truth):
    """What a look and the truth file do not agree on."""
    if not isinstance(reading, Reading):
        yield f"{reading.reason}: {reading}"
        return
    raw = truth["raw"]
    yield from (problem for problem in reading.problems if problem != NO_SYSTEM_GROUP)
    if "sys_name" in raw and reading.facts.get("sys_name") != raw["sys_name"]:
        yield f"sysName is {raw['sys_name']}, not {reading.facts.get('sys_name')}"
    if "if_rows" in raw and len(reading.interfaces) != raw["if_rows"]:
        yield f"{raw['if_rows']} interfaces, not {len(reading.interfaces)}"
    table = {i.index: i for i in reading.interfaces}
    for index, (_, if_type, _, admin, oper) in raw.get("if_table", {}).items():
        seen = table.get(int(index))
        if seen is not None and (seen.if_type, bool(seen.admin_up), bool(seen.oper_up)) != (
            if_type,
            admin == 1,
            oper == 1,
        ):
            yield f"interface {index} is {seen}"
    if truth["name"] not in NOT_JUDGED:
        yield from differences_of_identity(reading.facts, truth)


def differences_of_identity(facts, truth):
    """Maker and serial number, where the truth file judges them."""
    makers = {
        squashed(name) for name in (truth.get("vendor"), *truth.get("vendor_any", [])) if name
    }
    maker = squashed(facts.get("vendor", ""))
    if maker and makers and not any(maker.startswith(name) for name in makers):
        yield f"made by {truth['vendor']}, not {facts['vendor']}"
    serials = {squashed(n) for n in (truth.get("serial"), *truth.get("serial_any", [])) if n}
    serial = squashed(facts.get("serial", ""))
    if serial and truth.get("serial") and serial not in serials:
        yield f"serial {facts['serial']} is none of {serials}"


def squashed(words):
    """A text by its letters and digits alone: makers write 8c:5f, 8C5F and 8c-5f for the same."""
    return re.sub(r"[\W_]+", "", words.casefold())
