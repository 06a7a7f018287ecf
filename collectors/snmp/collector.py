"""One look at one agent over SNMP: who it is, its interfaces, storages and processors.

Keeps between looks what was learned about the agent: what it stands, its uptime's source, and who
it is, which is asked again only now and then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from collectors.base import CollectorError, Steps
from collectors.snmp.community_session import CommunitySession
from collectors.snmp.exchange import Exchange
from collectors.snmp.host_resources import (
    PROCESSOR_LOAD,
    STORAGE_COLUMNS,
    cpu_ratio_of,
    storages_of,
)
from collectors.snmp.interfaces import IF_COLUMNS, IFX_COLUMNS, interfaces_of
from collectors.snmp.session import (
    BadStatus,
    Denied,
    NoAnswer,
    Oid,
    PortClosed,
    Session,
    SnmpError,
    TooBig,
    Value,
)
from collectors.snmp.system import (
    ENTITY_COLUMNS,
    MORE,
    SYSTEM,
    chassis_of,
    claims_of,
    facts_of,
    uptime_of,
)
from collectors.snmp.usm_session import UsmSession
from collectors.snmp.walk import Manners, Table, Walker
from config.sections import Asset, Credential, Polling, SnmpEndpoint, SnmpV3
from inventory.metrics import Instruments
from inventory.observation import Claim, Outcome, Reading

IDENTITY_EVERY = 60
"""Looks from one reading of the chassis to the next; it also follows a restart."""

_TABLES_SHARE = 0.9
"""Of the deadline: what tables may take, so that a partial look comes home before it is cut off."""


class SnmpCollector:
    """See the module."""

    def __init__(
        self,
        endpoint: SnmpEndpoint,
        asset: Asset,
        credential: Credential,
        times: Polling,
        instruments: Instruments,
    ) -> None:
        assert asset.address is not None
        self._address = asset.address
        self._deadline_s = times.deadline
        self._instruments = instruments
        self._session = _session(asset.address, endpoint.port, credential, times, instruments)
        self._manners = Manners()
        self._uptime_source: Oid | None = None
        self._uptime_s = 0.0
        self._looks = 0
        self._chassis: tuple[dict[str, str], list[Claim]] = ({}, [])

    async def collect(self, steps: Steps) -> Reading:
        """See Collector. UNREACHABLE timeout; REFUSED for what USM says (wrong_digest,
        unknown_user, …) and port_closed; ERROR for what this machine could not do."""
        ends = asyncio.get_running_loop().time() + self._deadline_s * _TABLES_SHARE
        values = await self._system(steps)
        uptime = uptime_of(values, self._uptime_source)
        restarted = uptime is not None and uptime.seconds < self._uptime_s
        if uptime is not None:
            self._uptime_source, self._uptime_s = uptime.source, uptime.seconds
        table = Table()
        await self._tables(steps, table, ends, with_chassis=self._identity_is_due(restarted))
        facts, claims = facts_of(values), claims_of(values, self._address)
        chassis_facts, chassis_claims = self._chassis
        return Reading(
            claims=(*claims, *chassis_claims),
            facts=facts | chassis_facts,
            interfaces=interfaces_of(table.columns),
            storages=storages_of(table.columns),
            uptime_s=uptime.seconds if uptime is not None else None,
            uptime_wrap_s=uptime.wrap_s if uptime is not None else None,
            cpu_ratio=cpu_ratio_of(table.columns),
            latency_s=self._session.latency_s,
            problems=tuple(table.problems),
        )

    async def close(self) -> None:
        """Give the socket back."""
        await self._session.close()

    def _identity_is_due(self, restarted: bool) -> bool:
        due = self._looks % IDENTITY_EVERY == 0 or restarted
        self._looks += 1
        return due

    async def _system(self, steps: Steps) -> dict[Oid, Value]:
        with steps.step("get the system group") as step:
            try:
                try:
                    found = await self._session.get((*SYSTEM, *MORE))
                except (BadStatus, TooBig):
                    # An agent that fails the whole request for one variable it does not have.
                    found = await self._session.get(SYSTEM)
            except SnmpError as error:
                raise _collector_error(error, f"ask {self._address}") from error
            step.result = f"{len(found)} variables"
        return {oid: value for oid, value in found if isinstance(value, int | bytes | tuple)}

    async def _tables(self, steps: Steps, table: Table, ends: float, *, with_chassis: bool) -> None:
        """Every table that the time allows; a silence ends the rest and is a problem, no more."""
        walks: list[tuple[str, Sequence[Oid]]] = [
            ("ifTable", IF_COLUMNS),
            ("ifXTable", IFX_COLUMNS),
            ("hrStorageTable", STORAGE_COLUMNS),
            ("hrProcessorTable", (PROCESSOR_LOAD,)),
        ]
        if with_chassis:
            walks.append(("entPhysicalTable", ENTITY_COLUMNS))
        walker = Walker(self._session, self._manners, self._instruments)
        for name, columns in walks:
            with steps.step(f"walk {name}") as step:
                rows = table.rows
                try:
                    async with asyncio.timeout_at(ends):
                        await walker.walk(name, columns, table)
                except TimeoutError:
                    self._instruments.snmp_walk_aborted.labels("deadline").inc()
                    table.problems.append(f"{name}: no time left of {self._deadline_s:g} s")
                    return
                except SnmpError as error:
                    table.problems.append(f"{name}: {error}")
                    return
                finally:
                    step.result = f"{table.rows - rows} values"
        if with_chassis:
            self._chassis = chassis_of(table.columns)


def _session(
    address: str, port: int, credential: Credential, times: Polling, instruments: Instruments
) -> Session:
    exchange = Exchange(address, port, credential.networks, times.timeout, instruments)
    if isinstance(credential, SnmpV3):
        return UsmSession(exchange, credential, (address, port), times.timeout)
    return CommunitySession(exchange, credential)


def _collector_error(error: SnmpError, tried: str) -> CollectorError:
    """What a failed first request says of the device."""
    if isinstance(error, NoAnswer):
        hint = "wrong address, community or access list, or it is down"
        return CollectorError(Outcome.UNREACHABLE, error.reason, f"{tried}: {error} ({hint})")
    if isinstance(error, Denied):
        return CollectorError(Outcome.REFUSED, error.reason, f"{tried}: {error}", permanent=True)
    if isinstance(error, PortClosed | BadStatus | TooBig):
        return CollectorError(Outcome.REFUSED, error.reason, f"{tried}: {error}")
    return CollectorError(Outcome.ERROR, error.reason, f"{tried}: {error}")
