"""Takes out of a recorded device what names people, places and secrets, by rule, and notes it.

What identifies the kind of device (maker, model, version, interface names, measures) stays. What
replaces something looks like it and is the same wherever it stands in one recording, so that a
serial number is still a serial number and is found in both places where it was. Names go where
they stand in a known object, and wherever the device's own name is repeated.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from collectors.snmp.session import Oid, Value
from collectors.snmp.text import oid

LEFT_OUT: Mapping[Oid, str] = {
    oid(dots): why
    for dots, why in {
        "1.3.6.1.6.3": "users, communities and targets (SNMP-USER-BASED-SM-MIB and its kin)",
        "1.0.8802.1.1.2.1.4": "neighbours (LLDP-MIB)",
        "1.0.8802.1.1.2.1.3.8": "management addresses (LLDP-MIB)",
        "1.3.6.1.2.1.4.21": "routes",
        "1.3.6.1.2.1.4.22": "addresses of neighbours (ARP)",
        "1.3.6.1.2.1.4.24": "routes",
        "1.3.6.1.2.1.4.35": "addresses of neighbours (ARP)",
        "1.3.6.1.2.1.6": "connections (TCP-MIB)",
        "1.3.6.1.2.1.7": "connections (UDP-MIB)",
        "1.3.6.1.2.1.14": "neighbours (OSPF-MIB)",
        "1.3.6.1.2.1.15": "neighbours (BGP4-MIB)",
        "1.3.6.1.2.1.16": "hosts and traffic (RMON-MIB)",
        "1.3.6.1.2.1.17.4": "stations (BRIDGE-MIB)",
        "1.3.6.1.2.1.17.7.1.2": "stations (Q-BRIDGE-MIB)",
        "1.3.6.1.2.1.25.4": "running programs and their arguments (HOST-RESOURCES-MIB)",
        "1.3.6.1.2.1.25.6": "installed software (HOST-RESOURCES-MIB)",
        "1.3.6.1.4.1.9.9.23.1.2": "neighbours (CISCO-CDP-MIB)",
        "1.3.6.1.4.1.2021.2": "processes (UCD-SNMP-MIB)",
        "1.3.6.1.4.1.2021.8": "commands and what they print (UCD-SNMP-MIB)",
        "1.3.6.1.4.1.8072.1.3": "commands and what they print (NET-SNMP-EXTEND-MIB)",
        "1.3.6.1.4.1.77": "users and shares (LanMgr-Mib-II-MIB)",
    }.items()
}
"""Branches that are not kept at all, each with the reason that people are shown."""

KEPT = (oid("1.3.6.1.2.1.16.19"),)
"""Below a branch that is left out and kept all the same: probeConfig has versions (RFC 2021)."""

_NAMES = tuple(
    map(
        oid,
        (
            "1.3.6.1.2.1.1.4",
            "1.3.6.1.2.1.1.5",
            "1.3.6.1.2.1.1.6",
            "1.3.6.1.2.1.31.1.1.1.18",
            "1.3.6.1.2.1.47.1.1.1.1.14",
            "1.3.6.1.2.1.47.1.1.1.1.15",
            "1.0.8802.1.1.2.1.3.3",
            "1.3.6.1.2.1.43.5.1.1.4",
            "1.3.6.1.2.1.43.5.1.1.5",
            "1.3.6.1.2.1.33.1.1.5",
        ),
    )
)
"""sysContact, sysName, sysLocation, ifAlias, entPhysicalAlias, entPhysicalAssetID, lldpLocSysName,
prtGeneralCurrentOperator, prtGeneralServicePerson, upsIdentName."""

_SERIALS = (oid("1.3.6.1.2.1.47.1.1.1.1.11"), oid("1.3.6.1.2.1.43.5.1.1.17"))
_MACS = tuple(map(oid, ("1.3.6.1.2.1.2.2.1.6", "1.3.6.1.2.1.17.1.1", "1.0.8802.1.1.2.1.3.2")))
_VERSIONS = tuple(
    map(
        oid,
        (
            "1.3.6.1.2.1.1.1",
            "1.3.6.1.2.1.47.1.1.1.1.8",
            "1.3.6.1.2.1.47.1.1.1.1.9",
            "1.3.6.1.2.1.47.1.1.1.1.10",
            "1.3.6.1.2.1.16.19",
        ),
    )
)
"""sysDescr, entPhysicalHardwareRev, -FirmwareRev, -SoftwareRev, probeConfig: four numbers with dots
are a version here."""
_BY_ADDRESS = (oid("1.3.6.1.2.1.4.20.1"), oid("1.3.6.1.2.1.4.34.1"))
"""Tables whose index ends in an IPv4 address (ipAddrTable, ipAddressTable)."""

_QUAD = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_MAC = re.compile(r"\b[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}\b")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SECRET = re.compile(
    r"\b(?:pass(?:word|wd|phrase)?|secret|community|psk|pre-?shared|private[ _-]?key|token)"
    r"\b\s*[:=]?\s*(\S+)",
    re.IGNORECASE,
)
_SHORTEST = 4
"""A shorter name or serial number is not looked for in other texts: it stands in too many."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one value became, and by which rule; never what it was."""

    oid: Oid
    rule: str
    now: str


