"""No two sensors or supplies of a device have one name."""

from __future__ import annotations

from collectors.snmp.knowledge.answers import Answers
from collectors.snmp.knowledge.apart import sensors_apart, supplies_apart
from collectors.snmp.knowledge.device import Sensor, Supply
from collectors.snmp.knowledge.entity_sensors import named
from collectors.snmp.knowledge.schema import SensorTable
from collectors.snmp.knowledge.tables import sensors_in

VALUE, NAME = (1, 3, 6, 1, 4, 1, 99999, 1), (1, 3, 6, 1, 4, 1, 99999, 2)


def names(*tables, columns):
    made = [SensorTable.model_validate({"class": "dbm", **table}) for table in tables]
    return [sensor.name for sensor in sensors_in(made, Answers(columns=columns))]


def test_rows_with_one_name_get_their_index_and_others_keep_theirs():
    table = {"value": "1.3.6.1.4.1.99999.1", "name": "1.3.6.1.4.1.99999.2"}
    columns = {
        VALUE: {(1, 1): 10, (1, 2): 20, (3,): 30},
        NAME: {(1, 1): b"Fan", (1, 2): b"Fan", (3,): b"Rear"},
    }
    assert names(table, columns=columns) == ["Fan 1.1", "Fan 1.2", "Rear"]


def test_two_values_of_one_thing_are_told_apart_by_their_labels():
    table = {"value": "1.3.6.1.4.1.99999.1", "name": "1.3.6.1.4.1.99999.2"}
    columns = {VALUE: {(7,): -3}, NAME: {(7,): b"gi7"}}
    sent, received = {**table, "label": "{} sent"}, {**table, "label": "{} received"}
    assert names(sent, received, columns=columns) == ["gi7 sent", "gi7 received"]
    assert names(table, table, columns=columns) == ["gi7", "gi7 (2)"]


def test_one_name_in_two_classes_is_no_clash():
    rows = [("", Sensor("temperature", "Rack", 20.0)), ("", Sensor("humidity", "Rack", 50.0))]
    assert [sensor.name for sensor in sensors_apart(rows)] == ["Rack", "Rack"]


def test_entity_sensors_of_one_description_go_by_their_names():
    sensors = {index: Sensor("temperature", "", 30.0) for index in (1, 2, 3)}
    values = {
        "descr.1": b"Sensor",
        "descr.2": b"Sensor",
        "descr.3": b"Inlet",
        "name.1": b"slot 1",
        "name.2": b"slot 2",
        "name.3": b"slot 3",
    }
    assert [sensor.name for sensor in named(sensors, values)] == ["slot 1", "slot 2", "Inlet"]


def test_two_equal_trays_are_counted():
    trays = [Supply("Tray", "input", 10.0), Supply("Tray", "input", 20.0)]
    assert [tray.name for tray in supplies_apart(trays)] == ["Tray", "Tray (2)"]
