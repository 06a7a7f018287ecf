"""What can be wrong with a device or its line: silent, slow, lossy, lying, broken.

A fault is a value that answers are held against; nothing here sends or waits. Shares are from
0 to 1 and are drawn from the caller's random generator.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from collectors.snmp.simulator.device import Defects
from collectors.snmp.simulator.message import Response


class FaultError(ValueError):
    """A fault that cannot be read; the message says which are known."""


@dataclass(frozen=True, slots=True)
class Faults:
    """All faults of one device at one moment.

    dead, drop: no answer at all, or by this share of requests. delay_s, jitter_s: wait before
    each answer, plus up to so much more. slow_walk_s: wait before each GETNEXT and GETBULK.
    too_big, gen_error, empty: share answered so; max_names: tooBig above so many names;
    no_bulk: silent to GETBULK. loop_at: walks never pass this row. truncate, garbage, corrupt:
    share cut short, replaced by random bytes, one byte changed. wrong_id, wrong_version,
    duplicate: share with another request id (v1, v2c), another version, sent twice.
    other_source: share sent from another address. v1_only, v2c_only, v3_only: deaf to other
    versions.
    links_down: ifIndex of links that are cut; what moves over them stands still.
    """

    dead: bool = False
    drop: float = 0.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    slow_walk_s: float = 0.0
    too_big: float = 0.0
    gen_error: float = 0.0
    empty: float = 0.0
    max_names: int = 0
    no_bulk: bool = False
    loop_at: int = 0
    truncate: float = 0.0
    garbage: float = 0.0
    corrupt: float = 0.0
    wrong_id: float = 0.0
    wrong_version: float = 0.0
    duplicate: float = 0.0
    other_source: float = 0.0
    v1_only: bool = False
    v2c_only: bool = False
    v3_only: bool = False
    links_down: tuple[int, ...] = ()

    def merged(self, other: Faults) -> Faults:
        """Both at once: of each fault the worse."""
        if other is NO_FAULTS:
            return self
        values: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            both = tuple(sorted({*mine, *theirs})) if isinstance(mine, tuple) else max(mine, theirs)
            values[field.name] = both
        return Faults(**values)

    def defects(self, rng: random.Random) -> Defects:
        """The faults of the agent's logic for one request."""
        return Defects(
            too_big=_hits(self.too_big, rng),
            gen_error=_hits(self.gen_error, rng),
            empty=_hits(self.empty, rng),
            max_names=self.max_names,
            loop_at=self.loop_at,
        )

    def spoil_response(self, response: Response, rng: random.Random) -> Response:
        """The response with the faults of a PDU."""
        if _hits(self.wrong_id, rng):
            return dataclasses.replace(response, request_id=(response.request_id + 1) & 0x7FFFFFFF)
        return response

    def spoil_bytes(self, data: bytes, rng: random.Random) -> bytes:
        """The message with the faults of a bad line or a bad encoder."""
        if _hits(self.truncate, rng):
            data = data[: rng.randrange(1, len(data))]
        if _hits(self.corrupt, rng):
            at = rng.randrange(1, min(len(data), 40)) if len(data) > 1 else 0
            data = data[:at] + bytes((data[at] ^ rng.randrange(1, 256),)) + data[at + 1 :]
        if _hits(self.garbage, rng):
            data = rng.randbytes(rng.randrange(1, 400))
        return data


NO_FAULTS = Faults()


def parse_faults(text: str) -> Faults:
    """Faults of 'drop=0.1,delay_s=0.3'; a name alone is as strong as it gets.

    >>> parse_faults("dead"), parse_faults("links_down=2+3").links_down
    (Faults(dead=True, ...), (2, 3))

    Raises FaultError.
    """
    known = {field.name: field.default for field in dataclasses.fields(Faults)}
    values: dict[str, Any] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, equals, value = part.partition("=")
        if name not in known:
            raise FaultError(f"there is no fault {name!r}; known: {', '.join(known)}")
        try:
            values[name] = _parsed(known[name], value if equals else "1")
        except ValueError as error:
            raise FaultError(f"{part!r} is no value for {name}") from error
    return Faults(**values)


def parse_fault_option(text: str) -> tuple[str, Faults]:
    """(glob of device names, faults) of 'GLOB:NAME=VALUE,…'. Raises FaultError."""
    glob, colon, faults = text.partition(":")
    if not colon or not glob:
        raise FaultError(f"{text!r} must be GLOB:NAME=VALUE, for example sw-*:drop=0.1")
    return glob, parse_faults(faults)


def worst(faults: Iterable[Faults]) -> Faults:
    """All of them at once."""
    total = NO_FAULTS
    for one in faults:
        total = total.merged(one)
    return total


def _hits(share: float, rng: random.Random) -> bool:
    return share > 0 and rng.random() < share


def _parsed(default: object, text: str) -> bool | int | float | tuple[int, ...]:
    if isinstance(default, bool):
        if text.lower() not in ("0", "1", "false", "true"):
            raise ValueError("neither true nor false")
        return text.lower() in ("1", "true")
    if isinstance(default, tuple):
        return tuple(int(part) for part in text.split("+"))
    number = float(text)
    if not 0 <= number < 1e9:
        raise ValueError("out of range")
    return int(number) if isinstance(default, int) else number