@dataclass(slots=True)
class Redactor:
    """The rules for one recording.

    secrets: community and keys with which the device was asked. serials: what is known to be a
    serial number of it. version: of its software, which may look like an address. key: makes what
    replaces something this recording's own.
    """

    secrets: tuple[str, ...]
    serials: tuple[str, ...]
    version: str
    key: bytes
    changes: list[Change] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    _words: dict[str, tuple[str, str]] = field(default_factory=dict)

    def redacted(self, rows: Mapping[Oid, Value]) -> dict[Oid, Value]:
        """The rows without what must not be told; `changes` and `left_out` say what was done."""
        self._learn(rows)
        kept: dict[Oid, Value] = {}
        for row, value in sorted(rows.items()):
            reason = _reason(row)
            if reason:
                self.left_out[reason] = self.left_out.get(reason, 0) + 1
            else:
                kept[row] = self._value(row, value) if isinstance(value, bytes) else value
        return kept

    def _learn(self, rows: Mapping[Oid, Value]) -> None:
        """What is to be looked for in all texts."""
        for secret in self.secrets:
            if secret not in ("public", "private"):
                self._words[secret] = "redacted", "secret"
        for row, value in rows.items():
            found = _plain(value)
            if _below(row, _SERIALS) and len(found) >= _SHORTEST:
                self._words[found] = self._alike(found), "serial number"
            elif row == (1, 3, 6, 1, 2, 1, 1, 5, 0) and len(found) >= _SHORTEST:
                self._words[found] = "device", "name"
        for serial in self.serials:
            if len(serial) >= _SHORTEST:
                self._words[serial] = self._alike(serial), "serial number"

    def _value(self, row: Oid, value: bytes) -> bytes:
        if _below(row, _MACS) and len(value) == 6:
            return self._changed(row, value, self._mac(value), "MAC address")
        if _below(row, _NAMES):
            now = b"device" if row[-2:] == (5, 0) else b"name" if value.strip(b"\0 ") else value
            return self._changed(row, value, now, "name")
        for word, (instead, rule) in self._words.items():
            if word.encode() in value:
                value = self._changed(
                    row, value, value.replace(word.encode(), instead.encode()), rule
                )
        if _plain(value):
            for pattern, replace, rule in self._patterns():
                if pattern is _QUAD and _below(row, _VERSIONS):
                    continue
                now = pattern.sub(replace, value.decode("utf-8")).encode()
                value = self._changed(row, value, now, rule)
        return value

    def _patterns(self) -> Iterable[tuple[re.Pattern[str], Callable[[re.Match[str]], str], str]]:
        yield _SECRET, lambda m: m[0][: m.start(1) - m.start()] + "redacted", "secret"
        yield _MAIL, lambda _: "name@example.org", "mail address"
        yield _MAC, lambda m: m[0][:9] + self._hex(m[0], m[0][2]), "MAC address"
        yield _QUAD, lambda m: self._address(m[0]), "public address"

    def _changed(self, row: Oid, value: bytes, now: bytes, rule: str) -> bytes:
        if now != value:
            self.changes.append(Change(row, rule, _plain(now) or now.hex()))
        return now

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self.key, digest_size=32).digest()

    def _alike(self, text: str) -> str:
        """Other digits and letters in the same places, the first three characters kept: they tell
        a maker or a plant."""
        digest = self._digest(text)
        return text[:3] + "".join(
            _like(character, digest[at % 32]) for at, character in enumerate(text[3:])
        )

    def _mac(self, value: bytes) -> bytes:
        """The maker's half stays."""
        return value[:3] + self._digest(value.hex())[:3] if any(value) else value

    def _hex(self, text: str, between: str) -> str:
        half = self._digest(re.sub(r"\W", "", text).lower())[:3].hex()
        return between.join((half[:2], half[2:4], half[4:]))

    def _address(self, text: str) -> str:
        """A public address becomes one of those that are for examples (RFC 5737)."""
        if text in self.version or not is_public(text):
            return text
        return f"203.0.113.{self._digest(text)[0]}"


def is_public(text: str) -> bool:
    """Whether an IPv4 address can be reached from the world; a version number is none.

    >>> is_public("8.8.8.8"), is_public("10.1.2.3"), is_public("4.10.0.300")
    (True, False, False)
    """
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return address.is_global


def _reason(row: Oid) -> str:
    """Why a row is left out, '' for one that is kept."""
    if _below(row, _BY_ADDRESS) and is_public(".".join(map(str, row[-4:]))):
        return "public addresses"
    if _below(row, KEPT):
        return ""
    return next((why for branch, why in LEFT_OUT.items() if row[: len(branch)] == branch), "")


def _below(row: Oid, branches: Iterable[Oid]) -> bool:
    return any(row[: len(branch)] == branch for branch in branches)


def _plain(value: Value) -> str:
    """A text as the device wrote it, '' for anything that is none."""
    if not isinstance(value, bytes):
        return ""
    try:
        found = value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return ""
    return found if all(c.isprintable() or c.isspace() for c in found) else ""


def _like(character: str, number: int) -> str:
    if character.isdecimal():
        return str(number % 10)
    if character.isascii() and character.isalpha():
        other = chr(ord("A") + number % 26)
        return other if character.isupper() else other.lower()
    return character
