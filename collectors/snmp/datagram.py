"""A UDP socket for talking with one address and no other.

Packets from elsewhere are counted and dropped, ICMP errors come up as OSError, and every look has
a socket, hence a source port, of its own. Nothing that arrives can raise into the event loop.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from typing import Any

_MAX_PACKET = 65535
_PACKETS_A_TURN = 64
"""Then others get their turn, however fast packets come."""

# IP_RECVERR and IPV6_RECVERR of Linux (ip(7), ipv6(7)), which have no names in Python's socket.
_RECEIVE_ERRORS = {
    socket.AF_INET: (socket.IPPROTO_IP, 11),
    socket.AF_INET6: (socket.IPPROTO_IPV6, 25),
}


class DatagramLink:
    """Packets to and from one peer (`address` as sendto() takes it) on an unconnected socket.

    Not connect()ed, because then the kernel would drop what comes from elsewhere without our
    knowing. The callbacks must not raise: received(packet), failed(error), foreign() for each
    packet from another address or port. Raises OSError where no socket can be had.
    """

    def __init__(
        self,
        family: socket.AddressFamily,
        address: tuple[Any, ...],
        *,
        received: Callable[[bytes], None],
        failed: Callable[[OSError], None],
        foreign: Callable[[], None],
    ) -> None:
        self._address = address
        self._received = received
        self._failed = failed
        self._foreign = foreign
        self._loop = asyncio.get_running_loop()
        self._socket: socket.socket | None = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            if sys.platform == "linux":
                self._socket.setsockopt(*_RECEIVE_ERRORS[family], 1)
            self._socket.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 0))  # noqa: S104
            self._loop.add_reader(self._socket.fileno(), self._readable)
        except BaseException:
            self._socket.close()
            raise

    def send(self, packet: bytes) -> None:
        """Send now. A full buffer is a lost packet. Raises OSError, also for an earlier packet."""
        if self._socket is None:
            raise OSError("the link is closed")
        try:
            self._socket.sendto(packet, self._address)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._drain_errors()
            raise

    def close(self) -> None:
        """Give the socket back at once; safe to call twice."""
        if self._socket is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _readable(self) -> None:
        for _ in range(_PACKETS_A_TURN):
            if self._socket is None:
                return
            try:
                packet, sender = self._socket.recvfrom(_MAX_PACKET)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                self._drain_errors()
                self._failed(error)
                return
            if self._is_peer(sender):
                self._received(packet)
            else:
                self._foreign()

    def _is_peer(self, sender: tuple[Any, ...]) -> bool:
        """Address and port, and with IPv6 the zone, are those that were asked."""
        return sender[:2] == self._address[:2] and sender[3:] == self._address[3:]

    def _drain_errors(self) -> None:
        """Empty the socket's error queue: while it holds anything, the loop would spin."""
        if self._socket is None or sys.platform != "linux":
            return
        try:
            while True:
                self._socket.recvmsg(1, 512, socket.MSG_ERRQUEUE)
        except OSError:
            return
