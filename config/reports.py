"""Settings of reports: where the monthly ones go, and what stands in the head and at the end."""

from __future__ import annotations

from typing import Annotated, Literal

from annotated_types import MaxLen
from pydantic import Field

from config.scalars import FilePath, Flag, Section

ReportFormat = Literal["pdf", "xlsx", "csv", "json"]
"""The forms of a report."""

MOST = 120
"""Characters of a line in the head or at the end."""

Line = Annotated[str, MaxLen(MOST)]


class Reports(Section):
    """Reports of readiness that are made each month, and how they are signed."""

    monthly: Flag = True
    """Whether the last month is reported on, once it is over."""
    folder: FilePath | None = None
    """Where these go; the folder reports in data_dir where unset."""
    formats: tuple[ReportFormat, ...] = Field(("pdf", "xlsx"), min_length=1)
    """Their forms."""
    superior: str = Field("", max_length=MOST)
    """The body above the one that reports, on the first line of the head."""
    agency: str = Field("", max_length=MOST)
    """The body that reports; the People's Committee of the province or commune where empty."""
    symbol: str = Field("BC-UBND", max_length=MOST)
    """What follows the number of the document."""
    place: str = Field("", max_length=MOST)
    """The place before the date; that of the province or commune where empty."""
    signer: tuple[Line, ...] = ("CHỦ TỊCH",)
    """Power and office of whoever signs, a line each, as TM. ỦY BAN NHÂN DÂN and CHỦ TỊCH."""
    signer_name: str = Field("", max_length=MOST)
    """Whoever signs."""
    recipients: tuple[Line, ...] = ()
    """Who receives it (nơi nhận), a line each."""
