"""`backup` and `restore`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from hatang.commands.options import DEFAULT_CONFIG, ConfigOption
from hatang.jobs import backup_folder
from hatang.plan import read_plan
from inventory.store.backup import make_backup
from inventory.store.backup import restore as restore_database


def backup(
    config: ConfigOption = DEFAULT_CONFIG,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where to; else as configured.")
    ] = None,
) -> None:
    """Write a checked copy of the database now; the daemon may go on running."""
    plan = read_plan(config)
    made = make_backup(
        plan.database, folder or backup_folder(plan), time.time(), plan.settings.backup.keep
    )
    typer.echo(f"Wrote and checked {made}")


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Put a backup in the database's place; refused while a daemon runs on it."""
    plan = read_plan(config)
    kept = restore_database(file, plan.database)
    typer.echo(f"Restored {plan.database} from {file}")
    if kept is not None:
        typer.echo(f"What was there is kept as {kept}")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)
