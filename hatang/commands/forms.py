"""`assets labels`, `assets s24h` and `assets s26h`: papers of the register as files, whether or not
a daemon runs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from dashboards.forms.label_sheet import LabelError, label_of, label_sheet
from dashboards.forms.s24h import s24h as make_s24h
from dashboards.forms.s26h import s26h as make_s26h
from dashboards.forms.words import reason_of
from hatang.commands.options import DEFAULT_CONFIG, CommuneOption, ConfigOption, Exit
from hatang.commands.show import assets_app, refuse_unknown
from hatang.plan import Plan, read_plan
from inventory.books import Booked, books_of, year_ends_s
from inventory.clock import SystemClock
from inventory.register.register import Register
from inventory.store.desk import ReadingDesk

BookFile = Annotated[Path, typer.Argument(help="Where to; .xlsx.")]
BookCommune = Annotated[str, typer.Option("--commune", help="Whose book, by its code.")]
BookYear = Annotated[
    int | None,
    typer.Option("--year", min=1990, max=2100, help="Which year; the present one if unset."),
]


def labels(
    file: Annotated[Path, typer.Argument(help="Where to; .pdf.")],
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    tags: Annotated[
        str | None, typer.Option("--tags", help="Only these asset tags, with commas between them.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Name of a sheet; that of the settings if unset.")
    ] = None,
    start: Annotated[
        int, typer.Option("--start", min=1, help="First free place of the first page, by rows.")
    ] = 1,
    outlines: Annotated[
        bool, typer.Option("--outlines", help="Lines around labels, to cut plain paper.")
    ] = False,
) -> None:
    """Write labels with QR codes as a PDF to print."""
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    known = plan.settings.labels
    chosen = known.find(sheet or known.sheet)
    if chosen is None:
        names = ", ".join(one.name for one in known.choice)
        raise typer.BadParameter(f"{sheet} is none of {names}", param_hint="--sheet")
    wanted = dict.fromkeys(tag for tag in re.split(r"[\s,]+", tags or "") if tag)
    assets = {a.tag: a for a in plan.settings.assets if commune in (None, a.commune)}
    missing = [tag for tag in wanted if tag not in assets]
    if missing:
        raise typer.BadParameter(f"nobody has {', '.join(missing)}", param_hint="--tags")
    printed = [assets[tag] for tag in wanted or sorted(assets)]
    day = _today(plan)
    made = [label_of(asset, plan.settings, plan.table, day) for asset in printed]
    try:
        data = label_sheet(made, chosen, start, outlines=outlines)
    except LabelError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(Exit.FAILED) from None
    if not plan.settings.web.public_url:
        typer.echo(
            f"web.public_url is not set: the QR codes lead to {plan.settings.web.address}", err=True
        )
    _write(file, data)
    typer.echo(f"Wrote {len(made)} labels to {file}")


def s24h(
    file: BookFile,
    commune: BookCommune,
    config: ConfigOption = DEFAULT_CONFIG,
    year: BookYear = None,
) -> None:
    """Write a commune's book of fixed assets (S24-H, sổ tài sản cố định) as a spreadsheet."""
    _book(file, commune, config, year, make_s24h)


def s26h(
    file: BookFile,
    commune: BookCommune,
    config: ConfigOption = DEFAULT_CONFIG,
    year: BookYear = None,
) -> None:
    """Write a commune's books of assets and tools at their places of use (S26-H)."""
    _book(file, commune, config, year, make_s26h)


def _book(
    file: Path,
    commune: str,
    config: Path,
    year: int | None,
    make: Callable[[Iterable[Booked], str, int, dt.date], bytes],
) -> None:
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    today = _today(plan)
    if year is not None and year > today.year:
        raise typer.BadParameter(f"{year} has not come yet", param_hint="--year")
    register = Register(ReadingDesk(plan.database), plan.rules, SystemClock())

    def name(code: str) -> str:
        unit = plan.table.at(code, today)
        return unit.name if unit is not None else code

    ends_s = year_ends_s(year or today.year, today, plan.settings.zone)
    booked = books_of(register, commune, lambda move: reason_of(move, name), plan.files, ends_s)
    _write(file, make(booked, name(commune), year or today.year, today))
    typer.echo(f"Wrote {file}")


def _today(plan: Plan) -> dt.date:
    return dt.datetime.now(plan.settings.zone).date()


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        typer.echo(f"{file} cannot be written: {error.strerror}", err=True)
        raise typer.Exit(Exit.FAILED) from None


def add_to(app: typer.Typer) -> None:
    """Add these commands to `hatang assets`."""
    for command in (labels, s24h, s26h):
        assets_app.command()(command)
