"""`report`: what was known as of a day, as a file."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from config.reports import ReportFormat
from dashboards.reports.make import Asked, gather_report, report_pieces
from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit
from hatang.plan import read_plan
from inventory.readiness.frozen import NothingKnown, Scope
from inventory.store.reader import Reader


class ReportForm(StrEnum):
    """The forms of a report."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


class ReportLanguage(StrEnum):
    """The languages of a report."""

    VI = "vi"
    EN = "en"
    HI = "hi"


_FORMATS: Mapping[ReportForm, ReportFormat] = {
    ReportForm.PDF: "pdf",
    ReportForm.XLSX: "xlsx",
    ReportForm.CSV: "csv",
    ReportForm.JSON: "json",
}


def report(
    as_of: Annotated[
        dt.datetime,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="What was known at the end of this day (YYYY-MM-DD).",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to.")],
    config: ConfigOption = DEFAULT_CONFIG,
    compare: Annotated[
        dt.datetime | None,
        typer.Option("--compare", formats=["%Y-%m-%d"], help="Say what changed since this day."),
    ] = None,
    form: Annotated[
        ReportForm | None,
        typer.Option("--format", "-f", help="Which form; that of the file's name if unset."),
    ] = None,
    commune: Annotated[
        str | None,
        typer.Option("--commune", help="Only this commune, by its code on that day."),
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help="Only this group, as it was on that day.")
    ] = None,
    language: Annotated[
        ReportLanguage | None,
        typer.Option("--lang", help="Language; that of the settings if unset."),
    ] = None,
) -> None:
    """Write a report of readiness: ranking, results with evidence, gaps with cost, changes.

    A report of a day that is over is the same bytes every time, whatever was edited since.
    """
    if commune is not None and group is not None:
        raise typer.BadParameter("give a commune or a group, not both", param_hint="--group")
    plan = read_plan(config)
    now_s = time.time()
    today = dt.datetime.fromtimestamp(now_s, plan.settings.zone).date()
    if as_of.date() > today:
        raise typer.BadParameter(f"{as_of:%Y-%m-%d} has not come yet", param_hint="--as-of")
    if compare is not None and compare >= as_of:
        raise typer.BadParameter("must be before --as-of", param_hint="--compare")
    chosen = form or _by_name(out)
    asked = Asked(
        as_of.date(),
        compare.date() if compare is not None else None,
        Scope(commune, group),
        language.value if language is not None else plan.settings.web.language,
    )
    try:
        with Reader(plan.database) as reader:
            found = gather_report(reader, plan.table, plan.settings.zone, asked)
        reports, form_ = plan.settings.reports, _FORMATS[chosen]
        with out.open("wb") as file:
            file.writelines(report_pieces(found, form_, asked.language, reports, now_s))
    except NothingKnown as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(Exit.FAILED) from None
    except OSError as error:
        typer.echo(f"{out} cannot be written: {error.strerror}", err=True)
        raise typer.Exit(Exit.FAILED) from None
    typer.echo(f"Wrote {out}")


def _by_name(out: Path) -> ReportForm:
    """The form that a file's name tells. Raises BadParameter."""
    try:
        return ReportForm(out.suffix.lower().removeprefix("."))
    except ValueError:
        known = ", ".join(f".{form}" for form in ReportForm)
        text = f"{out.name} ends in none of {known}; give --format"
        raise typer.BadParameter(text, param_hint="--out") from None


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(report)
