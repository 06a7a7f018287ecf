"""docs/faults.md and the tests that carry a fault's number say the same."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _listed():
    rows = re.findall(
        r"^\| ([STNJP]\d+) \|.*?\| (tested|in part|open) \|",
        (ROOT / "docs" / "faults.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return dict(rows)


def _tested():
    return {
        number.upper()
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in re.findall(r"def test_([stnjp]\d+)_", path.read_text(encoding="utf-8"))
    }


def test_every_fault_of_the_matrix_is_listed_once():
    expected = {
        f"{group}{n}"
        for group, last in (("S", 11), ("T", 4), ("N", 14), ("J", 2), ("P", 3))
        for n in range(1, last + 1)
    }
    assert set(_listed()) == expected


def test_what_is_called_tested_has_a_test_and_what_has_one_is_not_called_open():
    listed = _listed()
    assert {n for n, state in listed.items() if state == "tested"} <= _tested()
    assert {n for n, state in listed.items() if state == "open"} & _tested() == set()
