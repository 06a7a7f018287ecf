"""`poll`: look at endpoints once, now, and say every step of it."""

from __future__ import annotations

import asyncio
import dataclasses
import secrets
import socket
from typing import Annotated, Any

import typer
from prometheus_client import CollectorRegistry

from collectors.base import Collector, Step, Steps
from collectors.runner import Runner
from collectors.targets import Target, targets
from config.sections import AssetStatus, Settings
from hatang.commands.options import DEFAULT_CONFIG, ConfigOption, Exit, FormatOption
from hatang.equipment_lines import equipment_lines
from hatang.output import Column, Format, console, percent, print_json, print_rows
from hatang.plan import read_plan
from inventory.clock import SystemClock
from inventory.metrics import Instruments
from inventory.observation import Observation, Outcome, Reading


def poll(
    endpoint: Annotated[str, typer.Argument(help="TAG/ENDPOINT, or TAG for all of an asset.")],
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = Format.TABLE,
) -> None:
    """Look at an endpoint once, now, showing every step. Nothing is recorded."""
    plan = read_plan(config)
    settings = plan.settings
    wanted = [
        target
        for target in targets(settings, plan.book)
        if endpoint in (target.id, target.asset.tag)
    ]
    if not wanted:
        typer.echo(_not_there(endpoint, settings), err=True)
        raise typer.Exit(Exit.FAILED)
    looks = asyncio.run(_look_at(wanted))
    if form is Format.JSON:
        print_json([_as_data(seen, steps) for seen, steps in looks])
    elif form is Format.CSV:
        rows = [{"endpoint": seen.endpoint, **_step(step)} for seen, done in looks for step in done]
        print_rows([Column("endpoint", ""), *_STEP_COLUMNS], rows, form)
    else:
        for seen, steps in looks:
            _print_look(seen, steps)
    if not all(seen.outcome in (Outcome.OK, Outcome.PARTIAL) for seen, _ in looks):
        raise typer.Exit(Exit.FAILED)


async def _look_at(wanted: list[Target]) -> list[tuple[Observation, list[Step]]]:
    instruments = Instruments(CollectorRegistry())
    clock = SystemClock()
    runner = Runner(
        socket.gethostname(), secrets.token_hex(8), clock, lambda seen: None, instruments
    )
    looks = []
    for target in wanted:
        collector: Collector = target.collector(instruments)
        steps = Steps(clock.monotonic)
        try:
            seen = await runner.look(target, collector, steps)
        finally:
            await collector.close()
        looks.append((seen, steps.done))
    return looks


_STEP_COLUMNS = [
    Column("step", "step"),
    Column("duration_s", "took", lambda s: f"{s * 1000:.1f} ms", right=True),
    Column("result", "result"),
]


def _step(step: Step) -> dict[str, Any]:
    return {"step": step.name, "duration_s": step.duration_s, "result": step.result}


def _print_look(seen: Observation, steps: list[Step]) -> None:
    out = console()
    out.print(f"{seen.endpoint} ({seen.kind})", style="bold")
    print_rows(_STEP_COLUMNS, map(_step, steps), Format.TABLE)
    reason = f" · {seen.reason}: {seen.message}" if seen.reason else ""
    out.print(f"{seen.outcome.value} after {seen.duration_s * 1000:.0f} ms{reason}", markup=False)
    for name, value in _summary(seen.reading):
        out.print(f"  {name:<14} {value}", markup=False)
    out.print()


def _summary(reading: Reading) -> list[tuple[str, str]]:
    """What came home, in lines for people."""
    lines = [(name.replace("_", " "), value) for name, value in sorted(reading.facts.items())]
    lines += [(f"{claim.kind.value} (claim)", claim.value) for claim in reading.claims]
    if reading.uptime_s is not None:
        lines.append(("uptime", f"{reading.uptime_s / 86400:.2f} days"))
    if reading.cpu_ratio is not None:
        lines.append(("cpu", percent(reading.cpu_ratio)))
    if reading.latency_s is not None:
        lines.append(("latency", f"{reading.latency_s * 1000:.1f} ms"))
    if reading.loss_ratio is not None:
        lines.append(("loss", percent(reading.loss_ratio)))
    if reading.interfaces:
        up = sum(interface.oper_up is True for interface in reading.interfaces)
        lines.append(("interfaces", f"{len(reading.interfaces)}, {up} up"))
    lines += [
        (f"{s.kind}", f"{s.name}: {s.used_bytes / 2**30:.1f} of {s.size_bytes / 2**30:.1f} GiB")
        for s in reading.storages
    ]
    lines += equipment_lines(reading)
    return lines


def _as_data(seen: Observation, steps: list[Step]) -> dict[str, Any]:
    data = dataclasses.asdict(seen)
    return {**data, "id": seen.id, "steps": [_step(step) for step in steps]}


def _not_there(endpoint: str, settings: Settings) -> str:
    tag = endpoint.partition("/")[0]
    asset = next((a for a in settings.assets if a.tag == tag), None)
    if asset is None:
        return f"there is no asset {tag} in the register; see `hatang assets`"
    if asset.status is not AssetStatus.IN_USE:
        return f"{tag} is {asset.status.value}: only assets in use are looked at"
    known = ", ".join(t.id for t in targets(settings) if t.asset.tag == tag)
    return f"{tag} has no endpoint {endpoint}; it has: {known or 'none'}"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(poll)
