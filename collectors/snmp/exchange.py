"""Requests and answers over UDP: one connected socket, retries, and no trust in what comes in.

A connected socket gets nothing from another address or port, and has a port of its own that the
kernel chose. Whether a message is the answer is for the caller to say.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from typing import TypeVar

from collectors.address import resolved, socket_error
from collectors.base import CollectorError
from collectors.snmp.session import NoAnswer, PortClosed
from inventory.metrics import Instruments
from inventory.observation import Outcome

T = TypeVar("T")

MAX_MESSAGE = 65_535
ATTEMPTS = 2
"""How often one request is sent before the look gives up; the runner repeats whole looks."""


class Exchange:
    """The socket of one conversation. networks: where the credential may be offered."""

    def __init__(
        self,
        address: str,
        port: int,
        networks: tuple[str, ...],
        timeout_s: float,
        instruments: Instruments,
    ) -> None:
        self._address = address
        self._port = port
        self._networks = [ipaddress.ip_network(network) for network in networks]
        self._timeout_s = timeout_s
        self._instruments = instruments
        self._socket: socket.socket | None = None
        self.latency_s: float | None = None

    async def ask(self, message: Callable[[], bytes], answer: Callable[[bytes], T | None]) -> T:
        """Send `message()` until `answer` makes something of what comes back.

        answer gives None for what is not the answer; that is counted and thrown away. Raises
        NoAnswer, PortClosed, or whatever `answer` raises; CollectorError when nothing could be
        sent.
        """
        opened = await self._open()
        loop = asyncio.get_running_loop()
        for attempt in range(ATTEMPTS):
            if attempt:
                self._instruments.snmp_retries.inc()
            started = loop.time()
            try:
                async with asyncio.timeout(self._timeout_s):
                    await loop.sock_sendall(opened, message())
                    while True:
                        data = await loop.sock_recv(opened, MAX_MESSAGE)
                        found = self._read(data, answer)
                        if found is not None:
                            if not attempt:
                                self.latency_s = loop.time() - started
                            return found
            except TimeoutError:
                continue
            except ConnectionRefusedError as error:
                raise PortClosed(f"nobody listens on UDP port {self._port}") from error
            except OSError as error:
                raise socket_error(error, f"ask {self._address}") from error
        raise NoAnswer(f"no answer after {ATTEMPTS} requests, {self._timeout_s:g} s each")

    def close(self) -> None:
        """Give the socket back; safe to call twice."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def reject(self, reason: str) -> None:
        """Count a message that was thrown away."""
        self._instruments.snmp_rejected.labels(reason).inc()

    def _read(self, data: bytes, answer: Callable[[bytes], T | None]) -> T | None:
        try:
            return answer(data)
        except Malformed:
            self.reject("malformed")
            return None

    async def _open(self) -> socket.socket:
        if self._socket is None:
            family, target = await resolved(self._address, self._port)
            self._refuse_outside(str(target[0]).partition("%")[0])
            opened = socket.socket(family, socket.SOCK_DGRAM)
            opened.setblocking(False)
            try:
                opened.connect(target)
            except OSError as error:
                opened.close()
                raise socket_error(error, f"ask {self._address}") from error
            self._socket = opened
        return self._socket

    def _refuse_outside(self, address: str) -> None:
        """A name may resolve to anywhere; the credential goes only where it may be offered."""
        ip = ipaddress.ip_address(address)
        if not any(ip in network for network in self._networks):
            raise CollectorError(
                Outcome.ERROR,
                "outside_networks",
                f"{self._address} is at {address}, where this credential may not be offered; "
                "see its `networks`",
                permanent=True,
            )


class Malformed(Exception):
    """A message that cannot be read; whoever sent it, it is no answer."""
