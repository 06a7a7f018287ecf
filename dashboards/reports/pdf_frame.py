"""The pages of an official document: A4, margins, page numbers, head, title and end.

Decree 30/2020/NĐ-CP, annex I: margins 20 mm above and below, 30 mm left, 15 mm right; type of
Times, 13 to 14 points; pages numbered in the middle of the upper margin, the first one not; body
and number at the left of the head, nation, motto, place and day at its right; recipients at the
left of the end, whoever signs at its right.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from dashboards.reports.letterhead import BLANK, Letterhead
from dashboards.reports.lettering import (
    BOLD,
    ITALIC,
    PLAIN,
    marked_up,
    needs_shaping,
    register_fonts,
    wide,
)
from dashboards.reports.words import say

ABOVE, BELOW, LEFT, RIGHT = 20 * mm, 20 * mm, 30 * mm, 15 * mm
UPRIGHT, ACROSS = "upright", "across"
"""Names of the two kinds of pages."""

WIDE = A4[0] - LEFT - RIGHT
"""Room for text on an upright page."""

WIDE_ACROSS = A4[1] - 2 * ABOVE
"""The same on a page that lies across."""


HIGHEST = 300.0
"""The highest cell of a table; a page that lies across has room for a head beside it."""

SHORT = 100
"""Characters that are never too high, so that measuring them is saved."""

PADDING = 3.0
"""Beside the text of a cell."""


def _style(name: str, font: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.25, **more)


TEXT = _style("text", PLAIN, 13, alignment=TA_JUSTIFY, firstLineIndent=10 * mm, spaceAfter=5)
ITEM = _style("item", PLAIN, 13, leftIndent=10 * mm, bulletIndent=5 * mm, spaceAfter=3)
NOTE = _style("note", ITALIC, 11, spaceAfter=4)
PART = _style("part", BOLD, 13, spaceBefore=8, spaceAfter=5)
COMMUNE = _style("commune", BOLD, 12, spaceBefore=8, spaceAfter=3)
UNDER = _style("under", ITALIC, 11, spaceBefore=6, spaceAfter=4)
TITLE = _style("title", BOLD, 14, alignment=TA_CENTER)
SUBJECT = _style("subject", BOLD, 14, alignment=TA_CENTER)
OF_DAY = _style("of day", ITALIC, 13, alignment=TA_CENTER, spaceAfter=8)
CELL = _style("cell", PLAIN, 10)
SMALL = _style("small", PLAIN, 9)
HEAD = _style("head", BOLD, 10, alignment=TA_CENTER)
RIGHT_CELL = _style("right", PLAIN, 10, alignment=TA_RIGHT)
MIDDLE_CELL = _style("middle", PLAIN, 10, alignment=TA_CENTER)
BOLD_CELL = _style("bold", BOLD, 10)
BOLD_RIGHT = _style("bold right", BOLD, 10, alignment=TA_RIGHT)
_LETTER_LEFT = _style("letter left", PLAIN, 12, alignment=TA_CENTER)
_LETTER_BOLD = _style("letter bold", BOLD, 12, alignment=TA_CENTER)
_MOTTO = _style("motto", BOLD, 13, alignment=TA_CENTER)
_PLACE = _style("place", ITALIC, 13, alignment=TA_CENTER)
_NUMBER = _style("number", PLAIN, 13, alignment=TA_CENTER)
_RECIPIENTS = ParagraphStyle("recipients", fontName=BOLD, fontSize=12, leading=15)
_RECIPIENT = _style("recipient", PLAIN, 11)
_SIGNER = _style("signer", BOLD, 13, alignment=TA_CENTER)
_HOW = _style("how", ITALIC, 12, alignment=TA_CENTER)


@cache
def _shaping(style: ParagraphStyle) -> ParagraphStyle:
    return ParagraphStyle(f"{style.name}, shaped", style, shaping=1)


def para(text: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph of any text; nothing in it is taken for markup."""
    font = str(style.fontName)
    return Paragraph(marked_up(text, font), _shaping(style) if needs_shaping(text) else style)


class Rule(Flowable):
    """A line in the middle, as long as part of a text. share: of the text's width."""

    def __init__(self, text: str, style: ParagraphStyle, share: float = 1.0) -> None:
        super().__init__()
        self._long = wide(text, style.fontName, style.fontSize) * share
        self.width, self.height = 0.0, 4.0

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """As wide as there is room."""
        self.width = aW
        self._long = min(self._long, aW)
        return aW, self.height

    def draw(self) -> None:
        """Draw it."""
        start = (self.width - self._long) / 2
        self.canv.setLineWidth(0.7)
        self.canv.line(start, 2, start + self._long, 2)


def head(letter: Letterhead, language: str) -> Table:
    """Body and number at the left; nation, motto, place and day at the right."""
    nation = say(language, "SOCIALIST REPUBLIC OF VIET NAM")
    motto = say(language, "Independence - Freedom - Happiness")
    number = say(language, "No.: {blank}/{symbol}", blank=BLANK, symbol=letter.symbol)
    day = say(
        language,
        "{place}, {blank} (day) {blank} (month) {blank} (year)",
        place=letter.place,
        blank=BLANK,
    )
    left: list[Flowable] = [
        *([para(letter.superior.upper(), _LETTER_LEFT)] if letter.superior else []),
        para(letter.agency.upper(), _LETTER_BOLD),
        Rule("x" * 14, _LETTER_BOLD),
    ]
    right = [para(nation, _LETTER_BOLD), para(motto, _MOTTO), Rule(motto, _MOTTO)]
    rows: list[list[Any]] = [[left, right], [para(number, _NUMBER), para(day, _PLACE)]]
    table = Table(rows, colWidths=[WIDE * 0.42, WIDE * 0.58])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding()])
    return table


