"""One simulated device: its variables, who may ask, what is wrong with it, and when.

A packet and the time go in, what is to be sent comes out; sockets and clocks are the server's.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.snmp.simulator.ber import BerError
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.faults import NO_FAULTS, Faults
from collectors.snmp.simulator.message import (
    GET_BULK,
    GET_NEXT,
    V1,
    V2C,
    V3,
    Pdu,
    Response,
    decode_message,
    decode_pdu,
    encode_message,
    message_version,
)
from collectors.snmp.simulator.motion import Moment
from collectors.snmp.simulator.scenario import Event, Timeline
from collectors.snmp.simulator.v3 import V3Agent, V3Side, engine_id_of
from config.sections import SnmpV3

MAX_MESSAGE = 1472
"""Bytes of a UDP payload that fits an Ethernet frame; an answer is never longer."""

_OVERHEAD = {V1: 60, V2C: 60, V3: 240}
_BAD_VERSION = 2


@dataclass(slots=True)
class Counts:
    """Packets of one device: requests came, answers went, dropped were left without an answer
    on purpose (fault, wrong community), malformed could not be read."""

    requests: int = 0
    answers: int = 0
    dropped: int = 0
    malformed: int = 0


@dataclass(frozen=True, slots=True)
class Sending:
    """A packet to send: when (seconds from now) and whether from a foreign address."""

    data: bytes
    delay_s: float = 0.0
    from_elsewhere: bool = False


class SimulatedDevice:
    """A device with an address, its communities and v3 users.

    views: community -> what it shows (`public@10` may show another VLAN). users: who may ask by
    v3; the engine behind it is made at the first v3 message. faults hold always, `timeline` adds
    those of its hour. A link of a running device is cut by an event, not through `faults`,
    because only an event knows how long its counters stood still.
    """

    v3_agent: type[V3Side] = V3Agent

    def __init__(
        self,
        name: str,
        device: Device,
        *,
        address: str,
        port: int = 0,
        views: Mapping[str, Device] | None = None,
        users: Sequence[SnmpV3] = (),
        engine_id: bytes | None = None,
        faults: Faults = NO_FAULTS,
        timeline: Timeline | None = None,
    ) -> None:
        self.name = name
        self.device = device
        self.address = address
        self.port = port
        self.faults = faults
        self.timeline = timeline or Timeline()
        self.counts = Counts()
        self.engine_id = engine_id or engine_id_of(name)
        self._views = {key.encode(): view for key, view in (views or {}).items()}
        self._users = tuple(users)
        self._v3: tuple[int, V3Side] | None = None
        self._rng = random.Random(name)  # noqa: S311 - repeatable faults, no secrets
        self._request: tuple[Faults, Moment] = (NO_FAULTS, Moment())
        self._walking = False

    def add(self, event: Event) -> None:
        """Let one more thing happen to this device. Raises ScenarioError."""
        self.timeline = self.timeline.and_then(event)

    def answer(self, packet: bytes, now_s: float) -> list[Sending]:
        """What one packet is answered with, now_s seconds after the simulation began.

        Never raises on a packet: what cannot be read is counted and stays without an answer.
        """
        self.counts.requests += 1
        faults = self.faults.merged(self.timeline.faults(now_s))
        if faults.dead or (faults.drop > 0 and self._rng.random() < faults.drop):
            self.counts.dropped += 1
            return []
        self._request = (faults, self._moment(now_s))
        self._walking = False
        try:
            data = self._message(packet)
        except BerError:
            self.counts.malformed += 1
            return []
        if data is None:
            self.counts.dropped += 1
            return []
        return self._sendings(data, faults)

    def close(self) -> None:
        """Give back what v3 holds."""
        if self._v3 is not None:
            self._v3[1].close()
            self._v3 = None

    def _moment(self, now_s: float) -> Moment:
        moment = self.timeline.moment(now_s)
        if not self.faults.links_down:
            return moment
        lost = dict(moment.link_lost_s) | dict.fromkeys(self.faults.links_down, moment.running_s)
        down = moment.links_down | set(self.faults.links_down)
        return Moment(moment.running_s, moment.reboots, down, lost)

    def _message(self, packet: bytes) -> bytes | None:
        """The answer before the line has spoilt it; None for silence. Raises BerError."""
        version = message_version(packet)
        faults, moment = self._request
        only = {V1: faults.v1_only, V2C: faults.v2c_only, V3: faults.v3_only}
        if any(wanted and version != known for known, wanted in only.items()):
            return None
        if version == V3:
            return self._engine(moment.reboots).answer(packet) if self._users else None
        message = decode_message(packet)
        view = self._views.get(message.community)
        if view is None or (message.version == V1 and message.pdu.kind == GET_BULK):
            return None
        response = self._response(view, message.pdu, version, len(message.community))
        if response is None:
            return None
        if faults.wrong_version > 0 and self._rng.random() < faults.wrong_version:
            version = _BAD_VERSION
        return encode_message(version, message.community, response.encode())

    def _response(
        self, view: Device, pdu: Pdu, version: int, community_bytes: int = 0
    ) -> Response | None:
        faults, moment = self._request
        self._walking = pdu.kind in (GET_NEXT, GET_BULK)
        if faults.no_bulk and pdu.kind == GET_BULK:
            return None
        limit = MAX_MESSAGE - _OVERHEAD[version] - community_bytes
        response = view.respond(
            pdu,
            version=version,
            moment=moment,
            limit=limit,
            defects=faults.defects(self._rng),
        )
        return faults.spoil_response(response, self._rng)

    def _answer_v3(self, pdu: bytes) -> bytes | None:
        response = self._response(self.device, decode_pdu(pdu), V3)
        return response.encode() if response is not None else None

    def _engine(self, reboots: int) -> V3Side:
        """The v3 engine of this boot; a reboot gives a new one with one boot more."""
        if self._v3 is None or self._v3[0] != reboots:
            self.close()
            agent = self.v3_agent(self.engine_id, self._users, self._answer_v3, boots=reboots + 1)
            self._v3 = (reboots, agent)
        return self._v3[1]

    def _sendings(self, data: bytes, faults: Faults) -> list[Sending]:
        data = faults.spoil_bytes(data, self._rng)
        delay_s = faults.delay_s + self._rng.random() * faults.jitter_s
        if self._walking:
            delay_s += faults.slow_walk_s
        elsewhere = faults.other_source > 0 and self._rng.random() < faults.other_source
        sending = Sending(data, delay_s, elsewhere)
        twice = faults.duplicate > 0 and self._rng.random() < faults.duplicate
        self.counts.answers += 1
        return [sending, sending] if twice else [sending]
