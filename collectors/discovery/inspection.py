"""One address: which credential its agent takes, and what it says that it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from collectors.address import refuse_outside, resolved
from collectors.base import CollectorError
from collectors.discovery.pace import Pace
from collectors.discovery.tries import TryBook
from collectors.snmp.knowledge.book import ProfileBook
from collectors.snmp.knowledge.device import Identity
from collectors.snmp.knowledge.learn import choose_profile, identify
from collectors.snmp.session import NoAnswer, Session, SnmpError, Value
from collectors.snmp.sessions import session_for
from collectors.snmp.system import SYSTEM, claims_of, facts_of
from config.assets import AssetClass
from config.sections import Credential, SnmpV3
from inventory.metrics import Instruments
from inventory.observation import Claim, ClaimKind, Outcome

PACKETS_OF_A_TRY = 2
PACKETS_OF_AN_IDENTITY = 10
"""What is taken from the sweep's rate for each: the requests that it usually takes."""

IDENTIFY_WITHIN_S = 20.0
_NO_AGENT = frozenset({"connection_refused", "no_route"})

_CLASSES: dict[str, AssetClass] = {
    "router": AssetClass.ROUTER,
    "firewall": AssetClass.FIREWALL,
    "switch": AssetClass.SWITCH,
    "wireless": AssetClass.ACCESS_POINT,
    "server": AssetClass.SERVER,
    "hypervisor": AssetClass.SERVER,
    "nas": AssetClass.NAS,
    "workstation": AssetClass.DESKTOP,
    "printer": AssetClass.PRINTER,
    "ups": AssetClass.UPS,
    "camera": AssetClass.CAMERA,
    "phone": AssetClass.PHONE,
    "onu": AssetClass.ONT,
}
"""Classes of device profiles in the words of the register; any other is `other`."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What an address turned out to be. credential: the name of the one that it takes, '' where it
    takes none; claims, facts and asset_class are empty then.

    answered: something there spoke SNMP, or said that it does not. note: why nothing is known.
    """

    credential: str = ""
    claims: tuple[Claim, ...] = ()
    facts: Mapping[str, str] | None = None
    asset_class: str = ""
    answered: bool = False
    note: str = ""


class Inspector:
    """Asks addresses with a list of credentials, each at most once a sweep and in order."""

    def __init__(
        self,
        credentials: Mapping[str, Credential],
        book: ProfileBook,
        tries: TryBook,
        pace: Pace,
        instruments: Instruments,
        *,
        port: int = 161,
        timeout_s: float = 1.0,
    ) -> None:
        self._credentials = dict(credentials)
        self._book = book
        self._tries = tries
        self._pace = pace
        self._instruments = instruments
        self._port = port
        self._timeout_s = timeout_s

    async def inspect(self, address: str, *, is_there: bool, first: str = "") -> Inspected:
        """Try credentials until one is taken, none is left or the device has refused enough.

        is_there: it answers a ping, so its silence counts as a try. first: the credential that
        worked before.
        """
        names = sorted(self._credentials, key=lambda name: name != first)
        refused = Inspected()
        has_v3 = True
        for name in names:
            credential = self._credentials[name]
            if isinstance(credential, SnmpV3) and not has_v3:
                continue  # no engine there: another user would wait for it in vain
            if not self._tries.may_offer(address):
                return Inspected(
                    answered=refused.answered,
                    note="has refused or ignored enough credentials today; left alone",
                )
            await self._pace.turn(PACKETS_OF_A_TRY)
            try:
                return await self._asked(address, name, credential)
            except NoAnswer:
                has_v3 = has_v3 and not isinstance(credential, SnmpV3)
                if is_there and not isinstance(credential, SnmpV3):
                    self._tries.note_silent(address, name)
            except SnmpError as error:
                if error.reason in _NO_AGENT:
                    return Inspected(note="no SNMP agent")
                if error.outcome is not Outcome.REFUSED:
                    return Inspected(note=error.reason)
                self._tries.note_refused(address, name)
                refused = Inspected(answered=True, note=f"{name}: {error.reason}")
            except CollectorError as error:
                return Inspected(note=error.reason)
        return refused

    async def _asked(self, address: str, name: str, credential: Credential) -> Inspected:
        """What the device says of itself. Raises SnmpError and CollectorError."""
        session = session_for(credential, self._timeout_s, self._instruments)
        loop = asyncio.get_running_loop()
        try:
            family, where = await resolved(address, self._port)
            refuse_outside(credential.networks, address, str(where[0]))
            session.open(family, where)
            # Two sendings; before them, v3 has to find the engine and may have to follow its clock.
            packets = 4 if isinstance(credential, SnmpV3) else 2
            system = await session.get(SYSTEM, loop.time() + packets * self._timeout_s)
            return await self._known(session, name, address, system.values)
        finally:
            await session.close()

    async def _known(
        self, session: Session, name: str, address: str, system: Mapping[str, Value]
    ) -> Inspected:
        await self._pace.turn(PACKETS_OF_AN_IDENTITY)
        until_s = asyncio.get_running_loop().time() + IDENTIFY_WITHIN_S
        facts, claims = facts_of(system), claims_of(system, address)
        try:
            profile = await choose_profile(session, system, self._book, until_s)
            identity = await identify(session, system, profile, until_s)
        except SnmpError as error:
            return Inspected(name, claims, facts, answered=True, note=error.reason)
        more = {
            "vendor": identity.vendor,
            "model": identity.model,
            "serial": identity.serial,
            "os": identity.os,
            "os_version": identity.version,
        }
        facts |= {fact: text for fact, text in more.items() if text}
        return Inspected(
            name,
            _with_identity(claims, identity),
            facts,
            asset_class_of(identity.device_class),
            answered=True,
        )


def asset_class_of(device_class: str) -> str:
    """A profile's class in the words of the register, '' where the profile has none.

    >>> asset_class_of("wireless"), asset_class_of("pdu"), asset_class_of("")
    ('access_point', 'other', '')
    """
    return _CLASSES.get(device_class, AssetClass.OTHER).value if device_class else ""


def _with_identity(claims: tuple[Claim, ...], identity: Identity) -> tuple[Claim, ...]:
    """The claims with serial number and base MAC as the device's profile reads them."""
    kinds = {claim.kind for claim in claims}
    mac = "".join(c for c in identity.base_mac.lower() if c in "0123456789abcdef")
    if identity.serial:
        claims = (Claim(ClaimKind.SERIAL, identity.serial), *claims)
    if len(mac) == 12 and ClaimKind.BASE_MAC not in kinds:
        claims = (*claims, Claim(ClaimKind.BASE_MAC, mac))
    return claims
