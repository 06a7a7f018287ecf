"""A configuration to begin with: commented, in order as it is, watching this machine."""

from __future__ import annotations

from pathlib import Path

_STARTER = Path(__file__).parent / "starter.yaml"
FILE_NAME = "hatang.yaml"


def write_starter(folder: Path) -> Path:
    """Write it into a folder, which is made if need be; its path.

    Raises FileExistsError when there is one already, and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / FILE_NAME
    with target.open("x", encoding="utf-8") as file:
        file.write(_STARTER.read_text(encoding="utf-8"))
    return target
