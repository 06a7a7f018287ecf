"""A recording without what is nobody's business, as useful as it was.

Names, serial numbers, MACs, public addresses, communities and keys give way to stand-ins of the
same shape, everywhere alike: in values, within texts, and in the numbers of OIDs. What cannot be
told from a rule stays, so a person should look through a recording before it leaves the house.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from collectors.snmp.recording.known import (
    Known,
    index_places,
    is_mac,
    is_no_serial,
    is_public,
    is_usual,
    mac_in,
    octets_at,
)
from collectors.snmp.recording.rules import (
    LEFT_OUT,
    NAMES,
    REMARKS,
    SECRETS,
    SERIALS,
    Columns,
)
from collectors.snmp.recording.shapes import Shapes
from collectors.snmp.session import Oid
from collectors.snmp.simulator.ber import IP_ADDRESS, OCTET_STRING
from collectors.snmp.simulator.snmprec import Row, format_oid

_EXAMPLES = 3
_LONG = 8
"""Octets; so long a name is no part of another word by chance."""
_DEEP = 4
"""Numbers below a table that an object with an index has at least; a column has three."""
_FIXED = 8
"""The first numbers of an OID are of the MIB and no index."""

_MAC_TEXT = re.compile(
    rb"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}"
    rb"|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2})(?![0-9A-Za-z])"
)
_QUAD = re.compile(rb"(?<![0-9.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9.]*[0-9])")
_VERSION_BEFORE = re.compile(
    rb"(?:v|ver|version|rev|revision|release|fw|firmware|rom|os)[ .:=]*$", re.I
)
_MAIL = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CREDENTIAL = re.compile(
    rb"(?i)((?:(?:password|passwd|passphrase|pwd|psk|secret|community|auth-?key|priv-?key|api-?key|"
    rb"token) ?[:=] ?|snmp(?:-server)? community |(?:password|secret|key) \d )"
    rb"[\"']?)([^\s\"',;]{3,})"
)


@dataclass(slots=True)
class Redaction:
    """How often a rule was applied, and where first: OID and stand-in, never the secret."""

    count: int = 0
    examples: list[str] = field(default_factory=list)


class Redactor:
    """Frees rows of what is `known`, and of what looks like it. `done`: rule -> Redaction."""

    def __init__(
        self,
        known: Known,
        serials: Columns,
        versions: Iterable[str],
        shapes: Shapes,
        asked: Iterable[Oid] = (),
    ) -> None:
        """versions: texts with dots between their numbers that are no addresses. asked: objects
        that the device's profile asks for, by which a command's output may be wanted."""
        self.done: dict[str, Redaction] = {}
        self._asked = frozenset(asked)
        self._known = known
        self._serials = serials
        self._versions = [version.encode() for version in versions]
        self._shapes = shapes
        self._rules = {word.lower(): rule for word, rule in known.texts.items()}
        self._texts = _any_of(known.texts) if known.texts else None
        self._macs = _octets_of(known.macs) if known.macs else None
        self._hex_macs = _hex_of(known.macs) if known.macs else None
        self._makers = {mac[:3] for mac in known.macs}
        self._indexed = sorted(self._rules, key=len, reverse=True)

    def redacted(self, rows: Iterable[Row]) -> list[Row]:
        """The rows without it, in OID order."""
        found: dict[Oid, Row] = {}
        for row in rows:
            if (name := LEFT_OUT.name_of(row.oid)) and not self._is_wanted(row.oid):
                self._note(f"left out: {name}", row.oid, "")
                continue
            oid = self._oid(row.oid)
            value = row.value
            if isinstance(value, tuple):
                value = self._oid(value)
            elif isinstance(value, bytes):
                value = self._octets(row, value)
            found[oid] = Row(oid, row.tag, value)
        return [found[oid] for oid in sorted(found)]

    def _is_wanted(self, oid: Oid) -> bool:
        """Of tables that are left out a profile may name single rows, but not whole columns."""
        at = LEFT_OUT.length_of(oid) + _DEEP
        return any(oid[:length] in self._asked for length in range(at, len(oid) + 1))

    def _octets(self, row: Row, value: bytes) -> bytes:
        oid = row.oid
        if row.tag == IP_ADDRESS:
            return self._address(oid, value) if len(value) == 4 else value
        if mac := mac_in(self._known, oid, value):
            return value[:-6] + self._mac(oid, mac)
        if SECRETS.name_of(oid):
            return self._whole("secret", oid, value)
        if (NAMES.name_of(oid) or REMARKS.name_of(oid)) and not is_usual(self._known, value):
            return self._whole("name", oid, value)
        is_serial = SERIALS.name_of(oid) or self._serials.name_of(oid)
        if is_serial and not is_no_serial(value) and not self._is_known_mac(value):
            return self._whole("serial number", oid, value)
        if len(value) == 16 and value in self._known.addresses:
            return self._address(oid, value)
        return self._within(row, value)

    def _is_known_mac(self, value: bytes) -> bool:
        return self._hex_macs is not None and self._hex_macs.search(value) is not None

    def _within(self, row: Row, value: bytes) -> bytes:
        """What stands in a longer text, or in octets that are none."""
        oid = row.oid
        if self._hex_macs is not None:
            value = self._hex_macs.sub(lambda m: self._mac_text(oid, m[0]), value)
        if self._texts is not None:
            value = self._texts.sub(lambda m: self._word(oid, m[0]), value)
        if row.tag != OCTET_STRING:
            return value
        if self._macs is not None:
            value = self._macs.sub(lambda m: self._mac(oid, m[0]), value)
        value = _MAC_TEXT.sub(lambda m: self._mac_text(oid, m[0]), value)
        value = _MAIL.sub(lambda m: self._whole("mail address", oid, m[0]), value)
        value = _CREDENTIAL.sub(lambda m: m[1] + self._whole("secret", oid, m[2]), value)
        return _QUAD.sub(lambda m: self._quad(oid, m), value)

    def _word(self, oid: Oid, word: bytes) -> bytes:
        return self._whole(self._rules.get(word.lower(), "name"), oid, word)

    def _whole(self, rule: str, oid: Oid, value: bytes) -> bytes:
        found = self._shapes.octets(value)
        if found != value:
            self._note(rule, oid, found.decode("utf-8", "backslashreplace"))
        return found

    def _mac(self, oid: Oid, mac: bytes) -> bytes:
        found = self._shapes.mac(mac)
        self._note("MAC address", oid, found.hex(":"))
        return found

    def _mac_text(self, oid: Oid, written: bytes) -> bytes:
        """The stand-in of a MAC in the same writing."""
        mac = bytes.fromhex(re.sub(rb"[^0-9A-Fa-f]", b"", written).decode())
        if not is_mac(mac):
            return written
        digits = iter(self._mac(oid, mac).hex())
        shown = "".join(next(digits) if chr(sign).isalnum() else chr(sign) for sign in written)
        return (shown if written.lower() == written else shown.upper()).encode()

    def _quad(self, oid: Oid, found: re.Match[bytes]) -> bytes:
        try:
            address = ipaddress.IPv4Address(found[0].decode()).packed
        except ValueError:
            return found[0]
        if address not in self._known.addresses:
            is_version = any(found[0] in version for version in self._versions)
            before = found.string[max(0, found.start() - 12) : found.start()]
            if is_version or not is_public(address) or _VERSION_BEFORE.search(before):
                return found[0]
        return str(ipaddress.IPv4Address(self._address(oid, address))).encode()

    def _address(self, oid: Oid, address: bytes) -> bytes:
        if not is_public(address):
            return address
        made = self._shapes.ipv4 if len(address) == 4 else self._shapes.ipv6
        found = made(address)
        self._note("public address", oid, str(ipaddress.ip_address(found)))
        return found

    def _oid(self, oid: Oid) -> Oid:
        """The OID with other MACs, addresses and names in its index."""
        numbers = list(oid)
        done: dict[int, int] = {}
        for at, count in index_places(oid):
            octets = octets_at(oid, at, count)
            if octets is None:
                continue
            done[at] = count
            if count == 6 and is_mac(octets):
                numbers[at : at + count] = self._mac(oid, octets)
            elif count != 6:
                numbers[at : at + count] = self._address(oid, octets)
        at = _FIXED
        while at < len(numbers):
            at += done.get(at) or self._step(oid, numbers, at)
        return tuple(numbers)

    def _step(self, oid: Oid, numbers: list[int], at: int) -> int:
        """Replace what is known at one place of an index; how many numbers that were."""
        first = numbers[at]
        if first > 255:
            return 1
        six, four = _octets(numbers, at, 6), _octets(numbers, at, 4)
        if six is not None and (
            six in self._known.macs or (six[:3] in self._makers and is_mac(six))
        ):
            numbers[at : at + 6] = self._shapes.mac(six)
            return 6
        if four is not None and four in self._known.addresses:
            numbers[at : at + 4] = self._shapes.ipv4(four)
            return 4
        for word in self._indexed:
            part = _octets(numbers, at, len(word))
            if part is not None and part.lower() == word:
                found = self._shapes.octets(part)
                numbers[at : at + len(word)] = found
                self._note(self._rules[word], oid, found.decode("utf-8", "replace"))
                return len(word)
        return 1

    def _note(self, rule: str, oid: Oid, stand_in: str) -> None:
        done = self.done.setdefault(rule, Redaction())
        done.count += 1
        if stand_in and len(done.examples) < _EXAMPLES:
            shown = stand_in if len(stand_in) <= 40 else f"{stand_in[:40]}…"
            name = NAMES.name_of(oid) or REMARKS.name_of(oid) or f"{format_oid(oid[:_FIXED])}…"
            done.examples.append(f"{name} → {shown}")


def _octets(numbers: list[int], at: int, count: int) -> bytes | None:
    return octets_at(tuple(numbers[at : at + count]), 0, count)


def _any_of(texts: Mapping[bytes, str]) -> re.Pattern[bytes]:
    """Any of these texts; a short name only where it is no part of a longer word."""
    words = sorted(texts, key=len, reverse=True)
    parts = [
        rb"(?<![0-9A-Za-z])" + re.escape(word) + rb"(?![0-9A-Za-z])"
        if texts[word] == "name" and len(word) < _LONG
        else re.escape(word)
        for word in words
    ]
    return re.compile(b"(?i)" + b"|".join(parts))


def _octets_of(macs: Iterable[bytes]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(map(re.escape, macs)), re.DOTALL)


def _hex_of(macs: Iterable[bytes]) -> re.Pattern[bytes]:
    return re.compile(b"(?i)" + b"|".join(mac.hex().encode() for mac in macs))
