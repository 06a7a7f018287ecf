"""Options that several commands share, and the exit codes that scripts can rely on."""

from __future__ import annotations

import datetime as dt
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer

from hatang.output import Format


class Exit(IntEnum):
    """What an exit code means; docs/commands.md is written from these."""

    OK = 0
    """Done, and all is well."""
    FAILED = 1
    """What was asked for did not come about: no answer, nothing found, nothing to show."""
    USAGE = 2
    """The command line itself is wrong."""
    CONFIG = 3
    """The configuration, a profile or a table of units is wrong; each problem is one line."""
    STORE = 4
    """The database cannot be used: locked by a daemon, missing, newer, damaged, disk full."""


ConfigOption = Annotated[
    Path,
    typer.Option(
        "--config", "-c", envvar="HATANG_CONFIG", help="The configuration.", show_default=True
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print.")]
CommuneOption = Annotated[
    str | None, typer.Option("--commune", help="Only this commune, by its code.")
]
AsOfOption = Annotated[
    dt.datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="As it stood at the end of this day (YYYY-MM-DD).",
    ),
]

DEFAULT_CONFIG = Path("hatang.yaml")


def end_of_day_s(day: dt.datetime, zone: dt.tzinfo) -> float:
    """The last moment of a day in a time zone, seconds since 1970."""
    following = (day + dt.timedelta(days=1)).replace(tzinfo=zone)
    return following.timestamp() - 0.001
