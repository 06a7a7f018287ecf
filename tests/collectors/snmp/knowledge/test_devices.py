"""Every case folder in tests/collectors/snmp/devices: a recording and what is found in it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml

from collectors.snmp.knowledge.book import shipped_book
from collectors.snmp.knowledge.offline import identified
from collectors.snmp.simulator.snmprec import read_recording

CASES = sorted((Path(__file__).parent.parent / "devices").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_device_is_what_its_case_says(case):
    expected = yaml.safe_load((case / "expected.yaml").read_text(encoding="utf-8"))
    found = asyncio.run(identified(read_recording(case / "device.snmprec"), shipped_book()))
    shown = {key: _like(found[key], want) for key, want in expected.items()}
    assert shown == expected


def test_there_are_cases():
    assert CASES


def _like(found, want):
    """The found value with the keys that the expected one has; numbers to four digits."""
    if isinstance(want, list) and isinstance(found, list):
        return [
            _like(row, want[min(at, len(want) - 1)] if want else row)
            for at, row in enumerate(found)
        ]
    if isinstance(want, dict) and isinstance(found, dict):
        return {key: _like(found.get(key), want[key]) for key in want}
    if isinstance(found, float):
        return float(f"{found:.4g}")
    return found
