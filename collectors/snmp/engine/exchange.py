"""Requests under way: packets and timeouts come to them as calls, one task waits for the end.

A lost packet is sent again, and the next question of a row is sent, without that task being woken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from collectors.snmp.dialect import Dialect
from collectors.snmp.engine.timing import RoundTrips
from collectors.snmp.engine.transport import Route
from collectors.snmp.pdu import Report, Request, Response
from collectors.snmp.session import SnmpError

Answer = tuple[Response | Report, float]
"""What came, and its round trip in seconds."""


class Patience(NamedTuple):
    """How long a request is worth waiting for.

    until_s: on the loop's clock; timeout_s: for one packet at most, and silence is believed after
    attempts times as long; retried: called for each sending after the first.
    """

    until_s: float
    timeout_s: float
    attempts: int
    retried: Callable[[], None]


class Exchange:
    """A request under way. sent: number -> when; ends: the answer, why there is none, or None for
    silence. It holds a place in the window until its first timeout.
    """

    __slots__ = (
        "_alarm_s",
        "_attempts",
        "_dialect",
        "_due_s",
        "_end_s",
        "_holds_place",
        "_retried",
        "_route",
        "_timeout_s",
        "_trips",
        "_until_s",
        "_wait_s",
        "ends",
        "is_over",
        "loop",
        "rejected",
        "request",
        "sent",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        dialect: Dialect,
        route: Route,
        trips: RoundTrips,
        request: Request,
        patience: Patience,
    ) -> None:
        self.loop = loop
        self._dialect = dialect
        self._route = route
        self._trips = trips
        self.request = request
        self._until_s, self._timeout_s, self._attempts, self._retried = patience
        self.ends: asyncio.Future[Answer | SnmpError | None] = loop.create_future()
        self.sent: dict[int, float] = {}
        self.rejected = 0
        self.is_over = False
        self._holds_place = True
        self._alarm_s: float | None = None
        self._due_s = self._end_s = self._wait_s = 0.0

    def begin(self) -> None:
        """Send for the first time."""
        self._ask(self.loop.time())

    def answered(self, number: int, answer: Response | Report) -> None:
        """This is the answer to the sending of that number."""
        trip_s = self.loop.time() - self.sent[number]
        self._trips.measured(trip_s)
        self.end((answer, trip_s))

    def due(self, now_s: float) -> None:
        """See timing.Waiter."""
        if self.is_over:
            return
        if now_s < self._due_s:  # an answer came, and a later question waits
            self._set_alarm(now_s)
            return
        self._leave_window()
        if now_s >= self._end_s or len(self.sent) >= self._attempts:
            self.end(None)
            return
        self._retried()
        self._wait_s = min(2 * self._wait_s, self._timeout_s)
        self._alarm_s = None
        self._send(now_s)

    def end(self, found: Answer | SnmpError | None) -> None:
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

    def _ask(self, now_s: float) -> None:
        """Send the request for the first time, if there is time for it."""
        self._wait_s = self._trips.timeout_s(self._timeout_s)
        self._end_s = min(self._until_s, now_s + self._attempts * self._timeout_s)
        if now_s >= self._end_s:
            self.end(None)
        else:
            self._send(now_s)

    def _send(self, now_s: float) -> None:
        number, packet = self._dialect.encode(self.request)
        self.sent[number] = now_s
        is_last = len(self.sent) >= self._attempts
        self._due_s = self._end_s if is_last else min(now_s + self._wait_s, self._end_s)
        if self._alarm_s is None or self._due_s < self._alarm_s:
            self._set_alarm(now_s)
        try:
            self._route.send(packet)
        except OSError as error:
            if not self.is_over:
                self.is_over = True
                self.ends.set_exception(error)

    def _set_alarm(self, now_s: float) -> None:
        self._alarm_s = self._due_s
        self._route.wheel.add(self._due_s, self._due_s - now_s, self)

    def _leave_window(self) -> None:
        if self._holds_place:
            self._holds_place = False
            self._route.window.leave()


class Row(Exchange):
    """Requests that are asked one after the other, as long as `take` wants the response to each.

    taken: how many it wanted. The row ends after the last, after one that had to be asked for
    twice, and at the first answer that it did not want; `unwanted` is that response.
    """

    __slots__ = ("_requests", "_take", "taken", "unwanted")

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        dialect: Dialect,
        route: Route,
        trips: RoundTrips,
        requests: Sequence[Request],
        take: Callable[[int, Response], bool],
        patience: Patience,
    ) -> None:
        super().__init__(loop, dialect, route, trips, requests[0], patience)
        self._requests = requests
        self._take = take
        self.taken = 0
        self.unwanted: Response | None = None

    def answered(self, number: int, answer: Response | Report) -> None:
        """See Exchange."""
        now_s = self.loop.time()
        trip_s = now_s - self.sent[number]
        self._trips.measured(trip_s)
        if not isinstance(answer, Response):
            self.end((answer, trip_s))
            return
        if not self._take(self.taken, answer):
            self.unwanted = answer
            self.end((answer, trip_s))
            return
        self.taken += 1
        if self.taken == len(self._requests) or len(self.sent) > 1:
            self.end((answer, trip_s))
            return
        self.request = self._requests[self.taken]
        self.sent.clear()
        self._ask(now_s)
