"""Reading a file apart from everything else: in a process with bounds on its memory and time.

A file that a reader chokes on takes that process along and nothing else.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

from inventory.sheets.problem import SheetError
from inventory.sheets.table import Table, read_table

MEMORY_BYTES = 1 << 30
TIMEOUT_S = 180.0
"""Five times what 100,000 rows take."""

_REFUSED = 3
"""The exit code with which the child says that it refuses the file."""


def read_apart(
    path: Path, result: Path, *, timeout_s: float = TIMEOUT_S, memory_bytes: int = MEMORY_BYTES
) -> Table:
    """The table in a file; `result` is where it is kept, beside the file. Raises SheetError."""
    root = str(Path(__file__).resolve().parents[2])
    environment = {"PYTHONPATH": root, "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", "")}
    command = [sys.executable, "-m", "inventory.sheets.apart", str(memory_bytes)]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and module
            [*command, str(path), str(result)],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SheetError("takes too long to read; send it in parts") from None
    if done.returncode == _REFUSED:
        text, *pairs = done.stdout.decode("utf-8").split("\0")
        raise SheetError(text, **dict(zip(pairs[::2], pairs[1::2], strict=True)))
    if done.returncode != 0:
        raise SheetError("cannot be read within the memory that there is; send it in parts")
    return read_table(result)


def main(memory_bytes: str, path: str, result: str) -> int:
    """What the child does; its exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory_bytes), int(memory_bytes)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from inventory.sheets.reader import read  # within the bounds

    try:
        read(Path(path), Path(result))
    except SheetError as error:
        said = [error.text, *(part for pair in error.values.items() for part in pair)]
        sys.stdout.write("\0".join(said))
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
