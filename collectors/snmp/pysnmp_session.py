"""A Session through pysnmp's syntax and security, over our own socket.

Here requests are sent, waited for and sent again, and what comes back is matched with what was
asked. pysnmp's own dispatcher is not used: it takes answers from any address, counts its request
ids up, and lets errors of its decoder out into the event loop. Everything of pysnmp that meets a
packet is called from `_received`, where whatever it raises is a rejected packet.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from typing import Any

from collectors.snmp.agent_session import MOST_REJECTED, AgentSession
from collectors.snmp.datagram import DatagramLink
from collectors.snmp.dialect import Dialect
from collectors.snmp.pdu import Kind, Rejected, Report, Request, Response
from collectors.snmp.pysnmp_messages import V1, V2C, Community
from collectors.snmp.pysnmp_usm import Usm
from collectors.snmp.session import SnmpError
from config.sections import Credential, SnmpV1, SnmpV3
from inventory.metrics import Instruments

_NOTHING = Request(Kind.GET, ())


@dataclass(slots=True)
class _Exchange:
    """A request under way. sent: number -> when; ends: the answer, or why there is none."""

    request: Request
    ends: asyncio.Future[tuple[Response | Report, float] | SnmpError]
    sent: dict[int, float] = field(default_factory=dict)
    rejected: int = 0


class PysnmpSession(AgentSession):
    """See Session. timeout_s: how long one packet is waited for."""

    def __init__(self, credential: Credential, timeout_s: float, instruments: Instruments) -> None:
        self._dialect: Dialect
        is_v1 = isinstance(credential, SnmpV1)
        usm: Usm | None = None
        if isinstance(credential, SnmpV3):
            self._dialect = usm = Usm(credential)
        else:
            self._dialect = Community(V1 if is_v1 else V2C, credential.community.reveal())
        super().__init__(usm, timeout_s, instruments, bulk=not is_v1)
        self._link: DatagramLink | None = None
        self._exchange: _Exchange | None = None

    def _connect(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        self._link = DatagramLink(
            family,
            address,
            received=self._received,
            failed=self._failed,
            foreign=lambda: self._instruments.snmp_rejected.labels("elsewhere").inc(),
        )

    def _disconnect(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None

    async def _send(
        self, request: Request, until_s: float, attempts: int
    ) -> tuple[Response | Report, float]:
        """See AgentSession; sendings are timeout_s apart."""
        if self._link is None:
            raise self._closed()
        loop = asyncio.get_running_loop()
        exchange = self._exchange = _Exchange(request, loop.create_future())
        sent = 0
        try:
            for attempt in range(attempts):
                wait_s = min(self._timeout_s, until_s - loop.time())
                if wait_s <= 0:
                    break
                if attempt:
                    self._instruments.snmp_retries.inc()
                number, packet = self._dialect.encode(request)
                exchange.sent[number] = loop.time()
                sent += 1
                try:
                    self._link.send(packet)
                except OSError as error:
                    raise self._transport_error(error) from error
                await asyncio.wait((exchange.ends,), timeout=wait_s)
                if exchange.ends.done():
                    found = exchange.ends.result()
                    if isinstance(found, SnmpError):
                        raise found
                    return found
        finally:
            self._exchange = None
            exchange.ends.cancel()
        raise self._silence(sent, exchange.rejected)

    def _received(self, packet: bytes) -> None:
        """A packet from the agent's own address and port. Never raises."""
        exchange = self._exchange
        try:
            asked = exchange.sent if exchange is not None else {}
            request = exchange.request if exchange is not None else _NOTHING
            number, answer = self._dialect.decode(packet, asked, request)
        except Rejected as rejected:
            self._reject(rejected.reason)
        except Exception:  # noqa: BLE001 - pyasn1 lets out whatever a crooked packet provokes
            self._reject("malformed")
        else:
            if exchange is not None and not exchange.ends.done():
                trip_s = asyncio.get_running_loop().time() - exchange.sent[number]
                exchange.ends.set_result((answer, trip_s))
            else:
                self._reject("no_request")

    def _failed(self, error: OSError) -> None:
        self._end_with(self._transport_error(error))

    def _end_with(self, error: SnmpError) -> None:
        if self._exchange is not None and not self._exchange.ends.done():
            self._exchange.ends.set_result(error)

    def _reject(self, reason: str) -> None:
        self._instruments.snmp_rejected.labels(reason).inc()
        if self._exchange is not None:
            self._exchange.rejected += 1
            if self._exchange.rejected > MOST_REJECTED:
                self._end_with(self._flood())
