"""`snmp record`: a device as a case folder, without what is nobody's business."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from prometheus_client import CollectorRegistry
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from collectors.base import CollectorError
from collectors.snmp.identify import Place
from collectors.snmp.knowledge.book import ProfileBook, read_book, shipped_book
from collectors.snmp.recording.case import (
    EXPECTED,
    RECORDING,
    Case,
    CaseError,
    make_case,
    needed,
    write_case,
)
from collectors.snmp.recording.walk import Walked, walk
from config.sections import Credential, SnmpV3
from hatang.commands.identify import COMMUNITY, place_of
from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit
from hatang.output import console
from inventory.metrics import Instruments

snmp_app = typer.Typer(name="snmp", help="Tools for SNMP devices.", add_completion=False)


@snmp_app.callback()
def snmp() -> None:
    """Tools for SNMP devices."""


@snmp_app.command()
def record(
    host: Annotated[str, typer.Argument(metavar="HOST[:PORT]", help="A device.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The case folder to write.")],
    credential: Annotated[
        str | None, typer.Option(help="A credential of the configuration, by its name.")
    ] = None,
    community: Annotated[
        str | None, typer.Option(envvar=COMMUNITY, help="A community of SNMPv2c instead.")
    ] = None,
    only_needed: Annotated[
        bool, typer.Option("--needed", help="Keep only what its device profile asks for.")
    ] = False,
    profiles: Annotated[
        list[Path] | None, typer.Option(help="A folder of device profiles of your own.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Walk a device and write what it says as a case: a recording, and what Hatang finds in it.

    Names, serial numbers, MACs, public addresses, communities and keys become stand-ins of the
    same shape; look through the file before it leaves the house. Only reads from the device.
    """
    book = read_book(profiles) if profiles else shipped_book()
    place = place_of(host, credential, community, config)
    taken = [name for name in (RECORDING, EXPECTED) if (folder / name).exists()]
    if taken:
        raise typer.BadParameter(f"{folder / taken[0]} is there already; give another folder")
    try:
        walked = asyncio.run(_walk(place))
        case = asyncio.run(_case_of(walked, place.credential, book, only_needed))
        write_case(case, folder)
    except CollectorError as error:
        typer.echo(f"{place.address} port {place.port}: {error.message}", err=True)
        raise typer.Exit(Exit.FAILED) from error
    except CaseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(Exit.FAILED) from error
    out = console()
    for line in _lines(walked, case, folder):
        out.print(line, markup=False, highlight=False)


async def _walk(place: Place) -> Walked:
    columns = (TextColumn("walking"), TextColumn("{task.completed} values"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        return await walk(
            place,
            Instruments(CollectorRegistry()),
            lambda count: progress.update(task, completed=count),
        )


async def _case_of(
    walked: Walked, credential: Credential, book: ProfileBook, only_needed: bool
) -> Case:
    case = await make_case(walked.rows, book, _secrets_of(credential))
    return await needed(case, book) if only_needed else case


def _secrets_of(credential: Credential) -> Iterable[str]:
    """What the device was asked with."""
    if not isinstance(credential, SnmpV3):
        return [credential.community.reveal()]
    keys = (credential.auth_key, credential.priv_key)
    return [credential.user, *(key.reveal() for key in keys if key is not None)]


def _lines(walked: Walked, case: Case, folder: Path) -> Iterable[str]:
    """What was done, in lines for people; nothing here is of the device before."""
    yield f"{len(walked.rows)} values walked, {len(case.rows)} written to {folder / RECORDING}"
    for rule, done in sorted(case.done.items()):
        examples = f"   for example {', '.join(done.examples)}" if done.examples else ""
        yield f"  {done.count:>6} × {rule}{examples}"
    for name in ("vendor", "model", "version", "serial", "class"):
        if case.found.get(name):
            yield f"{name:<8} {case.found[name]}"
    for problem in walked.problems:
        yield f"missing  {problem}"
    if case.changed:
        yield f"without its secrets it is told otherwise: {', '.join(case.changed)}"
    yield f"Correct {folder / EXPECTED} by hand, and look through the recording."


def add_to(app: typer.Typer) -> None:
    """Put `snmp record` into the command line."""
    app.add_typer(snmp_app)
