"""Octets that a fuzzer found, or that look like what it might, against what must always hold.

`tests/fuzz/fuzz_snmp.py` looks for more; what it finds becomes a file in cases/packets/ORACLE.
"""

import importlib.util
from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "cases" / "packets"
FILES = sorted(path.relative_to(CASES).as_posix() for path in CASES.glob("*/*.hex"))


@pytest.fixture(scope="module")
def oracles():
    path = Path(__file__).parents[3] / "fuzz" / "oracles.py"
    spec = importlib.util.spec_from_file_location("hatang_fuzz_oracles", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", FILES)
def test_what_a_fuzzer_found_stays_harmless(oracles, file):
    data = bytes.fromhex((CASES / file).read_text())
    oracles.ORACLES[Path(file).parent.name](data)


def test_sound_octets_satisfy_their_oracle_and_every_oracle_has_cases(oracles):
    assert set(oracles.seeds()) == set(oracles.ORACLES) == {Path(f).parent.name for f in FILES}
    for name, sound in oracles.seeds().items():
        for data in sound:
            oracles.ORACLES[name](data)


def test_the_oracles_see_a_broken_promise(oracles, monkeypatch):
    monkeypatch.setattr(oracles, "read_oid", lambda data: (1, 3, 2**40))
    with pytest.raises(AssertionError):
        oracles.oid(b"\x2b")
