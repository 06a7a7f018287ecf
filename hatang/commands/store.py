"""`backup` and `restore`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit
from hatang.jobs import backup_folder
from hatang.plan import read_plan
from inventory.store.backup import make_backup
from inventory.store.backup import restore as restore_database
from inventory.store.files import LostFile


def backup(
    config: ConfigOption = DEFAULT_CONFIG,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where to; else as configured.")
    ] = None,
) -> None:
    """Write a checked copy of the database and its files now; the daemon may go on running.

    The files (photos, documents, the planners' profiles) lie in the folder attachments beside the
    copies, which share them. One that is missing or damaged is named, and the exit code is 1.
    """
    plan = read_plan(config)
    made = make_backup(
        plan.database, folder or backup_folder(plan), time.time(), plan.settings.backup.keep
    )
    typer.echo(f"Wrote and checked {made.path}")
    _tell(made.lost, "not in the backup, because missing or damaged in the register")


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Put a backup in the database's place; refused while a daemon runs on it.

    Its files come back from the folder attachments beside it, the planners' profiles into the
    folder profiles of data_dir; one that is different there keeps that under a second name. One
    that is missing or damaged is named, the rest is restored, and the exit code is 1.
    """
    plan = read_plan(config)
    restored = restore_database(file, plan.database)
    typer.echo(f"Restored {plan.database} from {file}")
    if restored.kept is not None:
        typer.echo(f"What was there is kept as {restored.kept}")
    for path in restored.profiles.written:
        typer.echo(f"Restored {path}")
    for path in restored.profiles.kept:
        typer.echo(f"What was there is kept as {path}")
    _tell(restored.lost, f"missing or damaged in {file.with_name('attachments')}")


def _tell(lost: Sequence[LostFile], why: str) -> None:
    """Name the files that are lost, and end as failed where there are any."""
    for one in lost:
        shown = f" ({one.digest[:12]}…)" if one.digest else ""
        typer.echo(f"{one.of}{shown}: {why}", err=True)
    if lost:
        raise typer.Exit(Exit.FAILED)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)
