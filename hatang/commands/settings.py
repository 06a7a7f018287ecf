"""`init`, `check-config` and `version`."""

from __future__ import annotations

import datetime as dt
import platform
from pathlib import Path
from typing import Annotated

import typer

from config.show import effective
from config.starter import write_starter
from hatang import __version__
from hatang.commands.options import DEFAULT_CONFIG, Exit, FormatOption
from hatang.output import Column, Format, console, print_json, print_rows
from hatang.plan import read_plan


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write it.")] = Path(),
) -> None:
    """Write a commented hatang.yaml to begin with; never over one that is there."""
    try:
        written = write_starter(folder)
    except FileExistsError as error:
        typer.echo(f"{error.filename or folder} is there already; nothing was written", err=True)
        raise typer.Exit(Exit.FAILED) from error
    except OSError as error:
        typer.echo(f"cannot write into {folder}: {error.strerror or error}", err=True)
        raise typer.Exit(Exit.FAILED) from error
    typer.echo(f"Wrote {written}. Next:")
    typer.echo(f"  hatang check-config {written}")
    typer.echo(f"  hatang run --config {written}")


def check_config(
    file: Annotated[Path, typer.Argument(help="The configuration.")] = DEFAULT_CONFIG,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what is wrong with a configuration, or what would run with it."""
    plan = read_plan(file)
    found = effective(plan.settings)
    if form is Format.JSON:
        print_json(found)
        return
    columns = [
        Column("id", "endpoint"),
        Column("kind", "kind"),
        Column("address", "address"),
        Column("interval", "every"),
        Column("timeout", "timeout"),
        Column("credential", "credential"),
    ]
    print_rows(columns, found["endpoints"], form)
    today = dt.datetime.now(plan.settings.zone).date()
    for said in (*plan.profiles.uncovered(today), *plan.profiles.left_out):
        typer.echo(f"{file}: {said}", err=True)
    if form is Format.TABLE:
        settings, profile = plan.settings, plan.profiles.base_on(today)
        console().print(
            f"\n{file} is in order. Communes: {len(settings.communes)}, assets: "
            f"{len(settings.assets)}, endpoints: {len(found['endpoints'])}, profile {profile.id} "
            f"version {profile.version}"
        )


def version(form: FormatOption = Format.TABLE) -> None:
    """Print which Hatang this is."""
    if form is Format.JSON:
        print_json({"hatang": __version__, "python": platform.python_version()})
    else:
        typer.echo(f"hatang {__version__} (Python {platform.python_version()})")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command("check-config")(check_config)
    app.command()(version)
