"""`profile`: check a file, say what holds for a commune and why, compare two profiles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from config.errors import ConfigError, Problem
from config.profile import (
    YAML_ENDS,
    LayerFile,
    Profile,
    ReadProfile,
    is_layer_file,
    problem_at,
    read_layer,
    read_profile,
)
from config.profile_diff import origins, profile_changes
from hatang.commands.options import (
    DEFAULT_CONFIG,
    AsOfOption,
    CommuneOption,
    ConfigOption,
    Exit,
    FormatOption,
)
from hatang.commands.show import moment_of, refuse_unknown
from hatang.output import Column, Format, console, dong, percent, print_json, print_rows
from hatang.plan import Plan, read_plan
from hatang.profile_rows import (
    asked_row,
    change_body,
    change_text,
    impact_body,
    impact_row,
    layer_row,
    problem_line,
    problem_row,
)
from inventory.gather import Gathering
from inventory.profile_set import ProfileSet
from inventory.readiness.examples import mismatches
from inventory.readiness.impact import Impact, impacts
from inventory.store.reader import Reader

profile_app = typer.Typer(
    name="profile",
    help="Requirement profiles: check one, explain it, compare two (docs/profiles.md).",
    no_args_is_help=True,
    add_completion=False,
)

NameArgument = Annotated[str, typer.Argument(help="Name of a shipped profile, or path of a file.")]


@profile_app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="The profile, or a layer with `for`.")],
    on: Annotated[
        str, typer.Option("--on", help="What a layer lies on: a shipped name or a path.")
    ] = "commune-2026",
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what is wrong with a profile, where and what would be right; run its examples.

    Exit code 3 when anything is wrong.
    """
    try:
        read = _read(file, on)
        problems = _broken_examples(read)
    except ConfigError as error:
        problems = list(error.found)
    if form is not Format.TABLE:
        columns = [Column(key, key) for key in ("file", "line", "column", "path", "text")]
        print_rows(columns, [problem_row(problem) for problem in problems], form)
    else:
        for problem in problems:
            typer.echo(problem_line(problem), err=True)
    if problems:
        raise typer.Exit(Exit.CONFIG)
    if form is Format.TABLE:
        profile = read.profile
        typer.echo(
            f"{file} is in order: {profile.id} version {profile.version}, "
            f"{len(profile.requirements)} requirements in {len(profile.pillars)} pillars, "
            f"{len(profile.examples)} examples hold"
        )


def _read(file: Path, on: str) -> ReadProfile:
    if file.suffix in YAML_ENDS and is_layer_file(file):
        return read_layer(file).on(read_profile(on))
    return read_profile(str(file))


def _broken_examples(read: ReadProfile) -> list[Problem]:
    assert read.source is not None  # it was read from a file
    return [
        problem_at(read.source, ("examples", wrong.at, "expect", wrong.key), str(wrong))
        for wrong in mismatches(read.profile)
    ]


