"""Labels to print and stick on: a QR code with the asset's short address, tag, name, whose it is.

A PDF for any sheet of `config.labels`, from any place of a half-used one. Drawn as shapes, not as
pictures, so that a printer of any resolution prints sharp edges.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import segno
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from config.assets import Asset
from config.labels import LabelSheet
from config.sections import Settings
from dashboards.forms.typesetting import ASCENT, BOLD, LEADING, PLAIN, Fitted, fit
from dashboards.forms.words import short_office
from inventory.units import UnitTable

QUIET = 4
"""Modules that stay white around a QR code (ISO/IEC 18004)."""

FINEST_MM = 0.25
"""A module's width below which label printers (203 dpi: 0.125 mm a dot) and phones fail; ours."""

PRINTABLE_MM = 4.3
"""From a page's edge office printers print nothing; ours, 4.23 mm is usual."""

_PADDING_MM = 1.5
_TAG = (15.0, 4.0)
_NAME = (10.0, 4.5)
_OWNER = (7.5, 4.0)
"""Largest and smallest sizes of the three texts, points."""


class LabelError(ValueError):
    """A label that cannot be printed on this sheet."""


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says. address: what its QR code holds; owner: whose the asset is."""

    tag: str
    name: str
    owner: str
    address: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text: its left end and foot, points from a label's lower left corner."""

    x: float
    y: float
    font: str
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A label's parts in points from its lower left corner. qr: left, bottom and side of the code
    with its quiet zone; modules: its rows, True for dark. whole: whether every text is complete."""

    qr: tuple[float, float, float]
    modules: tuple[tuple[bool, ...], ...]
    texts: tuple[Text, ...]
    whole: bool


def label_of(asset: Asset, settings: Settings, units: UnitTable, day: dt.date) -> Label:
    """What the label of an asset says on a day: its QR code holds the short address below the
    public one of the settings."""
    unit = units.at(asset.commune, day)
    owner = settings.labels.owner or (short_office(unit.name) if unit else asset.commune)
    address = f"{settings.web.address}/a/{quote(asset.tag)}"
    return Label(asset.tag, asset.name, owner, address)


def label_sheet(
    labels: Iterable[Label],
    sheet: LabelSheet,
    start: int = 1,
    shift_mm: tuple[float, float] = (0.0, 0.0),
    outlines: bool = False,
) -> bytes:
    """The PDF. start: the first free place of the first page, counted by rows from 1. shift_mm: to
    the right and downwards, against a printer that is off. outlines: a thin line around each
    label, to cut plain paper.

    Raises LabelError where there is nothing to print, no such place, or a QR code whose squares
    would be too small to scan.
    """
    if not 1 <= start <= sheet.count:
        raise LabelError(f"the sheet has places 1 to {sheet.count}")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(sheet.page_width * mm, sheet.page_height * mm), invariant=1)
    canvas.setTitle("Hatang")
    place, anything = start - 1, False
    for label in labels:
        if anything and place % sheet.count == 0:
            canvas.showPage()
        row, column = divmod(place % sheet.count, sheet.columns)
        left = sheet.left + column * (sheet.width + sheet.gap_x) + shift_mm[0]
        top = sheet.top + row * (sheet.height + sheet.gap_y) + shift_mm[1]
        bottom = sheet.page_height - top - sheet.height
        canvas.saveState()
        canvas.translate(left * mm, bottom * mm)
        _draw(canvas, lay(label, sheet))
        if outlines:
            canvas.setLineWidth(0.25)
            canvas.setStrokeGray(0.6)
            canvas.rect(0, 0, sheet.width * mm, sheet.height * mm)
        canvas.restoreState()
        place, anything = place + 1, True
    if not anything:
        raise LabelError("there is nothing to print")
    canvas.save()
    return out.getvalue()


def insets_mm(sheet: LabelSheet) -> tuple[float, float]:
    """What stays white within each label at its sides, and above and below.

    Where labels reach to the edge of a page, as much as printers leave white there; a roll of a
    label printer has no such edge.
    """
    if sheet.count == 1:
        return _PADDING_MM, _PADDING_MM
    left, top = sheet.left, sheet.top
    return max(_PADDING_MM, PRINTABLE_MM - left), max(_PADDING_MM, PRINTABLE_MM - top)


def lay(label: Label, sheet: LabelSheet) -> Laid:
    """Where everything of a label goes. Raises LabelError."""
    side_x, side_y = (inset * mm for inset in insets_mm(sheet))
    across, down = sheet.width * mm - 2 * side_x, sheet.height * mm - 2 * side_y
    gap = 1.2 * mm
    wide = across >= 1.5 * down
    # On a label that is nearly a square the tag runs below the code, over the whole width.
    foot = 0.0 if wide else 0.2 * down
    side = min(down - foot, (0.45 if wide else 0.58) * across)
    modules = _modules(label.address)
    if side / mm / (len(modules) + 2 * QUIET) < FINEST_MM:
        raise LabelError("the address is too long for a label of this size")
    room = across - side - gap
    column = (side_x + side + gap, side_y + foot, room, down - foot)
    if wide:
        tag = _tag(label.tag, room, down)
        texts = _set(tag, BOLD, column[0], side_y + down)
        rest = (column[0], side_y, room, down - tag.height)
    else:
        tag = _tag(label.tag, across, foot, shares=(1.0,))
        texts = _set(tag, BOLD, side_x, side_y + tag.height)
        rest = column
    below, whole = _name_and_owner(label, rest)
    square = (side_x, side_y + foot + (down - foot - side) / 2, side)
    return Laid(square, modules, (*texts, *below), whole and tag.whole)


def _modules(address: str) -> tuple[tuple[bool, ...], ...]:
    try:
        code = segno.make_qr(address, error="m")
    except segno.DataOverflowError:
        raise LabelError("the address is too long for a label of this size") from None
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def _tag(
    tag: str, room: float, down: float, shares: Sequence[float] = (0.32, 0.45, 0.6, 0.8)
) -> Fitted:
    """A tag whole, if need be on a larger share of the height: it is what people type."""
    fitted = fit(tag, BOLD, (room, down * shares[0]), *_TAG)
    for share in shares[1:]:
        if fitted.whole:
            break
        fitted = fit(tag, BOLD, (room, down * share), *_TAG)
    return fitted


def _name_and_owner(
    label: Label, rest: tuple[float, float, float, float]
) -> tuple[tuple[Text, ...], bool]:
    """The name at the top of what is left, whose it is at its foot."""
    x, y, room, down = rest
    owner = fit(label.owner, PLAIN, (room, down * 0.3), *_OWNER)
    left = down - owner.height - 0.4 * mm
    name = fit(label.name, PLAIN, (room, left), *_NAME)
    texts = (*_set(name, PLAIN, x, y + down), *_set(owner, PLAIN, x, y + owner.height))
    return texts, name.whole and owner.whole


def _set(fitted: Fitted, font: str, x: float, top: float) -> tuple[Text, ...]:
    leading = fitted.size * LEADING
    return tuple(
        Text(x, top - number * leading - fitted.size * ASCENT, font, fitted.size, line)
        for number, line in enumerate(fitted.lines)
    )


def _draw(canvas: Canvas, laid: Laid) -> None:
    left, bottom, side = laid.qr
    count = len(laid.modules)
    module = side / (count + 2 * QUIET)
    path = canvas.beginPath()
    for row, dark in enumerate(laid.modules):
        y = bottom + (QUIET + count - row - 1) * module
        for first, last in _runs(dark):
            path.rect(left + (QUIET + first) * module, y, (last - first) * module, module)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
    for text in laid.texts:
        canvas.setFont(text.font, text.size)
        canvas.drawString(text.x, text.y, text.text)


def _runs(dark: Sequence[bool]) -> list[tuple[int, int]]:
    """Where dark modules of a row begin and end.

    >>> _runs((True, True, False, True))
    [(0, 2), (3, 4)]
    """
    runs, first = [], None
    for at, module in enumerate((*dark, False)):
        if module and first is None:
            first = at
        elif not module and first is not None:
            runs.append((first, at))
            first = None
    return runs
