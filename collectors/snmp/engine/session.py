"""A Session through Hatang's own engine, over the sockets that all sessions of a loop share.

A request under way is one object and one future: packets and timeouts come to it as calls, so
that a lost packet is sent again without the waiting task being woken.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from collectors.snmp.agent_session import MOST_REJECTED, AgentSession
from collectors.snmp.dialect import Dialect
from collectors.snmp.engine.messages import V1, V2C, Community
from collectors.snmp.engine.timing import RoundTrips
from collectors.snmp.engine.transport import Route, transport_of
from collectors.snmp.engine.usm import Usm
from collectors.snmp.pdu import Rejected, Report, Request, Response
from collectors.snmp.session import SnmpError
from config.sections import Credential, SnmpV1, SnmpV3
from inventory.metrics import Instruments

_Answer = tuple[Response | Report, float]


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
        self._exchange: _Exchange | None = None

    def _connect(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        transport = transport_of(asyncio.get_running_loop())
        self._route = transport.attach(family, address, self)

    def _disconnect(self) -> None:
        if self._route is not None:
            self._route.close()
            self._route = None
            if self._exchange is not None:
                self._exchange.end(self._closed())

    async def _send(self, request: Request, until_s: float, attempts: int) -> _Answer:
        """See AgentSession. Silence is believed after attempts times timeout_s, as ever; the
        sendings before the last come as early as the device's round trips allow."""
        route = self._route
        if route is None:
            raise self._closed()
        if not route.window.has_place():
            await route.window.enter()
        loop = asyncio.get_running_loop()
        exchange = _Exchange(loop, self._dialect, route, request, attempts)
        exchange.wait_s = self._trips.timeout_s(self._timeout_s)
        exchange.end_s = min(until_s, loop.time() + attempts * self._timeout_s)
        exchange.most_wait_s = self._timeout_s
        exchange.retried = self._instruments.snmp_retries.inc
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
        self._trips.measured(found[1])
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
        exchange.end((answer, exchange.loop.time() - exchange.sent[number]))
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


class _Exchange:
    """A request under way. sent: number -> when; ends: the answer, why there is none, or None for
    silence. It holds a place in the window until its first timeout."""

    __slots__ = (
        "_attempts",
        "_dialect",
        "_holds_place",
        "_route",
        "end_s",
        "ends",
        "is_over",
        "loop",
        "most_wait_s",
        "rejected",
        "request",
        "retried",
        "sent",
        "wait_s",
    )

    end_s: float
    most_wait_s: float
    wait_s: float
    retried: Callable[[], None]

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        dialect: Dialect,
        route: Route,
        request: Request,
        attempts: int,
    ) -> None:
        self.loop = loop
        self._dialect = dialect
        self._route = route
        self.request = request
        self._attempts = attempts
        self.ends: asyncio.Future[_Answer | SnmpError | None] = loop.create_future()
        self.sent: dict[int, float] = {}
        self.rejected = 0
        self.is_over = False
        self._holds_place = True

    def begin(self) -> None:
        """Send for the first time. Raises OSError."""
        now_s = self.loop.time()
        if now_s >= self.end_s:
            self.end(None)
        else:
            self._send(now_s)

    def due(self, now_s: float) -> None:
        """See timing.Waiter."""
        if self.is_over:
            return
        self._leave_window()
        if now_s >= self.end_s or len(self.sent) >= self._attempts:
            self.end(None)
            return
        self.retried()
        self.wait_s = min(2 * self.wait_s, self.most_wait_s)
        try:
            self._send(now_s)
        except OSError as error:
            if not self.is_over:
                self.ends.set_exception(error)
                self.is_over = True

    def end(self, found: _Answer | SnmpError | None) -> None:
        """The request is answered, or will not be."""
        if not self.is_over:
            self.is_over = True
            if not self.ends.done():
                self.ends.set_result(found)

    def leave(self) -> None:
        """Nobody waits for it any more."""
        self.is_over = True
        self._leave_window()
        self.ends.cancel()

    def _send(self, now_s: float) -> None:
        number, packet = self._dialect.encode(self.request)
        self.sent[number] = now_s
        is_last = len(self.sent) >= self._attempts
        due_s = self.end_s if is_last else min(now_s + self.wait_s, self.end_s)
        self._route.wheel.add(due_s, due_s - now_s, self)
        self._route.send(packet)

    def _leave_window(self) -> None:
        if self._holds_place:
            self._holds_place = False
            self._route.window.leave()
