"""`indicators`: figures of communes and declared indicators, whether or not a daemon runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hatang.commands.options import (
    DEFAULT_CONFIG,
    CommuneOption,
    ConfigOption,
    Exit,
    FormatOption,
)
from hatang.commands.sheet_io import (
    have_daemon_write,
    print_done,
    read_sheet,
    reading_desk,
    refused_rows,
    spoken,
    who,
    write_reasons,
    write_whole,
)
from hatang.commands.show import refuse_unknown
from hatang.output import Column, Format, print_json, print_rows
from hatang.plan import Plan, read_plan
from hatang.scans import refuse_wrong_user
from inventory.clock import SystemClock
from inventory.indicators.attention import attention
from inventory.indicators.checks import Entry
from inventory.indicators.definition import Definition
from inventory.indicators.indicators import CommuneRow, Indicators
from inventory.indicators.sheet import Book, write_sheet
from inventory.indicators.sheet import Form as Layout
from inventory.indicators.sheet_plan import SheetPlan, plan_sheet
from inventory.indicators.values import typed, value_of
from inventory.register.entry import Actor
from inventory.register.problems import Refused
from inventory.sheets.problem import CellError, SheetError
from inventory.store.desk import Desk, direct_desk
from inventory.store.errors import StoreError

indicators_app = typer.Typer(
    name="indicators",
    help="Figures of communes and declared indicators: who said what, for which day.",
    no_args_is_help=True,
    add_completion=False,
)


class Show(StrEnum):
    """Which values are listed."""

    ALL = "all"
    MISSING = "missing"
    EXPIRED = "expired"
    SOON = "soon"
    OLD = "old"
    NOT_YET = "not_yet"


class Form(StrEnum):
    """How a sheet is made up."""

    MATRIX = "matrix"
    LIST = "list"


_DAYS = ["%Y-%m-%d"]
DayOption = Annotated[
    dt.datetime | None,
    typer.Option("--day", formats=_DAYS, help="What holds on this day (YYYY-MM-DD); today."),
]

_COLUMNS = (
    Column("commune", "commune"),
    Column("name", "name"),
    Column("indicator", "indicator"),
    Column("shown", "value", right=True),
    Column("as_of", "as of", lambda day: day or "–"),
    Column("expires", "expires", lambda day: day or "–"),
    Column("attention", "look"),
    Column("document", "document"),
    Column("by", "by"),
    Column("entered_by", "entered by"),
)


@indicators_app.command("list")
def list_(
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    day: DayOption = None,
    then: Annotated[
        bool, typer.Option("--then", help="As it was known at the end of that day.")
    ] = False,
    show: Annotated[
        Show, typer.Option("--show", help="Only what needs a look, by why.")
    ] = Show.ALL,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what holds on a day, and what was never declared, has expired or soon will."""
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    with reading_desk(plan) as desk:
        indicators = _indicators(plan, desk)
        on = day.date() if day else indicators.today()
        end = dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), plan.settings.zone)
        known_at_s = end.timestamp() - 0.001 if then else None
        rows = indicators.rows(None if commune is None else [commune], on, known_at_s)
        known = indicators.definitions
    found = [
        line
        for row in rows
        for line in _lines(row, known, on)
        if show is Show.ALL or line["attention"] == show.value
    ]
    if form is Format.JSON:
        print_json(found)
    else:
        print_rows(_COLUMNS, found, form)


