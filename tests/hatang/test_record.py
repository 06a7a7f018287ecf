"""`hatang snmp record`: a simulated device becomes a case that the tests of devices would take."""

from __future__ import annotations

import asyncio
import json

import pytest
import yaml

from collectors.snmp.knowledge.book import shipped_book
from collectors.snmp.knowledge.offline import identified
from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.snmprec import read_recording


@pytest.fixture(scope="module")
def where(tmp_path_factory, simulate):
    """HOST:PORT of a simulated switch, in a process of its own."""
    known = tmp_path_factory.mktemp("record") / "map.json"
    options = ("--still", "--address", "127.62.0.1", "--port", "0", "--map", known)
    command = simulate(shipped_folder(), *options)
    device = json.loads(known.read_text())["switch_ruijie"]
    yield f"{device['address']}:{device['port']}"
    command.terminate()
    command.communicate(timeout=30)


def test_a_device_becomes_a_case_and_people_see_what_was_taken_out(hatang, where, tmp_path):
    done = hatang("snmp", "record", where, tmp_path / "case", "--community", "public")
    assert done.returncode == 0, done.stderr
    assert "× serial number" in done.stdout
    assert "× MAC address" in done.stdout
    recording = read_recording(tmp_path / "case" / "device.snmprec")
    expected = yaml.safe_load((tmp_path / "case" / "expected.yaml").read_text(encoding="utf-8"))
    found = asyncio.run(identified(recording, shipped_book()))
    assert {key: found[key] for key in ("vendor", "model", "serial")} == {
        key: expected[key] for key in ("vendor", "model", "serial")
    }
    original = read_recording(shipped_folder() / "switch_ruijie.snmprec")
    before = asyncio.run(identified(original, shipped_book()))
    assert (found["vendor"], found["model"]) == (before["vendor"], before["model"])
    assert found["serial"] != before["serial"]
    assert found["sys_name"] != before["sys_name"]
    assert str(before["serial"]).encode() not in (tmp_path / "case" / "device.snmprec").read_bytes()


def test_a_case_of_what_is_needed_finds_the_same_in_fewer_rows(hatang, where, tmp_path):
    for name, more in (("whole", ()), ("needed", ("--needed",))):
        done = hatang("snmp", "record", where, tmp_path / name, "--community", "public", *more)
        assert done.returncode == 0, done.stderr
    whole, needed = (read_recording(tmp_path / n / "device.snmprec") for n in ("whole", "needed"))
    assert len(needed.rows) < len(whole.rows)
    expected = [
        yaml.safe_load((tmp_path / n / "expected.yaml").read_text(encoding="utf-8"))
        for n in ("whole", "needed")
    ]
    for case in expected:
        del case["serial"]
    assert expected[0] == expected[1]


def test_a_device_that_does_not_answer_is_one_line_and_no_file(hatang, tmp_path):
    done = hatang("snmp", "record", "127.62.9.9:9", tmp_path / "case", "--community", "s3cret-c0mm")
    assert done.returncode == 1
    assert "127.62.9.9 port 9" in done.stderr
    assert "s3cret-c0mm" not in done.stderr + done.stdout
    assert not (tmp_path / "case").exists()
