"""A receiver on a real socket, and net-snmp's own senders."""

import asyncio
import contextlib
import os
import shutil
import socket
from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry

from collectors.snmp.simulator.ber import encode_integer, encode_oid, encode_value, tlv
from collectors.snmp.simulator.message import encode_message
from collectors.snmp.traps.door import Door
from collectors.snmp.traps.receiver import Hands, Receiver
from collectors.snmp.traps.senders import Sender, Senders, Trusted
from collectors.snmp.traps.usm import LocalEngine
from inventory.metrics import Instruments

WITHIN_S = 60
LINK_DOWN = (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)
ENGINE_ID = bytes.fromhex("800000000548617461")


def _trap(community=b"s3cret", *, kind=0xA7, version=1, request_id=7, more=b"", oid=LINK_DOWN):
    """A v2c notification, made by the simulator's own encoder."""

    def binding(name, tag, value):
        return tlv(0x30, tlv(0x06, encode_oid(name)) + encode_value(tag, value))

    bindings = binding((1, 3, 6, 1, 2, 1, 1, 3, 0), 0x43, 500)
    bindings += binding((1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0), 0x06, oid) + more
    head = b"".join(tlv(2, encode_integer(n)) for n in (request_id, 0, 0))
    return encode_message(version, community, tlv(kind, head + tlv(0x30, bindings)))


@pytest.fixture(scope="session")
def trap():
    """Makes a v2c notification: trap(community, kind=0xA6 for an inform, more=bindings, …)."""
    return _trap


@dataclass
class Listening:
    """A running receiver, and what it handed on."""

    port: int
    registry: CollectorRegistry
    receiver: Receiver
    taken: list = field(default_factory=list)
    strangers: list = field(default_factory=list)
    strays: list = field(default_factory=list)

    def count(self, name, **labels):
        """The value of one of the daemon's counters, 0 where it never moved."""
        return self.registry.get_sample_value(f"hatang_snmp_{name}_total", labels) or 0

    def rejected(self):
        """Reason -> how many."""
        name = "hatang_snmp_traps_rejected_total"
        return {
            sample.labels["reason"]: int(sample.value)
            for family in self.registry.collect()
            for sample in family.samples
            if sample.name == name and sample.value
        }

    async def until(self, condition):
        """Wait until it holds; fails after a minute, naming what was seen."""
        for _ in range(WITHIN_S * 50):
            if condition():
                return
            await asyncio.sleep(0.02)
        pytest.fail(f"did not come; taken {self.taken}, rejected {self.rejected()}")


@pytest.fixture
def listening():
    """async with listening(credentials, senders={address: tag}, …) as a Listening."""

    @contextlib.asynccontextmanager
    async def serve(*credentials, senders=None, host="127.0.0.1", boots=3, limits=(60, 600)):
        registry = CollectorRegistry()
        found = []
        hands = Hands(
            taken=lambda trap: found[0].taken.append(trap),
            unknown_sender=lambda *what: found[0].strangers.append(what),
        )
        loop = asyncio.get_running_loop()
        engine = LocalEngine(ENGINE_ID, boots, loop.time())
        receiver = Receiver(engine, hands, Instruments(registry), lambda: 1000.0, loop.time)
        known = {"127.0.0.1": "SW-1", "::1": "SW-6"} if senders is None else senders
        receiver.limit(*limits)
        receiver.admit(
            Senders({address: Sender(tag, "22849") for address, tag in known.items()}),
            Trusted(credentials),
        )
        door = Door(host, 0)
        found.append(Listening(door.address[1], registry, receiver))
        loop.set_exception_handler(lambda _, stray: found[0].strays.append(stray))
        receiver.open([door])
        try:
            yield found[0]
        finally:
            door.close()
            assert found[0].strays == []

    return serve


@pytest.fixture
def send(tmp_path):
    """await send("snmptrap", port, …): net-snmp's sender with those arguments after the address;
    (exit code, what it said). Options come before the address: options=("-v2c", "-c", "public")."""

    async def run(command, port, *arguments, options, host="127.0.0.1", wait_s="20"):
        if shutil.which(command) is None:
            pytest.skip("needs Debian's package snmp")
        where = f"udp6:[{host}]:{port}" if ":" in host else f"udp:{host}:{port}"
        process = await asyncio.create_subprocess_exec(
            *(command, *options, "-r", "1", "-t", wait_s, where, *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={
                "PATH": os.environ["PATH"],
                "MIBS": "",
                "HOME": str(tmp_path),
                "SNMPCONFPATH": str(tmp_path),
                "SNMP_PERSISTENT_DIR": str(tmp_path / "state"),
            },
        )
        said, _ = await process.communicate()
        return process.returncode, said.decode()

    return run


@pytest.fixture
def say():
    """Sends bytes from an address of the loopback: say(port, packets, source)."""

    def run(port, packets, source="127.0.0.1", host="127.0.0.1"):
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
            client.bind((source, 0))
            for packet in packets:
                client.sendto(packet, (host, port))

    return run


@pytest.fixture
def v3_options():
    """The options of net-snmp for a v3 credential of the tests."""

    def make(user="monitor", auth="SHA-256", priv="AES", level="authPriv", **more):
        options = ["-v3", "-u", user, "-l", level]
        if level != "noAuthNoPriv":
            options += ["-a", auth, "-A", more.get("auth_key", "authpass-1")]
        if level == "authPriv":
            options += ["-x", priv, "-X", more.get("priv_key", "privpass-1")]
        if "engine" in more:
            options += ["-e", more["engine"]]
        return tuple(options)

    return make


class Relay(asyncio.DatagramProtocol):
    """Stands between a sender and a receiver; `recorded` keeps what the sender said."""

    def __init__(self, port):
        self.recorded = []
        self._receiver = ("127.0.0.1", port)

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        if address == self._receiver:
            self.transport.sendto(data, self._sender)
        else:
            self._sender = address
            self.recorded.append(data)
            self.transport.sendto(data, self._receiver)


@pytest.fixture
def relay():
    """async with relay(port of a receiver) as (its own port, what it recorded)."""

    @contextlib.asynccontextmanager
    async def serve(port):
        transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Relay(port), ("127.0.0.1", 0)
        )
        try:
            yield transport.get_extra_info("sockname")[1], protocol.recorded
        finally:
            transport.close()

    return serve
