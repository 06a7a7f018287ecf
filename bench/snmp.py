"""Devices polled per CPU-second, ours beside net-snmp's snmpbulkwalk over the same tables.

The simulated switch answers from a process of its own, so that its cost is in neither figure.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from collectors.base import Steps
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.simulator.recorded import shipped_folder
from config.sections import Asset, Polling, SnmpEndpoint, SnmpV2c
from inventory.metrics import Instruments

SWITCH = "switch_ruijie"
DEVICES = 40
PEER_DEVICES = 20
TABLES = ("1.3.6.1.2.1.1", "1.3.6.1.2.1.2.2", "1.3.6.1.2.1.31.1.1", "1.3.6.1.2.1.25")


def measure_snmp() -> dict[str, float]:
    """Figure -> value; a peer that is not installed is left out."""
    with _devices() as addresses:
        ours = DEVICES / asyncio.run(_poll(addresses))
        figures = {f"hatang, {SWITCH}: devices per CPU-second": ours}
        if shutil.which("snmpbulkwalk"):
            peer = PEER_DEVICES / _walk(addresses[:PEER_DEVICES])
            figures["net-snmp's snmpbulkwalk, the same tables: devices per CPU-second"] = peer
            figures["ratio: hatang to snmpbulkwalk"] = ours / peer
    return figures


@contextlib.contextmanager
def _devices() -> Iterator[list[tuple[str, int]]]:
    """Switches that answer on loopback; (address, port) of each."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "devices"
        folder.mkdir()
        recording = (shipped_folder() / f"{SWITCH}.snmprec").read_text()
        for number in range(DEVICES):
            (folder / f"sw-{number:03}.snmprec").write_text(recording)
        known = Path(temporary) / "map.json"
        command = [sys.executable, "-m", "hatang", "simulate"]
        command += [str(folder), "--address", "127.60.0.1", "--port", "16190", "--map", str(known)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            process.stdout.readline()
            found: dict[str, Any] = json.loads(known.read_text())
            yield [(device["address"], device["port"]) for device in found.values()]
        finally:
            process.terminate()
            process.wait()


async def _poll(addresses: list[tuple[str, int]]) -> float:
    """CPU seconds of one look at every device, after one to warm up."""
    instruments = Instruments(CollectorRegistry())
    credential = SnmpV2c.model_validate({"version": "v2c", "community": "public"})
    collectors = []
    for number, (address, port) in enumerate(addresses):
        endpoint = SnmpEndpoint(kind="snmp", credential="c", port=port)
        asset = Asset(
            tag=f"SW-{number}",
            name="switch",
            asset_class="switch",
            commune="22849",
            address=address,
            endpoints=(endpoint,),
        )
        collectors.append(SnmpCollector(endpoint, asset, credential, Polling(), instruments))
    await collectors[0].collect(Steps())
    started = time.process_time()
    for at in range(0, len(collectors), 20):
        await asyncio.gather(*(c.collect(Steps()) for c in collectors[at : at + 20]))
    spent = time.process_time() - started
    for collector in collectors:
        await collector.close()
    return spent


def _walk(addresses: list[tuple[str, int]]) -> float:
    """CPU seconds of snmpbulkwalk processes over the tables of every device."""
    environment = {"MIBS": "", "PATH": os.environ["PATH"]}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for address, port in addresses:
        for table in TABLES:
            subprocess.run(
                ["snmpbulkwalk", "-v2c", "-c", "public", "-On", f"{address}:{port}", table],
                stdout=subprocess.DEVNULL,
                env=environment,
                check=True,
            )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
