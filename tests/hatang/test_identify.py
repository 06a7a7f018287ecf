"""`hatang identify`, the command, at simulated devices on loopback."""

from __future__ import annotations

import asyncio
import json

import pytest

from collectors.snmp.knowledge.book import shipped_book
from collectors.snmp.knowledge.offline import identified
from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.snmprec import read_recording


@pytest.fixture(scope="module")
def devices(tmp_path_factory, simulate):
    """Every shipped recording, answering in a process of its own: name -> where."""
    known = tmp_path_factory.mktemp("identify") / "map.json"
    where = ("--still", "--address", "127.61.0.1", "--port", "0", "--map", known)
    command = simulate(shipped_folder(), *where)
    yield known
    command.terminate()
    command.communicate(timeout=30)


def _where(known, name):
    device = json.loads(known.read_text())[name]
    return f"{device['address']}:{device['port']}"


def test_a_device_is_identified_as_json(hatang, devices):
    done = hatang(
        "identify", _where(devices, "switch_ruijie"), "--community", "public", "--format", "json"
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["vendor"], found["class"] in ("switch", None)) == ("Ruijie", True)
    assert len(found["ports"]) >= 24
    assert {"model", "version", "serial", "sys_name", "os", "sensors", "supplies"} <= set(found)


def test_people_get_lines(hatang, devices):
    done = hatang("identify", _where(devices, "printer_hp"), "--community", "public")
    assert done.returncode == 0, done.stderr
    assert "vendor       HP" in done.stdout
    assert "toner" in done.stdout


def test_a_map_and_the_recordings_give_the_same_and_so_does_reading_the_files(
    hatang, devices, tmp_path
):
    mapped, replayed = tmp_path / "mapped.json", tmp_path / "replayed.json"
    assert hatang("identify", "--map", devices, "--out", mapped).returncode == 0
    done = hatang("identify", "--recordings", shipped_folder(), "--out", replayed)
    assert done.returncode == 0, done.stderr
    results = json.loads(mapped.read_text())
    assert results == json.loads(replayed.read_text())
    for path in shipped_folder().glob("*.snmprec"):
        found = asyncio.run(identified(read_recording(path), shipped_book()))
        assert results[path.stem] == json.loads(json.dumps(found))


def test_a_wrong_community_is_silence_and_says_so_without_the_community(hatang, devices):
    done = hatang("identify", _where(devices, "ups_apc"), env={"HATANG_COMMUNITY": "s3cret-c0mm"})
    assert done.returncode == 1
    assert "127.61.0." in done.stderr
    assert "s3cret-c0mm" not in done.stderr + done.stdout


def test_an_own_profile_names_a_device_that_nobody_knew(hatang, devices, tmp_path):
    (tmp_path / "our-ups.yaml").write_text(
        "name: our-ups\nmatch: [{object_id: 1.3.6.1.4.1.318.1.3.27, descr: '.'}]\npriority: 9\n"
        "vendor: Nhà máy Z755\nclass: ups\n",
        encoding="utf-8",
    )
    done = hatang(
        "identify",
        _where(devices, "ups_apc"),
        *("--community", "public", "--profiles", tmp_path, "-f", "json"),
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["profile"], found["vendor"]) == ("our-ups", "Nhà máy Z755")


def test_a_wrong_profile_is_refused_with_its_line(hatang, tmp_path):
    (tmp_path / "bad.yaml").write_text("name: bad\nmatch:\n  - descr: '('\nmodell: x\n")
    done = hatang("identify", "127.0.0.1", "--community", "x", "--profiles", tmp_path)
    assert done.returncode == 3
    lines = done.stderr.splitlines()
    assert any("bad.yaml:3:" in line and "regular expression" in line for line in lines)
    assert any("bad.yaml:4:" in line and "modell" in line for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("127.0.0.1", "--map", "x.json"),
        ("127.0.0.1:99999", "--community", "x"),
        ("127.0.0.1",),
    ],
)
def test_a_command_line_that_says_too_little_is_a_usage_error(hatang, arguments):
    done = hatang("identify", *arguments, env={"HATANG_COMMUNITY": ""})
    assert done.returncode == 2


def test_a_broken_map_is_told_with_its_form(hatang, tmp_path):
    path = tmp_path / "map.json"
    path.write_text('{"a": {"address": "127.0.0.1"}}')
    done = hatang("identify", "--map", path)
    assert done.returncode == 2
    assert "address, port, community" in done.stderr
