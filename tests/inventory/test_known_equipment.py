"""Equipment: what stands between two reads, what a restart remembers, how often it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.equipment import (
    AddressReading,
    ModuleReading,
    NeighbourReading,
    PoeReading,
    PortReading,
    ProgramReading,
    SensorReading,
    StationReading,
    SupplyReading,
    UpsReading,
    VlanReading,
)
from inventory.known_equipment import KINDS, Equipment, KnownEquipment, equipment_of, to_json
from inventory.observation import InterfaceReading, Reading
from inventory.store.reader import Reader
from inventory.store.rows import EquipmentRow

WARM = (SensorReading("temperature", "Phòng máy", 31.5, "celsius", "ok", high=40.0),)
TONER = (SupplyReading("Mực đen", "toner", 12.0, "ok"),)
AROUND = (NeighbourReading("lldp", "Gi1/0/1", "001a2b3c4d5e", "ether5", "router-xa"),)


def kinds(database):
    with Reader(database) as reader:
        return {row.kind: row for row in reader.equipment()}


def test_a_look_that_read_nothing_of_it_leaves_all_as_it_was(start, clock):
    run = start()
    run.see(sensors=WARM, neighbours=AROUND)
    run.step()
    first_s = clock.wall()
    clock.advance(60.0)
    run.see(supplies=TONER)
    run.step()
    known = run.ledger.snapshot.assets["A"].equipment
    assert (known.sensors, known.neighbours, known.supplies) == (WARM, AROUND, TONER)
    assert known.read_at_s["sensors"] < first_s < known.read_at_s["supplies"]


def test_what_is_gone_from_a_table_is_gone(start):
    run = start()
    run.see(neighbours=AROUND)
    run.see(neighbours=())
    run.step()
    known = run.ledger.snapshot.assets["A"].equipment
    assert known.neighbours == ()
    assert "neighbours" in known.read_at_s


def test_a_restart_remembers_what_was_read(start, database):
    run = start()
    run.see(sensors=WARM, neighbours=AROUND, ups=UpsReading(True, 0.5))
    run.step()
    run.close()
    again = start()
    known = again.ledger.snapshot.assets["A"].equipment
    assert (known.sensors, known.neighbours) == (WARM, AROUND)
    assert known.ups == UpsReading(True, 0.5)


def test_what_moves_is_written_now_and_then_and_what_stands_only_when_it_changes(
    start, database, clock
):
    run = start()
    for minute in range(31):
        run.see(
            sensors=(SensorReading("temperature", "t", 20.0 + minute),),
            supplies=TONER if minute < 20 else (),
        )
        run.step()
        if minute in (0, 14, 19, 29):
            seen = kinds(database)
            row = equipment_of(list(seen.values()))
            expected = {0: (20.0, TONER), 14: (20.0, TONER), 19: (35.0, TONER), 29: (35.0, ())}
            assert (row.sensors[0].value, row.supplies) == expected[minute]
        clock.advance(60.0 - 1.0)


def test_a_row_of_another_version_is_left_out(start, database):
    assert equipment_of(
        [
            EquipmentRow(1, "sensors", '[{"colour":"red"}]', 5.0),
            EquipmentRow(1, "crystals", "[]", 5.0),
            EquipmentRow(1, "vlans", '[{"number":20,"name":"Một cửa"}]', 7.0),
            EquipmentRow(1, "modules", "not JSON", 5.0),
        ]
    ) == Equipment(vlans=(VlanReading(20, "Một cửa"),), read_at_s={"vlans": 7.0})


def test_ports_carry_what_is_known_beside_their_counters(start):
    port = PortReading(duplex="full", poe="delivering", vlan=20, macs=3)
    run = start()
    run.see(interfaces=(InterfaceReading(1, "Gi1", port=port),))
    run.step()
    assert run.ledger.snapshot.assets["A"].interfaces[0].reading.port == port


TEXT = st.text(max_size=10)
FLOATS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
WHOLES = st.none() | st.integers(0, 2**64)
VALUES = {
    "ups": st.builds(UpsReading, on_battery=st.none() | st.booleans(), charge_ratio=FLOATS),
    "sensors": st.builds(SensorReading, TEXT, TEXT, FLOATS.filter(lambda v: v is not None)),
    "supplies": st.builds(SupplyReading, TEXT, TEXT, FLOATS),
    "poe": st.builds(PoeReading, st.integers(0, 9), FLOATS, FLOATS),
    "neighbours": st.builds(NeighbourReading, TEXT, TEXT, capabilities=st.tuples(TEXT)),
    "addresses": st.builds(AddressReading, TEXT, WHOLES, WHOLES),
    "stations": st.builds(StationReading, TEXT, TEXT, WHOLES),
    "modules": st.builds(ModuleReading, st.integers(0), st.integers(0), TEXT, TEXT),
    "vlans": st.builds(VlanReading, st.integers(1, 4094), TEXT),
    "programs": st.builds(ProgramReading, TEXT, TEXT, st.booleans()),
}


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
def test_what_is_written_is_what_is_read_back(kind, data):
    one = VALUES[kind]
    value = data.draw(one if kind == "ups" else st.lists(one, max_size=3).map(tuple))
    known = KnownEquipment()
    known.note(Reading(**{kind: value}), 5.0)
    (row,) = known.unsaved(1)
    assert equipment_of([row]) == Equipment(**{kind: value}, read_at_s={kind: 5.0})


def test_a_lone_surrogate_can_be_written():
    assert to_json("supplies", (SupplyReading("\ud800", "toner"),)).isascii()
