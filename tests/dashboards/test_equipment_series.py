"""Equipment as series: names of devices are labels, so they are told apart and bounded."""

from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from dashboards.equipment_series import FRESH_S, SENSORS_MAX
from dashboards.exposition import render
from inventory.equipment import PortReading, SensorReading, UpsReading
from inventory.observation import InterfaceReading
from inventory.snapshot import InterfaceView


@pytest.fixture
def series(registry, instruments):
    """The series of RT-1 by name: [(labels, value), …], rendered now."""

    def found(name):
        text = render(registry)[0].decode()
        samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
        return [
            (s.labels, s.value)
            for s in samples
            if s.name == name and s.labels.get("asset", "RT-1") == "RT-1"
        ]

    return found


@pytest.fixture
def change(district):
    """Replaces parts of RT-1's equipment."""

    def make(**changes):
        asset = district.assets["RT-1"]
        district.assets["RT-1"] = replace(asset, equipment=replace(asset.equipment, **changes))

    return make


def test_two_sensors_of_one_name_are_two_series(series):
    found = {labels["sensor"]: value for labels, value in series("hatang_sensor_celsius")}
    assert found == {"Phòng máy": 31.5, "Phòng máy#2": 33.0}


def test_percentages_are_ratios_and_states_are_numbers(series):
    ratios = {labels["class"]: value for labels, value in series("hatang_sensor_ratio")}
    assert ratios == {"humidity": 0.61}
    assert [value for _, value in series("hatang_supply_ratio")] == [0.04]
    states = {labels["sensor"]: value for labels, value in series("hatang_sensor_state")}
    assert states == {"Phòng máy": 0, "Phòng máy#2": 1, "PSU 1": 2}


def test_what_a_device_does_not_know_has_no_series(series, change):
    change(ups=UpsReading(on_battery=True))
    assert [value for _, value in series("hatang_ups_on_battery")] == [1]
    assert series("hatang_ups_charge_ratio") == series("hatang_ups_battery_low") == []


def test_sensors_that_were_not_read_for_long_are_not_served(series, change, district):
    dates = district.assets["RT-1"].equipment.read_at_s
    change(read_at_s={**dates, "sensors": dates["sensors"] - FRESH_S - 1})
    assert series("hatang_sensor_celsius") == []
    assert series("hatang_ups_on_battery") != []


def test_a_device_of_ten_thousand_sensors_of_one_name_is_bounded_and_counted(series, change):
    change(sensors=tuple(SensorReading("count", "x", float(n)) for n in range(10_000)))
    found = series("hatang_sensor_value")
    assert len({labels["sensor"] for labels, _ in found}) == len(found) == SENSORS_MAX
    assert series("hatang_series_dropped_total")[0][1] >= 10_000 - SENSORS_MAX


@pytest.mark.parametrize(
    ("port", "poe", "duplex"),
    [
        (PortReading(duplex="half", poe="searching"), [0], [0]),
        (PortReading(duplex="full", poe="delivering"), [1], [1]),
        (PortReading(), [], []),
        (None, [], []),
    ],
)
def test_a_port_without_power_over_ethernet_says_nothing_of_it(series, district, port, poe, duplex):
    asset = district.assets["RT-1"]
    ports = (InterfaceView(InterfaceReading(1, "ge0", port=port)),)
    district.assets["RT-1"] = replace(asset, interfaces=ports)
    assert [value for _, value in series("hatang_interface_poe_delivering")] == poe
    assert [value for _, value in series("hatang_interface_full_duplex")] == duplex
