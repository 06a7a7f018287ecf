"""A coverage-guided fuzzer of the SNMP engine's decoders, run by hand.

    pip install atheris
    python tests/fuzz/fuzz_snmp.py ORACLE [options of libFuzzer, such as -max_total_time=600]

ORACLE is one of those in oracles.py. A find is written to ./crash-*; its octets in hexadecimal
become a file NAME.hex in tests/collectors/snmp/cases/packets/ORACLE/, where a test holds it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["collectors.snmp"]):
    import oracles

CASES = Path(__file__).parents[1] / "collectors" / "snmp" / "cases" / "packets"


def main() -> None:
    """Fuzz until libFuzzer has enough."""
    if len(sys.argv) < 2 or sys.argv[1] not in oracles.ORACLES:
        sys.exit(f"which oracle? one of {', '.join(oracles.ORACLES)}")
    name = sys.argv.pop(1)
    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    for at, seed in enumerate(oracles.seeds()[name]):
        (corpus / f"seed-{at}").write_bytes(seed)
    for case in (CASES / name).glob("*.hex"):
        (corpus / case.stem).write_bytes(bytes.fromhex(case.read_text()))
    atheris.Setup([*sys.argv, str(corpus)], oracles.ORACLES[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
