"""Whether two sets of claims are of one device, and why; whether a claim fits the register.

Strong claims decide, the weak ones (address, name, the MAC of one port) never do alone; junk is
ignored, a contradiction is put before a person, and what a person registered is not overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from config.sections import Asset
from inventory.observation import Claim, ClaimKind

STRONG = frozenset(
    {
        ClaimKind.SERIAL,
        ClaimKind.SYSTEM_UUID,
        ClaimKind.ENGINE_ID,
        ClaimKind.BASE_MAC,
        ClaimKind.ASSET_TAG,
    }
)
"""Claims that may tell two devices apart; addresses and names move with the owner's mood."""

TEXTS = frozenset({ClaimKind.SERIAL, ClaimKind.ASSET_TAG, ClaimKind.SYS_NAME, ClaimKind.ADDRESS})
"""Claims that are text; the others are hexadecimal."""

DECIDING = (
    ClaimKind.SERIAL,
    ClaimKind.SYSTEM_UUID,
    ClaimKind.ENGINE_ID,
    ClaimKind.BASE_MAC,
    ClaimKind.ASSET_TAG,
)
"""Strong claims, the one that people can check on a label first."""

_VENDORS = {
    "hewlett": "hp",
    "hewlettpackard": "hp",
    "hpe": "hp",
    "aruba": "hp",
    "mikrotikls": "mikrotik",
    "ciscosystems": "cisco",
    "h3ctechnologies": "h3c",
    "dellinc": "dell",
    "dellemc": "dell",
    "asustek": "asus",
    "asustekcomputer": "asus",
    "microstar": "msi",
    "tplinktechnologies": "tplink",
    "lenovogroup": "lenovo",
}
"""Other names of makers, without blanks and signs."""

JUNK = frozenset(
    {
        "",
        "0",
        "none",
        "n/a",
        "unknown",
        "default string",
        "to be filled by o.e.m.",
        "not specified",
        "system serial number",
        "system serial",
        "serial number",
        "chassis serial number",
        "base board serial number",
        "not applicable",
        "not available",
        "no asset tag",
        "no asset information",
        "asset tag",
        "asset-1234567890",
        "invalid",
        "null",
        "oem",
        "o.e.m.",
        "empty",
        "1234567",
        "12345678",
        "1234567890",
        "123456789",
        "0123456789",
        "03000200040005000006000700080009",
    }
)
"""What makers leave in place of a number, in lower case."""


def is_junk(claim: Claim) -> bool:
    """Whether a claim says nothing: a maker's placeholder, one character over and over, or a
    locally administered MAC.

    >>> is_junk(Claim(ClaimKind.SERIAL, "To be filled by O.E.M."))
    True
    >>> is_junk(Claim(ClaimKind.BASE_MAC, "02000a0b0c0d"))
    True
    >>> is_junk(Claim(ClaimKind.SERIAL, "CZ3014LK7P"))
    False
    """
    value = claim.value.strip().lower()
    if value in JUNK or len(set(value) - set("-: .")) <= 1:
        return True
    if claim.kind in (ClaimKind.BASE_MAC, ClaimKind.MAC):
        try:
            return bool(int(value[:2], 16) & 0x02)
        except ValueError:
            return True
    return False


def same(one: Claim, other: Claim) -> bool:
    """Whether two claims name one thing, however it is written.

    Case, blanks and separators do not count in hexadecimal; a UUID may come with the bytes of its
    first three fields swapped (SMBIOS 2.6 and later, DSP0134 §7.2.1, against what came before).

    >>> same(Claim(ClaimKind.SERIAL, "CZ3014LK7P "), Claim(ClaimKind.SERIAL, "cz3014lk7p"))
    True
    """
    if one.kind is not other.kind:
        return False
    if one.kind in TEXTS:
        return one.value.strip().casefold() == other.value.strip().casefold()
    a, b = (re.sub(r"[^0-9a-f]", "", c.value.lower()) for c in (one, other))
    return a == b or (one.kind is ClaimKind.SYSTEM_UUID and len(b) == 32 and a == swapped(b))


def swapped(uuid: str) -> str:
    """The 32 hexadecimal digits with the bytes of the first three fields turned round."""
    raw = bytes.fromhex(uuid)
    return (raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]).hex()


def disagreement(claim: Claim, known: str, registered: Asset) -> str:
    """A line for the inbox when a strong claim contradicts the register or an earlier claim.

    '' when it fits. The claim is kept all the same, as a measured fact beside the registered one.
    """
    if claim.kind not in STRONG or is_junk(claim):
        return ""
    serial = Claim(ClaimKind.SERIAL, registered.serial)
    if claim.kind is ClaimKind.SERIAL and serial.value and not same(claim, serial):
        return f"registered with serial {registered.serial}, answers with {claim.value}"
    before = Claim(claim.kind, known)
    if known and not same(claim, before) and not is_junk(before):
        return f"{claim.kind.value} was {known}, is now {claim.value}: replaced, or another device?"
    return ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against two being one device: the kind of the first strong claim that
    both make and that is the same, and of the first that differs; '' for none."""

    by: str = ""
    against: str = ""

    @property
    def decides(self) -> bool:
        """Whether they are one device and nobody needs to look."""
        return bool(self.by) and not self.against


def evidence(
    claims: Iterable[Claim],
    others: Iterable[Claim],
    vendor: str = "",
    other_vendor: str = "",
) -> Evidence:
    """What the strong claims of two sides say. A serial number counts with its maker: where both
    makers are known and differ, the same number is a coincidence.

    >>> mac = Claim(ClaimKind.BASE_MAC, "001a2b3c4d5e")
    >>> evidence([mac], [mac])
    Evidence(by='base_mac', against='')
    """
    theirs: dict[ClaimKind, list[Claim]] = {}
    for claim in others:
        if claim.kind in STRONG and not is_junk(claim):
            theirs.setdefault(claim.kind, []).append(claim)
    by = against = ""
    ours = [claim for claim in claims if claim.kind in STRONG and not is_junk(claim)]
    for claim in sorted(ours, key=lambda claim: DECIDING.index(claim.kind)):
        known = theirs.get(claim.kind, ())
        fits = any(same(claim, other) for other in known)
        if fits and claim.kind is ClaimKind.SERIAL and makers_differ(vendor, other_vendor):
            against = against or claim.kind.value
        elif fits:
            by = by or claim.kind.value
        elif known:
            against = against or claim.kind.value
    return Evidence(by, against)


def makers_differ(one: str, other: str) -> bool:
    """Whether both are known and are not one maker under two names.

    >>> makers_differ("HPE", "Hewlett-Packard"), makers_differ("HP", "Dell")
    (False, True)
    """
    a, b = _maker(one), _maker(other)
    return bool(a and b) and a != b and not a.startswith(b) and not b.startswith(a)


def _maker(name: str) -> str:
    words = re.findall(r"[^\W_]+", name.casefold())
    whole = "".join(words)
    return _VENDORS.get(whole) or _VENDORS.get(words[0] if words else "") or whole
