"""A UDP socket that takes packets from anybody, at a bounded cost whatever comes.

After a full turn it rests, so that a flood fills the kernel's buffer and is dropped there, and
the looks of the same event loop go on. Nothing that arrives can raise into the loop.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

MAX_PACKET = 8192
"""Bytes of a packet that are taken; a longer one is told as it came, cut one byte above this."""
_PACKETS_A_TURN = 64
_REST_S = 0.02
"""With the turn before it: at most 3,200 packets a second."""


class Door:
    """Bound at once (raises OSError); `open` begins to hand packets to `received(packet, address,
    door)`, which must not raise."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        found = socket.getaddrinfo(host, port, family, socket.SOCK_DGRAM)
        self._socket: socket.socket | None = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            if family == socket.AF_INET6:
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            self._socket.bind(found[0][4])
        except BaseException:
            self._socket.close()
            raise
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        """Where it listens, with the real port where 0 was asked for."""
        self._received: Callable[[bytes, tuple[Any, ...], Door], None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rest: asyncio.TimerHandle | None = None

    def open(self, received: Callable[[bytes, tuple[Any, ...], Door], None]) -> None:
        """Take packets on the running event loop."""
        self._received = received
        self._loop = asyncio.get_running_loop()
        self._listen()

    def send(self, packet: bytes, address: tuple[Any, ...]) -> None:
        """Send now; what cannot be sent is lost, as datagrams are."""
        if self._socket is not None:
            try:
                self._socket.sendto(packet, address)
            except OSError:
                return

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
                packet, address = self._socket.recvfrom(MAX_PACKET + 1)
            except OSError:
                return
            self._received(packet, address, self)
        if self._socket is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._rest = self._loop.call_later(_REST_S, self._listen)
