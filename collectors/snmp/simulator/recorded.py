"""Keeps `recordings/`, one file per model, in step with the models that they are made from.

    python -m collectors.snmp.simulator.recorded

writes them anew; a test says when that is due.
"""

from __future__ import annotations

from pathlib import Path

from collectors.snmp.simulator.mibs import Identity
from collectors.snmp.simulator.models import MODELS
from collectors.snmp.simulator.snmprec import Row, format_row

_HEADER = "# Written by hand for Hatang: no real device, every serial number is invented.\n"


def shipped_folder() -> Path:
    """The folder of the recordings that are part of the package."""
    return Path(__file__).parent / "recordings"


def recording_text(rows: tuple[Row, ...]) -> str:
    """A whole `.snmprec` file."""
    return _HEADER + "".join(f"{format_row(row)}\n" for row in rows)


def shipped_recordings() -> dict[str, str]:
    """File name -> text of every recording, as the models make it now."""
    texts = {}
    for number, (name, model) in enumerate(sorted(MODELS.items()), 1):
        identity = Identity(name.replace("_", "-"), number, "Kho thiet bi mau")
        texts[f"{name}.snmprec"] = recording_text(model(identity))
    return texts


def write_recordings(folder: Path) -> list[Path]:
    """Write every recording into a folder; gives their paths."""
    paths = []
    for name, text in shipped_recordings().items():
        path = folder / name
        path.write_text(text, encoding="ascii")
        paths.append(path)
    return paths


if __name__ == "__main__":
    write_recordings(shipped_folder())
