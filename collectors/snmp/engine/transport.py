"""A few UDP sockets for all sessions of an event loop.

What arrives goes to the session that asked its sender, and nowhere else. The sockets are not
connect()ed, so that one serves thousands of devices; ICMP errors come by Linux's error queue
(ip(7), IP_RECVERR) with the address that they are about. Nothing that arrives can raise into the
event loop. The sockets go with the last session that is open.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import sys
from typing import Any, Protocol

from collectors.snmp.engine.timing import Wheel, Window

_SOCKETS = 4
"""Of each family: more room for answers than one buffer has, and a source port that differs."""
_BUFFER_BYTES = 4 << 20
_MAX_PACKET = 65535
_PACKETS_A_TURN = 256
"""Then others get their turn, however fast packets come."""
_REMEMBERED = 1024

# IP_RECVERR and IPV6_RECVERR of Linux (ip(7), ipv6(7)), which have no names in Python's socket.
_RECEIVE_ERRORS = {
    socket.AF_INET: (socket.IPPROTO_IP, 11),
    socket.AF_INET6: (socket.IPPROTO_IPV6, 25),
}

Key = tuple[Any, ...]
"""An address as received packets have it, without what IPv6 adds and may change."""


class Peer(Protocol):
    """A session, as the transport sees it. None of these may raise."""

    def received(self, packet: bytes) -> str | None:
        """A packet from the peer's address: None where it was the answer, else why it was not."""
        ...

    def rejected(self, reason: str) -> None:
        """A packet from the peer's address that no session asked for."""
        ...

    def failed(self, error: OSError) -> None:
        """An ICMP error about the peer's address."""
        ...

    def foreign(self) -> None:
        """A packet from an address that nobody asked."""
        ...


class Route:
    """One session's way to one address."""

    __slots__ = ("_address", "_key", "_peer", "_socket", "_transport", "wheel", "window")

    def __init__(
        self, transport: Transport, own: socket.socket, address: tuple[Any, ...], peer: Peer
    ) -> None:
        self._transport = transport
        self._socket = own
        self._address = address
        self._key = _key_of(address)
        self._peer: Peer | None = peer
        self.wheel = transport.wheel
        self.window = transport.window

    def send(self, packet: bytes) -> None:
        """Send now. A full buffer is a lost packet. Raises OSError."""
        if self._peer is None:
            raise OSError("the session is closed")
        try:
            self._socket.sendto(packet, self._address)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            # A shared socket reports an earlier packet's error here, to whomever it is; that one
            # is in the queue, and only an error of this very packet comes again.
            self._transport.drain_errors(self._socket)
            try:
                self._socket.sendto(packet, self._address)
            except (BlockingIOError, InterruptedError):
                return

    def close(self) -> None:
        """Ask nothing more; safe to call twice."""
        if self._peer is not None:
            self._transport.detach(self._key, self._peer)
            self._peer = None


class Transport:
    """The sockets of one event loop, made when they are first needed."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._sockets: dict[tuple[int, int], socket.socket] = {}
        self._peers: dict[Key, list[Peer]] = {}
        self._gone: dict[Key, None] = {}
        self._last: Peer | None = None
        self.wheel = Wheel(loop)
        self.window = Window()

    def attach(self, family: socket.AddressFamily, address: tuple[Any, ...], peer: Peer) -> Route:
        """A way to this address. Raises OSError where no socket can be had."""
        number = (family, random.randrange(_SOCKETS))  # noqa: S311 - spreads load, hides nothing
        own = self._sockets.get(number)
        if own is None:
            try:
                own = self._sockets[number] = self._new_socket(family)
            except OSError:
                if not self._peers:
                    self._close()
                raise
        route = Route(self, own, address, peer)
        self._peers.setdefault(_key_of(address), []).append(peer)
        self._last = peer
        return route

    def detach(self, key: Key, peer: Peer) -> None:
        """This peer waits for nothing any more."""
        peers = self._peers.get(key, [])
        peers[:] = [other for other in peers if other is not peer]
        if not peers:
            self._peers.pop(key, None)
            self._gone[key] = None
            if len(self._gone) > _REMEMBERED:
                del self._gone[next(iter(self._gone))]
        if self._last is peer:
            self._last = None
        if not self._peers:
            self._close()

    def drain_errors(self, own: socket.socket) -> None:
        """Hand out what is in the socket's error queue: while it holds anything, the loop would
        spin."""
        if sys.platform != "linux":
            return
        try:
            while True:
                _, ancillary, _, address = own.recvmsg(1, 512, socket.MSG_ERRQUEUE)
                for _, _, extended in ancillary:
                    (number,) = struct.unpack_from("=I", extended)
                    for peer in tuple(self._peers.get(_key_of(address), ())):
                        peer.failed(OSError(number, "refused by ICMP"))
        except (OSError, struct.error):
            return

    def _new_socket(self, family: socket.AddressFamily) -> socket.socket:
        own = socket.socket(family, socket.SOCK_DGRAM)
        try:
            own.setblocking(False)
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            if sys.platform == "linux":
                own.setsockopt(*_RECEIVE_ERRORS[family], 1)
            own.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 0))  # noqa: S104
            self._loop.add_reader(own.fileno(), self._readable, own)
        except BaseException:
            own.close()
            raise
        return own

    def _close(self) -> None:
        for own in self._sockets.values():
            self._loop.remove_reader(own.fileno())
            own.close()
        self._sockets.clear()
        self.wheel.close()
        _TRANSPORTS.pop(self._loop, None)

    def _readable(self, own: socket.socket) -> None:
        receive, peers_at = own.recvfrom, self._peers.get
        for _ in range(_PACKETS_A_TURN):
            try:
                packet, sender = receive(_MAX_PACKET)
            except (BlockingIOError, InterruptedError):
                if _ == 0:
                    self.drain_errors(own)
                return
            except OSError:
                self.drain_errors(own)
                continue
            peers = peers_at(sender if len(sender) == 2 else _key_of(sender))
            if peers is None:
                self._stray(_key_of(sender))
            else:
                reason = peers[0].received(packet)
                if reason is not None:
                    self._offer_to_others(packet, tuple(peers), reason)
            if not self._sockets:
                return

    def _offer_to_others(self, packet: bytes, peers: tuple[Peer, ...], reason: str) -> None:
        """Two credentials may ask one device at the same time."""
        if all(peer.received(packet) is not None for peer in peers[1:]):
            peers[0].rejected(reason)

    def _stray(self, sender: Key) -> None:
        """A packet from where nobody is asked: too late, or forged."""
        if self._last is None:
            self._last = next(iter(self._peers.values()))[0]
        if sender in self._gone:
            return
        self._last.foreign()


def _key_of(address: tuple[Any, ...]) -> Key:
    """Host and port, and with IPv6 the zone.

    >>> _key_of(("::1", 161, 0, 2))
    ('::1', 161, 2)
    """
    return (*address[:2], *address[3:])


_TRANSPORTS: dict[asyncio.AbstractEventLoop, Transport] = {}
"""Those that have sockets."""


def transport_of(loop: asyncio.AbstractEventLoop) -> Transport:
    """The one transport of an event loop."""
    found = _TRANSPORTS.get(loop)
    if found is None:
        found = _TRANSPORTS[loop] = Transport(loop)
    return found
