"""One look at one SNMP agent: how long it runs and its interfaces each time, and more rarely who
it is, what it measures, and what is around it (collectors.snmp.rarely).

Asks through a Session and parses with the modules of the tables. A table that fails is a problem
of the reading, no more. Interfaces are asked for first, so that no other table can starve them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from collectors.address import lookup_patience_s, refuse_outside, resolved
from collectors.base import CollectorError, Steps
from collectors.snmp.asking import Asking
from collectors.snmp.interface_table import InterfaceTable
from collectors.snmp.knowledge.book import ProfileBook, shipped_book
from collectors.snmp.rarely import Rarely
from collectors.snmp.session import Session, SnmpError, Value
from collectors.snmp.sessions import session_for
from collectors.snmp.system import SYSTEM, claims_of, facts_of
from collectors.snmp.uptime import UptimeChoice
from config.sections import Asset, Credential, Polling, SnmpEndpoint
from inventory.metrics import Instruments
from inventory.observation import Claim, ClaimKind, Reading

_SHARE_OF_DEADLINE = 0.9
"""What a look takes at most of its deadline, so that what it has comes home before the runner
cuts it off."""


class SnmpCollector:
    """Looks at the agent of one endpoint. book: how devices are known, the shipped profiles where
    none is given; `session` is made by this class where none is given."""

    def __init__(
        self,
        endpoint: SnmpEndpoint,
        asset: Asset,
        credential: Credential,
        times: Polling,
        instruments: Instruments,
        *,
        book: ProfileBook | None = None,
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
        self._interfaces = InterfaceTable()
        self._rarely = Rarely(book or shipped_book())

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
        asking = Asking(self._session, steps, until_s, problems)
        if self._rarely.notice(system.values, uptime):
            self._interfaces.forget()
        await self._interfaces.read(asking)
        found = await self._rarely.run(asking, system.values, self._interfaces.names)
        identity = self._rarely.facts()
        return Reading(
            claims=self._claims(system.values, address, identity.get("serial", "")),
            facts=facts_of(system.values) | identity,
            interfaces=self._interfaces.readings(self._rarely.survey.ports, asking.now_s),
            uptime_s=uptime.seconds if uptime is not None else None,
            uptime_wrap_s=uptime.wrap_s if uptime is not None else None,
            latency_s=system.round_trip_s,
            problems=tuple(problems),
            **found,
        )

    def _claims(self, values: Mapping[str, Value], address: str, serial: str) -> tuple[Claim, ...]:
        claims = claims_of(values, address.partition("%")[0])
        if serial:
            claims = (Claim(ClaimKind.SERIAL, serial), *claims)
        mac = self._rarely.base_mac
        if mac and not any(claim.kind is ClaimKind.BASE_MAC for claim in claims):
            claims = (*claims, Claim(ClaimKind.BASE_MAC, mac))
        return claims
