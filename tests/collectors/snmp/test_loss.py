"""Looks over a line that loses three packets in ten."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from collectors.runner import Runner
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.simulator.faults import Faults
from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.replay import simulate
from collectors.targets import Target
from config.sections import Asset, Polling, SnmpEndpoint, SnmpV2c
from inventory.metrics import Instruments
from tests.collectors.still_time import LoopClock, run_still

LOOKS = 8
TIMES = Polling.model_validate(
    {"interval": "60s", "timeout": "60ms", "deadline": "20s", "retry": "10ms", "down_after": 3}
)


@pytest.fixture
def instruments():
    return Instruments(CollectorRegistry())


def test_n1_thirty_percent_loss_is_no_outage_and_retries_are_counted(instruments):
    credential = SnmpV2c.model_validate({"version": "v2c", "community": "public"})

    def target(name, address):
        endpoint = SnmpEndpoint(kind="snmp", credential="c", port=address[1])
        asset = Asset.model_validate(
            {
                "tag": name,
                "name": name,
                "class": "other",
                "commune": "22849",
                "address": address[0],
                "endpoints": [endpoint],
            }
        )
        return Target(f"{name}/snmp", asset, endpoint, TIMES, credential, None)

    async def run():
        seen = []
        runner = Runner(
            "node", "epoch", LoopClock(asyncio.get_running_loop()), seen.append, instruments
        )
        lossy = [("*", Faults(drop=0.3))]
        simulator = await simulate(shipped_folder(), base="127.21.0.1", port=0, faults=lossy)

        async def look(name, address):
            one = target(name, address)
            collector = SnmpCollector(one.endpoint, one.asset, credential, TIMES, instruments)
            found = [await runner.slot(one, collector) for _ in range(LOOKS)]
            await collector.close()
            return found

        try:
            looks = await asyncio.gather(
                *(look(name, address) for name, address in simulator.addresses.items())
            )
        finally:
            await simulator.stop()
        return [observation for found in looks for observation in found]

    last = run_still(run())
    answered = sum(observation.answered for observation in last)
    assert answered / len(last) >= 0.99
    assert instruments.snmp_retries._value.get() > len(last)
