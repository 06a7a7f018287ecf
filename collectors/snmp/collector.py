"""One look at one SNMP agent: who it is, how long it runs, its interfaces, storages, processors.

Asks through a Session and parses with the modules of the tables. A table that fails is a problem
of the reading, no more. What changes rarely (the chassis) is asked for rarely and kept.
"""

from __future__ import annotations

import asyncio

from collectors.address import lookup_patience_s, refuse_outside, resolved
from collectors.base import CollectorError, Steps
from collectors.snmp.entity import ENTITY_CLASS, chassis_in, chassis_objects, facts_of_chassis
from collectors.snmp.host_resources import HOST_RESOURCES, cpu_ratio_of, storages_of
from collectors.snmp.interfaces import INTERFACES, interfaces_of
from collectors.snmp.session import Found, Objects, Rows, Session, SnmpError
from collectors.snmp.sessions import session_for
from collectors.snmp.system import SYSTEM, claims_of, facts_of
from collectors.snmp.uptime import Uptime, UptimeChoice
from config.sections import Asset, Credential, Polling, SnmpEndpoint
from inventory.metrics import Instruments
from inventory.observation import Claim, ClaimKind, InterfaceReading, Reading

IDENTITY_EVERY_S = 3600.0
"""How often the chassis is read again where nothing says that the device is another."""

_IDENTITY_RETRY_S = 600.0
_SHARE_OF_DEADLINE = 0.9
"""What a look takes at most of its deadline, so that what it has comes home before the runner
cuts it off."""


class SnmpCollector:
    """Looks at the agent of one endpoint; `session` is made by this class where none is given."""

    def __init__(
        self,
        endpoint: SnmpEndpoint,
        asset: Asset,
        credential: Credential,
        times: Polling,
        instruments: Instruments,
        *,
        session: Session | None = None,
    ) -> None:
        if asset.address is None:
            raise ValueError(f"asset {asset.tag} has no address")
        self._address = asset.address
        self._port = endpoint.port
        self._networks = credential.networks
        self._deadline_s = times.deadline
        self._lookup_s = lookup_patience_s(times)
        self._session = session or session_for(credential, times.timeout, instruments)
        self._uptime = UptimeChoice()
        self._names: dict[int, str] = {}
        self._chassis = _Chassis()

    async def collect(self, steps: Steps) -> Reading:
        """Look once. latency_s is the round trip of the first request.

        Raises CollectorError: UNREACHABLE timeout or no_route; REFUSED for a closed port
        (connection_refused), for answers of which none can be used (malformed, flood) and for
        what SNMPv3 says (wrong_digest, unknown_user, unsupported_level, decryption_error,
        not_in_time_window, unknown_context, ignored); ERROR for what is ours.
        """
        until_s = asyncio.get_running_loop().time() + self._deadline_s * _SHARE_OF_DEADLINE
        try:
            with steps.step("resolve") as step:
                family, address = await resolved(self._address, self._port, self._lookup_s)
                step.result = str(address[0])
                refuse_outside(self._networks, self._address, str(address[0]))
            self._session.open(family, address)
            return await self._look(steps, str(address[0]), until_s)
        except SnmpError as error:
            raise CollectorError(
                error.outcome, error.reason, error.message, permanent=error.permanent
            ) from error
        finally:
            await self._session.close()

    async def close(self) -> None:
        """Give the socket back."""
        await self._session.close()

    async def _look(self, steps: Steps, address: str, until_s: float) -> Reading:
        with steps.step("get system") as step:
            system = await self._session.get(SYSTEM, until_s)
            step.result = f"{len(system.values)} of {len(SYSTEM)} values"
        problems = list(system.problems)
        if not system.values and not problems:
            problems.append("answers, but shows nothing of the system group: check its view")
        uptime = self._uptime.choose(system.values)
        tables = _Tables(self._session, steps, until_s, problems)
        interfaces = await self._interfaces(tables)
        host = await tables.walk("host resources", HOST_RESOURCES)
        facts = facts_of(system.values)
        chassis = await self._chassis.facts(tables, facts, uptime, steps.monotonic())
        claims = claims_of(system.values, address.partition("%")[0])
        if serial := chassis.get("serial"):
            claims = (Claim(ClaimKind.SERIAL, serial), *claims)
        return Reading(
            claims=claims,
            facts=facts | chassis,
            interfaces=interfaces,
            storages=storages_of(host),
            uptime_s=uptime.seconds if uptime is not None else None,
            uptime_wrap_s=uptime.wrap_s if uptime is not None else None,
            cpu_ratio=cpu_ratio_of(host),
            latency_s=system.round_trip_s,
            problems=tuple(problems),
        )

    async def _interfaces(self, tables: _Tables) -> tuple[InterfaceReading, ...]:
        before = tables.problem_count
        rows = await tables.walk("interfaces", INTERFACES)
        is_whole = tables.problem_count == before
        interfaces = interfaces_of(rows, {} if is_whole else self._names)
        if is_whole:
            self._names = {interface.index: interface.name for interface in interfaces}
        return interfaces


