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

from collectors.address import socket_error
from collectors.snmp.datagram import DatagramLink
from collectors.snmp.pdu import Kind, Rejected, Report, Request, Response
from collectors.snmp.pysnmp_messages import Community, Dialect
from collectors.snmp.pysnmp_usm import Usm
from collectors.snmp.session import Columns, Found, NoAnswer, Objects, SnmpError
from collectors.snmp.walk import ATTEMPTS, Walker
from config.sections import Credential, SnmpV3
from inventory.metrics import Instruments
from inventory.observation import Outcome

_MOST_REJECTED = 50
"""Packets from the agent that one request puts up with; then it is a flood."""
_MOST_REPORTS = 4
"""Of engine and time in a row: a discovery, a clock, a reboot just then, and one to spare."""

_NOTHING = Request(Kind.GET, ())

_REFUSALS = {
    "unsupported_level": "the device does not let this user in at this security level",
    "not_in_time_window": "the device's clock or boot counter does not hold still",
    "unknown_user": "the device does not know this user",
    "unknown_engine": "the device does not say which SNMP engine it is",
    "wrong_digest": "the authentication passphrase or digest is wrong",
    "decryption_error": "the privacy passphrase or cipher is wrong",
    "unknown_context": "the device has no such context",
    "report": "the device refuses the message",
}
_PASSES_BY_ITSELF = frozenset({"not_in_time_window", "unknown_engine", "report"})


@dataclass(slots=True)
class _Exchange:
    """A request under way. sent: number -> when; ends: the answer, or why there is none."""

    request: Request
    ends: asyncio.Future[tuple[Response | Report, float] | SnmpError]
    sent: dict[int, float] = field(default_factory=dict)
    rejected: int = 0


