"""Serves simulated devices: a UDP socket each, on loopback addresses only, in one event loop."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import cast

from collectors.snmp.simulator.agent import Sending, SimulatedDevice
from collectors.snmp.simulator.errors import SimulatorError

Address = tuple[str, int]


def require_loopback(address: str) -> ipaddress.IPv4Address:
    """The address, where it is in 127.0.0.0/8; else SimulatorError.

    Simulated devices answer with well-known passwords and may lie: they belong on no network.
    """
    try:
        parsed = ipaddress.IPv4Address(address)
    except ValueError:
        raise SimulatorError(f"{address!r} is no IPv4 address") from None
    if not parsed.is_loopback:
        raise SimulatorError(f"{address} is refused: the simulator listens on 127.0.0.0/8 only")
    return parsed


class Simulator:
    """Many devices, each on its own address; use it as an async context manager.

    clock: seconds on any steady clock; the simulation begins at `start`.
    """

    def __init__(
        self,
        devices: Iterable[SimulatedDevice],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.devices = {device.name: device for device in devices}
        self.addresses: dict[str, Address] = {}
        self._clock = clock
        self._began_s = 0.0
        self._elsewhere: asyncio.DatagramTransport | None = None
        self._sockets: list[asyncio.DatagramTransport] = []
        self._waiting: set[asyncio.TimerHandle] = set()

    def __getitem__(self, name: str) -> SimulatedDevice:
        return self.devices[name]

    async def __aenter__(self) -> Simulator:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def now_s(self) -> float:
        """Seconds since the simulation began."""
        return self._clock() - self._began_s

    async def start(self) -> None:
        """Listen on all addresses, or on none: raises SimulatorError, naming the one that failed.

        Fills `addresses`: name -> (address, port), with the real port where 0 was asked for.
        """
        self._began_s = self._clock()
        for device in self.devices.values():
            require_loopback(device.address)
        try:
            self._elsewhere, _ = await self._bind(("127.0.0.1", 0), None)
            for device in self.devices.values():
                address = (device.address, device.port)
                transport, bound = await self._bind(address, device)
                self._sockets.append(transport)
                self.addresses[device.name] = bound
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close every socket and forget what was still to be sent; safe to call twice."""
        for handle in self._waiting:
            handle.cancel()
        self._waiting.clear()
        for transport in (*self._sockets, *filter(None, (self._elsewhere,))):
            transport.close()
        self._sockets.clear()
        self._elsewhere = None
        self.addresses.clear()
        for device in self.devices.values():
            device.close()
        await asyncio.sleep(0)

    async def _bind(
        self, address: Address, device: SimulatedDevice | None
    ) -> tuple[asyncio.DatagramTransport, Address]:
        loop = asyncio.get_running_loop()
        try:
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Socket(self, device), local_addr=address
            )
        except OSError as error:
            where = f"{address[0]}:{address[1]}"
            raise SimulatorError(f"cannot listen on {where}: {error.strerror or error}") from error
        return transport, cast(Address, transport.get_extra_info("sockname")[:2])

    def _received(
        self,
        transport: asyncio.DatagramTransport,
        device: SimulatedDevice,
        packet: bytes,
        peer: Address,
    ) -> None:
        for sending in device.answer(packet, self.now_s):
            out = self._elsewhere if sending.from_elsewhere else transport
            if out is None:
                continue
            if sending.delay_s > 0:
                self._send_later(out, sending, peer)
            else:
                out.sendto(sending.data, peer)

    def _send_later(
        self, transport: asyncio.DatagramTransport, sending: Sending, peer: Address
    ) -> None:
        def send() -> None:
            self._waiting.discard(handle)
            if not transport.is_closing():
                transport.sendto(sending.data, peer)

        handle = asyncio.get_running_loop().call_later(sending.delay_s, send)
        self._waiting.add(handle)


class _Socket(asyncio.DatagramProtocol):
    """One device's socket; the one without a device only sends."""

    def __init__(self, simulator: Simulator, device: SimulatedDevice | None) -> None:
        self._simulator = simulator
        self._device = device
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if self._device is not None and self._transport is not None:
            self._simulator._received(self._transport, self._device, data, cast(Address, addr))
