"""The files of imports, a folder for each: what was handed in, and what was read of it."""

from __future__ import annotations

import shutil
from collections.abc import Container
from pathlib import Path
from typing import BinaryIO

from inventory.sheets.apart import read_apart
from inventory.sheets.gate import MAX_BYTES
from inventory.sheets.problem import SheetError
from inventory.sheets.table import Table, read_table
from inventory.store.errors import StoreError

_CHUNK = 1 << 20


class KeptSheets:
    """folder: where they are, the owner's alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, id_: str, source: BinaryIO) -> None:
        """Keep a file, or nothing of it. Raises SheetError for one that is too large, and
        StoreError."""
        folder = self._folder / id_
        try:
            folder.mkdir(mode=0o700, parents=True)
            with (folder / "sheet").open("wb") as file:
                size = 0
                while chunk := source.read(_CHUNK):
                    size += len(chunk)
                    if size > MAX_BYTES:
                        raise SheetError(
                            "has more than {most} MB; send it in parts",
                            most=str(MAX_BYTES // 2**20),
                        )
                    file.write(chunk)
        except OSError as error:
            self.drop(id_)
            raise StoreError("io", f"keep the sheet: {error.strerror}") from error
        except SheetError:
            self.drop(id_)
            raise

    def drop(self, id_: str) -> None:
        """Throw the files of an import away."""
        shutil.rmtree(self._folder / id_, ignore_errors=True)

    def keep_only(self, known: Container[str]) -> None:
        """Throw away whatever is of no import that is known."""
        for folder in self._folder.iterdir():
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)

    def table(self, id_: str) -> Table:
        """What stands in a sheet, which is read once. Raises SheetError, OSError, ValueError."""
        folder = self._folder / id_
        kept = folder / "table.jsonl"
        if kept.exists():
            return read_table(kept)
        partial = folder / "table.part"
        table = read_apart(folder / "sheet", partial)
        partial.replace(kept)
        return table
