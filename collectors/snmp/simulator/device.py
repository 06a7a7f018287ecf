"""An SNMP agent's answers from its rows: GET, GETNEXT and GETBULK (RFC 3416 §4.2), v1 and v2.

Knows no sockets, no communities and no clock; a Moment says what the moving values are. SET is
refused as a read-only agent refuses it. Faults of the answer itself are asked for by Defects.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.snmp.simulator.ber import (
    COUNTER64,
    END_OF_MIB_VIEW,
    NO_SUCH_INSTANCE,
    NO_SUCH_OBJECT,
    OBJECT_IDENTIFIER,
    SEQUENCE,
    Oid,
    encode_oid,
    encode_value,
    tlv,
)
from collectors.snmp.simulator.message import (
    GEN_ERR,
    GET,
    GET_BULK,
    GET_NEXT,
    NO_SUCH_NAME,
    NOT_WRITABLE,
    TOO_BIG,
    V1,
    Pdu,
    Response,
    exception_binding,
)
from collectors.snmp.simulator.motion import START, Moment, Mover
from collectors.snmp.simulator.snmprec import Row

_MOST_REMEMBERED = 200
"""Answers of one device; a poll of it needs some dozen."""

_COLUMN_LENGTH = 11
"""Sub-ids of a column of most tables below enterprises and mib-2."""


@dataclass(frozen=True, slots=True)
class Defects:
    """What is wrong with an agent's logic: too_big, gen_error: it answers so; max_names: tooBig
    when asked for more at once (0: no limit); loop_at: the walk never gets past this row (0: it
    does); empty: it answers with no variables."""

    too_big: bool = False
    gen_error: bool = False
    max_names: int = 0
    loop_at: int = 0
    empty: bool = False


SOUND = Defects()


class Device:
    """The variables of one agent, in OID order, some of them moving."""

    def __init__(self, rows: Sequence[Row], movers: Mapping[Oid, Mover] | None = None) -> None:
        ordered = sorted({row.oid: row for row in rows}.values())
        moving = movers or {}
        self._moves = any(moving.values())
        self._oids = [row.oid for row in ordered]
        self._index = {oid: i for i, oid in enumerate(self._oids)}
        self._tags = bytes(row.tag for row in ordered)
        self._names = [tlv(OBJECT_IDENTIFIER, encode_oid(oid)) for oid in self._oids]
        self._movers = [moving.get(oid) for oid in self._oids]
        self._answers: dict[tuple[object, ...], bytes] = {}
        self._still = [
            b"" if mover else tlv(SEQUENCE, name + encode_value(row.tag, row.value))
            for row, name, mover in zip(ordered, self._names, self._movers, strict=True)
        ]

    def __len__(self) -> int:
        return len(self._oids)

    def respond(
        self,
        pdu: Pdu,
        *,
        version: int,
        moment: Moment = START,
        limit: int = 1400,
        defects: Defects = SOUND,
    ) -> Response:
        """The answer to a request, with at most `limit` bytes of variable bindings.

        A GETBULK is cut to fit, another request gets tooBig. version V1 has neither Counter64
        nor exceptions (RFC 3584 §4.2.2): what v2 says by an exception is noSuchName there.
        """
        if defects.gen_error:
            return self._error(pdu, GEN_ERR, 1 if pdu.names else 0)
        if defects.too_big or 0 < defects.max_names < len(pdu.names):
            return self._too_big(pdu, version)
        if pdu.kind == GET_BULK:
            body = self._bulk_again(pdu, moment, limit, defects.loop_at)
            return Response(pdu.request_id, b"" if defects.empty else body)
        if pdu.kind not in (GET, GET_NEXT):
            return self._error(pdu, NO_SUCH_NAME if version == V1 else NOT_WRITABLE, 1)
        bindings = []
        for position, name in enumerate(pdu.names, 1):
            row = self._exact(name) if pdu.kind == GET else self._after(name, defects.loop_at)
            if version == V1:
                row = self._fit_for_v1(row, pdu.kind)
                if row is None:
                    return self._error(pdu, NO_SUCH_NAME, position)
            if row is not None:
                bindings.append(self._binding(row, moment))
            else:
                exception = self._missing(name) if pdu.kind == GET else END_OF_MIB_VIEW
                bindings.append(exception_binding(encode_oid(name), exception))
        body = b"".join(bindings)
        if len(body) > limit:
            return self._too_big(pdu, version)
        return Response(pdu.request_id, b"" if defects.empty else body)

    def _bulk_again(self, pdu: Pdu, moment: Moment, limit: int, loop_at: int) -> bytes:
        """What `_bulk` gives, from memory where the same was asked of a device that stands still:
        thousands of them on one core are a matter of this."""
        if self._moves:
            return self._bulk(pdu, moment, limit, loop_at)
        key = (pdu.body, pdu.first, pdu.second, limit, loop_at)
        body = self._answers.get(key)
        if body is None:
            body = self._bulk(pdu, moment, limit, loop_at)
            if len(self._answers) < _MOST_REMEMBERED:
                self._answers[key] = body
        return body

    def _bulk(self, pdu: Pdu, moment: Moment, limit: int, loop_at: int) -> bytes:
        """Variable bindings of a GETBULK, row by row, until `limit` or the end (§4.2.3)."""
        single = max(0, min(pdu.first, len(pdu.names)))
        out: list[bytes] = []
        size = 0

        def fits(binding: bytes) -> bool:
            nonlocal size
            size += len(binding)
            if size > limit and out:
                return False
            out.append(binding)
            return True

        cursors = list(pdu.names)
        for turn in range(max(pdu.second, 0 if single == 0 else 1)):
            ended = 0
            wanted = range(len(cursors)) if turn == 0 else range(single, len(cursors))
            for k in wanted:
                if k >= single and turn >= pdu.second:
                    break
                row = self._after(cursors[k], loop_at)
                if row is None:
                    ended += 1
                    binding = exception_binding(encode_oid(cursors[k]), END_OF_MIB_VIEW)
                else:
                    cursors[k] = self._oids[row]
                    binding = self._binding(row, moment)
                if not fits(binding):
                    return b"".join(out)
            if single == len(cursors) or ended == len(wanted):
                break
        return b"".join(out)

    def _exact(self, oid: Oid) -> int | None:
        return self._index.get(oid)

    def _after(self, oid: Oid, loop_at: int) -> int | None:
        row = bisect_right(self._oids, oid)
        if loop_at and row > loop_at:
            row = loop_at
        return row if row < len(self._oids) else None

    def _fit_for_v1(self, row: int | None, kind: int) -> int | None:
        """GET of a Counter64 finds nothing in v1, GETNEXT goes on to the next other row."""
        if row is None or self._tags[row] != COUNTER64:
            return row
        if kind == GET:
            return None
        while row < len(self._tags) and self._tags[row] == COUNTER64:
            row += 1
        return row if row < len(self._tags) else None

    def _binding(self, row: int, moment: Moment) -> bytes:
        mover = self._movers[row]
        if mover is None:
            return self._still[row]
        return tlv(SEQUENCE, self._names[row] + encode_value(self._tags[row], mover(moment)))

    def _missing(self, oid: Oid) -> int:
        """noSuchInstance where a neighbour has the same column, else noSuchObject."""
        at = bisect_left(self._oids, oid)
        column = min(len(oid) - 1, _COLUMN_LENGTH)
        near = self._oids[max(at - 1, 0) : at + 1]
        same = any(other[:column] == oid[:column] for other in near)
        return NO_SUCH_INSTANCE if same else NO_SUCH_OBJECT

    @staticmethod
    def _error(pdu: Pdu, status: int, index: int) -> Response:
        return Response(pdu.request_id, pdu.body, status, index)

    @staticmethod
    def _too_big(pdu: Pdu, version: int) -> Response:
        """v1 gives the variables back (RFC 1157 §4.1.2), v2 gives none (RFC 3416 §4.2.1)."""
        body = pdu.body if version == V1 else b""
        return Response(pdu.request_id, body, TOO_BIG, 0)
