"""`assets export` and `import`: the register as a spreadsheet, whether or not a daemon runs."""

from __future__ import annotations

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
from hatang.commands.show import assets_app, refuse_unknown
from hatang.output import Format
from hatang.plan import Plan, read_plan
from hatang.scans import refuse_wrong_user
from inventory.clock import SystemClock
from inventory.register.entry import Actor, Entry, Query
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.register import Register
from inventory.register.stale import Stale
from inventory.sheets.choice import Choice, choice_of
from inventory.sheets.export import Line, write_export
from inventory.sheets.handover import CHANGED
from inventory.sheets.lines import Kind
from inventory.sheets.maps import READY
from inventory.sheets.plan import ImportPlan, plan_of_table
from inventory.sheets.problem import SheetError
from inventory.store import sheets as sql
from inventory.store.as_of import assets_as_of
from inventory.store.desk import Desk, direct_desk
from inventory.store.errors import StoreError

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
    chosen = spoken(file, language, plan)
    with reading_desk(plan) as desk:
        if as_of is None:
            lines = [Line(e.id, e.asset) for e in _entries(plan, desk)]
        else:
            ends_s = end_of_day_s(as_of, plan.settings.zone)
            was = desk.read(lambda c: assets_as_of(c, ends_s))
            lines = [Line(0, asset) for asset in sorted(was, key=lambda asset: asset.tag)]
    lines = [line for line in lines if commune in (None, line.asset.commune)]
    write_whole(file, lambda path: write_export(path, lines, chosen), "assets")


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
            rows = {problem.row for problem in refused.problems}
            done |= {kind.value: 0 for kind in Kind} | {"refused": len(rows)}
            done["rows"] = refused_rows(found, refused.problems)
    print_done(done, dry_run, form, "the page of imports", _summary(done))
    if done["refused"]:
        raise typer.Exit(Exit.FAILED)


def _plan(plan: Plan, desk: Desk, file: Path, choice: Choice, errors: Path | None) -> ImportPlan:
    table = read_sheet(file)
    entries = _entries(plan, desk)
    header, found = desk.read(
        lambda c: plan_of_table(table, choice, entries, plan.rules(), c, plan.settings.web.language)
    )
    write_reasons(errors, table, header, found)
    return found


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
    return have_daemon_write(plan, lambda h: h.put(found.steps, actor, reason), "the import")


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
    skipped = [
        {"row": line.row, "reason": line.note} for line in found.lines if line.kind is Kind.SKIPPED
    ]
    return {
        **found.counts(),
        "ignored_columns": list(found.ignored),
        "rows": refused_rows(found),
        "skipped_rows": skipped,
        "changes": list(_changes(found)),
        "batch": None,
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


def _summary(done: dict[str, Any]) -> Iterable[str]:
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


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "") else " ".join(str(value).split())[:80]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the group of the register."""
    assets_app.command("export")(export)
    assets_app.command("import")(import_)