def title(language: str, subject: str, as_of: str) -> list[Flowable]:
    """The kind of document, what it is about, and of which day its figures are."""
    return [
        Spacer(1, 8 * mm),
        para(say(language, "REPORT"), TITLE),
        para(subject, SUBJECT),
        para(as_of, OF_DAY),
        Rule("x" * 20, OF_DAY),
        Spacer(1, 4 * mm),
    ]


def end(letter: Letterhead, language: str, last: Sequence[Flowable]) -> Flowable:
    """To whom it goes, and who signs; on a page with what stands last, never alone on one."""
    to = letter.recipients or (say(language, "- As above;"),)
    recipients: list[Flowable] = [
        para(say(language, "Recipients:"), _RECIPIENTS),
        *(para(line if line.startswith("-") else f"- {line};", _RECIPIENT) for line in to),
        para(say(language, "- File."), _RECIPIENT),
    ]
    signer: list[Flowable] = [
        *(para(line, _SIGNER) for line in letter.signer),
        para(say(language, "(Signature, full name, seal)"), _HOW),
        Spacer(1, 25 * mm),
        para(letter.signer_name, _SIGNER),
    ]
    table = Table([[recipients, signer]], colWidths=[WIDE * 0.5, WIDE * 0.5])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding()])
    return KeepTogether([*last, Spacer(1, 6 * mm), table])


def annex(number: str, name: str, letter: Letterhead, language: str) -> list[Flowable]:
    """The head of an annex: its number, its name, and the document that it belongs to."""
    belongs = say(
        language,
        "(With report no. {blank}/{symbol} of {blank})",
        blank=BLANK,
        symbol=letter.symbol,
    )
    return [
        para(say(language, "ANNEX {number}", number=number), TITLE),
        para(name, SUBJECT),
        para(belongs, OF_DAY),
    ]


def table(
    rows: Sequence[Sequence[str | Flowable]],
    widths: Sequence[float],
    room: float,
    total: bool = False,
) -> Table:
    """A framed table whose first row is its head, repeated on every page. widths: shares of the
    room. total: whether the last row is a sum."""
    across = [room * width / sum(widths) for width in widths]
    cells = [[_cell(cell, width) for cell, width in zip(r, across, strict=True)] for r in rows]
    made = Table(cells, colWidths=across, repeatRows=1)
    style: list[Any] = [
        ("GRID", (0, 0), (-1, -1), 0.5, "#000000"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BACKGROUND", (0, 0), (-1, 0), "#e8e8e8"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
    ]
    if total:
        style.append(("BACKGROUND", (0, -1), (-1, -1), "#f4f4f4"))
        if len(rows) > 2:  # a sum alone below a repeated head says nothing of what it sums
            style.append(("NOSPLIT", (0, -2), (-1, -1)))
    made.setStyle(style)
    return made


def _cell(cell: str | Flowable, across: float) -> Flowable:
    """A cell of a table, cut where it would be too high for a page: a row is not torn."""
    made = para(cell, CELL) if isinstance(cell, str) else cell
    if not isinstance(made, Paragraph):
        return made
    text = "".join(fragment.text for fragment in made.frags)
    while len(text) > SHORT and made.wrap(across - 2 * PADDING, HIGHEST)[1] > HIGHEST:
        text = text[: len(text) * 3 // 4]
        made = para(f"{text}…", made.style)
    return made


def heads(names: Sequence[str]) -> list[Flowable]:
    """The head of a table."""
    return [para(name, HEAD) for name in names]


def document(story: list[Flowable], name: str, language: str) -> bytes:
    """The PDF: the same story is the same bytes, without a moment or a random id."""
    register_fonts()
    out = io.BytesIO()
    made = BaseDocTemplate(
        out, pagesize=A4, title=name, author="Hatang", subject=name, lang=language, invariant=1
    )
    width, height = A4
    upright = Frame(LEFT, BELOW, WIDE, height - ABOVE - BELOW, 0, 0, 0, 0, id=UPRIGHT)
    across = Frame(ABOVE, RIGHT, WIDE_ACROSS, width - LEFT - RIGHT, 0, 0, 0, 0, id=ACROSS)
    made.addPageTemplates(
        [
            PageTemplate(UPRIGHT, [upright], onPage=_numbered, pagesize=A4),
            PageTemplate(ACROSS, [across], onPage=_numbered, pagesize=landscape(A4)),
        ]
    )
    made.build(story)
    return out.getvalue()


def part(name: str, style: ParagraphStyle = PART, room: float = 35 * mm) -> list[Flowable]:
    """A heading, on a new page where there is less room for what follows."""
    return [CondPageBreak(room), para(name, style)]


def _numbered(canvas: Canvas, made: BaseDocTemplate) -> None:
    page = canvas.getPageNumber()
    if page == 1:
        return
    width, height = made.pageTemplate.pagesize
    canvas.setFont(PLAIN, 13)
    canvas.drawCentredString(width / 2, height - 13 * mm, str(page))


def _no_padding() -> list[Any]:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(side, (0, 0), (-1, -1), 0 if side != "BOTTOMPADDING" else 3) for side in sides]
