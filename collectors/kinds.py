"""The one list of kinds: what `kind:` of an endpoint names, and how its collector is made.

A new kind is its section in config.sections, its module beside this one and its line in KINDS.
Nothing else may list kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from collectors.address import lookup_patience_s
from collectors.base import Collector
from collectors.host import HostCollector
from collectors.http import HttpCollector
from collectors.ping import PingCollector
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.knowledge.book import ProfileBook
from collectors.tcp import TcpCollector
from config.sections import (
    Asset,
    Credential,
    HostEndpoint,
    HttpEndpoint,
    PingEndpoint,
    Polling,
    SnmpEndpoint,
    TcpEndpoint,
)
from inventory.metrics import Instruments


@dataclass(frozen=True, slots=True)
class Context:
    """What a collector may need beyond its endpoint; credential is None for kinds without one.

    book: how devices are known by SNMP.
    """

    credential: Credential | None
    instruments: Instruments
    book: ProfileBook


Factory = Callable[[Asset, Any, Polling, Context], Collector]
"""(asset, endpoint of the factory's kind, the times that hold for it, context) -> collector."""


def _snmp(asset: Asset, endpoint: SnmpEndpoint, times: Polling, context: Context) -> Collector:
    if context.credential is None:
        raise ValueError(f"credential {endpoint.credential!r} is not in the settings")
    return SnmpCollector(
        endpoint, asset, context.credential, times, context.instruments, book=context.book
    )


def _host(asset: Asset, endpoint: HostEndpoint, times: Polling, context: Context) -> Collector:
    return HostCollector()


def _ping(asset: Asset, endpoint: PingEndpoint, times: Polling, context: Context) -> Collector:
    lookup_s = lookup_patience_s(times)
    return PingCollector(_address(asset), endpoint.count, times.timeout, lookup_s)


def _tcp(asset: Asset, endpoint: TcpEndpoint, times: Polling, context: Context) -> Collector:
    return TcpCollector(_address(asset), endpoint.port, times.timeout, lookup_patience_s(times))


def _http(asset: Asset, endpoint: HttpEndpoint, times: Polling, context: Context) -> Collector:
    return HttpCollector(
        endpoint.url,
        endpoint.expect_status,
        endpoint.verify_tls,
        times.timeout,
        lookup_patience_s(times),
    )


def _address(asset: Asset) -> str:
    if asset.address is None:
        raise ValueError(f"asset {asset.tag} has no address")
    return asset.address


KINDS: Mapping[str, Factory] = MappingProxyType(
    {"snmp": _snmp, "host": _host, "ping": _ping, "tcp": _tcp, "http": _http}
)
"""Kind -> factory."""