class PysnmpSession:
    """See Session. timeout_s: how long one packet is waited for."""

    def __init__(self, credential: Credential, timeout_s: float, instruments: Instruments) -> None:
        self._usm: Usm | None = None
        self._dialect: Dialect
        if isinstance(credential, SnmpV3):
            self._dialect = self._usm = Usm(credential)
        else:
            self._dialect = Community(credential.community.reveal())
        self._timeout_s = timeout_s
        self._instruments = instruments
        self._walker = Walker(
            self._ask, lambda reason: instruments.snmp_walk_aborted.labels(reason).inc()
        )
        self._link: DatagramLink | None = None
        self._exchange: _Exchange | None = None
        self._tried = ""
        self._has_answered = False
        self._engine_is_fresh = False

    def open(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        """See Session."""
        self._close()
        self._tried = f"{address[0]} port {address[1]}"
        self._has_answered = self._engine_is_fresh = False
        self._walker.limits.next_look()
        try:
            self._link = DatagramLink(
                family,
                address,
                received=self._received,
                failed=self._failed,
                foreign=lambda: self._instruments.snmp_rejected.labels("elsewhere").inc(),
            )
        except OSError as error:
            raise self._transport_error(error) from error

    async def get(self, objects: Objects, until_s: float) -> Found:
        """See Session."""
        return await self._walker.get(objects, until_s)

    async def first(self, objects: Objects, until_s: float) -> Found:
        """See Session."""
        return await self._walker.first(objects, until_s)

    async def columns(self, objects: Objects, until_s: float) -> Columns:
        """See Session."""
        return await self._walker.columns(objects, until_s)

    async def close(self) -> None:
        """See Session."""
        self._close()

    def _close(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None

    async def _ask(self, request: Request, until_s: float, attempts: int) -> tuple[Response, float]:
        """One request to its response; see walk.Ask."""
        if self._usm is None:
            answer, trip_s = await self._send(request, until_s, attempts)
            assert isinstance(answer, Response)
            self._has_answered = True
            return answer, trip_s
        return await self._ask_securely(self._usm, request, until_s, attempts)

    async def _ask_securely(
        self, usm: Usm, request: Request, until_s: float, attempts: int
    ) -> tuple[Response, float]:
        """The same over USM: find the engine, follow its clock, and say why it refuses."""
        reason = "report"
        for _ in range(_MOST_REPORTS):
            known = usm.engine
            try:
                answer, trip_s = await self._send(request, until_s, attempts if known else ATTEMPTS)
            except NoAnswer:
                if known is None or self._has_answered:
                    raise
                await self._ask_who_is_there(usm, until_s)
                if usm.engine != known:
                    continue
                raise self._ignored(usm) from None
            if isinstance(answer, Response):
                self._has_answered = True
                return answer, trip_s
            reason = answer.reason
            if known is None:
                self._engine_is_fresh = True
            if reason in ("unknown_engine", "not_in_time_window"):
                continue
            if self._engine_is_fresh:
                break
            usm.forget()  # another device may stand there now, and say so in its own way
        raise self._refusal(reason)

    async def _ask_who_is_there(self, usm: Usm, until_s: float) -> None:
        """Discover the engine again, after silence: whether the device or only the user is
        unknown. Raises NoAnswer, the silence of the device."""
        known = usm.forget()
        try:
            await self._send(_NOTHING, until_s, 1)
        except NoAnswer:
            usm.restore(known)
            raise

    async def _send(
        self, request: Request, until_s: float, attempts: int
    ) -> tuple[Response | Report, float]:
        """Send up to `attempts` times, timeout_s apart, and give the answer with its round trip.

        Every sending has numbers of its own, and an answer to any of them will do, so that the
        round trip is right and a late answer is not lost. Raises NoAnswer and SnmpError.
        """
        if self._link is None:
            raise SnmpError(Outcome.ERROR, "closed", "the session is not open")
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
        raise self._silence(exchange, sent)

    def _received(self, packet: bytes) -> None:
        """A packet from the agent's own address and port. Never raises."""
        exchange = self._exchange
        try:
            asked = exchange.sent if exchange is not None else {}
            most = exchange.request.most_bindings if exchange is not None else 0
            number, answer = self._dialect.decode(packet, asked, most)
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
            if self._exchange.rejected > _MOST_REJECTED:
                text = f"{self._tried}: sends a flood of packets that are no answers"
                self._end_with(SnmpError(Outcome.REFUSED, "flood", text))

    def _silence(self, exchange: _Exchange, sent: int) -> NoAnswer:
        asked = f"{self._tried}: no answer to {sent} request{'s' if sent != 1 else ''}"
        if exchange.rejected:
            text = f"{asked} that could be used; {exchange.rejected} packets were thrown away"
            return NoAnswer(Outcome.REFUSED, "malformed", text)
        if self._has_answered:
            return NoAnswer(Outcome.UNREACHABLE, "timeout", asked)
        word = "no SNMPv3 there" if self._usm is not None else "community"
        text = f"{asked}: wrong address, {word} or access list"
        return NoAnswer(Outcome.UNREACHABLE, "timeout", text)

    def _ignored(self, usm: Usm) -> SnmpError:
        """It says which engine it is and nothing else. Many agents are silent to what they cannot
        decrypt (net-snmp's log has `error parsing ScopedPDU`)."""
        head = f"{self._tried}: answers a discovery, but not this user"
        if usm.is_secret:
            text = f"{head}: probably its privacy passphrase, cipher or context is wrong"
            return SnmpError(Outcome.REFUSED, "decryption_error", text, permanent=True)
        text = f"{head}: an access list may exclude it, or its context is wrong"
        return SnmpError(Outcome.REFUSED, "ignored", text)

    def _refusal(self, reason: str) -> SnmpError:
        text = f"{self._tried}: {_REFUSALS[reason]}"
        permanent = reason not in _PASSES_BY_ITSELF
        return SnmpError(Outcome.REFUSED, reason, text, permanent=permanent)

    def _transport_error(self, error: OSError) -> SnmpError:
        found = socket_error(error, f"SNMP to {self._tried}")
        return SnmpError(found.outcome, found.reason, found.message)
