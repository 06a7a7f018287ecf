"""Everything that can be learned of a device in one go: what `hatang identify` and a scan ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from collectors.address import refuse_outside, resolved
from collectors.base import CollectorError
from collectors.snmp.agent_session import AgentSession
from collectors.snmp.interfaces import INTERFACES
from collectors.snmp.knowledge.book import ProfileBook
from collectors.snmp.knowledge.learn import choose_profile, identify, measure
from collectors.snmp.knowledge.report import report
from collectors.snmp.session import Session, SnmpError
from collectors.snmp.sessions import session_for
from collectors.snmp.system import SYSTEM
from config.sections import Credential
from inventory.metrics import Instruments

TIMEOUT_S = 2.0
"""How long one packet is waited for, at first."""
DEADLINE_S = 120.0
"""For everything; a large switch on a slow line needs a minute."""

_AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device is asked, and as whom."""

    address: str
    port: int
    credential: Credential


async def identify_at(
    place: Place,
    book: ProfileBook,
    instruments: Instruments,
    *,
    timeout_s: float = TIMEOUT_S,
    deadline_s: float = DEADLINE_S,
) -> dict[str, object]:
    """What a device is and measures, as `report` writes it; the credential is offered only where
    it may be.

    Raises CollectorError, with the outcomes and reasons of SnmpCollector.collect.
    """
    until_s = asyncio.get_running_loop().time() + deadline_s
    async with opened(place, instruments, timeout_s) as session:
        return await learned(session, book, until_s)


@asynccontextmanager
async def opened(
    place: Place, instruments: Instruments, timeout_s: float = TIMEOUT_S
) -> AsyncIterator[AgentSession]:
    """A session with the device at a place, if its credential may be offered there.

    Raises CollectorError for what goes wrong in it, with the outcomes and reasons of
    SnmpCollector.collect.
    """
    session = session_for(place.credential, timeout_s, instruments)
    try:
        family, address = await resolved(place.address, place.port)
        refuse_outside(place.credential.networks, place.address, str(address[0]))
        session.open(family, address)
        yield session
    except SnmpError as error:
        raise CollectorError(
            error.outcome, error.reason, error.message, permanent=error.permanent
        ) from error
    finally:
        await session.close()


async def learned(session: Session, book: ProfileBook, until_s: float) -> dict[str, object]:
    """The same through an open session. Raises SnmpError."""
    system = (await session.get(SYSTEM, until_s)).values
    profile = await choose_profile(session, system, book, until_s)
    identity = await identify(session, system, profile, until_s)
    measures = await measure(session, profile, until_s)
    interfaces = await session.columns(INTERFACES, until_s)
    return report(system, identity, measures, interfaces)


async def identify_all(
    places: Mapping[str, Place],
    book: ProfileBook,
    instruments: Instruments,
    done: Callable[[str], None],
) -> dict[str, dict[str, object]]:
    """Name -> what `identify_at` gives, many at once, in the order of `places`.

    A device that fails has `problems` alone. done: called with each name when it is through.
    """
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(name: str, place: Place) -> dict[str, object]:
        async with gate:
            try:
                return await identify_at(place, book, instruments)
            except CollectorError as error:
                return {"problems": [error.message]}
            finally:
                done(name)

    found = await asyncio.gather(*(one(name, place) for name, place in places.items()))
    return dict(zip(places, found, strict=True))
