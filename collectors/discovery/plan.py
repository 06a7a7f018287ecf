"""What a sweep will do: which addresses, in which order, asked with which credentials.

Made from the settings and nothing else; says no where a credential would be offered elsewhere.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from config.assets import AssetStatus
from config.discovery import Discovery
from config.errors import did_you_mean
from config.ranges import AddressRange, address_range
from config.sections import Credential, Settings
from inventory.sighting import Thing


class PlanError(Exception):
    """Why there is nothing that may be swept, in one line."""


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """What is swept. target: a commune's code or the range as it was written; addresses in the
    order in which they are looked at; credentials by name in the order of trying; firsts: address
    -> the credential that it took before; watched: how many addresses were left out because
    registered assets there are asked by SNMP already."""

    target: str
    addresses: tuple[str, ...]
    credentials: Mapping[str, Credential]
    how: Discovery
    commune: str = ""
    firsts: Mapping[str, str] = field(default_factory=dict)
    watched: int = 0

    @property
    def digest(self) -> str:
        """The same for the same addresses asked in the same way; holds no secret."""
        what = [self.target, self.addresses, list(self.credentials), self.how.find, self.how.port]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]


def plan_sweep(
    settings: Settings,
    target: str,
    names: Sequence[str] = (),
    things: Iterable[Thing] = (),
) -> SweepPlan:
    """The plan for a commune's code or for a range of addresses.

    names: credentials to try instead of the commune's. A range takes the credentials and the
    exclusions of the commune in whose ranges it lies; elsewhere credentials have to be named.
    things: what the inbox has, for the credentials that worked before. Raises PlanError.
    """
    how = settings.discovery
    sweep = how.sweep(target)
    if sweep is not None:
        spans: Sequence[AddressRange] = sweep.spans
    else:
        spans = (_range(target, settings),)
        sweep = how.sweep(how.commune_at(str(spans[0].first)))
    chosen = tuple(names) or (sweep.credentials if sweep is not None else ())
    credentials = {name: _credential(settings, name, spans) for name in chosen}
    if how.find == "snmp" and not credentials:
        raise PlanError("discovery.find is snmp: name a credential, with --credential NAME")
    left_out = sweep.left_out if sweep is not None else ()
    watched = _watched(settings)
    wanted = dict.fromkeys(
        str(ip) for span in spans for ip in span if not any(ip in out for out in left_out)
    )
    addresses = tuple(address for address in wanted if address not in watched)
    firsts = {
        address: thing.credential
        for thing in things
        if thing.credential
        for address in thing.addresses
    }
    return SweepPlan(
        target,
        addresses,
        credentials,
        how,
        sweep.code if sweep is not None else "",
        firsts,
        len(wanted) - len(addresses),
    )


def _range(target: str, settings: Settings) -> AddressRange:
    if target in {commune.code for commune in settings.communes}:
        raise PlanError(f"{target} has no ranges; give it some under discovery.communes")
    try:
        return address_range(target)
    except ValueError as error:
        swept = ", ".join(sweep.code for sweep in settings.discovery.communes) or "none"
        raise PlanError(f"{error}; communes with ranges: {swept}") from None


def _credential(settings: Settings, name: str, spans: Iterable[AddressRange]) -> Credential:
    credential = settings.credentials.get(name)
    if credential is None:
        hint = did_you_mean(name, settings.credentials)
        raise PlanError(f"there is no credential {name}; {hint}")
    for span in spans:
        if not any(span.inside(network) for network in credential.networks):
            inside = ", ".join(credential.networks)
            raise PlanError(
                f"{name} may be offered inside {inside} only, and {span.first}-{span.last} is "
                "not all there"
            )
    return credential


def _watched(settings: Settings) -> set[str]:
    """Addresses of assets that are asked by SNMP already."""
    return {
        str(ipaddress.ip_address(asset.address))
        for asset in settings.assets
        if asset.address is not None
        and asset.status is AssetStatus.IN_USE
        and any(endpoint.kind == "snmp" for endpoint in asset.endpoints)
        and _is_ip(asset.address)
    }


def _is_ip(address: str) -> bool:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True
