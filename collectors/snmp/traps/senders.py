"""Who is expected to send traps, and what they are believed by: the register, by address."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field

from collectors.snmp.pysnmp_v3 import User
from config.credentials import Credential, SnmpV3
from config.sections import Asset, Settings


@dataclass(frozen=True, slots=True)
class Sender:
    """The asset that an address stands for."""

    asset: str
    commune: str


@dataclass(slots=True)
class Senders:
    """Numeric address -> sender. names: host names of the register, to be resolved."""

    known: dict[str, Sender] = field(default_factory=dict)
    names: dict[str, Sender] = field(default_factory=dict)

    async def resolved(self) -> Senders:
        """The same with every name's present addresses; a name without any is left out."""
        loop = asyncio.get_running_loop()
        known = dict(self.known)
        for name, sender in self.names.items():
            try:
                found = await loop.getaddrinfo(name, 0, type=socket.SOCK_DGRAM)
            except (OSError, UnicodeError):
                continue
            for _, _, _, _, address in found:
                known.setdefault(plain_address(str(address[0])), sender)
        return Senders(known, dict(self.names))


def senders(settings: Settings) -> Senders:
    """The registered assets by address. Where several share one, as behind a forwarding router,
    those with an SNMP endpoint come first, then the first of the register."""
    result = Senders()
    for asset in sorted(settings.assets, key=lambda a: not _speaks_snmp(a)):
        if asset.address is None:
            continue
        sender = Sender(asset.tag, asset.commune)
        try:
            result.known.setdefault(plain_address(asset.address), sender)
        except ValueError:
            result.names.setdefault(asset.address, sender)
    return result


def plain_address(text: str) -> str:
    """An address in its one spelling, without zone; an IPv4 address in IPv6 is an IPv4 one.

    >>> plain_address("::ffff:10.0.0.1"), plain_address("FE80::1%eth0")
    ('10.0.0.1', 'fe80::1')

    Raises ValueError for a name.
    """
    ip = ipaddress.ip_address(text.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return str(mapped or ip)


def _speaks_snmp(asset: Asset) -> bool:
    return any(endpoint.kind == "snmp" for endpoint in asset.endpoints)


class Trusted:
    """The credentials that traps are believed by, and from where."""

    def __init__(self, credentials: Iterable[Credential]) -> None:
        self._communities: list[tuple[bytes, _Networks]] = []
        self._users: list[tuple[User, _Networks]] = []
        for credential in credentials:
            networks = [ipaddress.ip_network(network) for network in credential.networks]
            if isinstance(credential, SnmpV3):
                self._users.append((User(credential), networks))
            else:
                community = credential.community.reveal().encode()
                self._communities.append((community, networks))

    def communities(self, address: str) -> list[bytes]:
        """Those that count from an address."""
        return [one for one, networks in self._communities if _inside(address, networks)]

    def users(self, address: str) -> list[User]:
        """Those that count from an address."""
        return [user for user, networks in self._users if _inside(address, networks)]


_Networks = list[ipaddress.IPv4Network | ipaddress.IPv6Network]


def _inside(address: str, networks: _Networks) -> bool:
    ip = ipaddress.ip_address(address)
    return any(ip in network for network in networks)


def trusted(settings: Settings) -> Trusted:
    """The credentials that the section `traps` names, else those that assets use."""
    names = settings.traps.credentials or sorted(
        {
            endpoint.credential
            for asset in settings.assets
            for endpoint in asset.endpoints
            if endpoint.kind == "snmp"
        }
    )
    return Trusted(settings.credentials[name] for name in names)