@indicators_app.command("set")
def set_(
    commune: Annotated[str, typer.Argument(help="Code of the commune.")],
    indicator: Annotated[str, typer.Argument(help="Name, for example posts or staff-trained.")],
    value: Annotated[str, typer.Argument(help='As people type it: "85 %", "200 Mbps", "yes".')],
    as_of: Annotated[
        dt.datetime | None,
        typer.Option("--as-of", formats=_DAYS, help="The day for which it holds; today."),
    ] = None,
    expires: Annotated[
        dt.datetime | None,
        typer.Option("--expires", formats=_DAYS, help="The day from which it no longer counts."),
    ] = None,
    document: Annotated[str, typer.Option("--document", help="The paper that it stands on.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who answers for it.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Declare one value."""
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    refuse_wrong_user(plan)
    ground = plan.ground()
    definition = ground.definitions.get(indicator)
    if definition is None:
        known = ", ".join(ground.definitions)
        raise typer.BadParameter(f"there is no {indicator}; known: {known}", param_hint="INDICATOR")
    try:
        number = value_of(definition.kind, value)
    except CellError as error:
        raise typer.BadParameter(str(error), param_hint="VALUE") from None
    if number is None:
        raise typer.BadParameter("must not be empty", param_hint="VALUE")
    today = dt.datetime.now(plan.settings.zone).date()
    day = as_of.date() if as_of else today
    until = expires.date() if expires else None
    entry = Entry(commune, indicator, number, day, until, document, by)
    try:
        batch = _write(plan, [entry], "hatang indicators set")
    except Refused as refused:
        for problem in refused.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(Exit.FAILED) from None
    said = typed(definition.kind, number)
    typer.echo(
        f"{commune} {indicator}: {said} as of {day}, batch {batch}"
        if batch
        else f"{commune} {indicator}: {said} as of {day} stands there already"
    )


@indicators_app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to; .xlsx or .csv.")],
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    form: Annotated[Form, typer.Option("--form", help="A commune or a value a row.")] = Form.MATRIX,
    language: Annotated[
        str | None, typer.Option("--language", help="Of headers and words: vi or en.")
    ] = None,
) -> None:
    """Write what holds today to a sheet, which `indicators import` takes back."""
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    chosen = spoken(file, language, plan)
    with reading_desk(plan) as desk:
        indicators = _indicators(plan, desk)
        rows = indicators.rows(None if commune is None else [commune])
        book = Book(rows, indicators.definitions, plan.settings.zone)
    layout: Layout = "list" if form is Form.LIST else "matrix"
    write_whole(file, lambda path: write_sheet(path, book, layout, chosen), "rows")


@indicators_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The sheet; .xlsx or .csv.")],
    config: ConfigOption = DEFAULT_CONFIG,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", help="Write the sheet with a column of reasons here (.xlsx)."),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Take a sheet of values: all of it, or nothing when a row is refused."""
    plan = read_plan(config)
    if not dry_run:
        refuse_wrong_user(plan)
    try:
        with reading_desk(plan) as desk:
            found = _plan(plan, desk, file, errors)
    except SheetError as error:
        typer.echo(f"{file} {error}", err=True)
        raise typer.Exit(Exit.FAILED) from None
    done: dict[str, Any] = {
        **found.counts(),
        "values": len(found.entries) if found.can_apply else 0,
        "ignored_columns": list(found.ignored),
        "rows": refused_rows(found),
        "batch": None,
    }
    if not dry_run and found.can_apply:
        try:
            done["batch"] = _write(plan, found.entries, f"import of {file.name}")
        except Refused as refused:
            done["refused"] = len({problem.row for problem in refused.problems})
            done["values"], done["rows"] = 0, refused_rows(found, refused.problems)
    print_done(done, dry_run, form, "/indicators", more=f"; {done['values']} values")
    if done["refused"]:
        raise typer.Exit(Exit.FAILED)


def _indicators(plan: Plan, desk: Desk) -> Indicators:
    ground = plan.ground()
    return Indicators(desk, SystemClock(), lambda: ground)


def _lines(row: CommuneRow, known: Mapping[str, Definition], day: dt.date) -> list[Any]:
    found = []
    for name, one in known.items():
        said = row.said.get(name)
        entry = said.declaration if said else None
        found.append(
            {
                "commune": row.code,
                "name": row.name,
                "indicator": name,
                "kind": one.kind,
                "value": said.value if said else None,
                "shown": typed(one.kind, said.value) if said else "–",
                "as_of": said.as_of.isoformat() if said and said.as_of else None,
                "expires": said.expires.isoformat() if said and said.expires else None,
                "state": said.state if said else None,
                "attention": attention(said, one, day),
                "document": said.document if said else "",
                "by": said.by if said else "",
                "entered_by": entry.entered_by if entry else "hatang.yaml" if said else "",
                "entered_at_s": entry.entered_at_s if entry else None,
            }
        )
    return found


def _plan(plan: Plan, desk: Desk, file: Path, errors: Path | None) -> SheetPlan:
    table = read_sheet(file)
    indicators = _indicators(plan, desk)
    found = plan_sheet(
        table,
        plan.ground(),
        indicators.declarations(),
        indicators.today(),
        plan.settings.web.language,
    )
    write_reasons(errors, table, found.header, found)
    return found


def _write(plan: Plan, entries: Sequence[Entry], reason: str) -> str:
    """Write it here, or have the daemon do it; the batch. Raises Refused and StoreError."""
    actor = Actor(who(), "cli")
    try:
        with direct_desk(plan.database) as desk:
            return _indicators(plan, desk).declare(entries, actor, reason)
    except StoreError as error:
        if error.kind != "locked":
            raise
    return have_daemon_write(
        plan, lambda handover: handover.put_entries(entries, actor, reason), "the values"
    )


def add_to(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(indicators_app)
