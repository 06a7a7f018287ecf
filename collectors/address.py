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
from functools import partial
from typing import Any

from collectors.base import CollectorError
from collectors.daemon_threads import DaemonThreads
from config.endpoints import Polling
from inventory.observation import Outcome

LOOKUP_WITHIN_S = 10.0
"""The longest wait for a name: the resolver asks the second name server after 5 s."""

_lookups = DaemonThreads("name look-up", 8)

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


async def resolved(address: str, port: int, within_s: float = LOOKUP_WITHIN_S) -> SocketAddress:
    """The one socket address behind an IP address (IPv6 scope included) or a host name.

    An IP address needs no look-up and no thread. Raises CollectorError (ERROR, name_not_found or
    name_timeout): a name that does not resolve says nothing of the device, and a name server that
    is silent must not make devices look down.
    """
    try:
        family, _, _, _, found = (await _addresses(address, port, within_s))[0]
    except (socket.gaierror, UnicodeError) as error:
        raise CollectorError(
            Outcome.ERROR,
            "name_not_found",
            f"the name {address} does not resolve; check the DNS",
        ) from error
    except TimeoutError as error:
        raise CollectorError(
            Outcome.ERROR,
            "name_timeout",
            f"the name {address} was not resolved within {within_s:g} s; check the DNS",
        ) from error
    return family, found


async def _addresses(address: str, port: int, within_s: float) -> list[Any]:
    ask = partial(socket.getaddrinfo, address, port, type=socket.SOCK_STREAM)
    try:
        return ask(flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        async with asyncio.timeout(within_s):
            return await _lookups.run(ask)


def lookup_patience_s(times: Polling) -> float:
    """How long a look waits for a name: what `deadline` leaves beside one request, and half of it
    at least, but never so long that the deadline would speak of the device instead."""
    return min(LOOKUP_WITHIN_S, max(times.deadline - times.timeout, times.deadline / 2))


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
