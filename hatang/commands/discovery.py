"""`scan` and `inbox`: look for devices that nobody registered, and see what was found."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from collectors.base import CollectorError
from collectors.discovery.plan import PlanError
from hatang.commands.options import DEFAULT_CONFIG, CommuneOption, ConfigOption, Exit, FormatOption
from hatang.output import Column, Format, moment, print_json, print_rows
from hatang.plan import Plan, read_plan
from hatang.scans import Sweeping, empty_spool, known_of, refuse_wrong_user, run_sweep
from inventory.clock import SystemClock
from inventory.sighting import (
    Decision,
    Match,
    Report,
    ScanState,
    Sighting,
    Thing,
    ThingState,
    cleaned,
)
from inventory.spool import Spool
from inventory.store.errors import StoreError
from inventory.store.reader import Reader

TAKEN_WITHIN_S = 10.0
"""How long a daemon may take to take in what a person decided."""

inbox_app = typer.Typer(
    name="inbox",
    help="What was seen and is not registered.",
    invoke_without_command=True,
    add_completion=False,
)


def scan(
    target: Annotated[
        str, typer.Argument(metavar="COMMUNE|RANGE", help="A commune's code, or a range.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    credential: Annotated[
        list[str] | None,
        typer.Option(help="Try this credential; may be given again; else the commune's."),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Do not go on with a sweep that was stopped.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Look for devices in a commune's ranges or in a range: ping, credentials, what it is.

    What is found goes to the inbox. Ctrl-C stops; the same command goes on from there.
    """
    plan = read_plan(config)
    clock = SystemClock()
    refuse_wrong_user(plan)
    empty_spool(plan, clock)
    found: list[Sighting] = []
    spool = Spool(plan.database)

    def tell(report: Report) -> None:
        found.extend(map(cleaned, report.sightings))
        spool.put(report)

    wish = Sweeping(plan, target, clock, tell, tuple(credential or ()), anew=anew)
    try:
        state = asyncio.run(_swept(wish))
    except PlanError as error:
        raise typer.BadParameter(str(error)) from error
    except CollectorError as error:
        hint = "; or set discovery.find to snmp" if error.reason == "no_permission" else ""
        typer.echo(f"{error.message}{hint}", err=True)
        raise typer.Exit(Exit.FAILED) from error
    _print_scan(plan, state, found, form)
    if state.state != "finished":
        raise typer.Exit(Exit.FAILED)


async def _swept(wish: Sweeping) -> ScanState:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[found]} found"),
        TimeElapsedColumn(),
    )
    begun = False
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task: TaskID = progress.add_task(f"sweeping {wish.target}", total=None, found=0)

        def show(state: ScanState) -> None:
            nonlocal begun
            if not begun and state.position:
                words = f"going on at {state.position} of {state.total} addresses"
                progress.console.print(f"{words}; --anew begins again", highlight=False)
            begun = True
            progress.update(task, completed=state.position, total=state.total, found=state.found)

        async def settle() -> None:
            await asyncio.to_thread(empty_spool, wish.plan, wish.clock)

        wish.progress = show
        return await run_sweep(wish, stop, settle)


def _print_scan(plan: Plan, state: ScanState, found: list[Sighting], form: Format) -> None:
    with Reader(plan.database) as reader:
        known = known_of(plan, reader)
    seen = {sighting.address: sighting for sighting in found}
    rows = [
        {
            "address": address,
            "name": one.facts.get("sys_name", ""),
            "class": one.asset_class,
            "vendor": one.facts.get("vendor", ""),
            "model": one.facts.get("model", ""),
            "serial": one.facts.get("serial", ""),
            "mac": one.mac,
            "credential": one.credential,
            "commune": one.commune,
            **_match(known.match(one.claims, [address], one.mac)),
            "note": one.note,
        }
        for address, one in seen.items()
    ]
    if form is Format.JSON:
        summary = {
            name: getattr(state, name)
            for name in ("target", "state", "position", "total", "found", "duration_s")
        }
        print_json({**summary, "things": rows})
        return
    print_rows(_THING_COLUMNS, rows, form)
    if form is Format.TABLE:
        typer.echo(
            f"{state.state}: {state.position} of {state.total} addresses in "
            f"{state.duration_s:.0f} s, {state.found} answered",
            err=True,
        )
        if state.state == "stopped":
            typer.echo("the same command goes on from there", err=True)


