"""A Session through Hatang's own engine, over the sockets that all sessions of a loop share."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

from collectors.snmp.agent_session import MOST_REJECTED, AgentSession
from collectors.snmp.dialect import Dialect
from collectors.snmp.engine.exchange import Answer, Exchange, Patience, Row
from collectors.snmp.engine.messages import V1, V2C, Community
from collectors.snmp.engine.timing import RoundTrips
from collectors.snmp.engine.transport import Route, transport_of
from collectors.snmp.engine.usm import Usm
from collectors.snmp.gets import ATTEMPTS
from collectors.snmp.pdu import Rejected, Request
from collectors.snmp.session import SnmpError
from collectors.snmp.walk import InARow, Take
from config.sections import Credential, SnmpV1, SnmpV3
from inventory.metrics import Instruments


class EngineSession(AgentSession):
    """See Session. timeout_s: how long one packet is waited for at most; a device that was heard
    is waited for as long as it takes, and asked again earlier where it is quick."""

    def __init__(self, credential: Credential, timeout_s: float, instruments: Instruments) -> None:
        is_v1 = isinstance(credential, SnmpV1)
        usm: Usm | None = None
        self._dialect: Dialect
        if isinstance(credential, SnmpV3):
            self._dialect = usm = Usm(credential)
        else:
            self._dialect = Community(V1 if is_v1 else V2C, credential.community.reveal())
        super().__init__(usm, timeout_s, instruments, bulk=not is_v1)
        self._trips = RoundTrips()
        self._route: Route | None = None
        self._exchange: Exchange | None = None
        self._retried = instruments.snmp_retries.inc

    def _connect(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        transport = transport_of(asyncio.get_running_loop())
        self._route = transport.attach(family, address, self)

    def _disconnect(self) -> None:
        if self._route is not None:
            self._route.close()
            self._route = None
            if self._exchange is not None:
                self._exchange.end(self._closed())

    async def _send(self, request: Request, until_s: float, attempts: int) -> Answer:
        """See AgentSession. Silence is believed after attempts times timeout_s, as ever; the
        sendings before the last come as early as the device's round trips allow."""
        route = await self._way()
        patience = Patience(until_s, self._timeout_s, attempts, self._retried)
        loop = asyncio.get_running_loop()
        return await self._ends(
            Exchange(loop, self._dialect, route, self._trips, request, patience)
        )

    async def _send_row(self, requests: Sequence[Request], until_s: float, take: Take) -> InARow:
        """See AgentSession."""
        route = await self._way()
        patience = Patience(until_s, self._timeout_s, ATTEMPTS, self._retried)
        loop = asyncio.get_running_loop()
        row = Row(loop, self._dialect, route, self._trips, requests, take, patience)
        try:
            await self._ends(row)
        except SnmpError as error:
            return row.taken, error
        return row.taken, row.unwanted

    async def _way(self) -> Route:
        """The way to the device, with a place in the window taken."""
        route = self._route
        if route is None:
            raise self._closed()
        if not route.window.has_place():
            await route.window.enter()
        return route

    async def _ends(self, exchange: Exchange) -> Answer:
        """What the exchange brings. Raises NoAnswer and SnmpError."""
        self._exchange = exchange
        try:
            exchange.begin()
            found = await exchange.ends
        except OSError as error:
            raise self._transport_error(error) from error
        finally:
            self._exchange = None
            exchange.leave()
        if found is None:
            raise self._silence(len(exchange.sent), exchange.rejected)
        if isinstance(found, SnmpError):
            raise found
        return found

    def received(self, packet: bytes) -> str | None:
        """See transport.Peer."""
        exchange = self._exchange
        if exchange is None or exchange.is_over:
            return "no_request"
        try:
            number, answer = self._dialect.decode(packet, exchange.sent, exchange.request)
        except Rejected as rejected:
            return rejected.reason
        exchange.answered(number, answer)
        return None

    def rejected(self, reason: str) -> None:
        """See transport.Peer."""
        self._instruments.snmp_rejected.labels(reason).inc()
        exchange = self._exchange
        if exchange is not None:
            exchange.rejected += 1
            if exchange.rejected > MOST_REJECTED:
                exchange.end(self._flood())

    def failed(self, error: OSError) -> None:
        """See transport.Peer."""
        if self._exchange is not None:
            self._exchange.end(self._transport_error(error))

    def foreign(self) -> None:
        """See transport.Peer."""
        self._instruments.snmp_rejected.labels("elsewhere").inc()
