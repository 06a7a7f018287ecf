"""`run`, `demo` and `simulate`: what goes on until somebody stops it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from collectors.snmp.simulator.errors import SimulatorError
from collectors.snmp.simulator.faults import FaultError, parse_fault_option
from collectors.snmp.simulator.replay import simulate as start_simulator
from collectors.snmp.simulator.scenario import read_scenario
from config.sections import SnmpV3
from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit
from hatang.commands.people import first_administrator
from hatang.demo import LISTEN, PORT, SNMPD_COMMUNITY, Demo, write_demo
from hatang.demo_register import register_demo
from hatang.local_agent import answers_snmp
from hatang.output import console
from hatang.plan import read_plan

COMMUNITY = "HATANG_SIMULATE_COMMUNITY"
AUTH_KEY, PRIV_KEY = "HATANG_SIMULATE_AUTH_KEY", "HATANG_SIMULATE_PRIV_KEY"

DEMO_ADMINISTRATOR = "demo"

VerboseOption = Annotated[
    bool, typer.Option("--verbose", "-v", help="Log every repeated failure, too.")
]


def run(config: ConfigOption = DEFAULT_CONFIG, verbose: VerboseOption = False) -> None:
    """Watch what the configuration names, until Ctrl-C or SIGTERM; SIGHUP reloads."""
    start_logging(verbose)
    raise typer.Exit(asyncio.run(serve(config)))


async def serve(config: Path, link: str = "") -> Exit:
    """One run of the daemon under this process's signals; link: of an administrator, to print."""
    # Here, because its pages take longer to load than most commands take to run.
    from hatang.daemon import Daemon, allow_open_files, tune_python

    tune_python()
    allow_open_files()
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
        if link:
            print(f"log in   {daemon.url}/first/{link}", flush=True)
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
    community: Annotated[
        str, typer.Option(envvar=COMMUNITY, help="Of v1 and v2c; empty: v3 only.")
    ] = "public",
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


def demo(
    folder: Annotated[Path, typer.Option(help="Where it is kept.")] = Path("demo-data"),
    listen: Annotated[str, typer.Option(help="HOST:PORT of the pages.")] = LISTEN,
    snmp_port: Annotated[
        int, typer.Option(min=1024, max=65535, help="UDP port of the simulated devices.")
    ] = PORT,
    verbose: VerboseOption = False,
) -> None:
    """Run the real daemon on a demo district: this machine and six simulated communes."""
    out = console()
    out.print("[1/3] Looking whether this machine has an SNMP agent …")
    snmpd = asyncio.run(answers_snmp("127.0.0.1", SNMPD_COMMUNITY))
    out.print("      it answers and is watched, too" if snmpd else "      none answers: left out")
    written = write_demo(folder, snmpd=snmpd, port=snmp_port, listen=listen)
    register_demo(written)
    out.print(f"[2/3] Starting {written.count} simulated devices from {written.first_address} …")
    simulator = start_devices(written)
    try:
        out.print("[3/3] Starting the daemon; figures come within half a minute. Ctrl-C ends it.")
        start_logging(verbose)
        link = first_administrator(read_plan(written.config), DEMO_ADMINISTRATOR)
        code = asyncio.run(serve(written.config, link))
    finally:
        simulator.terminate()
        simulator.wait()
    raise typer.Exit(code)


def start_devices(written: Demo) -> subprocess.Popen[str]:
    """The simulator in a process of its own, already answering. Raises SimulatorError."""
    keys = {name: path.read_text() for name, path in written.secrets.items()}
    environment = {
        COMMUNITY: keys["community"],
        AUTH_KEY: keys["auth_key"],
        PRIV_KEY: keys["priv_key"],
    }
    where = ("--address", written.first_address, "--port", str(written.port))
    what = ("--scenario", str(written.scenario), "--v3-user", written.v3_user)
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-m", "hatang", "simulate", str(written.devices), *where, *what],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
        # Ctrl-C goes to the daemon alone; the devices stay until it has stopped.
        start_new_session=True,
    )
    assert process.stdout is not None
    if not process.stdout.readline():
        process.wait()
        raise SimulatorError("the simulated devices did not start; see the line above")
    return process


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(demo)
    app.command()(simulate)
