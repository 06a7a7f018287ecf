"""`assets export` and `import`: the register as a spreadsheet, whether or not a daemon runs."""

from __future__ import annotations

import contextlib
import getpass
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from hatang.commands.options import (
    DEFAULT_CONFIG,
    AsOfOption,
    CommuneOption,
    ConfigOption,
    Exit,
    FormatOption,
    end_of_day_s,
)
from hatang.commands.show import assets_app, refuse_unknown
from hatang.output import Column, Format, print_json, print_rows
from hatang.plan import Plan, read_plan
from hatang.scans import refuse_wrong_user
from inventory.clock import SystemClock
from inventory.register.entry import Actor, Entry, Query
from inventory.register.problems import FieldProblem, NotFound, Refused, Stale
from inventory.register.register import Register
from inventory.sheets.apart import read_apart
from inventory.sheets.choice import Choice, choice_of
from inventory.sheets.error_file import write_errors
from inventory.sheets.export import LANGUAGES, Line, write_export
from inventory.sheets.handover import CHANGED, Handover
from inventory.sheets.imports import plan_of_table
from inventory.sheets.maps import READY
from inventory.sheets.plan import ImportPlan, Kind
from inventory.sheets.problem import SheetError
from inventory.store import sheets as sql
from inventory.store.as_of import assets_as_of
from inventory.store.desk import Desk, ReadingDesk, direct_desk
from inventory.store.errors import StoreError
from inventory.store.register import has_register

TAKEN_WITHIN_S = 300.0
"""How long a daemon may take to write an import."""

MOST_CHANGES_SHOWN = 20


def export(
    file: Annotated[Path, typer.Argument(help="Where to; .xlsx or .csv.")],
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Of headers and words: vi or en.")
    ] = None,
    as_of: AsOfOption = None,
) -> None:
    """Write the whole register to a spreadsheet, which `assets import` takes back."""
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    chosen = language or plan.settings.web.language
    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter("write vi or en", param_hint="--language")
    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise typer.BadParameter(f"{file.name} must end in .xlsx or .csv", param_hint="FILE")
    with reading_desk(plan) as desk:
        if as_of is None:
            lines = [Line(e.id, e.asset) for e in _entries(plan, desk)]
        else:
            ends_s = end_of_day_s(as_of, plan.settings.zone)
            was = desk.read(lambda c: assets_as_of(c, ends_s))
            lines = [Line(0, asset) for asset in sorted(was, key=lambda asset: asset.tag)]
    lines = [line for line in lines if commune in (None, line.asset.commune)]
    partial = file.with_name(f".{file.name}.part{file.suffix}")
    try:
        count = write_export(partial, lines, chosen)
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        typer.echo(f"{file} cannot be written: {error.strerror}", err=True)
        raise typer.Exit(Exit.FAILED) from None
    typer.echo(f"Wrote {count} assets to {file}")


