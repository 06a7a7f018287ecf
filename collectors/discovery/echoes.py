"""Echo requests (RFC 792, RFC 4443) to many addresses over one socket: which of them answer.

An answer counts only with the random token of its request and from the address that was asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Iterable
from types import TracebackType

from collectors.discovery.pace import Pace
from collectors.ping import TOKEN_BYTES, echo_request, open_socket, reply_token

_MAX_PACKET = 2048
_MOST_AT_ONCE = 4096
"""Packets that are taken from the socket before others get their turn."""


class Echoes:
    """A socket of one address family; use it as a context manager inside an event loop.

    Raises CollectorError (ERROR, no_permission) where the kernel does not allow pings.
    """

    def __init__(self, family: socket.AddressFamily, pace: Pace) -> None:
        self._family = family
        self._pace = pace
        self._socket, is_raw = open_socket(family)
        self._has_ip_header = is_raw and family == socket.AF_INET
        self._identifier = secrets.randbits(16)
        self._asked: dict[bytes, tuple[str, asyncio.Future[None]]] = {}

    def __enter__(self) -> Echoes:
        asyncio.get_running_loop().add_reader(self._socket, self._receive)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    async def answering(self, addresses: Iterable[str], timeout_s: float) -> set[str]:
        """Which of the addresses answer one request within timeout_s of it, or a second one."""
        asked = list(addresses)
        first = await self._round(asked, timeout_s)
        return first | await self._round([a for a in asked if a not in first], timeout_s)

    async def _round(self, addresses: list[str], timeout_s: float) -> set[str]:
        sent: dict[str, tuple[bytes, asyncio.Future[None]]] = {}
        loop = asyncio.get_running_loop()
        try:
            for number, address in enumerate(addresses):
                await self._pace.turn()
                token, heard = secrets.token_bytes(TOKEN_BYTES), loop.create_future()
                self._asked[token] = (address, heard)
                sent[address] = (token, heard)
                self._send(address, number, token)
            open_ = [heard for _, heard in sent.values() if not heard.done()]
            if open_:
                await asyncio.wait(open_, timeout=timeout_s)
            return {address for address, (_, heard) in sent.items() if heard.done()}
        finally:
            for token, _ in sent.values():
                self._asked.pop(token, None)

    def _send(self, address: str, number: int, token: bytes) -> None:
        packet = echo_request(self._family, self._identifier, number & 0xFFFF, token)
        with contextlib.suppress(OSError):  # no route, or no room: it is asked a second time
            self._socket.sendto(packet, (address, 0))

    def _receive(self) -> None:
        """Take what has arrived; what is not ours is passed over."""
        for _ in range(_MOST_AT_ONCE):
            try:
                packet, peer = self._socket.recvfrom(_MAX_PACKET)
            except OSError:  # nothing more, or an ICMP error of some other address
                return
            token = reply_token(self._family, packet, self._has_ip_header)
            asked = self._asked.get(token)
            if asked is not None and asked[0] == peer[0] and not asked[1].done():
                asked[1].set_result(None)
