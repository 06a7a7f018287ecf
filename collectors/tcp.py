"""TCP: whether a port accepts a connection, and how fast.

Nothing is sent and nothing is read: opening the connection is the whole question. A refusal
(RST) proves that the machine is there and is no outage of it.
"""

from __future__ import annotations

import asyncio
import socket

from collectors.address import LOOKUP_WITHIN_S, resolved, socket_error
from collectors.base import Steps
from inventory.observation import Reading


class TcpCollector:
    """Connects to address:port and hangs up; `timeout_s` bounds the connection, `lookup_s` the
    look-up of a name."""

    def __init__(
        self, address: str, port: int, timeout_s: float, lookup_s: float = LOOKUP_WITHIN_S
    ) -> None:
        self._address = address
        self._port = port
        self._timeout_s = timeout_s
        self._lookup_s = lookup_s

    async def collect(self, steps: Steps) -> Reading:
        """latency_s is the time of the handshake.

        Raises CollectorError: REFUSED connection_refused, UNREACHABLE timeout or no_route,
        ERROR for a name without an address and what this machine could not do.
        """
        with steps.step("resolve") as step:
            family, target = await resolved(self._address, self._port, self._lookup_s)
            step.result = str(target[0])
        tried = f"connect to {self._address} port {self._port}"
        with steps.step(f"connect port {self._port}") as step:
            started = steps.monotonic()
            try:
                with socket.socket(family, socket.SOCK_STREAM) as connection:
                    connection.setblocking(False)
                    async with asyncio.timeout(self._timeout_s):
                        await asyncio.get_running_loop().sock_connect(connection, target)
            except OSError as error:  # TimeoutError is one, too
                raise socket_error(error, tried) from error
            step.result = "accepted"
        return Reading(latency_s=steps.monotonic() - started)

    async def close(self) -> None:
        """Nothing is kept between looks."""
