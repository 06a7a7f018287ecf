"""`make bench`: what Hatang costs, each figure beside a named peer's in the same run.

Figures are ratios of CPU time on this machine; they are shown and never tested.
"""

from __future__ import annotations

import json
import platform
import time
from pathlib import Path

from bench.discovery import measure_discovery
from bench.recorder import measure_recorder
from bench.register import measure_register
from bench.sheets import measure_sheets
from bench.snmp import measure_snmp
from bench.standard_poll import measure_standard_poll
from bench.whatif import measure_whatif

_MEASURES = (
    ("snmp", measure_snmp),
    ("the standard poll", measure_standard_poll),
    ("recorder", measure_recorder),
    ("discovery", measure_discovery),
    ("register", measure_register),
    ("sheets", measure_sheets),
    ("whatif", measure_whatif),
)


def main() -> None:
    """Measure, print, and keep the figures in bench/results/."""
    results = {
        "python": platform.python_version(),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    for name, measure in _MEASURES:
        print(f"{name}:")
        results[name] = figures = measure()
        for what, figure in figures.items():
            print(f"  {what:<58} {figure:>12,.1f}")
    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    (folder / "latest.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
