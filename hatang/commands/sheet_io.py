"""What commands do alike that write a sheet or take one: of the register, of indicators."""

from __future__ import annotations

import contextlib
import getpass
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from hatang.commands.options import Exit
from hatang.output import Column, Format, print_json, print_rows
from hatang.plan import Plan
from inventory.register.problems import FieldProblem
from inventory.sheets.apart import read_apart
from inventory.sheets.error_file import Judged, write_errors
from inventory.sheets.export import LANGUAGES
from inventory.sheets.handover import Handover
from inventory.sheets.header import Header
from inventory.sheets.table import Table
from inventory.store.desk import Desk, ReadingDesk, direct_desk
from inventory.store.errors import StoreError
from inventory.store.register import has_register

TAKEN_WITHIN_S = 300.0
"""How long a daemon may take to write an import."""

_COLUMNS = (
    Column("row", "row", right=True),
    Column("column", "column"),
    Column("title", "title"),
    Column("reason", "reason"),
)


@contextlib.contextmanager
def reading_desk(plan: Plan) -> Iterator[Desk]:
    """The database as it is; before the first start an empty one."""
    desk = ReadingDesk(plan.database)
    if plan.database.exists() and desk.read(has_register):
        yield desk
        return
    with tempfile.TemporaryDirectory() as folder, direct_desk(Path(folder) / "hatang.db") as empty:
        yield empty


def read_sheet(file: Path) -> Table:
    """What stands in a file. Raises SheetError."""
    with tempfile.TemporaryDirectory() as folder:
        return read_apart(file, Path(folder) / "table.jsonl")


def spoken(file: Path, language: str | None, plan: Plan) -> str:
    """The language of a sheet that is to be written. Raises BadParameter; for the file's name, too,
    where it ends in something that is no sheet."""
    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter("write vi or en", param_hint="--language")
    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise typer.BadParameter(f"{file.name} must end in .xlsx or .csv", param_hint="FILE")
    return language or plan.settings.web.language


def write_whole(file: Path, write: Callable[[Path], int], what: str) -> None:
    """Have a file written, all of it or nothing, and say how many lines of `what` it has."""
    partial = file.with_name(f".{file.name}.part{file.suffix}")
    try:
        count = write(partial)
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise _not_written(file, error) from None
    typer.echo(f"Wrote {count} {what} to {file}")


def write_reasons(file: Path | None, table: Table, header: Header, found: Judged) -> None:
    """Write the sheet with a column of reasons, where somebody wants it."""
    if file is None:
        return
    try:
        write_errors(file, table, header, found, "Reason", _sentence)
    except OSError as error:
        raise _not_written(file, error) from None


def refused_rows(
    found: Judged, problems: Iterable[FieldProblem] | None = None
) -> list[dict[str, Any]]:
    """Everything that is wrong with a sheet, one problem a line; problems: other ones than those
    of its lines."""
    if problems is None:
        problems = (problem for line in found.lines for problem in line.problems)
    rows = []
    for problem in problems:
        letters, title = found.column_of(problem.field)
        rows.append(
            {
                "row": problem.row,
                "column": letters or None,
                "title": title,
                "field": problem.field,
                "reason": _sentence(problem),
            }
        )
    return rows


def print_done(
    done: Mapping[str, Any],
    dry_run: bool,
    form: Format,
    where: str,
    before: Iterable[str] = (),
    more: str = "",
) -> None:
    """Say what became of a sheet: its refused rows, `before`, its counts with `more`, and whether
    anything was written; where: it can be undone."""
    if form is Format.JSON:
        print_json(done)
        return
    if form is Format.CSV or done["rows"]:
        print_rows(_COLUMNS, done["rows"], form)
    if form is Format.CSV:
        return
    for line in before:
        typer.echo(line)
    typer.echo(
        f"{done['new']} new, {done['changed']} changed, {done['same']} the same, "
        f"{done['refused']} refused, {done['skipped']} skipped{more}"
    )
    if done["refused"]:
        typer.echo("nothing was changed: mend the rows above and import again")
    elif dry_run:
        typer.echo("a dry run: nothing was changed")
    elif done["batch"]:
        typer.echo(f"done, as batch {done['batch']}; it can be undone as one on {where}")


def have_daemon_write(plan: Plan, put: Callable[[Handover], str], what: str) -> str:
    """Hand something to the daemon and wait for it; the batch. Raises Refused and StoreError."""
    handover = Handover(plan.database)
    name = put(handover)
    ends_s = time.monotonic() + TAKEN_WITHIN_S
    while (batch := handover.result(name)) is None:
        if time.monotonic() > ends_s:
            if handover.withdraw(name):
                raise StoreError("busy", f"the daemon did not take {what}; nothing was changed")
            raise StoreError("busy", "the daemon is still at it; look at its log of changes")
        time.sleep(0.1)
    return batch


def who() -> str:
    """Who runs this command."""
    with contextlib.suppress(OSError, KeyError):
        return os.environ.get("SUDO_USER") or getpass.getuser()
    return "hatang"


def _sentence(problem: FieldProblem) -> str:
    return problem.text.format_map(problem.values)


def _not_written(file: Path, error: OSError) -> typer.Exit:
    typer.echo(f"{file} cannot be written: {error.strerror}", err=True)
    return typer.Exit(Exit.FAILED)
