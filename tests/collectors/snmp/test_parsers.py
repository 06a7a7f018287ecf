"""The parsers of the tables, each held against every file of its folder in cases/.

An odd output of a device becomes a file there, and no code. Values: numbers; text, as UTF-8;
{"hex": "00ff"} for octets; {"oid": "1.3"}. Of an interface only the fields in `expected` count.
"""

import doctest
import json
from pathlib import Path

import pytest

from collectors.snmp import (
    ber_shape,
    entity,
    host_resources,
    interfaces,
    pdu,
    system,
    text,
    uptime,
    vendors,
    walk,
)
from collectors.snmp.entity import chassis_in, chassis_objects, facts_of_chassis
from collectors.snmp.host_resources import cpu_ratio_of, storages_of
from collectors.snmp.interfaces import interfaces_of
from collectors.snmp.system import claims_of, facts_of
from inventory.observation import StorageReading

CASES = Path(__file__).parent / "cases"


def cases(kind):
    files = sorted((CASES / kind).glob("*.json"))
    assert files
    return pytest.mark.parametrize("path", files, ids=lambda path: path.stem)


def read(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    assert case["why"]
    return case


def value_of(written):
    if isinstance(written, dict):
        if "hex" in written:
            return bytes.fromhex(written["hex"])
        return text.oid(written["oid"])
    return written.encode() if isinstance(written, str) else written


def rows_of(case):
    return {
        name: {text.oid(index): value_of(value) for index, value in column.items()}
        for name, column in case.items()
    }


@cases("interfaces")
def test_interfaces(path):
    case = read(path)
    found = interfaces_of(rows_of(case["rows"]))
    assert len(found) == len(case["expected"])
    for interface, expected in zip(found, case["expected"], strict=True):
        assert {name: getattr(interface, name) for name in expected} == expected


@cases("host_resources")
def test_host_resources(path):
    case = read(path)
    rows = rows_of(case["rows"])
    assert storages_of(rows) == tuple(StorageReading(*storage) for storage in case["storages"])
    assert cpu_ratio_of(rows) == case["cpu_ratio"]


@cases("system")
def test_system(path):
    case = read(path)
    values = {name: value_of(value) for name, value in case["values"].items()}
    assert facts_of(values) == case["facts"]
    claims = [[claim.kind.value, claim.value] for claim in claims_of(values, "10.1.2.3")]
    assert claims == case["claims"]


@cases("entity")
def test_entity(path):
    case = read(path)
    chassis = chassis_in(rows_of({"entPhysicalClass": case["classes"]})["entPhysicalClass"])
    assert [text.dotted(index) for index in chassis] == case["chassis"]
    values = {name: value_of(value) for name, value in case["values"].items()}
    assert values.keys() <= chassis_objects(chassis).keys()
    assert facts_of_chassis(chassis, values) == case["facts"]


@pytest.mark.parametrize(
    "module",
    [ber_shape, entity, host_resources, interfaces, pdu, system, text, uptime, vendors, walk],
    ids=lambda module: module.__name__,
)
def test_the_examples_in_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0
