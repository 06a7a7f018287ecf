"""`profile use`, `profile choices`: which profile counts from which day on. Works whether or not a
daemon runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from config.profile import (
    YAML_ENDS,
    LayerFile,
    ReadProfile,
    is_layer_file,
    read_layer,
    read_profile,
    shipped_profiles,
)
from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit, FormatOption
from hatang.commands.profiles import impacts_of, print_impacts, profile_app
from hatang.commands.sheet_io import who
from hatang.output import Column, Format, moment, print_rows
from hatang.plan import Plan, read_plan
from hatang.scans import refuse_wrong_user
from inventory.clock import SystemClock
from inventory.profile_choice import Choice, Choices, content_of, kept_choices, states
from inventory.profile_orders import ProfileOrders
from inventory.readiness.examples import mismatches
from inventory.register.entry import Actor
from inventory.register.problems import Refused
from inventory.store.desk import ReadingDesk, direct_desk
from inventory.store.errors import StoreError


@profile_app.command("use")
def use(
    reason: Annotated[str, typer.Option("--reason", help="Why, for whoever asks later.")],
    name: Annotated[
        str | None,
        typer.Argument(
            help="A shipped profile, one of the page's copies, or a path; the settings' if none."
        ),
    ] = None,
    since: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; today if none."),
    ] = None,
    end: Annotated[
        bool, typer.Option("--end", help="End the layer NAME instead: it lies on nothing then.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """From a day on, hold communes against a profile; a layer counts for whom its `for` means.

    Shows which communes change and asks. Whatever counts on days before today stays as it was;
    what is chosen for a day is taken back by another choice for it. The choice keeps the content:
    when the file is changed, choose it again.
    """
    plan = read_plan(config)
    today = dt.datetime.now(plan.settings.zone).date()
    found = _choice(name, since.date() if since else today, end, plan)
    choice = replace(found, by=who(), reason=reason)
    try:
        checked = Choices(ReadingDesk(plan.database), SystemClock(), plan.settings.zone)
        checked.check(choice)
        new = plan.profiles.choosing(choice)
        print_impacts(
            impacts_of(plan, plan.profiles, new, choice.since), len(plan.communes), Format.TABLE
        )
        shown = f"{choice.name or 'what the settings name'} {choice.version}".rstrip()
        what = f"end {shown}" if end else f"use {shown}"
        if not yes:
            typer.confirm(f"{what} from {choice.since} on?", abort=True)
        _keep(plan, choice)
    except Refused as error:
        _end(str(error))
    typer.echo(f"{choice.since}: {what}")


@profile_app.command("choices")
def choices(config: ConfigOption = DEFAULT_CONFIG, form: FormatOption = Format.TABLE) -> None:
    """List what was chosen, by whom and why, the newest first.

    States: now, planned, over, replaced (another choice was made for its day).
    """
    plan = read_plan(config)
    zone = plan.settings.zone
    columns = [
        Column("since", "from"),
        Column("state", "state"),
        Column("name", "profile"),
        Column("version", "version"),
        Column("what", "what"),
        Column("by", "by"),
        Column("at_s", "chosen", lambda s: moment(s, zone)),
        Column("reason", "reason"),
    ]
    found = states(kept_choices(plan.database), dt.datetime.now(zone).date())
    rows = [
        {
            "since": one.since.isoformat(),
            "state": state,
            "name": one.name or None,
            "version": one.version or None,
            "what": _what(one),
            "by": one.by,
            "at_s": one.at_s,
            "reason": one.reason,
        }
        for one, state in found
    ]
    print_rows(columns, rows, form)


def _what(choice: Choice) -> str:
    if not choice.layer:
        return "for everybody" if choice.name else "what the settings name, for everybody"
    return "a layer" if choice.content else "the layer ends"


def _choice(name: str | None, since: dt.date, end: bool, plan: Plan) -> Choice:
    """What NAME means. Raises ConfigError and BadParameter."""
    if name is None:
        if end:
            raise typer.BadParameter("name the layer that ends", param_hint="NAME")
        return Choice("", False, since, "", "")
    if end:
        stem = Path(name).stem if name.endswith(YAML_ENDS) else name
        if stem not in plan.profiles.layer_names():
            raise typer.BadParameter(f"there is no layer {name}", param_hint="NAME")
        return Choice(stem, True, since, "", "")
    read, stem = _read(name, plan)
    if isinstance(read, LayerFile):
        return Choice(stem, True, since, read.layer.version, content_of(read))
    return Choice(stem, False, since, read.profile.version, content_of(read))


def _read(name: str, plan: Plan) -> tuple[ReadProfile | LayerFile, str]:
    """A profile or layer in order, and its name. Raises ConfigError."""
    path = Path(name)
    if not name.endswith(YAML_ENDS):
        own = plan.settings.data_dir / "profiles" / f"{name}.yaml"
        if name in shipped_profiles() or not own.exists():
            return read_profile(name), name
        path = own
    if not is_layer_file(path):
        read = read_profile(str(path))
        _refuse_broken(read, path)
        return read, path.stem
    layer = read_layer(path)
    _refuse_broken(layer.on(plan.profiles.base_read_on(layer.layer.valid_from)), path)
    return layer, path.stem


def _refuse_broken(read: ReadProfile, path: Path) -> None:
    for wrong in mismatches(read.profile):
        typer.echo(f"{path}: {wrong}", err=True)
        raise typer.Exit(Exit.CONFIG)


def _keep(plan: Plan, choice: Choice) -> None:
    """Here where no daemon holds the database, else by the daemon. Raises Refused."""
    refuse_wrong_user(plan)
    try:
        with direct_desk(plan.database) as desk:
            made = Choices(desk, SystemClock(), plan.settings.zone)
            made.make(choice, Actor(choice.by, "cli"))
    except StoreError as error:
        if error.kind != "locked":
            raise
        if why := ProfileOrders(plan.database).have_done(choice):
            _end(why)


def _end(why: str) -> None:
    typer.echo(why, err=True)
    raise typer.Exit(Exit.FAILED)


def add_to(app: typer.Typer) -> None:
    """The commands stand in the group of `hatang.commands.profiles` already."""
