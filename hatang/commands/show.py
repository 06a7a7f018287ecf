"""`assets`, `communes` and `readiness`: what the database says, whether or not a daemon runs."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from config.profile import Profile
from hatang.commands.options import (
    DEFAULT_CONFIG,
    AsOfOption,
    CommuneOption,
    ConfigOption,
    Exit,
    FormatOption,
    end_of_day_s,
)
from hatang.output import Column, Format, dong, moment, percent, print_rows
from hatang.plan import Plan, read_plan
from inventory.alphabet import folded
from inventory.judgement import WINDOWS_S, Judge
from inventory.readiness.reasons import reason_text
from inventory.readiness.result import Evaluation, RequirementResult
from inventory.store.reader import Reader
from inventory.units import Unit
from inventory.uptime import State

assets_app = typer.Typer(
    name="assets",
    help="The register: a list of it, and what goes in and out as files.",
    invoke_without_command=True,
    add_completion=False,
)
"""Modules of other topics put their commands of the register into it."""

SILENT_AFTER_S = 60.0
"""A heartbeat older than this means that no daemon is running."""


def assets(
    context: typer.Context,
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    state: Annotated[State | None, typer.Option("--state", help="Only in this state.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the register with each asset's state and its availability over 30 days."""
    if context.invoked_subcommand is not None:
        return
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    zone = plan.settings.zone
    rows = [
        row
        for row in _asset_rows(plan)
        if commune in (None, row["commune"]) and state in (None, row["state"])
    ]
    columns = [
        Column("tag", "tag"),
        Column("name", "name"),
        Column("class", "class"),
        Column("commune", "commune"),
        Column("status", "status"),
        Column("state", "state"),
        Column("since_s", "since", lambda s: moment(s, zone)),
        Column("availability_30d", "30 days", percent, right=True),
        Column("coverage_30d", "coverage", percent, right=True),
        Column("last_answer_at_s", "last answer", lambda s: moment(s, zone)),
    ]
    print_rows(columns, rows, form)


def _asset_rows(plan: Plan) -> Iterable[dict[str, Any]]:
    with Reader(plan.database) as reader:
        now_s = moment_of(reader, plan)
        ids = {row.id: row.tag for row in reader.assets()}
        since_s = now_s - max(WINDOWS_S.values())
        timelines = {ids[i]: line for i, line in reader.timelines(since_s).items() if i in ids}
        answers: dict[str, float] = {}
        for endpoint in reader.endpoints():
            if endpoint.last_answer_at_s is not None and endpoint.asset_id in ids:
                tag = ids[endpoint.asset_id]
                answers[tag] = max(answers.get(tag, 0.0), endpoint.last_answer_at_s)
    judge = Judge.of(plan.settings)
    for asset in plan.settings.assets:
        line = judge.judged(asset.tag, timelines, now_s)
        month = judge.windows(line, now_s)["30d"]
        yield {
            "tag": asset.tag,
            "name": asset.name,
            "class": asset.asset_class.value,
            "commune": asset.commune,
            "status": asset.status.value,
            "state": line[-1].state if line and asset.endpoints else None,
            "since_s": line[-1].start_s if line and asset.endpoints else None,
            "availability_30d": month.ratio,
            "coverage_30d": month.coverage if asset.endpoints else None,
            "last_answer_at_s": answers.get(asset.tag),
        }


def moment_of(reader: Reader, plan: Plan) -> float:
    """The moment that the database speaks of: now, or when its daemon last wrote."""
    now_s = time.time()
    heartbeat_s = reader.heartbeat()
    if heartbeat_s is not None and now_s - heartbeat_s > SILENT_AFTER_S:
        when = moment(heartbeat_s, plan.settings.zone)
        typer.echo(f"no daemon is running; this is how things stood at {when}", err=True)
        return heartbeat_s
    return now_s


