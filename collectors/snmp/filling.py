"""How answers are filled: how many columns to ask for at once, and rows that an agent cut off."""

from __future__ import annotations

from collectors.snmp.pdu import Binding, Cells

_USUAL_ROWS = 48
_MOST_PARTS = 3


def columns_at_once(columns: int, bindings: int, rows: int | None) -> int:
    """How many of so many columns to ask for in one request, so that a walk needs the fewest.

    bindings: what one answer holds; rows: of the table, where they are known.

    >>> columns_at_once(20, 64, 48)
    20
    >>> columns_at_once(20, 57, 48)
    10
    """
    whole_walk = (rows if rows is not None else _USUAL_ROWS) + 1
    best, fewest = columns, 0.0
    for parts in range(1, _MOST_PARTS + 1):
        width = -(-columns // parts)
        rows_each = bindings // width or max(1, bindings) / width
        requests = parts * -(-whole_walk // rows_each)
        if not fewest or requests < fewest:
            best, fewest = width, requests
    return best


def whole_rows(
    cells: Cells | None, bindings: tuple[Binding, ...], width: int, most: int
) -> tuple[Cells | None, tuple[Binding, ...], int | None]:
    """(cells, bindings, how many the agent had room for), the last without the row that the agent
    cut off in its middle; None where it cut nothing off.

    Columns that keep in step cost less than the few cells that are asked for again. An answer that
    has no whole row is left as it is.
    """
    begun = len(cells.values) if cells is not None else 0
    count = begun + len(bindings)
    over = count % width
    if not over or not width < count < most:
        return cells, bindings, None
    kept = count - over
    if cells is not None and kept < begun:
        cells = Cells(cells.indexes[:kept], cells.values[:kept], cells.in_rows)
    return cells, bindings[: max(0, kept - begun)], count
