"""What every engine's Session does alike: follow an SNMPv3 engine, and say why nothing came.

An engine adds how packets are sent, waited for and read. What an outcome is called, and what is
said of it, is decided here, so that it does not depend on the engine.
"""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from collectors.address import socket_error
from collectors.snmp.gets import ATTEMPTS, Ask
from collectors.snmp.pdu import Absent, Kind, Report, Request, Response
from collectors.snmp.session import Columns, Found, NoAnswer, Objects, Oid, SnmpError
from collectors.snmp.walk import InARow, Take, Walker
from inventory.metrics import Instruments
from inventory.observation import Outcome

MOST_REJECTED = 50
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


class SecureEngine(Protocol):
    """What is known of the agent's SNMPv3 engine, kept between looks."""

    @property
    def engine(self) -> tuple[bytes, int] | None:
        """(engine id, boots) of the agent; None while unknown."""
        ...

    @property
    def is_secret(self) -> bool:
        """Whether requests are encrypted."""
        ...

    def forget(self) -> object:
        """Ask anew who the agent is; gives what was known, for `restore`."""
        ...

    def restore(self, known: object) -> None:
        """Take back what `forget` gave."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of a walk over everything: values below one object, octets of all answers."""

    rows: int
    octets: int


class AgentSession(ABC):
    """See Session. usm: None for credentials that are a community; bulk: whether the protocol's
    version has GETBULK."""

    def __init__(
        self, usm: SecureEngine | None, timeout_s: float, instruments: Instruments, *, bulk: bool
    ) -> None:
        self._usm = usm
        self._timeout_s = timeout_s
        self._instruments = instruments
        self._walker_ask: Ask = self._ask if usm is not None else self._ask_plainly
        self._walker = Walker(
            self._walker_ask,
            lambda reason: instruments.snmp_walk_aborted.labels(reason).inc(),
            bulk=bulk,
            ask_row=self._ask_row,
        )
        self._tried = ""
        self._has_answered = False
        self._engine_is_fresh = False

    def open(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        """See Session."""
        self._disconnect()
        self._tried = f"{address[0]} port {address[1]}"
        self._has_answered = self._engine_is_fresh = False
        self._walker.next_look()
        try:
            self._connect(family, address)
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

    async def everything(
        self, objects: Objects, until_s: float, bounds: Bounds, seen: Callable[[Oid, int], None]
    ) -> Columns:
        """All that lies below some objects, as `columns` gives it, within bounds of their own.

        seen: called with OID and BER tag of each value as it comes, some more than once.
        """
        ask = self._walker_ask

        async def ask_for_tags(
            request: Request, until_s: float, attempts: int
        ) -> tuple[Response, float]:
            request = Request(request.kind, request.names, request.repetitions, tagged=True)
            response, trip_s = await ask(request, until_s, attempts)
            for (oid, value), tag in zip(response.bindings, response.tags, strict=False):
                if not isinstance(value, Absent):
                    seen(oid, tag)
            return response, trip_s

        walker = Walker(
            ask_for_tags,
            lambda reason: self._instruments.snmp_walk_aborted.labels(reason).inc(),
            bulk=self._walker.limits.bulk,
            max_rows=bounds.rows,
            max_bytes=bounds.octets,
        )
        return await walker.columns(objects, until_s)

    async def close(self) -> None:
        """See Session."""
        self._disconnect()

    @abstractmethod
    def _connect(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        """Begin to listen to this address. Raises OSError."""

    @abstractmethod
    def _disconnect(self) -> None:
        """Stop listening; safe to call twice."""

    @abstractmethod
    async def _send(
        self, request: Request, until_s: float, attempts: int
    ) -> tuple[Response | Report, float]:
        """Send up to `attempts` times and give the answer with its round trip in seconds.

        Every sending has numbers of its own, and an answer to any of them will do, so that the
        round trip is right and a late answer is not lost. Raises NoAnswer and SnmpError.
        """

    async def _ask_plainly(
        self, request: Request, until_s: float, attempts: int
    ) -> tuple[Response, float]:
        """One request to its response, with a community; see walk.Ask."""
        answer, trip_s = await self._send(request, until_s, attempts)
        assert isinstance(answer, Response)
        self._has_answered = True
        return answer, trip_s

    async def _ask_row(self, requests: Sequence[Request], until_s: float, take: Take) -> InARow:
        """See walk.AskRow. The first question of a look may have to find the SNMPv3 engine."""
        if self._usm is not None and not self._has_answered:
            return 0, None
        taken, spare = await self._send_row(requests, until_s, take)
        self._has_answered = self._has_answered or taken > 0 or isinstance(spare, Response)
        return taken, spare

    async def _send_row(self, requests: Sequence[Request], until_s: float, take: Take) -> InARow:
        """The same, without a note of it; an engine that cannot do it asks nothing."""
        return 0, None

    async def _ask(self, request: Request, until_s: float, attempts: int) -> tuple[Response, float]:
        """The same over USM: find the engine, follow its clock, and say why it refuses."""
        usm = self._usm
        assert usm is not None
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

    async def _ask_who_is_there(self, usm: SecureEngine, until_s: float) -> None:
        """Discover the engine again, after silence: whether the device or only the user is
        unknown. Raises NoAnswer, the silence of the device."""
        known = usm.forget()
        try:
            await self._send(_NOTHING, until_s, 1)
        except NoAnswer:
            usm.restore(known)
            raise

    def _closed(self) -> SnmpError:
        return SnmpError(Outcome.ERROR, "closed", "the session is not open")

    def _flood(self) -> SnmpError:
        text = f"{self._tried}: sends a flood of packets that are no answers"
        return SnmpError(Outcome.REFUSED, "flood", text)

    def _silence(self, sent: int, rejected: int) -> NoAnswer:
        """Why nothing came of so many packets sent, and so many that came and were no answers."""
        asked = f"{self._tried}: no answer to {sent} request{'s' if sent != 1 else ''}"
        if rejected:
            text = f"{asked} that could be used; {rejected} packets were thrown away"
            return NoAnswer(Outcome.REFUSED, "malformed", text)
        if self._has_answered:
            return NoAnswer(Outcome.UNREACHABLE, "timeout", asked)
        word = "no SNMPv3 there" if self._usm is not None else "community"
        text = f"{asked}: wrong address, {word} or access list"
        return NoAnswer(Outcome.UNREACHABLE, "timeout", text)

    def _ignored(self, usm: SecureEngine) -> SnmpError:
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
