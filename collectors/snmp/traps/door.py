"""A UDP socket that takes packets from anybody, at a bounded cost whatever comes.

After a full turn it rests, so that a flood fills the kernel's buffer and is dropped there, and
the looks of the same event loop go on. An answer leaves from the address that was asked, also
where it listens on all of them. Nothing that arrives can raise into the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAX_PACKET = 8192
"""Bytes of a packet that are taken; a longer one is told as it came, cut one byte above this."""
_PACKETS_A_TURN = 64
_REST_S = 0.02
"""With the turn before it: at most 3,200 packets a second."""

# Of Linux (ip(7), ipv6(7)): Python's socket has names for some of them and some builds only.
_IP_PKTINFO, _IPV6_RECVPKTINFO, _IPV6_PKTINFO = 8, 49, 50
_ANCILLARY_BYTES = 128

Ancillary = list[tuple[int, int, bytes]]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a packet came from, and what the kernel needs to answer from where it arrived."""

    address: tuple[Any, ...]
    local: Ancillary


Received = Callable[[bytes, Origin, "Door"], None]
"""Takes a packet; must not raise."""


class Door:
    """Bound at once (raises OSError); `open` begins to hand on what comes."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        found = socket.getaddrinfo(host, port, family, socket.SOCK_DGRAM)
        self._socket: socket.socket | None = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            if family == socket.AF_INET6:
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            if sys.platform == "linux":
                level, option = (
                    (socket.IPPROTO_IPV6, _IPV6_RECVPKTINFO)
                    if family == socket.AF_INET6
                    else (socket.IPPROTO_IP, _IP_PKTINFO)
                )
                self._socket.setsockopt(level, option, 1)
            self._socket.bind(found[0][4])
        except BaseException:
            self._socket.close()
            raise
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        """Where it listens, with the real port where 0 was asked for."""
        self._received: Received | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rest: asyncio.TimerHandle | None = None

    def open(self, received: Received) -> None:
        """Take packets on the running event loop."""
        self._received = received
        self._loop = asyncio.get_running_loop()
        self._listen()

    def send(self, packet: bytes, origin: Origin) -> None:
        """Answer now; what cannot be sent is lost, as datagrams are."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.sendmsg((packet,), origin.local, 0, origin.address)

    def close(self) -> None:
        """Give the socket back at once; safe to call twice."""
        if self._rest is not None:
            self._rest.cancel()
        if self._socket is not None:
            if self._loop is not None:
                self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _listen(self) -> None:
        assert self._loop is not None
        if self._socket is not None:
            self._loop.add_reader(self._socket.fileno(), self._readable)

    def _readable(self) -> None:
        assert self._loop is not None
        assert self._received is not None
        for _ in range(_PACKETS_A_TURN):
            if self._socket is None:
                return
            try:
                packet, told, _, address = self._socket.recvmsg(MAX_PACKET + 1, _ANCILLARY_BYTES)
            except OSError:
                return
            self._received(packet, Origin(address, _answering(told)), self)
        if self._socket is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._rest = self._loop.call_later(_REST_S, self._listen)


def _answering(told: Ancillary) -> Ancillary:
    """What makes an answer leave from the address that a packet was sent to."""
    for level, kind, data in told:
        if (level, kind) == (socket.IPPROTO_IP, _IP_PKTINFO):
            _, _, to = struct.unpack("=i4s4s", data[:12])
            return [(level, kind, struct.pack("=i4s4s", 0, to, bytes(4)))]
        if (level, kind) == (socket.IPPROTO_IPV6, _IPV6_PKTINFO):
            return [(level, kind, data)]
    return []
