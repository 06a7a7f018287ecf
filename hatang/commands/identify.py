"""`identify`: what a device is, asked of it once, now."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from prometheus_client import CollectorRegistry
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from collectors.base import CollectorError
from collectors.snmp.identify import Place, identify_all, identify_at
from collectors.snmp.knowledge.book import ProfileBook, read_book, shipped_book
from collectors.snmp.simulator.replay import simulate
from config.sections import Credential, SnmpV2c
from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit
from hatang.output import Format, console, print_json
from hatang.plan import read_plan
from inventory.metrics import Instruments

COMMUNITY = "HATANG_COMMUNITY"
_SNMP_PORT = 161
_IDENTITY = ("vendor", "model", "version", "serial", "sys_name", "os", "class", "features")


def identify(
    host: Annotated[
        str | None, typer.Argument(metavar="HOST[:PORT]", help="A device, asked over the network.")
    ] = None,
    credential: Annotated[
        str | None, typer.Option(help="A credential of the configuration, by its name.")
    ] = None,
    community: Annotated[
        str | None, typer.Option(envvar=COMMUNITY, help="A community of SNMPv2c instead.")
    ] = None,
    recordings: Annotated[
        Path | None, typer.Option(help="Every .snmprec file of this folder, simulated.")
    ] = None,
    map_file: Annotated[
        Path | None,
        typer.Option("--map", help="Devices as JSON: {name: {address, port, community}}."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the results of many to this file.")
    ] = None,
    profiles: Annotated[
        list[Path] | None, typer.Option(help="A folder of device profiles of your own.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    form: Annotated[
        Format, typer.Option("--format", "-f", help="table or json; many are always JSON.")
    ] = Format.TABLE,
) -> None:
    """Ask a device what it is: maker, model, version, serial, and what it measures."""
    given = [source for source in (host, recordings, map_file) if source is not None]
    if len(given) != 1:
        raise typer.BadParameter("give one of HOST, --recordings and --map")
    book = read_book(profiles) if profiles else shipped_book()
    if host is not None:
        _print(_identify_one(place_of(host, credential, community, config), book), form)
    elif recordings is not None:
        _write(asyncio.run(_identify_recordings(recordings, book)), out)
    else:
        assert map_file is not None
        _write(asyncio.run(_identify_many(_places(map_file), book)), out)


def place_of(host: str, credential: str | None, community: str | None, config: Path) -> Place:
    """The device of a command line: HOST[:PORT], and --credential or --community.

    Raises typer.BadParameter.
    """
    address, port = _host_and_port(host)
    if credential is None:
        if not community:
            raise typer.BadParameter(f"give --credential, --community or ${COMMUNITY}")
        return Place(address, port, _v2c(community))
    known = read_plan(config).settings.credentials
    if credential not in known:
        names = ", ".join(sorted(known)) or "none"
        raise typer.BadParameter(
            f"there is no credential {credential!r} in {config}; it has {names}"
        )
    return Place(address, port, known[credential])


def _host_and_port(text: str) -> tuple[str, int]:
    """Host and UDP port of HOST, HOST:PORT, an IPv6 address or [IPv6]:PORT.

    >>> _host_and_port("10.1.2.3:1161"), _host_and_port("fd00::1"), _host_and_port("[::1]:1161")
    (('10.1.2.3', 1161), ('fd00::1', 161), ('::1', 1161))
    """
    host, port = text, str(_SNMP_PORT)
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif text.count(":") == 1:
        host, port = text.split(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise typer.BadParameter(f"{text!r} is no HOST or HOST:PORT")
    return host, int(port)


def _v2c(community: str) -> Credential:
    return SnmpV2c.model_validate({"version": "v2c", "community": community})


def _places(path: Path) -> dict[str, Place]:
    """The devices of a map file, as `hatang simulate --map` writes it."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Place(
                str(device["address"]),
                int(device["port"]),
                _v2c(device.get("community") or "public"),
            )
            for name, device in found.items()
        }
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise typer.BadParameter(
            f"{path}: is no map of devices; write {{name: {{address, port, community}}}}"
        ) from error


def _identify_one(place: Place, book: ProfileBook) -> dict[str, object]:
    try:
        return asyncio.run(identify_at(place, book, Instruments(CollectorRegistry())))
    except CollectorError as error:
        typer.echo(f"{place.address} port {place.port}: {error.message}", err=True)
        raise typer.Exit(Exit.FAILED) from error


async def _identify_recordings(folder: Path, book: ProfileBook) -> dict[str, dict[str, object]]:
    simulator = await simulate(folder, base="127.21.0.1", port=0, community="public", live=False)
    try:
        places = {
            name: Place(address, port, _v2c("public"))
            for name, (address, port) in simulator.addresses.items()
        }
        return await _identify_many(places, book)
    finally:
        await simulator.stop()


async def _identify_many(
    places: Mapping[str, Place], book: ProfileBook
) -> dict[str, dict[str, object]]:
    columns = (TextColumn("identifying"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(places))
        return await identify_all(
            places, book, Instruments(CollectorRegistry()), lambda name: progress.advance(task)
        )


def _write(results: Mapping[str, object], out: Path | None) -> None:
    if out is None:
        print_json(results)
        return
    try:
        text = json.dumps(results, ensure_ascii=False, indent=1)
        out.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror or error}") from error
    typer.echo(f"{len(results)} devices in {out}")


def _print(found: Mapping[str, Any], form: Format) -> None:
    if form is Format.JSON:
        print_json(found)
        return
    out = console()
    for line in _lines(found):
        out.print(line, markup=False)


def _lines(found: Mapping[str, Any]) -> Iterable[str]:
    """What was found, in lines for people."""
    for name in _IDENTITY:
        if found.get(name):
            yield f"{name.replace('_', ' '):<12} {found[name]}"
    yield f"{'profile':<12} {found['profile']}"
    yield f"{'ports':<12} {len(found['ports'])}"
    for member in found["members"]:
        yield f"{'member':<12} {member['name']} · {member['model']} · {member['serial']}"
    for row in found["processors"]:
        yield f"{'processor':<12} {row['descr']}: {row['usage']:.0f} %"
    for kind, size in (("memory_pools", "total"), ("storage", "size")):
        for row in found[kind]:
            whole = f" of {row[size] / 2**20:,.0f} MiB" if row[size] else ""
            yield f"{kind.split('_')[0]:<12} {row['descr']}: {row['percent']:.0f} %{whole}"
    for row in found["sensors"]:
        shown = row["state"] or f"{row['value']:g}"
        yield f"{row['class']:<12} {row['descr']}: {shown}"
    for row in found["supplies"]:
        shown = "unknown" if row["percent"] is None else f"{row['percent']:.0f} %"
        yield f"{row['type']:<12} {row['descr']}: {shown}"
    for problem in found["problems"]:
        yield f"{'problem':<12} {problem}"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(identify)
