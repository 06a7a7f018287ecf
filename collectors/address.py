"""Addresses and socket errors, for the collectors that open sockets themselves.

A name is resolved once and that one address is used, so that nothing can answer differently
between a check and a connection. Addresses come only from the register, never from a device.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Iterable, Iterator
from typing import Any

from collectors.base import CollectorError
from inventory.observation import Outcome

_UNREACHABLE = {
    errno.EHOSTUNREACH: "no_route",
    errno.ENETUNREACH: "no_route",
    errno.EHOSTDOWN: "no_route",
    errno.ENETDOWN: "no_route",
    errno.ETIMEDOUT: "timeout",
}
_OURS = {
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EMFILE: "too_many_files",
    errno.ENFILE: "too_many_files",
    errno.EADDRNOTAVAIL: "no_local_address",
    errno.EAFNOSUPPORT: "no_address_family",
}

SocketAddress = tuple[socket.AddressFamily, tuple[Any, ...]]
"""Address family, and the address as connect() takes it."""


async def resolved(address: str, port: int) -> SocketAddress:
    """The one socket address behind an IP address (IPv6 scope included) or a host name.

    An IP address needs no look-up and no thread. Raises CollectorError (ERROR, name_not_found):
    a name that does not resolve says nothing of the device.
    """
    try:
        found = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    except socket.gaierror:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                address, port, type=socket.SOCK_STREAM
            )
        except (socket.gaierror, UnicodeError) as error:
            raise name_error(address) from error
    family, _, _, _, socket_address = found[0]
    return family, socket_address


def refuse_outside(networks: Iterable[str], name: str, address: str) -> None:
    """A name may resolve to anywhere; a credential is sent only where it may be offered.

    Raises CollectorError (ERROR, outside_networks) for an address in none of the networks.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if not any(ip in ipaddress.ip_network(network) for network in networks):
        raise CollectorError(
            Outcome.ERROR,
            "outside_networks",
            f"{name} is at {address}, where its credential may not be offered; see `networks` of "
            "the credential",
            permanent=True,
        )


def name_error(name: str) -> CollectorError:
    """What a look says when a host name has no address."""
    return CollectorError(
        Outcome.ERROR, "name_not_found", f"the name {name} does not resolve; check the DNS"
    )


def socket_error(error: OSError, tried: str) -> CollectorError:
    """What an operating system's error says of the device.

    A reset or refusal proves that a machine is there (REFUSED); silence and missing routes do not
    (UNREACHABLE); what this machine refuses to do is ours (ERROR). `tried` begins the message.
    """
    text = f"{tried}: {error.strerror or type(error).__name__}"
    number = error.errno or 0
    if isinstance(error, TimeoutError):
        return CollectorError(Outcome.UNREACHABLE, "timeout", f"{tried}: no answer in time")
    if isinstance(error, ConnectionRefusedError):
        return CollectorError(Outcome.REFUSED, "connection_refused", text)
    if isinstance(error, ConnectionError):
        return CollectorError(Outcome.REFUSED, "connection_reset", text)
    if number in _UNREACHABLE:
        return CollectorError(Outcome.UNREACHABLE, _UNREACHABLE[number], text)
    return CollectorError(Outcome.ERROR, _OURS.get(number, "socket_error"), text)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it came from: causes, contexts and members of groups."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        found = pending.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, BaseExceptionGroup):
            pending.extend(found.exceptions)
        pending.extend(e for e in (found.__cause__, found.__context__) if e is not None)
