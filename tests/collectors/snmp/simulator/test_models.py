import pytest

from collectors.snmp.simulator.mibs import Identity
from collectors.snmp.simulator.models import MODELS
from collectors.snmp.simulator.recorded import shipped_folder, shipped_recordings, write_recordings
from collectors.snmp.simulator.snmprec import read_recording

_SYSTEM = {(1, 3, 6, 1, 2, 1, 1, n, 0) for n in range(1, 8)}
_IF_TYPE, _HC_IN = (1, 3, 6, 1, 2, 1, 2, 2, 1, 3), (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6)
_MAC = (1, 3, 6, 1, 2, 1, 2, 2, 1, 6)


def test_the_shipped_recordings_are_what_the_models_make(tmp_path):
    due = "run python -m collectors.snmp.simulator.recorded"
    shipped = {path.name: path.read_text() for path in shipped_folder().glob("*.snmprec")}
    assert shipped == shipped_recordings(), due
    assert {path.name for path in write_recordings(tmp_path)} == set(shipped)


def test_the_shipped_recordings_stay_small():
    assert sum(path.stat().st_size for path in shipped_folder().iterdir()) < 300_000


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_has_the_groups_that_every_device_has(name):
    rows = {row.oid: row for row in read_recording(shipped_folder() / f"{name}.snmprec").rows}
    assert set(rows) >= _SYSTEM
    ports = [oid[-1] for oid in rows if oid[:-1] == _IF_TYPE]
    assert ports == list(range(1, len(ports) + 1))
    assert [oid[-1] for oid in rows if oid[:-1] == _HC_IN] == ports
    assert rows[(1, 3, 6, 1, 2, 1, 1, 2, 0)].value[:6] == (1, 3, 6, 1, 4, 1)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_two_devices_of_a_model_share_no_serial_and_no_address(name):
    one, two = (
        {row.oid: row.value for row in MODELS[name](Identity(f"x{n}", n))} for n in (1, 60000)
    )
    serials = [oid for oid, value in one.items() if b"DEMO" in bytes(str(value), "ascii")]
    macs = [oid for oid in one if oid[:-1] == _MAC and one[oid]]
    assert serials
    assert all(one[oid] != two[oid] for oid in [*serials, *macs])
    assert all(len(one[oid]) == 6 and not one[oid][0] & 3 for oid in macs)
