"""What a recording gives away, gathered from the places where it stands, so that it is found
wherever else it stands, too."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from collectors.snmp.recording.rules import (
    IPV4_INDEXES,
    MAC_INDEXES,
    MACS,
    NAMES,
    SECRETS,
    SERIALS,
    TYPED_INDEXES,
    Columns,
)
from collectors.snmp.session import Oid
from collectors.snmp.simulator.ber import IP_ADDRESS
from collectors.snmp.simulator.snmprec import Row
from inventory.identity import is_junk
from inventory.observation import Claim, ClaimKind

SHORTEST = 4
"""Octets; a shorter name is replaced where it stands and not looked for: half of all words have
it."""

_DEFAULT_NAMES = frozenset(
    b"camera default device firewall gateway hatang hostname localhost localdomain none null "
    b"office printer private public router server snmp switch system unknown".split()
)
_LEAST_OCTETS = 4
"""Different ones that six octets have which are a MAC and no flags."""


@dataclass(slots=True)
class Known:
    """texts: as it was written -> the rule that it falls under. macs: six octets each; addresses:
    public ones of IPv4 and IPv6. usual: small letters, texts that are the product's own."""

    texts: dict[bytes, str] = field(default_factory=dict)
    macs: set[bytes] = field(default_factory=set)
    addresses: set[bytes] = field(default_factory=set)
    usual: bytes = b""


def gathered(
    rows: Iterable[Row], serials: Columns, given: Mapping[str, str], ordinary: Iterable[str]
) -> Known:
    """Everything that the rows give away.

    given: text -> rule, of what is known from elsewhere (the community, the identified serial).
    ordinary: texts that are of the product (its model): a name that is in one is nobody's.
    """
    known = Known(usual="\n".join(ordinary).encode().lower())
    for word, rule in given.items():
        octets = word.encode()
        if len(octets) >= SHORTEST and octets.lower() not in _DEFAULT_NAMES:
            known.texts[octets] = rule
    for row in rows:
        _gather_index(row.oid, known)
        if isinstance(row.value, bytes):
            _gather_value(row, row.value, serials, known)
    return known


def is_usual(known: Known, name: bytes) -> bool:
    """Whether a name is nobody's: the product's own, or what makers write for a start."""
    small = name.strip().lower()
    return small in _DEFAULT_NAMES or (len(small) >= SHORTEST and small in known.usual)


def is_public(address: bytes) -> bool:
    """Whether an address of 4 or 16 octets tells where in the world it is. A link-local one of
    IPv6 tells the MAC."""
    ip = ipaddress.ip_address(address)
    if ip.version == 6 and ip.is_link_local:
        return True
    return ip.is_global and not ip.is_multicast


def is_mac(octets: bytes) -> bool:
    """Whether six octets are the MAC of one thing: not empty, not a group's."""
    return len(octets) == 6 and any(octets) and not octets[0] & 1


def mac_in(known: Known | None, oid: Oid, value: bytes) -> bytes | None:
    """The MAC that a value is or ends in: by its object, by its looks, or since it is known."""
    looks_so = not _is_printable(value) and len(set(value)) >= _LEAST_OCTETS
    is_known = known is not None and value in known.macs
    if not (MACS.name_of(oid) and len(value) in (6, 8)) and not (
        len(value) == 6 and (looks_so or is_known)
    ):
        return None
    return value[-6:] if is_mac(value[-6:]) else None


def index_places(oid: Oid) -> Iterable[tuple[int, int]]:
    """(where, how many numbers) of the MACs and addresses that an index surely has."""
    for table, skipped in MAC_INDEXES.items():
        if oid[: len(table)] == table:
            yield len(table) + skipped, 6
    for table, skipped in IPV4_INDEXES.items():
        if oid[: len(table)] == table:
            yield len(table) + skipped, 4
    for tree in TYPED_INDEXES:
        if oid[: len(tree)] == tree:
            for at in range(len(tree) + 1, len(oid) - 5):
                if oid[at : at + 2] == (1, 4):
                    yield at + 2, 4
                elif oid[at : at + 2] == (2, 16):
                    yield at + 2, 16


def octets_at(oid: Oid, at: int, count: int) -> bytes | None:
    """The octets that these numbers of an OID are; None where they are none."""
    part = oid[at : at + count]
    return bytes(part) if len(part) == count and max(part) < 256 else None


def _gather_index(oid: Oid, known: Known) -> None:
    for at, count in index_places(oid):
        octets = octets_at(oid, at, count)
        if octets is None:
            continue
        if count == 6 and is_mac(octets):
            known.macs.add(octets)
        elif count != 6 and is_public(octets):
            known.addresses.add(octets)


def _gather_value(row: Row, value: bytes, serials: Columns, known: Known) -> None:
    if row.tag == IP_ADDRESS:
        if len(value) == 4 and is_public(value):
            known.addresses.add(value)
        return
    if mac := mac_in(None, row.oid, value):
        known.macs.add(mac)
        return
    if SECRETS.name_of(row.oid):
        _add(known, "secret", value)
    elif SERIALS.name_of(row.oid) or serials.name_of(row.oid):
        if any(0x30 <= octet <= 0x39 for octet in value) and not is_no_serial(value):
            _add(known, "serial number", value)
    elif NAMES.name_of(row.oid) and not is_usual(known, value):
        _add(known, "name", value)
        host, dot, domain = value.strip().partition(b".")
        if dot and b" " not in value:
            _add(known, "name", host)
            _add(known, "name", domain)


def is_no_serial(value: bytes) -> bool:
    """Whether it is what makers write for none."""
    return is_junk(Claim(ClaimKind.SERIAL, value.decode("utf-8", "replace")))


def _add(known: Known, rule: str, value: bytes) -> None:
    """Take a text to look for everywhere, unless it is too short or too common for that."""
    word = value.strip(b" \0\r\n\t")
    if len(word) >= SHORTEST and not (rule == "name" and (word.isdigit() or is_usual(known, word))):
        known.texts.setdefault(word, rule)


def _is_printable(value: bytes) -> bool:
    return all(0x20 <= octet < 0x7F for octet in value)
