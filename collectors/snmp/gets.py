"""Single objects of an agent, by GET and GETNEXT: as many at a time as it stands.

What an agent refuses is asked for in smaller pieces, until only what fails is left out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping

from collectors.snmp.pdu import Absent, Kind, Memory, Request, Response, Status, status_text
from collectors.snmp.session import Found, NoAnswer, Objects, Oid, SnmpError, Value
from collectors.snmp.walk_script import shared
from collectors.snmp.walk_state import Limits
from inventory.observation import Outcome

ATTEMPTS = 3
"""How often a request is sent before silence is believed."""

NO_ACCESS = "the device shows this user nothing: see its view and the security level it wants"
_MOST_QUESTIONS = 64

Ask = Callable[[Request, float, int], Awaitable[tuple[Response, float]]]
"""(request, until when on the loop's clock, how often to send it) -> (response, round trip in
seconds). Raises NoAnswer and SnmpError."""


class Gets:
    """Asks one agent for objects. limits: what it stands; they are lowered where it refuses."""

    def __init__(self, ask: Ask, limits: Limits) -> None:
        self._ask = ask
        self._limits = limits
        self._questions: dict[tuple[Kind, tuple[Oid, ...]], Request] = {}

    async def values(self, kind: Kind, objects: Objects, until_s: float) -> Found:
        """Label -> value of what the agent has. Raises NoAnswer and SnmpError."""
        values: dict[str, Value] = {}
        failures: dict[str, list[str]] = {}
        left = list(objects)
        alone = False
        trip_s: float | None = None
        while left:
            labels = left[: 1 if alone else self._limits.names]
            request = self._remembered(kind, tuple([objects[label] for label in labels]))
            try:
                response, trip_s = await self._ask(request, until_s, ATTEMPTS)
            except NoAnswer as silence:
                if trip_s is None:
                    raise
                failures[silence.message] = left
                break
            if response.status == Status.NO_ERROR:
                for label, value in _given(request, labels, response):
                    values[label] = value
                left = left[len(labels) :]
                continue
            culprit = culprit_of(response, labels)
            if response.status == Status.AUTHORIZATION_ERROR:
                raise SnmpError(Outcome.REFUSED, "no_access", NO_ACCESS, permanent=True)
            if response.status == Status.TOO_BIG and len(labels) > 1:
                self._limits.names = max(1, len(labels) // 2)
            elif culprit is None:
                alone = True
            else:
                left.remove(culprit)
                if response.status != Status.NO_SUCH_NAME:
                    failures.setdefault(status_text(response.status), []).append(culprit)
        return Found(values, in_lines(failures), trip_s)

    def _remembered(self, kind: Kind, names: tuple[Oid, ...]) -> Request:
        """The question for these objects that was asked at the last look, if it was."""
        request = self._questions.get((kind, names))
        if request is None:
            if len(self._questions) >= _MOST_QUESTIONS:
                self._questions.clear()
            request = Request(kind, shared(names), memory=Memory())
            self._questions[kind, request.names] = request
        return request


def _given(request: Request, labels: list[str], response: Response) -> Iterator[tuple[str, Value]]:
    """Label -> value for what was asked: the object itself, or the first one below it."""
    if request.kind is Kind.GET:
        given = dict(response.bindings)
        pairs = [(oid, given.get(oid, Absent.NOTHING)) for oid in request.names]
    else:
        pairs = list(response.bindings)
    for label, asked, (oid, value) in zip(labels, request.names, pairs, strict=False):
        if not isinstance(value, Absent) and oid[: len(asked)] == asked:
            yield label, value


def culprit_of(response: Response, labels: list[str]) -> str | None:
    """The object that an error is about: what error-index names, or the only one."""
    if len(labels) == 1:
        return labels[0]
    return labels[response.index - 1] if 1 <= response.index <= len(labels) else None


def in_lines(failures: Mapping[str, list[str]]) -> tuple[str, ...]:
    """One line for each reason, with the first objects that it befell.

    >>> in_lines({"genErr": ["ifDescr", "ifType", "ifName", "ifAlias"]})
    ('ifDescr, ifType, ifName and 1 more: genErr',)
    """
    lines = []
    for why, labels in failures.items():
        more = f" and {len(labels) - 3} more" if len(labels) > 3 else ""
        lines.append(f"{', '.join(labels[:3])}{more}: {why}")
    return tuple(lines)
