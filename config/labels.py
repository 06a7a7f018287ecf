"""Sheets of labels: how many, how large, where on the page; the usual ones and one's own.

Measures are millimetres. A label printer's roll is a page with one label.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from config.scalars import Number, Section, Whole, matching

Length = Annotated[Number, Field(ge=0, le=1500)]
SheetName = Annotated[
    str,
    matching("[a-z0-9][a-z0-9x.-]{0,31}", "must be small letters, digits, x, . or -, as a4-3x8"),
]

SMALLEST = (20.0, 10.0)
"""Width and height of a label below which nobody can scan or read what is on it; ours."""

_SLACK_MM = 0.05
"""What makers round away in their tables."""


class LabelSheet(Section):
    """A sheet of labels, all of one size, in rows and columns; measures in mm."""

    name: SheetName
    """What it is called in the list, for example a4-3x8."""
    page_width: Length = 210.0
    """Width of the page."""
    page_height: Length = 297.0
    """Height of the page."""
    columns: Annotated[Whole, Field(ge=1, le=50)] = 1
    """Labels side by side."""
    rows: Annotated[Whole, Field(ge=1, le=100)] = 1
    """Labels one below the other."""
    width: Length
    """Width of a label."""
    height: Length
    """Height of a label."""
    left: Length = 0.0
    """From the page's left edge to the first label."""
    top: Length = 0.0
    """From the page's upper edge to the first label."""
    gap_x: Length = 0.0
    """Between labels side by side."""
    gap_y: Length = 0.0
    """Between labels one below the other."""

    @model_validator(mode="after")
    def _fits(self) -> LabelSheet:
        if self.width < SMALLEST[0] or self.height < SMALLEST[1]:
            raise ValueError("width: a label is at least 20 mm wide and 10 mm high")
        across = self.left + self.columns * self.width + (self.columns - 1) * self.gap_x
        down = self.top + self.rows * self.height + (self.rows - 1) * self.gap_y
        if across > self.page_width + _SLACK_MM:
            raise ValueError(
                f"page_width: the labels end at {across:g} mm, beyond the page's "
                f"{self.page_width:g}"
            )
        if down > self.page_height + _SLACK_MM:
            raise ValueError(
                f"page_height: the labels end at {down:g} mm, beyond the page's "
                f"{self.page_height:g}"
            )
        return self

    @property
    def count(self) -> int:
        """Labels on a page."""
        return self.columns * self.rows

    @property
    def size(self) -> str:
        """The size of a label, for a list."""
        return f"{self.width:g} × {self.height:g} mm"


def _roll(width: float, height: float) -> LabelSheet:
    return LabelSheet(
        name=f"{width:g}x{height:g}",
        page_width=width,
        page_height=height,
        width=width,
        height=height,
    )


SHEETS = (
    LabelSheet(name="a4-3x8", columns=3, rows=8, width=70, height=37, top=0.5),
    LabelSheet(
        name="a4-3x7", columns=3, rows=7, width=63.5, height=38.1, left=7.25, top=15.15, gap_x=2.5
    ),
    LabelSheet(
        name="a4-2x7", columns=2, rows=7, width=99.1, height=38.1, left=4.65, top=15.15, gap_x=2.5
    ),
    LabelSheet(name="a4-4x10", columns=4, rows=10, width=52.5, height=29.7),
    LabelSheet(
        name="a4-5x13", columns=5, rows=13, width=38.1, height=21.2, left=4.75, top=10.7, gap_x=2.5
    ),
    _roll(62, 29),
    _roll(50, 30),
    _roll(40, 30),
)
"""The usual ones: A4 as several makers cut it, centred on the page, and rolls of label printers."""


class Labels(Section):
    """Labels that are stuck on assets: which sheets there are and what a label says."""

    sheet: SheetName = "a4-3x8"
    """The sheet that is offered first."""
    sheets: tuple[LabelSheet, ...] = ()
    """Sheets of your own; one named as a usual one takes its place."""
    owner: str = Field("", max_length=100)
    """A line on every label, for example whom to call; the commune's name where empty."""

    @field_validator("sheets")
    @classmethod
    def _names_are_unique(cls, sheets: tuple[LabelSheet, ...]) -> tuple[LabelSheet, ...]:
        names = [sheet.name for sheet in sheets]
        for double in sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two sheets are called {double}; give one of them another name")
        return sheets

    @model_validator(mode="after")
    def _sheet_exists(self) -> Labels:
        names = [sheet.name for sheet in self.choice]
        if self.sheet not in names:
            raise ValueError(f"sheet: {self.sheet} is none of {', '.join(names)}")
        return self

    @property
    def choice(self) -> tuple[LabelSheet, ...]:
        """All sheets, one's own last."""
        own = {sheet.name for sheet in self.sheets}
        return (*(sheet for sheet in SHEETS if sheet.name not in own), *self.sheets)

    def find(self, name: str) -> LabelSheet | None:
        """The sheet with a name, None where there is none."""
        return next((sheet for sheet in self.choice if sheet.name == name), None)
