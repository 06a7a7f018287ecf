"""What `hatang poll` says of a device's parts and surroundings."""

from hatang.equipment_lines import equipment_lines
from inventory.equipment import (
    AddressReading,
    ModuleReading,
    NeighbourReading,
    PoeReading,
    SensorReading,
    StationReading,
    SupplyReading,
    UpsReading,
    VlanReading,
)
from inventory.observation import Reading


def test_everything_that_came_home_has_its_line():
    reading = Reading(
        ups=UpsReading(True, 0.5, 0.25, 600.0),
        sensors=(
            SensorReading("temperature", "Inlet", 41.5, "celsius", "warning"),
            SensorReading("state", "PSU 1", 3.0, state="critical"),
        ),
        supplies=(SupplyReading("Black", "toner", 12.0), SupplyReading("Drum", "drum")),
        poe=(PoeReading(1, 370.0, 41.0),),
        neighbours=(NeighbourReading("lldp", "Gi1", "001a2b3c4d5e", "ether2"),),
        addresses=(AddressReading("10.0.0.1", 24),),
        modules=(ModuleReading(1, 0, "chassis", "Chassis", "C9200", "FOC1"),),
        vlans=(VlanReading(20, "Một cửa"),),
        stations=(StationReading("001a2b3c4d5e"),),
    )
    assert list(equipment_lines(reading)) == [
        ("ups", "on battery, charge 50.0 %, load 25.0 %, would last 10 min"),
        ("sensor", "Inlet temperature: 41.5 °C (warning)"),
        ("sensor", "PSU 1: critical"),
        ("supply", "Black: 12 %"),
        ("supply", "Drum: not known"),
        ("poe", "source 1: 41 of 370 W"),
        ("neighbour", "Gi1: 001a2b3c4d5e ether2"),
        ("address", "10.0.0.1/24"),
        ("part", "Chassis: C9200 FOC1"),
        ("vlan", "20 Một cửa"),
        ("seen", "1 MAC addresses"),
    ]


def test_a_look_that_read_nothing_of_it_says_nothing():
    assert list(equipment_lines(Reading())) == []


def test_a_long_table_is_cut():
    many = tuple(VlanReading(n) for n in range(1, 101))
    lines = list(equipment_lines(Reading(vlans=many)))
    assert len(lines) == 21
    assert lines[-1] == ("vlan", "and 80 more")
