"""The gap list as a sheet, .xlsx or .csv."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from dashboards.web.languages import Speech
from dashboards.web.plan_gaps import Row
from dashboards.web.words import N_, word
from inventory.sheets.escape import guarded
from inventory.sheets.export import csv_text
from inventory.sheets.table import Cell
from inventory.sheets.xlsx import Look, write_xlsx

SHEET = N_("Gaps")

_COLUMNS = (
    (N_("Commune code"), 12),
    (N_("Commune"), 22),
    (N_("Requirement"), 44),
    (N_("Pillar"), 18),
    (N_("Level"), 12),
    (N_("Verdict"), 16),
    (N_("Missing"), 10),
    (N_("Remedy"), 30),
    (N_("Pieces"), 8),
    (N_("Unit price"), 14),
    (N_("Day of the price"), 12),
    (N_("Source of the price"), 30),
    (N_("Cost"), 16),
    (N_("Also mends"), 36),
    (N_("Basis"), 14),
    (N_("Document"), 36),
    (N_("Confidence"), 10),
)


def write_gaps(
    suffix: str,
    rows: Sequence[Row],
    speech: Speech,
    pillars: dict[str, str],
    titles: dict[str, str],
) -> Path:
    """A temporary file, to be removed by whoever asks. suffix: xlsx or csv."""
    handle, name = tempfile.mkstemp(suffix=f".{suffix}")
    os.close(handle)
    path = Path(name)
    header: list[Cell] = [speech.text(title) for title, _ in _COLUMNS]
    lines = (_cells(row, speech, pillars, titles) for row in rows)
    if suffix == "csv":
        # The mark at the beginning is what tells Excel that this is UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([guarded(str(title)) for title in header])
            writer.writerows([csv_text(cell) for cell in line] for line in lines)
        return path
    look = Look([width for _, width in _COLUMNS])
    write_xlsx(path, speech.text(SHEET), _numbered(header, lines), look)
    return path


def _numbered(
    header: Sequence[Cell], lines: Iterator[list[Cell]]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    yield 1, header
    yield from enumerate(lines, 2)


def _cells(row: Row, speech: Speech, pillars: dict[str, str], titles: dict[str, str]) -> list[Cell]:
    gap, remedy = row.gap, row.remedy
    return [
        gap.commune,
        row.commune,
        gap.title.text(speech.language) if gap.title else gap.requirement,
        pillars.get(gap.pillar, gap.pillar),
        speech.text(word(gap.level)),
        speech.text(word(gap.verdict)),
        round(gap.amount, 3),
        remedy.name.text(speech.language) if remedy else None,
        gap.pieces or None,
        gap.unit_price_vnd or None,
        gap.price_date,
        speech.text(remedy.source) if remedy else None,
        gap.cost_vnd or None,
        "; ".join(titles.get(id_, id_) for id_ in gap.side_effects),
        speech.text(word(gap.basis.kind)) if gap.basis else None,
        gap.basis.document if gap.basis else None,
        round(gap.confidence, 2),
    ]
