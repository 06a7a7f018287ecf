"""The full path of a look: poll, observation, identity, record, snapshot, with a database."""

from __future__ import annotations

import asyncio
import datetime as dt
import tempfile
import time
from pathlib import Path

from prometheus_client import CollectorRegistry

from collectors.runner import Runner
from collectors.snmp import interface_table
from collectors.targets import targets
from config.load import load
from config.sections import Settings
from hatang.daemon import tune_python
from inventory.clock import SystemClock
from inventory.ledger import Ledger
from inventory.metrics import Instruments
from inventory.recorder import Recorder
from inventory.saved import Saved
from inventory.store.reader import Reader
from inventory.store.writer import Writer
from inventory.timeline import Timeline
from inventory.units import read_units

COMMUNE = "22849"
_ROUNDS_BEFORE, _ROUNDS = 4, 3
"""A daemon that has run for some minutes knows its devices."""


def looks_per_cpu_s(places: list[tuple[str, int]], community: str) -> float:
    """Looks per CPU-second of this process after some rounds, all of them committed."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(places, community, Path(folder))
        return asyncio.run(_measure(settings, Path(folder) / "hatang.db"))


def settings_for(places: list[tuple[str, int]], community: str, folder: Path) -> Settings:
    """A register with a switch at each place."""
    path = folder / "hatang.yaml"
    path.write_text(config_text(places, folder))
    return load(path, {"BENCH_COMMUNITY": community})


def config_text(places: list[tuple[str, int]], folder: Path, more: str = "") -> str:
    """The same as a file of settings; more: other lines of it."""
    lines = [
        f"data_dir: {folder}",
        "credentials: {lan: {version: v2c, community: '${BENCH_COMMUNITY}'}}",
        f"communes: [{{code: '{COMMUNE}'}}]",
        more,
        "assets:",
    ]
    for number, (address, port) in enumerate(places):
        lines.append(
            f"- {{tag: SW-{number:05}, name: switch, class: switch, commune: '{COMMUNE}', "
            f"address: {address}, endpoints: [{{kind: snmp, credential: lan, port: {port}}}]}}"
        )
    return "\n".join(lines) + "\n"


async def _measure(settings: Settings, database: Path) -> float:
    tune_python()
    interface_table.WHOLE_EVERY_S = 0.0  # the same columns at each look, as the exporter reads
    clock, instruments = SystemClock(), Instruments(CollectorRegistry())
    writer, table = Writer(database), read_units()
    writer.write_units(table, table.digest)
    with Reader(database) as reader:
        saved = Saved(reader, clock.wall(), 86400.0)
    timeline = Timeline(clock, 0.0)
    today = table.at(COMMUNE, dt.datetime.now(settings.zone).date())
    assert today is not None
    ledger = Ledger(settings, {COMMUNE: today}, saved, timeline.now(), instruments)
    recorder = Recorder(ledger, writer, timeline, clock, instruments)
    recorder.start()
    runner = Runner("bench", "1", clock, recorder.sink, instruments)
    watched = [(target, target.collector(instruments)) for target in targets(settings)]
    try:
        spent = 0.0
        for turn in range(_ROUNDS_BEFORE + _ROUNDS):
            started = time.process_time()
            for at in range(0, len(watched), 20):
                seen = await asyncio.gather(*(runner.look(*w) for w in watched[at : at + 20]))
                assert all(one.outcome == "ok" for one in seen), seen[0].message
            await asyncio.wrap_future(recorder.submit(lambda: None))
            spent += time.process_time() - started if turn >= _ROUNDS_BEFORE else 0.0
    finally:
        for _, collector in watched:
            await collector.close()
        recorder.stop(30.0)
    return _ROUNDS * len(watched) / spent