_THING_COLUMNS = [
    Column("address", "address"),
    Column("name", "name"),
    Column("class", "class"),
    Column("vendor", "vendor"),
    Column("model", "model"),
    Column("serial", "serial"),
    Column("mac", "MAC"),
    Column("credential", "credential"),
    Column("commune", "commune"),
    Column("match", "may be"),
    Column("why", "because"),
    Column("note", "note"),
]


def _match(match: Match | None) -> dict[str, Any]:
    """The proposed asset and its reason in words."""
    if match is None:
        return {"match": None, "why": None}
    why = f"same {match.by.replace('_', ' ')}"
    if match.against:
        why += f", but another {match.against.replace('_', ' ')}"
    return {"match": match.tag, "why": why}


@inbox_app.callback()
def inbox(
    context: typer.Context,
    config: ConfigOption = DEFAULT_CONFIG,
    commune: CommuneOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="What is ignored or registered, too.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what sweeps, neighbours and traps told of and nobody has registered."""
    if context.invoked_subcommand is not None:
        return
    plan = read_plan(config)
    with Reader(plan.database) as reader:
        things = reader.things()
    wanted = (
        thing
        for thing in things
        if (everything or thing.state is ThingState.NEW) and commune in (None, thing.commune)
    )
    zone = plan.settings.zone
    columns = [
        Column("id", "id", right=True),
        Column("state", "state"),
        Column("how", "by"),
        *_THING_COLUMNS,
        Column("first_seen_s", "first seen", lambda s: moment(s, zone)),
        Column("last_seen_s", "last seen", lambda s: moment(s, zone)),
        Column("count", "times", right=True),
        Column("reason", "ignored because"),
    ]
    print_rows(columns, map(_row, wanted), form)


def _row(thing: Thing) -> dict[str, Any]:
    return {
        "id": thing.id,
        "state": thing.state.value,
        "how": ", ".join(thing.how),
        "address": ", ".join(thing.addresses),
        "name": thing.name,
        "class": thing.asset_class,
        "vendor": thing.facts.get("vendor", ""),
        "model": thing.facts.get("model", ""),
        "serial": thing.facts.get("serial", ""),
        "mac": thing.mac,
        "credential": thing.credential,
        "commune": thing.commune,
        **_match(thing.match),
        "note": thing.note,
        "first_seen_s": thing.first_seen_s,
        "last_seen_s": thing.last_seen_s,
        "count": thing.count,
        "reason": thing.reason,
    }


IdArgument = Annotated[int, typer.Argument(help="The number that `hatang inbox` shows.")]


@inbox_app.command()
def ignore(
    id: IdArgument,
    reason: Annotated[str, typer.Option(help="Why nobody needs to register it.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Leave one thing out of the list from now on, however often it is seen."""
    if not reason.strip():
        raise typer.BadParameter("say why; a later reader wants to know", param_hint="--reason")
    _decide(read_plan(config), id, ThingState.IGNORED, " ".join(reason.split()))


@inbox_app.command()
def restore(id: IdArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Put an ignored thing back into the list."""
    _decide(read_plan(config), id, ThingState.NEW, "")


def _decide(plan: Plan, id: int, state: ThingState, reason: str) -> None:
    clock = SystemClock()
    refuse_wrong_user(plan)
    empty_spool(plan, clock)
    if id not in {thing.id for thing in _things(plan)}:
        typer.echo(f"the inbox has no {id}; see `hatang inbox --all`", err=True)
        raise typer.Exit(Exit.FAILED)
    decided = Decision(id, state, reason, clock.wall())
    Spool(plan.database).put(Report(decisions=(decided,)))
    ends_s = time.monotonic() + TAKEN_WITHIN_S
    while not empty_spool(plan, clock) and not _is_taken(plan, decided):
        if time.monotonic() > ends_s:
            raise StoreError("busy", "the daemon has not taken it yet; it will as soon as it can")
        time.sleep(0.1)
    typer.echo(f"{id} is {'ignored' if state is ThingState.IGNORED else 'listed again'}")


def _is_taken(plan: Plan, decided: Decision) -> bool:
    return any(
        thing.id == decided.id and thing.decided_at_s == decided.at_s for thing in _things(plan)
    )


def _things(plan: Plan) -> Iterable[Thing]:
    with Reader(plan.database) as reader:
        return reader.things()


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(scan)
    app.add_typer(inbox_app)
