"""`snmp record`: what a device says, redacted, as a case for its device profile."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from prometheus_client import CollectorRegistry

from collectors.base import CollectorError
from collectors.snmp.identify import Place, opened
from collectors.snmp.knowledge.book import ProfileBook, read_book, shipped_book
from collectors.snmp.recording import (
    Walked,
    recorded,
    walk_whole,
    what_is_found,
    what_is_needed,
    write_case,
)
from collectors.snmp.redaction import Redactor
from collectors.snmp.session import Oid, Value
from collectors.snmp.system import SYSTEM
from collectors.snmp.text import dotted
from config.sections import Credential
from hatang.commands.identify import COMMUNITY, place_of
from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit
from inventory.metrics import Instruments

DEADLINE_S = 900.0
"""For the whole walk: a large switch on a slow line needs ten minutes."""
_EXAMPLES = 3
"""Changes by each rule that are shown one by one."""

snmp_app = typer.Typer(name="snmp", help="SNMP by hand.", add_completion=False)


@snmp_app.callback()
def _snmp() -> None:
    """SNMP by hand."""


@snmp_app.command("record")
def record(
    host: Annotated[str, typer.Argument(metavar="HOST[:PORT]", help="The device.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the case is written.")],
    credential: Annotated[
        str | None, typer.Option(help="A credential of the configuration, by its name.")
    ] = None,
    community: Annotated[
        str | None, typer.Option(envvar=COMMUNITY, help="A community of SNMPv2c instead.")
    ] = None,
    needed: Annotated[
        bool, typer.Option("--needed", help="Keep only what its device profile asks for.")
    ] = False,
    profiles: Annotated[
        list[Path] | None, typer.Option(help="A folder of device profiles of your own.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Walk a whole device and write a case: its answers, redacted, and what is found in them.

    Communities, keys, names, addresses of others, public addresses, MAC and serial numbers are
    taken out by rule; what was taken out is shown. Read the files before you give them away.
    """
    book = read_book(profiles) if profiles else shipped_book()
    place = place_of(host, credential, community, config)
    try:
        asyncio.run(_record(place, folder, book, needed))
    except CollectorError as error:
        typer.echo(f"{place.address} port {place.port}: {error.message}", err=True)
        raise typer.Exit(Exit.FAILED) from error
    except OSError as error:
        typer.echo(f"{folder}: {error.strerror or error}", err=True)
        raise typer.Exit(Exit.FAILED) from error


async def _record(place: Place, folder: Path, book: ProfileBook, needed: bool) -> None:
    walked = await _walked(place)
    redactor = await _redactor(walked.rows, place, book)
    recording = recorded(redactor.redacted(walked.rows))
    if needed:
        recording = await what_is_needed(recording, book)
    found = await what_is_found(recording, book)
    for path in write_case(folder, recording, found):
        typer.echo(f"wrote {path}")
    typer.echo(
        f"{len(recording.rows):,} of {len(walked.rows):,} values; profile {found['profile']}"
    )
    kept = {row.oid for row in recording.rows}
    for line in _told(redactor, kept):
        typer.echo(line)
    for problem in walked.problems:
        typer.echo(f"missing: {problem}", err=True)


async def _walked(place: Place) -> Walked:
    until_s = asyncio.get_running_loop().time() + DEADLINE_S
    async with opened(place, Instruments(CollectorRegistry())) as session:
        system = (await session.get(SYSTEM, until_s)).values
        return await walk_whole(session, system.get("sysObjectID"), until_s)


async def _redactor(rows: Mapping[Oid, Value], place: Place, book: ProfileBook) -> Redactor:
    """The rules, with the serial numbers and the version that the profile finds."""
    found = await what_is_found(recorded(rows), book)
    members = found.get("members")
    numbers = [m["serial"] for m in members] if isinstance(members, list) else []
    serials = tuple(dict.fromkeys(str(n) for n in (found.get("serial"), *numbers) if n))
    version = str(found.get("version") or "")
    return Redactor(_secrets(place.credential), serials, version, secrets.token_bytes(16))


def _secrets(credential: Credential) -> tuple[str, ...]:
    parts = (
        getattr(credential, name, None) for name in ("community", "auth_key", "priv_key", "user")
    )
    return tuple(part if isinstance(part, str) else part.reveal() for part in parts if part)


def _told(redactor: Redactor, kept: set[Oid]) -> Iterable[str]:
    """What was taken out, for people: never what it was."""
    for reason, count in sorted(redactor.left_out.items()):
        yield f"left out: {count:,} values: {reason}"
    for rule in sorted({change.rule for change in redactor.changes}):
        changes = [c for c in redactor.changes if c.rule == rule and c.oid in kept]
        if changes:
            yield f"replaced: {len(changes):,} × {rule}"
        for change in changes[:_EXAMPLES]:
            yield f"  {dotted(change.oid)} is now {change.now[:60]!r}"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(snmp_app)
