"""Switches that answer SNMPv3 as fast as they answer v2c, for measurements of those who ask.

pysnmp, which answers for the simulator, takes longer over one answer than a client over ten, so
that a client would be measured waiting. Digests and ciphers are those of Hatang's own engine,
which a real snmpd's are tested against.

    python -m bench.usm_agent COUNT PORTS ADDRESS PORT
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Sequence

from bench.standard_poll import credential, recording
from collectors.snmp.engine.ber import OCTET_STRING, enter, integer, oid_body, read_octets, tlv
from collectors.snmp.engine.keys import cipher, signature
from collectors.snmp.engine.usm import Engine, Message, message, taken_apart
from collectors.snmp.pdu import Rejected
from collectors.snmp.simulator.agent import SimulatedDevice
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.replay import loopback_addresses
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import parse_recording
from collectors.snmp.simulator.v3 import AnswerPdu
from config.sections import SnmpV3

_AUTH, _PRIV = 1, 2
_REPORT = 0xA8
_UNKNOWN_ENGINES = (1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0)


class _Every:
    """All numbers are asked for by whoever asks an agent."""

    def __contains__(self, number: object) -> bool:
        return True


class UsmAgent:
    """See collectors.snmp.simulator.v3.V3Side; one user, no time window."""

    def __init__(
        self, engine_id: bytes, users: Sequence[SnmpV3], answer_pdu: AnswerPdu, *, boots: int = 1
    ) -> None:
        user = users[0]
        assert user.auth_key is not None
        assert user.priv_key is not None
        self._user = user.user.encode()
        self._answer_pdu = answer_pdu
        self._engine = Engine(engine_id, boots, 0, time.monotonic())
        self._engine.signature = signature(user.auth, user.auth_key.reveal(), engine_id)
        self._engine.cipher = cipher(user.auth, user.priv, user.priv_key.reveal(), engine_id)
        self._context = tlv(OCTET_STRING, engine_id) + tlv(OCTET_STRING, b"")

    def answer(self, packet: bytes) -> bytes | None:
        """The answer to one message; None where there is none."""
        try:
            asked = taken_apart(packet, _Every())
            if asked.engine_id != self._engine.id:
                return self._sent(asked, 0, _report(asked))
            if asked.user != self._user or not self._is_signed(packet, asked):
                return None
            sealed = packet[asked.at : asked.end]
            assert self._engine.cipher is not None
            data = self._engine.cipher.opened(sealed, asked.boots, asked.time_s, asked.salt)
            at, end = enter(0x30, data, 0, len(data))
            for _ in range(2):
                _, at = read_octets(data, at, end)
        except Rejected:
            return None
        pdu = self._answer_pdu(data[at:end])
        return None if pdu is None else self._sent(asked, _AUTH | _PRIV, pdu)

    def close(self) -> None:
        """Nothing is held."""

    def _is_signed(self, packet: bytes, asked: Message) -> bool:
        signs, at = self._engine.signature, asked.digest_at
        assert signs is not None
        blank = packet[:at] + bytes(signs.size) + packet[at + signs.size :]
        return bool(asked.flags & _AUTH) and signs.digest(blank) == asked.digest

    def _sent(self, asked: Message, flags: int, pdu: bytes) -> bytes:
        time_s = self._engine.now_s(time.monotonic())
        return message(asked.number, flags, self._engine, time_s, asked.user, self._context + pdu)


def _report(asked: Message) -> bytes:
    """That the engine id is another one (RFC 3414 §4)."""
    counter = tlv(0x30, tlv(6, oid_body(_UNKNOWN_ENGINES)) + b"\x41\x01\x01")
    return tlv(_REPORT, integer(asked.number) + integer(0) + integer(0) + tlv(0x30, counter))


class _Switch(SimulatedDevice):
    v3_agent = UsmAgent


async def serve(count: int, ports: int, address: str, port: int) -> None:
    """Answer until SIGTERM."""
    user = credential("v3")
    assert isinstance(user, SnmpV3)
    devices = []
    for number, where in enumerate(loopback_addresses(address, count)):
        name = f"sw-{number:05}"
        rows = parse_recording(recording(number, ports).encode(), name=name, source=name).rows
        devices.append(_Switch(name, Device(rows), address=where, port=port, users=[user]))
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with Simulator(devices):
        print(f"{count} switches answer", flush=True)
        await stopping.wait()


if __name__ == "__main__":
    numbers = sys.argv[1:]
    asyncio.run(serve(int(numbers[0]), int(numbers[1]), numbers[2], int(numbers[3])))
