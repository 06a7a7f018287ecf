"""ICMP echo (RFC 792, RFC 4443): whether a machine answers, how fast, how much is lost.

Works without root where the kernel lets a process's group open ping sockets
(net.ipv4.ping_group_range), else with CAP_NET_RAW. A ping socket's kernel rewrites the
identifier, so an answer is recognised by its payload alone: random bytes, new for each request.
One non-blocking socket a look, connected to the target; no threads.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import statistics
import struct
from collections.abc import Callable

from collectors.address import LOOKUP_WITHIN_S, resolved, socket_error
from collectors.base import CollectorError, Steps
from inventory.observation import Outcome, Reading

TOKEN_BYTES = 16
PAYLOAD_BYTES = 56
SPACING_S = 0.2
"""Between the requests of one look, so that a short burst of loss does not take them all."""

_REQUEST = {socket.AF_INET: 8, socket.AF_INET6: 128}
_REPLY = {socket.AF_INET: 0, socket.AF_INET6: 129}
_MAX_PACKET = 2048
_MOST_AT_ONCE = 64


class PingCollector:
    """Sends `count` echo requests a look and waits `timeout_s` after the last one; `lookup_s`
    bounds the look-up of a name."""

    def __init__(
        self, address: str, count: int, timeout_s: float, lookup_s: float = LOOKUP_WITHIN_S
    ) -> None:
        self._address = address
        self._count = count
        self._timeout_s = timeout_s
        self._lookup_s = lookup_s

    async def collect(self, steps: Steps) -> Reading:
        """latency_s is the median round trip; loss_ratio is 0 to 1.

        Raises CollectorError: UNREACHABLE timeout when nothing came back, ERROR no_permission
        when the kernel allows neither kind of socket.
        """
        with steps.step("resolve") as step:
            target = await resolved(self._address, 0, self._lookup_s)
            step.result = str(target[1][0])
        tried = f"ping {self._address}"
        with steps.step(f"send {self._count} echo requests") as step:
            opened, is_raw = open_socket(target[0])
            with opened:
                echo = _Echo(opened, target[0], is_raw, steps.monotonic)
                try:
                    opened.connect(target[1])
                    times_s = await echo.run(self._count, self._timeout_s)
                except OSError as error:
                    raise socket_error(error, tried) from error
            step.result = f"{len(times_s)} answered"
        loss_ratio = 1 - len(times_s) / self._count
        if not times_s:
            raise CollectorError(
                Outcome.UNREACHABLE,
                "timeout",
                f"{tried}: none of {self._count} requests was answered",
                reading=Reading(loss_ratio=1.0),
            )
        return Reading(latency_s=statistics.median(times_s), loss_ratio=loss_ratio)

    async def close(self) -> None:
        """Nothing is kept between looks."""


class _Echo:
    """The requests of one look on one socket."""

    def __init__(
        self,
        opened: socket.socket,
        family: socket.AddressFamily,
        is_raw: bool,
        monotonic: Callable[[], float],
    ) -> None:
        self._socket = opened
        self._family = family
        self._has_ip_header = is_raw and family == socket.AF_INET
        self._monotonic = monotonic
        self._identifier = secrets.randbits(16)
        self._sent_at: dict[bytes, float] = {}
        self._times_s: list[float] = []
        self._failure: OSError | None = None
        self._answered = asyncio.Event()

    async def run(self, count: int, timeout_s: float) -> list[float]:
        """Round trips in seconds of what came back. Raises OSError when sending or receiving
        failed and nothing at all came back."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._socket, self._receive)
        try:
            for number in range(count):
                if number:
                    await asyncio.sleep(min(SPACING_S, timeout_s))
                self._send(number)
            try:
                async with asyncio.timeout(timeout_s):
                    while self._sent_at:
                        await self._answered.wait()
                        self._answered.clear()
            except TimeoutError:
                pass  # what has not come by now is lost
        finally:
            loop.remove_reader(self._socket)
        if self._failure is not None and not self._times_s:
            raise self._failure
        return self._times_s

    def _send(self, number: int) -> None:
        token = secrets.token_bytes(TOKEN_BYTES)
        packet = echo_request(self._family, self._identifier, number, token)
        self._sent_at[token] = self._monotonic()
        try:
            self._socket.send(packet)
        except BlockingIOError:  # the send buffer is full: this request is lost like any other
            del self._sent_at[token]
        except OSError as error:
            del self._sent_at[token]
            self._failure = error

    def _receive(self) -> None:
        """Take what has arrived, a bounded part at a time: who floods us must not have the loop
        for itself. What is not ours is passed over."""
        for _ in range(_MOST_AT_ONCE):
            try:
                packet = self._socket.recv(_MAX_PACKET)
            except BlockingIOError:
                return
            except OSError as error:  # an ICMP error came back, such as host unreachable
                self._failure = error
                return
            token = reply_token(self._family, packet, self._has_ip_header)
            sent_at = self._sent_at.pop(token, None)
            if sent_at is not None:
                self._times_s.append(self._monotonic() - sent_at)
                self._answered.set()


def open_socket(family: socket.AddressFamily) -> tuple[socket.socket, bool]:
    """A non-blocking ICMP socket, and whether it is a raw one.

    The caller connects it, so that it gets only what comes from its target. Raises CollectorError
    (ERROR, no_permission, permanent) when the kernel allows neither kind.
    """
    protocol = socket.IPPROTO_ICMP if family == socket.AF_INET else socket.IPPROTO_ICMPV6
    try:
        try:
            opened, is_raw = socket.socket(family, socket.SOCK_DGRAM, protocol), False
        except PermissionError:
            opened, is_raw = socket.socket(family, socket.SOCK_RAW, protocol), True
    except PermissionError as error:
        raise _not_allowed() from error
    except OSError as error:
        raise socket_error(error, "open an ICMP socket") from error
    opened.setblocking(False)
    return opened, is_raw


def echo_request(
    family: socket.AddressFamily, identifier: int, sequence: int, token: bytes
) -> bytes:
    """An echo request with `token` at the head of its payload.

    The kernel fills in the checksum of ICMPv6 (RFC 3542 §3.1) and of ping sockets.
    """
    payload = token.ljust(PAYLOAD_BYTES, b"\0")
    header = struct.pack("!BBHHH", _REQUEST[family], 0, 0, identifier, sequence)
    checksum = internet_checksum(header + payload) if family == socket.AF_INET else 0
    return struct.pack("!BBHHH", _REQUEST[family], 0, checksum, identifier, sequence) + payload


def reply_token(family: socket.AddressFamily, packet: bytes, has_ip_header: bool) -> bytes:
    """The token of an echo reply; b'' for anything else (requests, errors, other lengths).

    A raw IPv4 socket delivers the IP header first (raw(7)), all others begin with ICMP.
    """
    start = (packet[0] & 0x0F) * 4 if has_ip_header and packet else 0
    message = packet[start:]
    if len(message) != 8 + PAYLOAD_BYTES or message[0] != _REPLY[family]:
        return b""
    return message[8 : 8 + TOKEN_BYTES]


def internet_checksum(data: bytes) -> int:
    """The one's complement sum of RFC 1071.

    >>> hex(internet_checksum(bytes.fromhex("0001f203f4f5f6f7")))
    '0x220d'
    """
    padded = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _not_allowed() -> CollectorError:
    group = os.getegid()
    return CollectorError(
        Outcome.ERROR,
        "no_permission",
        "ping is not allowed: run `sysctl -w net.ipv4.ping_group_range='"
        f"{group} {group}'` for this process's group, or give it CAP_NET_RAW",
        permanent=True,
    )
