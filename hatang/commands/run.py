"""`run`, `demo` and `simulate`: what goes on until somebody stops it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from collectors.snmp.simulator.faults import FaultError, parse_fault_option
from collectors.snmp.simulator.replay import simulate as start_simulator
from collectors.snmp.simulator.scenario import read_scenario
from config.sections import SnmpV3
from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit
from hatang.daemon import Daemon
from hatang.plan import read_plan

AUTH_KEY, PRIV_KEY = "HATANG_SIMULATE_AUTH_KEY", "HATANG_SIMULATE_PRIV_KEY"

VerboseOption = Annotated[
    bool, typer.Option("--verbose", "-v", help="Log every repeated failure, too.")
]


def run(config: ConfigOption = DEFAULT_CONFIG, verbose: VerboseOption = False) -> None:
    """Watch what the configuration names, until Ctrl-C or SIGTERM; SIGHUP reloads."""
    start_logging(verbose)
    raise typer.Exit(asyncio.run(serve(config)))


async def serve(config: Path) -> Exit:
    """One run of the daemon under this process's signals."""
    daemon = Daemon(read_plan(config))
    loop = asyncio.get_running_loop()
    reloads: set[asyncio.Task[bool]] = set()

    def reload() -> None:
        task = loop.create_task(daemon.reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    async def announce() -> None:
        await ready.wait()
        loop.add_signal_handler(signal.SIGHUP, reload)
        print(f"pages    {daemon.url}/\nmetrics  {daemon.url}/metrics", flush=True)

    ready = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, daemon.stop)
    announcing = asyncio.create_task(announce())
    try:
        saved = await daemon.run(ready)
    finally:
        announcing.cancel()
    return Exit.OK if saved else Exit.STORE


def start_logging(verbose: bool) -> None:
    """Lines on standard error, as a service manager likes them."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        force=True,
    )
    for noisy in ("asyncio", "httpx", "httpcore", "uvicorn", "apscheduler", "pysnmp"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def simulate(
    folder: Annotated[Path, typer.Argument(help="A folder of .snmprec files.")],
    address: Annotated[str, typer.Option(help="First address, in 127.0.0.0/8.")] = "127.20.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="UDP port.")] = 16100,
    community: Annotated[str, typer.Option(help="Of v1 and v2c; empty: v3 only.")] = "public",
    v3_user: Annotated[
        str | None,
        typer.Option(help=f"USM user, SHA-256 and AES-128; keys in ${AUTH_KEY} and ${PRIV_KEY}."),
    ] = None,
    scenario: Annotated[
        Path | None, typer.Option(help="YAML file of what happens when; see docs/simulator.md.")
    ] = None,
    fault: Annotated[
        list[str] | None, typer.Option(help="GLOB:NAME=VALUE, for example sw-*:drop=0.1.")
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Write each device's address there, as JSON.")
    ] = None,
    still: Annotated[bool, typer.Option("--still", help="Counters do not move.")] = False,
) -> None:
    """Replay a folder of SNMP recordings as devices, each on a loopback address of its own."""
    try:
        faults = [parse_fault_option(text) for text in fault or ()]
    except FaultError as error:
        raise typer.BadParameter(str(error)) from error
    user = _v3_user(v3_user) if v3_user is not None else None

    async def serve_devices() -> None:
        stopping = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        simulator = await start_simulator(
            folder,
            base=address,
            port=port,
            community=community or None,
            v3_user=user,
            map_file=map_file,
            live=not still,
            scenario=read_scenario(scenario) if scenario is not None else None,
            faults=faults,
        )
        first, last = min(simulator.addresses.values()), max(simulator.addresses.values())
        print(
            f"{len(simulator.addresses)} devices answer on {first[0]} … {last[0]}, UDP port "
            f"{first[1]}; Ctrl-C ends it",
            flush=True,
        )
        try:
            await stopping.wait()
        finally:
            await simulator.stop()

    asyncio.run(serve_devices())


def _v3_user(name: str) -> SnmpV3:
    keys = {"auth_key": os.environ.get(AUTH_KEY, ""), "priv_key": os.environ.get(PRIV_KEY, "")}
    try:
        return SnmpV3.model_validate({"version": "v3", "user": name, **keys})
    except ValidationError as error:
        raise typer.BadParameter(
            f"set ${AUTH_KEY} and ${PRIV_KEY} to passphrases of at least 8 characters",
            param_hint="--v3-user",
        ) from error


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(simulate)
