"""Whether what a device claims of itself fits what is known of the asset on that endpoint.

A first cut of what identity will be: strong claims that contradict are put before a person, junk
is ignored, and what a person registered is never overwritten.
"""

from __future__ import annotations

import re

from config.sections import Asset
from inventory.observation import Claim, ClaimKind

STRONG = frozenset(
    {ClaimKind.SERIAL, ClaimKind.SYSTEM_UUID, ClaimKind.ENGINE_ID, ClaimKind.BASE_MAC}
)
"""Claims that may tell two devices apart; addresses and names move with the owner's mood."""

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
    if one.kind in (ClaimKind.SERIAL, ClaimKind.SYS_NAME, ClaimKind.ADDRESS):
        return one.value.strip().casefold() == other.value.strip().casefold()
    a, b = (re.sub(r"[^0-9a-f]", "", c.value.lower()) for c in (one, other))
    return a == b or (one.kind is ClaimKind.SYSTEM_UUID and len(b) == 32 and a == _swapped(b))


def _swapped(uuid: str) -> str:
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