@profile_app.command("explain")
def explain(
    name: Annotated[
        str | None,
        typer.Argument(help="Name of a shipped profile, or path; that of the settings if none."),
    ] = None,
    commune: CommuneOption = None,
    as_of: AsOfOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what a profile asks, why, and which file says so; with --commune what it has today.

    A commune has the profile that the settings have for the day (or NAME) with the layers that are
    for it.
    """
    day = as_of.date() if as_of else dt.datetime.now(dt.UTC).date()
    layers: tuple[LayerFile, ...] = ()
    if name is not None and commune is None:
        read = read_profile(name)
    else:
        plan = read_plan(config)
        refuse_unknown(commune, plan)
        day = as_of.date() if as_of else _today(plan)
        profiles = plan.profiles if name is None else _set_of(name, plan)
        if commune is None:
            read = profiles.base_read_on(day)
        else:
            unit = plan.table.at(commune, day) or plan.communes[commune]
            read, layers = profiles.read_of(unit, day), profiles.layers_of(unit, day)
    rows = [
        asked_row(read.profile, r, origins(read), commune, day) for r in read.profile.requirements
    ]
    if form is Format.JSON:
        print_json(
            {
                "profile": read.profile.id,
                "version": read.profile.version,
                "digest": read.profile.digest,
                "commune": commune,
                "day": day.isoformat(),
                "layers": [layer_row(file) for file in layers],
                "requirements": rows,
            }
        )
        return
    columns = [
        Column("requirement", "requirement"),
        Column("title", "title"),
        Column("level", "level"),
        Column("weight", "weight", lambda v: f"{v:g}", right=True),
        Column("met", "met"),
        Column("basis", "basis"),
        Column("price_vnd", "price of mending", dong, right=True),
        Column("said_by", "said by", " > ".join),
        Column("exempt_until", "exempt until"),
    ]
    print_rows(columns, rows, form)
    if form is Format.TABLE:
        lying = ", ".join(f"{file.layer.id} {file.layer.version}" for file in layers) or "none"
        console().print(f"\n{read.profile.id} version {read.profile.version}; layers: {lying}")


@profile_app.command("diff")
def diff(
    old: NameArgument,
    new: NameArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what NEW asks differently than OLD, and which communes change by that and why.

    The communes are those of the configuration, as its database knows them, with its layers. A
    file with `for` means the settings' profile with this layer on it.
    """
    plan = read_plan(config) if config.exists() else None
    if plan is None:
        typer.echo(f"{config} is not there: no commune is evaluated", err=True)
        before = read_profile(old)
        after = _plain_of(new, before)
        found: tuple[Impact, ...] = ()
    else:
        old_set, new_set = _set_of(old, plan), _set_of(new, plan)
        below = plan.profiles.base_read_on(_today(plan))
        before, after = _plain_of(old, below), _plain_of(new, below)
        found = impacts_of(plan, old_set, new_set)
    changes = profile_changes(before.profile, after.profile)
    if form is Format.JSON:
        print_json(
            {
                "requirements": [change_body(change) for change in changes],
                "communes": [impact_body(impact) for impact in found],
            }
        )
        return
    if form is Format.TABLE:
        print_rows(
            [Column("requirement", "requirement"), Column("change", "change")],
            [{"requirement": c.requirement, "change": change_text(c)} for c in changes],
            form,
        )
        console().print("")
    print_impacts(found, None if plan is None else len(plan.communes), form)


def print_impacts(found: Sequence[Impact], of: int | None, form: Format) -> None:
    """Say which communes change and why; of: how many communes there are, where it is known."""
    columns = [
        Column("commune", "code"),
        Column("name", "commune"),
        Column("readiness_before", "readiness", percent, right=True),
        Column("readiness_after", "becomes", percent, right=True),
        Column("cost_before_vnd", "cost of gaps", dong, right=True),
        Column("cost_after_vnd", "becomes", dong, right=True),
        Column("why", "why"),
    ]
    print_rows(columns, [impact_row(impact) for impact in found], form)
    if form is Format.TABLE and of is not None:
        console().print(f"\n{len(found)} of {of} communes change")


def _plain_of(name: str, base: ReadProfile) -> ReadProfile:
    """What a name means without communes: a layer lies on `base`."""
    if name.endswith(YAML_ENDS) and is_layer_file(Path(name)):
        return read_layer(Path(name)).on(base)
    return read_profile(name)


def _set_of(name: str, plan: Plan) -> ProfileSet:
    """A profile under the layers of the settings; a layer is one more of them."""
    if name.endswith(YAML_ENDS) and is_layer_file(Path(name)):
        return plan.profiles.with_layer(read_layer(Path(name)))
    return plan.profiles.with_base(read_profile(name))


def impacts_of(
    plan: Plan, old: ProfileSet, new: ProfileSet, day: dt.date | None = None
) -> tuple[Impact, ...]:
    """The communes that change, by what is known of them now. day: whose profiles; else today's.
    Raises StoreError."""
    with Reader(plan.database) as reader:
        now_s = moment_of(reader, plan)
        on = day or dt.datetime.fromtimestamp(now_s, plan.settings.zone).date()
        facts = Gathering(plan.settings, plan.communes).facts(
            reader, list(plan.communes), [*old.on(on), *new.on(on)], now_s
        )
    return impacts(facts, _on(old, on), _on(new, on), now_s)


def _today(plan: Plan) -> dt.date:
    return dt.datetime.now(plan.settings.zone).date()


def _on(profiles: ProfileSet, day: dt.date) -> Callable[[Any], Profile]:
    return lambda unit: profiles.of(unit, day)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(profile_app)
