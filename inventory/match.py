"""Which registered asset a thing that was seen may be, and why.

What decides is what decides identity (`inventory.identity`): serial number, UUID, engine id and
base MAC; an address or a name proposes, and is contradicted by a strong claim that differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from config.sections import Asset
from inventory.identity import DECIDING, STRONG, TEXTS, is_junk, makers_differ, same, swapped
from inventory.observation import Claim, ClaimKind
from inventory.sighting import Match
from inventory.snapshot import Snapshot

_FACTS = frozenset(kind.value for kind in ClaimKind)


def canonical(claim: Claim) -> tuple[ClaimKind, str]:
    """A key under which claims that are the same lie together.

    >>> canonical(Claim(ClaimKind.BASE_MAC, "00:1A:2B:3C:4D:5E"))[1]
    '001a2b3c4d5e'
    """
    value = claim.value.strip().casefold()
    if claim.kind not in TEXTS:
        value = "".join(c for c in value if c in "0123456789abcdef")
    if claim.kind is ClaimKind.SYSTEM_UUID and len(value) == 32:
        value = min(value, swapped(value))
    return claim.kind, value


def telling(claims: Iterable[Claim]) -> list[Claim]:
    """The strong claims that say something, the most telling first."""
    found = [claim for claim in claims if claim.kind in STRONG and not is_junk(claim)]
    return sorted(found, key=lambda claim: DECIDING.index(claim.kind))


def contradiction(claims: Iterable[Claim], others: Iterable[Claim]) -> str:
    """The kind of the first strong claim that both sides make and that differs, '' for none."""
    theirs = {claim.kind: claim for claim in telling(others)}
    for claim in telling(claims):
        other = theirs.get(claim.kind)
        if other is not None and not same(claim, other):
            return claim.kind.value
    return ""


class Known:
    """The register with what is measured of it, to look things up in."""

    def __init__(
        self, assets: Iterable[Asset], facts: Mapping[str, Iterable[tuple[str, str]]]
    ) -> None:
        """facts: tag -> (name, value) of what was registered or measured."""
        self._claims: dict[str, list[Claim]] = {}
        self._tags: dict[tuple[ClaimKind, str], set[str]] = defaultdict(set)
        self._communes: dict[str, str] = {}
        self._vendors: dict[str, str] = {}
        for asset in assets:
            self._communes[asset.tag] = asset.commune
            self._vendors[asset.tag] = asset.vendor
            claims = [
                Claim(ClaimKind(name), value)
                for name, value in facts.get(asset.tag, ())
                if name in _FACTS and value
            ]
            if asset.serial:
                claims.insert(0, Claim(ClaimKind.SERIAL, asset.serial))
            if asset.address:
                claims.append(Claim(ClaimKind.ADDRESS, asset.address))
            claims.append(Claim(ClaimKind.ASSET_TAG, asset.tag))
            claims.append(Claim(ClaimKind.SYS_NAME, asset.tag))
            self._claims[asset.tag] = claims
            for claim in claims:
                if claim.kind is ClaimKind.ADDRESS or not is_junk(claim):
                    self._tags[canonical(claim)].add(asset.tag)

    def commune(self, tag: str) -> str:
        """The commune of a registered asset, '' for any other tag."""
        return self._communes.get(tag, "")

    def has(self, tag: str) -> bool:
        """Whether an asset is registered under a tag."""
        return tag in self._communes

    def match(
        self, claims: Iterable[Claim], addresses: Iterable[str], mac: str, vendor: str = ""
    ) -> Match | None:
        """The asset that a thing with these claims may be, None where there is none.

        vendor: who made it, '' where that is not known; a serial number counts with its maker.
        """
        seen = list(claims)
        weak = [Claim(ClaimKind.ADDRESS, address) for address in addresses]
        if mac:
            ours = (Claim(kind, mac) for kind in (ClaimKind.BASE_MAC, ClaimKind.MAC))
            weak = [claim for claim in ours if not is_junk(claim)] + weak
        weak += [claim for claim in seen if claim.kind is ClaimKind.SYS_NAME]
        for claim in (*telling(seen), *weak):
            tags = self._tags.get(canonical(claim), set())
            if len(tags) != 1:  # nobody, or two assets that claim the same: neither
                continue
            (tag,) = tags
            if claim.kind is ClaimKind.SERIAL and makers_differ(vendor, self._vendors[tag]):
                continue
            against = contradiction(seen, self._claims[tag])
            sure = not against and claim.kind is not ClaimKind.SYS_NAME
            return Match(tag, claim.kind.value, against, sure)
        return None


def known_now(snapshot: Snapshot) -> Known:
    """The register as it is now, with the MAC addresses of interfaces."""
    views = list(snapshot.assets.values())
    facts = {
        view.tag: [
            *((fact.name, fact.value) for fact in view.facts),
            *((ClaimKind.MAC.value, mac) for port in view.interfaces if (mac := port.reading.mac)),
        ]
        for view in views
    }
    return Known((view.registered for view in views), facts)
