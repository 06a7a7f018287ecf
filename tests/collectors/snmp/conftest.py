"""Simulated devices, agents that lie on purpose, and collectors that look at them."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry

from collectors.base import CollectorError, Steps
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.session import Columns, Found, NoAnswer
from collectors.snmp.simulator.agent import SimulatedDevice
from collectors.snmp.simulator.ber import encode_integer, encode_oid, encode_value, tlv
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.faults import NO_FAULTS, Faults
from collectors.snmp.simulator.message import (
    RESPONSE,
    decode_message,
    encode_message,
)
from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import read_recording
from config.sections import Asset, Polling, SnmpEndpoint, SnmpV1, SnmpV2c, SnmpV3
from inventory.metrics import Instruments
from tests.collectors.snmp.net_snmp import run_beside, snmpd, snmpwalk, start_snmpd
from tests.collectors.still_time import run_still

__all__ = ["run_beside", "snmpd", "snmpwalk", "start_snmpd"]


@pytest.fixture(params=["hatang", "pysnmp"])
def engine(request):
    """The engine of the credentials that v1, v2c and v3 make: what uses these runs with both."""
    return request.param


@pytest.fixture
def v2c(engine):
    """A credential: v2c(community)."""

    def make(community="public", **more):
        settings = {"version": "v2c", "community": community, "engine": engine, **more}
        return SnmpV2c.model_validate(settings)

    return make


@pytest.fixture
def v1(engine):
    """A credential of SNMPv1: v1(community)."""

    def make(community="public"):
        settings = {"version": "v1", "community": community, "engine": engine}
        return SnmpV1.model_validate(settings)

    return make


@pytest.fixture
def v3(engine):
    """A credential: v3(user, …), authPriv with SHA-256 and AES-128 where nothing else is said."""

    def make(user="monitor", **more):
        keys = {"auth_key": "authpass-1", "priv_key": "privpass-1", "engine": engine}
        return SnmpV3.model_validate({"version": "v3", "user": user, **keys, **more})

    return make


@dataclass
class Looker:
    """A collector with what it was given, and what its looks brought."""

    collector: SnmpCollector
    registry: CollectorRegistry
    strays: list = field(default_factory=list)
    monotonic: Callable[[], float] = time.monotonic

    async def look(self):
        """A Reading, or the CollectorError; whatever else happens is a failure of the test."""
        asyncio.get_running_loop().set_exception_handler(lambda _, found: self.strays.append(found))
        self.steps = Steps(self.monotonic)
        try:
            return await self.collector.collect(self.steps)
        except CollectorError as error:
            return error
        finally:
            assert self.strays == []

    def count(self, name, **labels):
        """The value of one of the daemon's counters, 0 where it never moved."""
        return self.registry.get_sample_value(f"hatang_{name}_total", labels) or 0


@pytest.fixture
def looker():
    """Makes a Looker: looker((address, port), credential, timeout="100ms", …)."""

    def make(where, credential, *, session=None, **times):
        address, port = where
        endpoint = SnmpEndpoint(kind="snmp", credential="c", port=port)
        asset = Asset(
            tag="X-1",
            name="x",
            asset_class="other",
            commune="22849",
            address=address,
            endpoints=(endpoint,),
        )
        registry = CollectorRegistry()
        times = Polling(**{"timeout": "5s", "deadline": "20s", **times})
        instruments = Instruments(registry)
        collector = SnmpCollector(endpoint, asset, credential, times, instruments, session=session)
        return Looker(collector, registry)

    return make


@pytest.fixture(scope="session")
def recording():
    """Reads one of the recordings that are shipped, by name: its rows."""
    return lambda name: read_recording(shipped_folder() / f"{name}.snmprec").rows


@pytest.fixture
def simulated(recording):
    """A simulated device: simulated(name, address, users=(), faults=…); it answers `public`."""

    def make(name="switch_ruijie", address="127.36.0.1", *, faults=NO_FAULTS, **more):
        device = Device(recording(name))
        return SimulatedDevice(
            name, device, address=address, views={"public": device}, faults=faults, **more
        )

    return make


@pytest.fixture
def faults():
    """Makes Faults of the simulator."""
    return Faults