def import_(
    file: Annotated[Path, typer.Argument(help="The sheet; .xlsx or .csv.")],
    config: ConfigOption = DEFAULT_CONFIG,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    map_name: Annotated[
        str | None,
        typer.Option(
            "--map", help=f"What its columns are: {', '.join(READY)}, or one that was remembered."
        ),
    ] = None,
    commune: Annotated[
        str | None, typer.Option("--commune", help="Of new assets whose row names none.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", help="Write the sheet with a column of reasons here (.xlsx)."),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Take a spreadsheet into the register: all of it, or nothing when a row is refused."""
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    if not dry_run:
        refuse_wrong_user(plan)
    try:
        with reading_desk(plan) as desk:
            found = _plan(plan, desk, file, _choice(map_name, commune, desk), errors)
    except SheetError as error:
        typer.echo(f"{file} {error}", err=True)
        raise typer.Exit(Exit.FAILED) from None
    done = _counts(found)
    if not dry_run and not done["refused"] and found.steps:
        try:
            done["batch"] = _write(plan, found, f"import of {file.name}")
        except Refused as refused:
            done |= {kind.value: 0 for kind in Kind} | {"refused": len(refused.problems)}
            done["rows"] = [_refused(found, problem) for problem in refused.problems]
    _print(done, dry_run, form)
    if done["refused"]:
        raise typer.Exit(Exit.FAILED)


def _plan(plan: Plan, desk: Desk, file: Path, choice: Choice, errors: Path | None) -> ImportPlan:
    with tempfile.TemporaryDirectory() as folder:
        table = read_apart(file, Path(folder) / "table.jsonl")
    entries = _entries(plan, desk)
    header, found = desk.read(
        lambda c: plan_of_table(table, choice, entries, plan.rules(), c, plan.settings.web.language)
    )
    if errors is not None:
        try:
            write_errors(errors, table, header, found, "Reason", str)
        except OSError as error:
            typer.echo(f"{errors} cannot be written: {error.strerror}", err=True)
            raise typer.Exit(Exit.FAILED) from None
    return found


@contextlib.contextmanager
def reading_desk(plan: Plan) -> Iterator[Desk]:
    """The database as it is; before the first start an empty one."""
    desk = ReadingDesk(plan.database)
    if plan.database.exists() and desk.read(has_register):
        yield desk
        return
    with tempfile.TemporaryDirectory() as folder, direct_desk(Path(folder) / "hatang.db") as empty:
        yield empty


def _write(plan: Plan, found: ImportPlan, reason: str) -> str:
    """Write it here, or have the daemon do it; the batch. Raises Refused and StoreError."""
    actor = Actor(who(), "cli")
    try:
        with direct_desk(plan.database) as desk:
            register = Register(desk, plan.rules, SystemClock())
            register.take_files(plan.files)
            try:
                return register.apply(found.steps, actor, reason=reason)
            except (Stale, NotFound) as error:
                raise Refused([FieldProblem("tag", CHANGED, {}, error.row)]) from error
    except StoreError as error:
        if error.kind != "locked":
            raise
    handover = Handover(plan.database)
    name = handover.put(found.steps, actor, reason)
    ends_s = time.monotonic() + TAKEN_WITHIN_S
    while (batch := handover.result(name)) is None:
        if time.monotonic() > ends_s:
            if handover.withdraw(name):
                raise StoreError("busy", "the daemon did not take the import; nothing was changed")
            raise StoreError("busy", "the daemon is still at it; look at its log of changes")
        time.sleep(0.1)
    return batch


def who() -> str:
    """Who runs this command."""
    with contextlib.suppress(OSError, KeyError):
        return os.environ.get("SUDO_USER") or getpass.getuser()
    return "hatang"


def _entries(plan: Plan, desk: Desk) -> list[Entry]:
    """Everything that is registered, also what of the files the database does not have yet."""
    found = Register(desk, plan.rules, SystemClock()).search(Query(limit=None)).entries
    files = {asset.tag: asset for asset in plan.files}
    kept = [e for e in found if e.origin == "register" and e.asset.tag not in files]
    ids = {e.asset.tag: e for e in found if e.origin == "file"}
    for tag, asset in files.items():
        known = ids.get(tag)
        kept.append(
            Entry(known.id, asset, known.version, "file", known.created_at_s, known.changed_at_s)
            if known
            else Entry(0, asset, 1, "file", 0.0, 0.0)
        )
    return sorted(kept, key=lambda entry: entry.asset.tag)


def _choice(name: str | None, commune: str | None, desk: Desk) -> Choice:
    defaults = {"commune": commune} if commune else {}
    if name is None or name in READY:
        return Choice(map=name or "", defaults=defaults)
    known = {key: values for key, _, values in desk.read(sql.remembered)}
    if name not in known:
        named = ", ".join([*READY, *(key for key in known if not key.isalnum())])
        raise typer.BadParameter(f"there is no map {name}; known: {named}", param_hint="--map")
    return choice_of({**known[name], "defaults": {**known[name].get("defaults", {}), **defaults}})


def _counts(found: ImportPlan) -> dict[str, Any]:
    rows = [
        _refused(found, problem)
        for line in found.lines
        if line.kind is Kind.REFUSED
        for problem in line.problems
    ]
    skipped = [
        {"row": line.row, "reason": line.note} for line in found.lines if line.kind is Kind.SKIPPED
    ]
    return {
        **found.counts(),
        "ignored_columns": list(found.ignored),
        "rows": rows,
        "skipped_rows": skipped,
        "changes": list(_changes(found)),
        "batch": None,
    }


def _refused(found: ImportPlan, problem: FieldProblem) -> dict[str, Any]:
    letters, title = found.column_of(problem.field)
    return {
        "row": problem.row,
        "column": letters or None,
        "title": title,
        "field": problem.field,
        "reason": problem.text.format_map(problem.values),
    }


def _changes(found: ImportPlan) -> Iterator[dict[str, Any]]:
    for line in found.lines:
        if line.kind is Kind.CHANGED:
            for change in line.changes:
                yield {
                    "row": line.row,
                    "tag": line.tag,
                    "field": change.key,
                    "old": change.old,
                    "new": change.new,
                }


def _print(done: dict[str, Any], dry_run: bool, form: Format) -> None:
    if form is Format.JSON:
        print_json(done)
        return
    columns = [
        Column("row", "row", right=True),
        Column("column", "column"),
        Column("title", "title"),
        Column("reason", "reason"),
    ]
    if form is Format.CSV or done["rows"]:
        print_rows(columns, done["rows"], form)
    if form is Format.CSV:
        return
    for line in _summary(done, dry_run):
        typer.echo(line)


def _summary(done: dict[str, Any], dry_run: bool) -> Iterable[str]:
    for change in done["changes"][:MOST_CHANGES_SHOWN]:
        yield (
            f"row {change['row']}: {change['tag']} {change['field']}: "
            f"{_shown(change['old'])} → {_shown(change['new'])}"
        )
    if len(done["changes"]) > MOST_CHANGES_SHOWN:
        yield f"… and {len(done['changes']) - MOST_CHANGES_SHOWN} more"
    for row in done["skipped_rows"]:
        yield f"row {row['row']} is skipped: {row['reason']}"
    if done["ignored_columns"]:
        yield f"columns that are not taken over: {', '.join(done['ignored_columns'])}"
    yield (
        f"{done['new']} new, {done['changed']} changed, {done['same']} the same, "
        f"{done['refused']} refused, {done['skipped']} skipped"
    )
    if done["refused"]:
        yield "nothing was changed: mend the rows above and import again"
    elif dry_run:
        yield "a dry run: nothing was changed"
    elif done["batch"]:
        yield f"done, as batch {done['batch']}; it can be undone as one on the page of imports"


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "") else " ".join(str(value).split())[:80]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the group of the register."""
    assets_app.command("export")(export)
    assets_app.command("import")(import_)
