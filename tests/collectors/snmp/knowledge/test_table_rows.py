"""Rows of a profile's tables: which of them count, and what their numbers mean."""

from __future__ import annotations

import pytest

from collectors.snmp.knowledge.answers import Answers
from collectors.snmp.knowledge.book import ProfileBook
from collectors.snmp.knowledge.schema import AreaTable, DeviceProfile, SensorTable
from collectors.snmp.knowledge.tables import areas_in, sensors_in

LIGHT = (1, 3, 6, 1, 4, 1, 99999, 1)
SIZE, FREE = (1, 3, 6, 1, 4, 1, 99999, 2), (1, 3, 6, 1, 4, 1, 99999, 3)


def light(rows, **more):
    table = SensorTable.model_validate(
        {"class": "dbm", "value": ".".join(map(str, LIGHT)), "convert": "dbm", **more}
    )
    return [sensor.value for sensor in sensors_in([table], Answers(columns={LIGHT: rows}))]


def test_milliwatts_become_decibels_and_darkness_is_no_value():
    assert light({(1,): 1, (2,): b"0.5", (3,): 0, (4,): -1}) == pytest.approx([0.0, -3.0103])


def test_only_rows_whose_index_shows_the_pattern_count():
    assert light({(7, 8): 10, (7, 18): 100}, index=r"(?:^|\.)8$") == pytest.approx([10.0])


def test_a_row_gives_way_to_a_better_object():
    table = SensorTable.model_validate(
        {"class": "load", "value": "1.3.6.1.4.1.99999.1", "unless": "1.3.6.1.4.1.99999.2"}
    )
    answers = Answers(columns={LIGHT: {(1,): 10, (2,): 20}, SIZE: {(1,): 105}})
    assert [sensor.value for sensor in sensors_in([table], answers)] == [20.0]


def test_the_worst_of_the_set_bits_counts():
    table = SensorTable.model_validate(
        {"class": "state", "value": "1.3.6.1.4.1.99999.1", "bits": {0: "warning", 9: "critical"}}
    )
    rows = {(1,): b"\0", (2,): b"\x80", (3,): b"\x80\x40", (4,): b"\x20", (5,): b""}
    sensors = sensors_in([table], Answers(columns={LIGHT: rows}))
    assert [sensor.state for sensor in sensors] == ["ok", "warning", "critical", "ok", "ok"]


def test_digits_after_the_point_are_told_by_another_column():
    table = SensorTable.model_validate(
        {"class": "current", "value": "1.3.6.1.4.1.99999.1", "decimals": "1.3.6.1.4.1.99999.2"}
    )
    answers = Answers(columns={LIGHT: {(1,): 3215, (2,): 7}, SIZE: {(1,): 3}})
    assert [sensor.value for sensor in sensors_in([table], answers)] == [3.215, 7.0]


def test_a_size_that_ran_into_the_negative_is_read_unsigned_and_minus_one_is_unknown():
    table = AreaTable.model_validate(
        {"total": "1.3.6.1.4.1.99999.2", "free": "1.3.6.1.4.1.99999.3"}
    )
    columns = {SIZE: {(1,): -(2**31), (2,): -1}, FREE: {(1,): 2**30, (2,): 5}}
    areas = areas_in([table], Answers(columns=columns))
    assert [(area.size_bytes, area.used_bytes) for area in areas] == [(2**31, 2**30)]


def test_an_oid_below_the_devices_own_number_is_found_for_every_product():
    sheet = {
        "name": "made",
        "match": [{"object_id": "1.3.6.1.4.1.99999"}],
        "model": [{"object": "self8.5.0"}],
    }
    book = ProfileBook({"made": DeviceProfile.model_validate(sheet)})
    for product in (3, 4):
        [candidate] = book.candidates((1, 3, 6, 1, 4, 1, 99999, product, 1), "")
        assert candidate.profile.model[0].object == (1, 3, 6, 1, 4, 1, 99999, product, 5, 0)