@pytest.fixture
def serve_one():
    """Serves one simulated device and looks at it: (Looker, what the last look brought)."""

    def run(device, looker, credential, *, looks=1, **times):
        async def main():
            async with Simulator([device]) as simulator:
                looking = looker(simulator.addresses[device.name], credential, **times)
                for _ in range(looks):
                    found = await looking.look()
                return looking, found

        return run_still(main())

    return run


class Agent(asyncio.DatagramProtocol):
    """An agent on 127.0.0.1 that answers each packet with what `handler(packet)` gives: packets,
    or (packet, socket to send it from). `requests` keeps what came."""

    def __init__(self, handler):
        self.requests = []
        self._handler = handler

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.requests.append(data)
        for answer in self._handler(data) or ():
            packet, sender = answer if isinstance(answer, tuple) else (answer, self.transport)
            sender.sendto(packet, addr)


@pytest.fixture
def agent():
    """Serves a handler: `async with agent(handler) as (agent, (address, port))`."""

    @contextlib.asynccontextmanager
    async def serve(handler, address="127.0.0.1"):
        transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Agent(handler), local_addr=(address, 0)
        )
        try:
            yield protocol, transport.get_extra_info("sockname")[:2]
        finally:
            transport.close()
            await asyncio.sleep(0)

    return serve


@pytest.fixture
def honest(recording):
    """Answers of a sound agent: honest(packet, **what of Device.respond)."""
    device = Device(recording("switch_ruijie"))

    def answer(packet, **more):
        message = decode_message(packet)
        response = device.respond(message.pdu, version=1, **more)
        return encode_message(1, message.community, response.encode())

    return answer


@pytest.fixture
def reply():
    """Makes a v2c answer to a request packet: reply(request, [(oid, tag, value), …], …).

    value may be bytes of a body that is encoded already, with tag None for the whole binding.
    """

    def make(packet, bindings, *, status=0, index=0, **more):
        request = decode_message(packet)
        body = b"".join(
            value
            if tag is None
            else tlv(0x30, tlv(0x06, encode_oid(oid)) + encode_value(tag, value))
            for oid, tag, value in bindings
        )
        fields = (more.get("request_id", request.pdu.request_id), status, index)
        head = b"".join(tlv(2, encode_integer(n)) for n in fields)
        pdu = tlv(more.get("kind", RESPONSE), head + tlv(0x30, body))
        version, community = more.get("version", 1), more.get("community", request.community)
        return encode_message(version, community, pdu)

    return make


class DictionarySession:
    """The seam's fake: it answers from a dictionary of OID -> value.

    silent: columns at which it falls silent; lost: columns that fail; fail: what `get` raises.
    """

    def __init__(self, values, *, silent=(), fail=None, round_trip_s=0.01):
        self.values = dict(values)
        self.silent = set(silent)
        self.lost = set()
        self.fail = fail
        self.round_trip_s = round_trip_s
        self.asked = []
        self.is_open = False

    def open(self, family, address):
        self.is_open = True

    async def get(self, objects, until_s):
        self.asked.append(tuple(objects))
        if self.fail is not None:
            raise self.fail
        found = {name: self.values[oid] for name, oid in objects.items() if oid in self.values}
        return Found(found, (), self.round_trip_s)

    async def first(self, objects, until_s):
        self.asked.append(tuple(objects))
        found = {}
        for name, branch in objects.items():
            below = [oid for oid in self.values if oid[: len(branch)] == branch and oid != branch]
            if below:
                found[name] = self.values[min(below)]
        return Found(found, (), self.round_trip_s)

    async def columns(self, objects, until_s):
        self.asked.append(tuple(objects))
        if self.silent & set(objects):
            return Columns({}, ("silent",), fell_silent=True)
        rows = {
            name: {
                oid[len(column) :]: value
                for oid, value in sorted(self.values.items())
                if oid[: len(column)] == column
            }
            for name, column in objects.items()
            if name not in self.lost
        }
        return Columns(rows, tuple(f"{name}: genErr" for name in objects if name in self.lost))

    async def close(self):
        self.is_open = False


@pytest.fixture
def dictionary_session(recording):
    """Makes a DictionarySession from the name of a shipped recording, or from values."""

    def make(source, **more):
        if isinstance(source, str):
            source = {row.oid: row.value for row in recording(source)}
        return DictionarySession(source, **more)

    return make


@pytest.fixture
def no_answer():
    """What an engine raises for a device that is silent."""
    from inventory.observation import Outcome

    return NoAnswer(Outcome.UNREACHABLE, "timeout", "no answer")
