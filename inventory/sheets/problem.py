"""What is wrong with a file as a whole, or with one cell, said so that a page can translate it."""

from __future__ import annotations

from collections.abc import Mapping

from config.errors import one_line


class _Said(Exception):
    """text: an English sentence in which {name} stands for one of `values`."""

    def __init__(self, text: str, /, **values: str) -> None:
        self.text = text
        self.values: Mapping[str, str] = values
        super().__init__(one_line(text.format_map(values)))


class SheetError(_Said):
    """The file cannot be taken; nothing was changed."""


class CellError(_Said):
    """One cell cannot be taken; the text says what would be right."""
