"""Whether an SNMP agent answers on this machine, for the demo."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from collectors.base import CollectorError, Steps
from collectors.snmp.collector import SnmpCollector
from config.sections import Asset, AssetClass, Polling, SnmpEndpoint, SnmpV2c
from inventory.metrics import Instruments


async def answers_snmp(address: str, community: str) -> bool:
    """Whether an agent answers to a community on UDP port 161, within two seconds."""
    credential = SnmpV2c.model_validate({"version": "v2c", "community": community})
    endpoint = SnmpEndpoint(kind="snmp", credential="local")
    asset = Asset(
        tag="local", name="local", asset_class=AssetClass.SERVER, commune="0", address=address
    )
    times = Polling.model_validate({"timeout": "500ms", "deadline": "2s"})
    collector = SnmpCollector(endpoint, asset, credential, times, Instruments(CollectorRegistry()))
    try:
        await collector.collect(Steps())
    except CollectorError:
        return False
    finally:
        await collector.close()
    return True
