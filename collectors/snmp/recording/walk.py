"""Everything that a device says of itself, with the types of its values."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from collectors.base import CollectorError
from collectors.snmp.agent_session import Bounds
from collectors.snmp.identify import Place, opened
from collectors.snmp.session import Columns, Oid, Value
from collectors.snmp.simulator.ber import INTEGER, OBJECT_IDENTIFIER, OCTET_STRING
from collectors.snmp.simulator.snmprec import Row
from collectors.snmp.system import SYSTEM
from inventory.metrics import Instruments
from inventory.observation import Outcome

TIMEOUT_S = 3.0
"""How long one packet is waited for."""
WITHIN_S = 1800.0
"""A core switch with a thousand ports behind a slow line takes a quarter of an hour."""
BOUNDS = Bounds(rows=200_000, octets=64_000_000)

_MIB_2: Oid = (1, 3, 6, 1, 2, 1)
_GROUPS = 260
"""More than IANA has given numbers below mib-2 to."""
_OTHERS: dict[str, Oid] = {"enterprises": (1, 3, 6, 1, 4, 1), "LLDP-MIB": (1, 0, 8802)}

# Each group by itself: a table that an agent cannot get right ends its own group and no other.
ROOTS: dict[str, Oid] = {
    **{f"mib-2.{group}": (*_MIB_2, group) for group in range(1, _GROUPS + 1)},
    **_OTHERS,
}


@dataclass(frozen=True, slots=True)
class Walked:
    """The variables in OID order; problems: one line for each part that is missing."""

    rows: tuple[Row, ...]
    problems: tuple[str, ...] = ()


async def walk(
    place: Place,
    instruments: Instruments,
    progress: Callable[[int], None],
    *,
    within_s: float = WITHIN_S,
    bounds: Bounds = BOUNDS,
) -> Walked:
    """Walk mib-2, the makers' own trees and LLDP; progress: called with how many values came.

    Raises CollectorError where the device does not answer or refuses. One that falls silent, or
    is not to be believed, on the way gives what it gave before.
    """
    until_s = asyncio.get_running_loop().time() + within_s
    tags: dict[Oid, int] = {}

    def seen(oid: Oid, tag: int) -> None:
        tags[oid] = tag
        progress(len(tags))

    async with opened(place, instruments, TIMEOUT_S) as session:
        await session.get(SYSTEM, until_s)  # refuses what has no access, with the reason
        found = await session.everything(ROOTS, until_s, bounds, seen)
    rows = _rows(found, tags)
    if not rows:
        raise CollectorError(Outcome.REFUSED, "no_access", "the device shows nothing: see its view")
    return Walked(rows, found.problems)


def _rows(found: Columns, tags: dict[Oid, int]) -> tuple[Row, ...]:
    rows = [
        Row(oid, tags.get(oid) or _likely_tag(value), value)
        for label, root in ROOTS.items()
        for index, value in found.rows[label].items()
        for oid in [(*root, *index)]
    ]
    return tuple(sorted(rows, key=lambda row: row.oid))


def _likely_tag(value: Value) -> int:
    """For a value whose type an engine did not tell."""
    if isinstance(value, int):
        return INTEGER
    return OCTET_STRING if isinstance(value, bytes) else OBJECT_IDENTIFIER
