"""Whether what a device claims of itself fits what is known of the asset on that endpoint.

A first cut of what identity will be: strong claims that contradict are put before a person, junk
is ignored, and what a person registered is never overwritten.
"""

from __future__ import annotations

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
        "00000000",
        "000000000000",
        "ffffffffffff",
        "00000000000000000000000000000000",
        "03000200040005000006000700080009",
    }
)
"""What makers leave in place of a number, in lower case."""


def is_junk(claim: Claim) -> bool:
    """Whether a claim says nothing: a maker's placeholder, or a locally administered MAC.

    >>> is_junk(Claim(ClaimKind.SERIAL, "To be filled by O.E.M."))
    True
    >>> is_junk(Claim(ClaimKind.BASE_MAC, "02000a0b0c0d"))
    True
    >>> is_junk(Claim(ClaimKind.SERIAL, "CZ3014LK7P"))
    False
    """
    value = claim.value.strip().lower()
    if value in JUNK or not value.strip("0-: ."):
        return True
    if claim.kind in (ClaimKind.BASE_MAC, ClaimKind.MAC):
        try:
            return bool(int(value[:2], 16) & 0x02)
        except ValueError:
            return True
    return False


def disagreement(claim: Claim, known: str, registered: Asset) -> str:
    """A line for the inbox when a strong claim contradicts the register or an earlier claim.

    '' when it fits. The claim is kept all the same, as a measured fact beside the registered one.
    """
    if claim.kind not in STRONG or is_junk(claim):
        return ""
    if claim.kind is ClaimKind.SERIAL and registered.serial and registered.serial != claim.value:
        return f"registered with serial {registered.serial}, answers with {claim.value}"
    if known and known != claim.value and not is_junk(Claim(claim.kind, known)):
        return f"{claim.kind.value} was {known}, is now {claim.value}: replaced, or another device?"
    return ""