class _Tables:
    """The walks of one look: each timed, its problems noted, and none after a device is gone."""

    def __init__(self, session: Session, steps: Steps, until_s: float, problems: list[str]) -> None:
        self._session = session
        self._steps = steps
        self._until_s = until_s
        self._problems = problems
        self._is_gone = False

    @property
    def problem_count(self) -> int:
        """How many problems the look has by now."""
        return len(self._problems)

    async def walk(self, name: str, objects: Objects) -> Rows:
        """The rows of a table, as far as they came."""
        if self._is_gone:
            return {}
        with self._steps.step(f"walk {name}") as step:
            found = await self._session.columns(objects, self._until_s)
            rows = max(map(len, found.rows.values()), default=0)
            values = sum(map(len, found.rows.values()))
            step.result = f"{rows} rows, {values} values"
            self._problems.extend(found.problems)
            if found.fell_silent:
                self._is_gone = True
                step.result += ", then silence"
        return found.rows

    async def get(self, name: str, objects: Objects) -> Found:
        """Single values, as far as they came."""
        if self._is_gone or not objects:
            return Found({})
        with self._steps.step(f"get {name}") as step:
            try:
                found = await self._session.get(objects, self._until_s)
            except SnmpError as error:
                self._problems.append(f"{name}: {error.message}")
                self._is_gone = True
                step.result = "silence"
                return Found({})
            self._problems.extend(found.problems)
            step.result = f"{len(found.values)} values"
        return found


class _Chassis:
    """What ENTITY-MIB says of the device, asked for again after a while, after a restart and when
    the device says to be another."""

    def __init__(self) -> None:
        self._facts: dict[str, str] = {}
        self._of: tuple[str, ...] = ()
        self._uptime_s = 0.0
        self._due_s = 0.0

    async def facts(
        self, tables: _Tables, system: dict[str, str], uptime: Uptime | None, now_s: float
    ) -> dict[str, str]:
        """os_version, serial, vendor, model; now_s: on any steady clock."""
        of = tuple(system.get(fact, "") for fact in ("sys_object_id", "sys_descr", "sys_name"))
        restarted = uptime is not None and uptime.seconds < self._uptime_s
        if uptime is not None:
            self._uptime_s = uptime.seconds
        if of == self._of and not restarted and now_s < self._due_s:
            return self._facts
        if of != self._of or restarted:
            self._facts = {}
        known_problems = tables.problem_count
        classes = await tables.walk("entities", ENTITY_CLASS)
        chassis = chassis_in(classes.get("entPhysicalClass", {}))
        found = await tables.get("chassis", chassis_objects(chassis))
        if facts := facts_of_chassis(chassis, found.values):
            self._facts = facts
        failed = tables.problem_count > known_problems
        self._of = of
        self._due_s = now_s + (_IDENTITY_RETRY_S if failed else IDENTITY_EVERY_S)
        return self._facts
