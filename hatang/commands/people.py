"""`user`: who may log in. Works whether or not a daemon runs."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, Literal

import typer

from config.sections import Settings
from dashboards.web.languages import LANGUAGES
from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit, FormatOption
from hatang.output import Column, Format, moment, print_rows
from hatang.plan import Plan, read_plan
from hatang.scans import refuse_wrong_user
from inventory.clock import SystemClock
from inventory.people.office import digest_of, new_secret
from inventory.people.orders import Order, Orders, carry_out
from inventory.people.people import People
from inventory.people.roles import Role
from inventory.register.problems import Refused
from inventory.store import people as sql
from inventory.store.desk import Desk, direct_desk, read_once
from inventory.store.errors import StoreError

user_app = typer.Typer(help="Who may log in, and with which role.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
RoleOption = Annotated[Role, typer.Option(help="What the user may.")]


@user_app.command()
def add(
    name: NameArgument,
    role: RoleOption = Role.VIEWER,
    commune: Annotated[
        list[str] | None,
        typer.Option(help="Only this commune, by its code; may be given several times."),
    ] = None,
    full_name: Annotated[str, typer.Option(help="First and last name, for people.")] = "",
    language: Annotated[str, typer.Option(help=f"Of the pages: {', '.join(LANGUAGES)}.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Make a user; prints the one-time link with which that person sets a password."""
    plan = read_plan(config)
    for code in commune or ():
        if code not in plan.communes:
            raise typer.BadParameter(f"{code} is not among `communes`", param_hint="--commune")
    if language not in ("", *LANGUAGES):
        raise typer.BadParameter(f"known are {', '.join(LANGUAGES)}", param_hint="--language")
    secret = new_secret()
    order = Order(
        "add",
        name,
        getpass.getuser(),
        digest_of(secret),
        role.value,
        full_name,
        tuple(commune or ()),
        language,
    )
    _do(plan, order)
    _print_link(plan, secret)


@user_app.command()
def link(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Print a new one-time link; until it is used, the present password holds.

    It opens a disabled account again.
    """
    _with_link("link", name, config)


@user_app.command()
def reset(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """End the password, sessions and tokens of a user now; print a one-time link."""
    _with_link("reset", name, config)


@user_app.command()
def disable(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Let nobody log in as this user; sessions and tokens end at once."""
    _do(read_plan(config), Order("disable", name, getpass.getuser()))
    typer.echo(f"{name} is disabled")


@user_app.command("list")
def list_users(config: ConfigOption = DEFAULT_CONFIG, form: FormatOption = Format.TABLE) -> None:
    """List everybody."""
    plan = read_plan(config)
    zone = plan.settings.zone
    columns = [
        Column("name", "name"),
        Column("full_name", "full name"),
        Column("role", "role"),
        Column("communes", "communes"),
        Column("state", "state"),
        Column("created_at_s", "made", lambda s: moment(s, zone)),
        Column("used_at_s", "last login", lambda s: moment(s, zone)),
    ]
    rows = (
        {
            "name": user.name,
            "full_name": user.full_name,
            "role": user.role.value,
            "communes": "all" if user.communes is None else ", ".join(sorted(user.communes)),
            "state": user.state,
            "created_at_s": user.created_at_s,
            "used_at_s": user.used_at_s,
        }
        for user in read_once(plan.database, sql.users)
    )
    print_rows(columns, rows, form)


def people_on(desk: Desk, settings: Settings) -> People:
    """The people of a configuration, for a command that holds the database."""
    return People(desk, lambda: settings.people, SystemClock())


def first_administrator(plan: Plan, name: str) -> str:
    """The secret of a link for an administrator, who is made where there is none of the name.

    For a command that starts the daemon itself. Raises StoreError and Refused.
    """
    with direct_desk(plan.database) as desk:
        people = people_on(desk, plan.settings)
        secret = new_secret()
        is_there = people.user(name) is not None
        order = Order(
            "link" if is_there else "add",
            name,
            getpass.getuser(),
            digest_of(secret),
            Role.ADMINISTRATOR.value,
        )
        carry_out(people, order)
    return secret


def _with_link(what: Literal["link", "reset"], name: str, config: Path) -> None:
    plan = read_plan(config)
    secret = new_secret()
    _do(plan, Order(what, name, getpass.getuser(), digest_of(secret)))
    _print_link(plan, secret)


def _print_link(plan: Plan, secret: str) -> None:
    typer.echo(f"{plan.settings.web.address}/first/{secret}")


def _do(plan: Plan, order: Order) -> None:
    """Here where no daemon holds the database, else by the daemon; ends the command if refused."""
    refuse_wrong_user(plan)
    try:
        with direct_desk(plan.database) as desk:
            carry_out(people_on(desk, plan.settings), order)
    except Refused as error:
        _end(str(error))
    except StoreError as error:
        if error.kind != "locked":
            raise
        if why := Orders(plan.database).have_done(order):
            _end(why)


def _end(why: str) -> None:
    typer.echo(why, err=True)
    raise typer.Exit(Exit.FAILED)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(user_app, name="user")
