"""The parsers of the tables, each held against every file of its folder in cases/.

An odd output of a device becomes a file there, and no code. Values: numbers; text, as UTF-8;
{"hex": "00ff"} for octets; {"oid": "1.3"}. Of an interface only the fields in `expected` count.
"""

import asyncio
import doctest
import json
from pathlib import Path

import pytest

from collectors.snmp import (
    ber_shape,
    host_resources,
    interfaces,
    pdu,
    system,
    text,
    uptime,
    vendors,
    walk,
)
from collectors.snmp.equipment import cpu_ratio_in, facts_of_identity
from collectors.snmp.host_resources import storages_of
from collectors.snmp.interfaces import interfaces_of
from collectors.snmp.knowledge.book import BASE, shipped_book
from collectors.snmp.knowledge.device import Measures
from collectors.snmp.knowledge.host import processors_of
from collectors.snmp.knowledge.learn import identify
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
    assert cpu_ratio_in(Measures(processors_of(rows))) == case["cpu_ratio"]


@cases("system")
def test_system(path):
    case = read(path)
    values = {name: value_of(value) for name, value in case["values"].items()}
    assert facts_of(values) == case["facts"]
    claims = [[claim.kind.value, claim.value] for claim in claims_of(values, "10.1.2.3")]
    assert claims == case["claims"]


ENTITY = {
    "entPhysicalClass": 5,
    "entPhysicalSoftwareRev": 10,
    "entPhysicalSerialNum": 11,
    "entPhysicalMfgName": 12,
    "entPhysicalModelName": 13,
}


@cases("entity")
def test_entity(path, dictionary_session):
    case = read(path)
    cells = {f"entPhysicalClass.{index}": kind for index, kind in case["classes"].items()}
    values = {}
    for name, value in (cells | case["values"]).items():
        column, _, index = name.partition(".")
        values[(1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, ENTITY[column], int(index))] = value_of(value)
    session = dictionary_session(values)
    identity = asyncio.run(identify(session, {}, shipped_book()[BASE], until_s=0.0))
    assert facts_of_identity(identity) == case["facts"]


@pytest.mark.parametrize(
    "module",
    [ber_shape, host_resources, interfaces, pdu, system, text, uptime, vendors, walk],
    ids=lambda module: module.__name__,
)
def test_the_examples_in_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0