def communes(
    config: ConfigOption = DEFAULT_CONFIG,
    parent: Annotated[
        str | None,
        typer.Option("--parent", help="List the units of this province or district instead."),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option("--find", help="List the units whose name has these words instead."),
    ] = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the watched communes with their readiness, or the units of a province or district.

    `--find "thuan bac"` lists the units with that name, marks or none, and their codes;
    `--parent 588 --as-of 2025-06-30` lists the communes of the former district Thuận Bắc and
    what became of them.
    """
    plan = read_plan(config)
    if parent is not None or find is not None:
        _print_units(plan, parent, find, as_of, form)
        return
    found = _evaluations(plan, as_of)
    columns = [
        Column("code", "code"),
        Column("name", "commune"),
        Column("readiness", "readiness", percent, right=True),
        Column("confidence", "confidence", percent, right=True),
        Column("gap_cost_vnd", "cost of gaps", dong, right=True),
        Column("evaluated_at_s", "evaluated", lambda s: moment(s, plan.settings.zone)),
    ]
    rows = []
    for code, unit in plan.communes.items():
        evaluation = found.get(code)
        row: dict[str, Any] = {"code": code, "name": unit.name}
        if evaluation is not None:
            row |= {
                "readiness": evaluation.total.ratio,
                "confidence": evaluation.total.confidence,
                "gap_cost_vnd": evaluation.cost_vnd,
                "evaluated_at_s": evaluation.at_s,
            }
        rows.append(row)
    print_rows(columns, rows, form)


def _print_units(
    plan: Plan, parent: str | None, words: str | None, as_of: dt.datetime | None, form: Format
) -> None:
    day = as_of.date() if as_of else dt.datetime.now(plan.settings.zone).date()
    members = [
        unit
        for unit in (plan.table if parent is None else plan.table.members(parent, day))
        if unit.holds_on(day) and (words is None or folded(words) in folded(unit.name))
    ]
    if not members:
        wanted = f"the parent {parent}" if words is None else f"a name with {words}"
        typer.echo(f"no unit has {wanted} on {day}", err=True)
        raise typer.Exit(Exit.FAILED)

    def row(unit: Unit) -> dict[str, Any]:
        heirs = plan.table.successors(unit)
        return {
            "code": unit.code,
            "name": unit.name,
            "parent": above.name if (above := plan.table.at(unit.parent, day)) else None,
            "valid_from": unit.valid_from.isoformat(),
            "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
            "successors": ", ".join(f"{heir.name} ({heir.code})" for heir in heirs),
        }

    columns = [
        Column("code", "code"),
        Column("name", "name"),
        Column("parent", "in"),
        Column("valid_from", "from"),
        Column("valid_to", "to"),
        Column("successors", "became"),
    ]
    print_rows(columns, map(row, members), form)


def readiness(
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say how each commune stands against each requirement, as it was last evaluated."""
    plan = read_plan(config)
    refuse_unknown(commune, plan)
    found = _evaluations(plan, as_of)
    wanted = [e for code, e in found.items() if commune in (None, code) and code in plan.communes]
    if not wanted:
        when = f"on {as_of:%Y-%m-%d} or before" if as_of else "yet"
        typer.echo(f"nothing has been evaluated {when}; `hatang run` evaluates", err=True)
        raise typer.Exit(Exit.FAILED)
    rows = [
        _requirement_row(plan, evaluation, result)
        for evaluation in wanted
        for result in evaluation.results
    ]
    columns = [
        Column("commune", "commune"),
        Column("requirement", "requirement"),
        Column("title", "title"),
        Column("level", "level"),
        Column("verdict", "verdict"),
        Column("value", "value", lambda v: f"{v:.4g}", right=True),
        Column("threshold", "target", lambda v: f"{v:.4g}", right=True),
        Column("unit", "unit"),
        Column("confidence", "confidence", percent, right=True),
        Column("gap", "gap", lambda v: f"{v:.4g}" if v else "–", right=True),
        Column("cost_vnd", "cost", dong, right=True),
        Column("reason", "reason"),
    ]
    print_rows(columns, rows, form)


def _requirement_row(
    plan: Plan, evaluation: Evaluation, result: RequirementResult
) -> dict[str, Any]:
    language = plan.settings.web.language
    return {
        "commune": evaluation.commune,
        "requirement": result.requirement,
        "title": _title(_profile(plan, evaluation), result.requirement, language),
        "level": result.level,
        "verdict": result.verdict.value,
        "value": result.value,
        "threshold": result.threshold,
        "unit": result.unit,
        "confidence": result.confidence,
        "gap": result.gap,
        "cost_vnd": result.cost_vnd,
        "reason": reason_text(result.explanation, language),
    }


def _profile(plan: Plan, evaluation: Evaluation) -> Profile:
    """What a watched commune was held against on the day of an evaluation."""
    day = dt.datetime.fromtimestamp(evaluation.at_s, plan.settings.zone).date()
    return plan.profiles.of(plan.communes[evaluation.commune], day)


def _title(profile: Profile, requirement: str, language: str) -> str:
    """A requirement's title; its id where the profile of the day has it no longer."""
    found = next((r for r in profile.requirements if r.id == requirement), None)
    return found.title.text(language) if found is not None else requirement


def _evaluations(plan: Plan, as_of: dt.datetime | None) -> dict[str, Evaluation]:
    at_s = end_of_day_s(as_of, plan.settings.zone) if as_of else time.time()
    with Reader(plan.database) as reader:
        return reader.evaluations(at_s)


def refuse_unknown(commune: str | None, plan: Plan) -> None:
    """Raises BadParameter for a commune that is not watched."""
    if commune is not None and commune not in plan.communes:
        watched = ", ".join(plan.communes)
        raise typer.BadParameter(f"{commune} is not watched; watched are: {watched or 'none'}")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    assets_app.callback()(assets)
    app.add_typer(assets_app)
    app.command()(communes)
    app.command()(readiness)
