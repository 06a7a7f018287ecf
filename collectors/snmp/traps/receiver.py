"""Receives traps and informs, and hands on those that are authentic.

In this order, cheapest first: who sent it, has that sender any room left, have all together, size,
shape; then the community or the USM user; only then does pysnmp's codec see the bytes. Nothing
that arrives raises, keeps memory that grows, or is answered unless it is from the register.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from collectors.snmp.ber_shape import check_shape
from collectors.snmp.pdu import Rejected
from collectors.snmp.pysnmp_v3 import WINDOW_S
from collectors.snmp.text import dotted
from collectors.snmp.traps.bucket import Bucket
from collectors.snmp.traps.door import MAX_PACKET, Door, Origin
from collectors.snmp.traps.kinds import kind_of
from collectors.snmp.traps.notification import (
    MOST_BINDINGS,
    V1,
    V2C,
    Notification,
    acknowledged,
    community_of,
    from_community_packet,
)
from collectors.snmp.traps.senders import Sender, Senders, Trusted, plain_address
from collectors.snmp.traps.usm import Heard, LocalEngine, UsmReceiver
from inventory.metrics import Instruments
from inventory.trap import Trap

UNAUTHENTIC = "unauthentic"
"""The kind of what a stranger sent that nobody vouches for."""

_MOST_REMEMBERED = 4096
_TOLD_AGAIN_AFTER_S = 600.0
_REPEAT_WITHIN_S = 2.0 * WINDOW_S
"""A v3 packet can be played again for as long as it is inside the time window."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who takes what was received; none may raise or block.

    taken: a trap of a registered asset. unknown_sender: (address, kind, when in seconds since
    1970), at most once in ten minutes for one address.
    """

    taken: Callable[[Trap], None]
    unknown_sender: Callable[[str, str, float], None]


class Receiver:
    """See the module. `listen` and `admit` may be called again, as after a reload."""

    def __init__(
        self,
        engine: LocalEngine,
        hands: Hands,
        instruments: Instruments,
        now: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hands = hands
        self._instruments = instruments
        self._now = now
        self._monotonic = monotonic
        self._usm = UsmReceiver(engine, monotonic=monotonic)
        self._senders = Senders()
        self._trusted = Trusted(())
        self._buckets: dict[str, Bucket] = {}
        self._sender_limit = 0
        self._strangers = self._all = Bucket(0, monotonic)
        self._seen: OrderedDict[tuple[str, int | bytes], float] = OrderedDict()
        self._told: OrderedDict[str, float] = OrderedDict()

    def open(self, doors: list[Door]) -> None:
        """Take what comes to these doors, which stay the caller's to close."""
        for door in doors:
            door.open(self._received)

    def limit(self, sender_limit: int, total_limit: int) -> None:
        """Messages a minute: of one sender (of all strangers together), and of everybody."""
        self._sender_limit = sender_limit
        self._strangers = Bucket(sender_limit, self._monotonic)
        self._all = Bucket(total_limit, self._monotonic)
        self._buckets.clear()

    def admit(self, senders: Senders, trusted: Trusted) -> None:
        """Who is known from now on, and what they are believed by."""
        self._senders, self._trusted = senders, trusted
        for address in self._buckets.keys() - senders.known.keys():
            del self._buckets[address]

    def _received(self, packet: bytes, origin: Origin, door: Door) -> None:
        """One packet. Never raises."""
        try:
            reply = self._reply(packet, plain_address(str(origin.address[0])))
        except Rejected as rejected:
            self._reject(rejected.reason)
        except Exception:  # noqa: BLE001 - pyasn1 lets out whatever a crooked packet provokes
            self._reject("malformed")
        else:
            if reply is not None:
                door.send(reply, origin)

    def _reply(self, packet: bytes, address: str) -> bytes | None:
        """Take one packet in; what is to be sent back. Raises Rejected."""
        sender = self._senders.known.get(address)
        if not self._bucket(address, sender).take():
            raise Rejected("sender_flood" if sender is not None else "unknown_sender")
        if not self._all.take():
            raise Rejected("flood")
        if sender is None:
            self._stranger(packet, address)
            raise Rejected("unknown_sender")
        version, heard = self._heard(packet, address)
        found = heard.notification
        if found is None:
            if heard.reason:
                self._reject(heard.reason)
        elif not self._is_repeated(packet, address, version, found):
            self._take(sender, address, version, found)
        return heard.reply

    def _bucket(self, address: str, sender: Sender | None) -> Bucket:
        if sender is None:
            return self._strangers
        bucket = self._buckets.get(address)
        if bucket is None:
            bucket = self._buckets[address] = Bucket(self._sender_limit, self._monotonic)
        return bucket

    def _heard(self, packet: bytes, address: str) -> tuple[str, Heard]:
        """(version, what it says) of a packet from anybody. Raises Rejected, and for bytes that
        the library did not expect anything at all."""
        if len(packet) > MAX_PACKET:
            raise Rejected("oversize")
        check_shape(packet, MOST_BINDINGS)
        version, community = community_of(packet)
        if version not in (V1, V2C):
            return "v3", self._usm.hear(packet, self._trusted.users(address))
        known = [hmac.compare_digest(community, one) for one in self._trusted.communities(address)]
        if not any(known):
            raise Rejected("wrong_community")
        found = from_community_packet(packet)
        reply = acknowledged(packet) if found.request_id is not None else None
        return ("v1" if version == V1 else "v2c"), Heard(found, "", reply)

    def _stranger(self, packet: bytes, address: str) -> None:
        """Tell of a sender that is not registered. It gets no answer, whatever it knows."""
        kind = UNAUTHENTIC
        try:
            _, heard = self._heard(packet, address)
        except Rejected as rejected:
            if rejected.reason in ("malformed", "oversize"):
                raise
        else:
            if heard.notification is not None:
                kind = _kind(heard.notification)
        if self._is_new(self._told, address, _TOLD_AGAIN_AFTER_S):
            self._hands.unknown_sender(address, kind, self._now())

    def _is_repeated(self, packet: bytes, address: str, version: str, found: Notification) -> bool:
        """Whether an inform was sent again because our answer was lost, or a v3 trap was played
        again by somebody. A v1 or v2c trap says nothing by which that could be told."""
        key: int | bytes
        if found.request_id is not None:
            key = found.request_id
        elif version == "v3":
            key = hashlib.sha256(packet).digest()
        else:
            return False
        return not self._is_new(self._seen, (address, key), _REPEAT_WITHIN_S)

    def _is_new(self, seen: OrderedDict[Any, float], key: object, within_s: float) -> bool:
        """Note a key; False when it was noted less than within_s ago. Memory is bounded."""
        now_s = self._monotonic()
        if now_s - seen.get(key, -within_s) < within_s:
            return False
        seen[key] = now_s
        seen.move_to_end(key)
        if len(seen) > _MOST_REMEMBERED:
            seen.popitem(last=False)
        return True

    def _take(self, sender: Sender, address: str, version: str, found: Notification) -> None:
        kind = _kind(found)
        self._instruments.snmp_traps.labels(sender.commune, sender.asset, kind).inc()
        self._hands.taken(
            Trap(
                asset=sender.asset,
                at_s=self._now(),
                kind=kind,
                oid=dotted(found.oid),
                version=version,
                sender=address,
                uptime_s=found.uptime_s,
                bindings=found.bindings,
            )
        )

    def _reject(self, reason: str) -> None:
        self._instruments.snmp_traps_rejected.labels(reason).inc()


def _kind(found: Notification) -> str:
    return kind_of(found.oid, found.bindings)
