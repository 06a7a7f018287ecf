"""What joins sections: names that must exist, things that stand once, times that hold together.

Each rule looks at the whole configuration and notes what is wrong where it stands. `RULES` is the
list of them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from config.assets import PAGE_TAGS, Asset
from config.credentials import SnmpV3
from config.endpoints import clash_of_times
from config.errors import MAX_PROBLEMS, Path_, did_you_mean
from config.ranges import AddressRange
from config.scalars import duration_text
from config.sections import Settings

Wrong = Callable[[Path_, str], None]
"""Notes a problem at a key path: of the file, or of one asset."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An asset and how to note what is wrong below it, in YAML or in a register."""

    asset: Asset
    wrong: Wrong


@dataclass(frozen=True, slots=True)
class Whole:
    """A configuration and where its problems go; entries: every asset, registers included."""

    settings: Settings
    entries: tuple[Entry, ...]
    wrong: Wrong


class _Names:
    """The names that something may refer to, with a hint for one that is not among them.

    Hints are kept, and end when there are more than anybody will be shown: a register may have
    fifty thousand slips of one kind.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._hints: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def hint(self, name: str) -> str:
        """What may have been meant."""
        if name not in self._hints:
            many = len(self._hints) >= MAX_PROBLEMS
            hint = "look at its spelling" if many else did_you_mean(name, self._known)
            self._hints[name] = hint
        return self._hints[name]


def communes_stand_once(whole: Whole) -> None:
    """No two communes have one code."""
    seen: set[str] = set()
    for at, commune in enumerate(whole.settings.communes):
        if commune.code in seen:
            whole.wrong(("communes", at, "code"), f"{commune.code} stands twice; keep one")
        seen.add(commune.code)


def groups_stand_once(whole: Whole) -> None:
    """No two groups have one id."""
    seen: set[str] = set()
    for at, group in enumerate(whole.settings.groups):
        if group.id in seen:
            whole.wrong(("groups", at, "id"), f"{group.id} stands twice; give each its own")
        seen.add(group.id)


def groups_are_of_watched_communes(whole: Whole) -> None:
    """Each commune of a group is watched, and stands in it once."""
    communes = _Names(commune.code for commune in whole.settings.communes)
    for at, group in enumerate(whole.settings.groups):
        for number, code in enumerate(group.communes):
            path = ("groups", at, "communes", number)
            if code not in communes:
                hint = communes.hint(code)
                whole.wrong(path, f"{code} is not one of `communes`; {hint}")
            elif code in group.communes[:number]:
                whole.wrong(path, f"{code} stands twice in {group.id}; keep one")


def tags_stand_once(whole: Whole) -> None:
    """No two assets have one tag, endpoints are called by it; and no page has its address."""
    seen: set[str] = set()
    for entry in whole.entries:
        tag = entry.asset.tag
        if tag in PAGE_TAGS:
            entry.wrong(("tag",), f"a page has the address /assets/{tag}; give it another tag")
        if tag in seen:
            entry.wrong(("tag",), f"another asset has the tag {tag}; give each a tag of its own")
        seen.add(tag)


def assets_lie_in_watched_communes(whole: Whole) -> None:
    """An asset's commune is one of `communes`."""
    communes = _Names(commune.code for commune in whole.settings.communes)
    for entry in whole.entries:
        code = entry.asset.commune
        if code not in communes:
            entry.wrong(("commune",), f"{code} is not one of `communes`; {communes.hint(code)}")


def credentials_exist_and_may_be_offered(whole: Whole) -> None:
    """An endpoint's credential exists and may be offered to the asset's address."""
    credentials = whole.settings.credentials
    names = _Names(credentials)
    for entry in whole.entries:
        for at, endpoint in enumerate(entry.asset.endpoints):
            name = getattr(endpoint, "credential", None)
            if name is None:
                continue
            path, address = ("endpoints", at, "credential"), entry.asset.address
            if name not in names:
                entry.wrong(path, f"{name!r} is not one of `credentials`; {names.hint(name)}")
            elif not may_be_offered(address, credentials[name].networks):
                inside = ", ".join(credentials[name].networks)
                words = f"{name} may be offered inside {inside} only, and {address} is not there"
                entry.wrong(path, f"{words}; widen its networks or take another")


def traps_name_credentials(whole: Whole) -> None:
    """A credential that traps are believed by exists."""
    names = _Names(whole.settings.credentials)
    for at, name in enumerate(whole.settings.traps.credentials):
        if name not in names:
            words = f"{name!r} is not one of `credentials`; {names.hint(name)}"
            whole.wrong(("traps", "credentials", at), words)


def may_be_offered(address: str | None, networks: tuple[str, ...]) -> bool:
    """Whether an IP address lies in one of the networks; a name is checked at each look."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return True
    return any(ip in ipaddress.ip_network(network) for network in networks)


def keys_are_of_use(whole: Whole) -> None:
    """No key stands beside a level that does not use it: somebody believes that it protects."""
    for name, credential in whole.settings.credentials.items():
        if not isinstance(credential, SnmpV3):
            continue
        for key, need in credential.needed_keys.items():
            if getattr(credential, key) is not None and not need:
                words = f"is of no use at level {credential.level}; raise the level"
                whole.wrong(("credentials", name, key), words)


def times_hold_together(whole: Whole) -> None:
    """An endpoint's own times fit those that it takes from `polling`."""
    for entry in whole.entries:
        for at, endpoint in enumerate(entry.asset.endpoints):
            clash = clash_of_times(whole.settings.watch(endpoint))
            if clash is not None:
                entry.wrong(("endpoints", at, clash[0]), clash[1])


def this_machine_is_one_asset(whole: Whole) -> None:
    """There is one machine that the daemon runs on, so one endpoint of kind host."""
    first: str | None = None
    for entry in whole.entries:
        for at, endpoint in enumerate(entry.asset.endpoints):
            if endpoint.kind != "host":
                continue
            if first is not None:
                words = f"{first} has an endpoint of kind host already, and this machine is one"
                entry.wrong(("endpoints", at, "kind"), f"{words}; keep one")
            first = first or entry.asset.tag


def a_commune_has_one_edge(whole: Whole) -> None:
    """At most one asset of a commune has `edge`."""
    edges: dict[str, str] = {}
    for entry in whole.entries:
        asset = entry.asset
        if not asset.edge:
            continue
        first = edges.setdefault(asset.commune, asset.tag)
        if first != asset.tag:
            words = f"{first} is the edge of {asset.commune} already; a commune has one"
            entry.wrong(("edge",), words)


def upstreams_exist_without_circles(whole: Whole) -> None:
    """An upstream is an asset, and nothing stands behind itself.

    What is looked at and has no upstream stands behind its commune's edge (inventory.judgement):
    that can close a circle too.
    """
    tags = _Names(entry.asset.tag for entry in whole.entries)
    edges = {entry.asset.commune: entry.asset.tag for entry in whole.entries if entry.asset.edge}
    above: dict[str, str] = {}
    for entry in whole.entries:
        asset = entry.asset
        if asset.upstream is not None:
            above[asset.tag] = asset.upstream
            if asset.upstream not in tags:
                words = f"there is no asset {asset.upstream}; {tags.hint(asset.upstream)}"
                entry.wrong(("upstream",), words)
        elif asset.endpoints and all(endpoint.kind != "host" for endpoint in asset.endpoints):
            edge = edges.get(asset.commune, asset.tag)
            if edge != asset.tag:
                above[asset.tag] = edge
    for circle in _circles(above):
        inside = [entry for entry in whole.entries if entry.asset.tag in circle]
        start = next((e for e in inside if e.asset.upstream), inside[0])
        at = circle.index(start.asset.tag)
        way = " behind ".join([*circle[at:], *circle[:at], start.asset.tag])
        why = "" if all(e.asset.upstream for e in inside) else f" ({_BY_DEFAULT})"
        start.wrong(("upstream",), f"{way} is a circle{why}; break it")


_BY_DEFAULT = "what has no upstream stands behind its commune's edge"


def _circles(above: Mapping[str, str]) -> list[list[str]]:
    """Every circle of tags, each once, in the order of standing behind."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in above:
        way: dict[str, int] = {}
        at = start
        while at in above and at not in done and at not in way:
            way[at] = len(way)
            at = above[at]
        if at in way:
            found.append(list(way)[way[at] :])
        done.update(way)
    return found


def maintenance_names_what_exists(whole: Whole) -> None:
    """A maintenance window is for an asset or commune that there is."""
    tags = _Names(entry.asset.tag for entry in whole.entries)
    communes = _Names(commune.code for commune in whole.settings.communes)
    for at, window in enumerate(whole.settings.maintenance):
        for key, value, known in (
            ("asset", window.asset, tags),
            ("commune", window.commune, communes),
        ):
            if value is not None and value not in known:
                words = f"there is no {key} {value}; {known.hint(value)}"
                whole.wrong(("maintenance", at, key), words)


def history_is_kept_for_readiness(whole: Whole) -> None:
    """What readiness looks back on is kept for that long."""
    window = whole.settings.readiness.window
    for key in ("outages", "rollups"):
        kept = getattr(whole.settings.retention, key)
        if kept < window:
            words = (
                f"{duration_text(kept)} is shorter than readiness.window {duration_text(window)}"
            )
            whole.wrong(("retention", key), f"{words}; keep it longer")


def sweeps_are_of_watched_communes(whole: Whole) -> None:
    """Each commune that is swept is watched, and stands once."""
    communes = _Names(commune.code for commune in whole.settings.communes)
    seen: set[str] = set()
    for at, sweep in enumerate(whole.settings.discovery.communes):
        path = ("discovery", "communes", at, "code")
        if sweep.code not in communes:
            hint = communes.hint(sweep.code)
            whole.wrong(path, f"{sweep.code} is not one of `communes`; {hint}")
        if sweep.code in seen:
            whole.wrong(path, f"{sweep.code} stands twice; write all its ranges in one place")
        seen.add(sweep.code)


def sweeps_offer_credentials_where_they_may(whole: Whole) -> None:
    """Every range lies in the networks of every credential that is tried there."""
    credentials = whole.settings.credentials
    names = _Names(credentials)
    for at, sweep in enumerate(whole.settings.discovery.communes):
        for number, name in enumerate(sweep.credentials):
            path = ("discovery", "communes", at, "credentials", number)
            if name not in names:
                whole.wrong(path, f"{name!r} is not one of `credentials`; {names.hint(name)}")
                continue
            inside = credentials[name].networks
            for span, text in zip(sweep.spans, sweep.ranges, strict=True):
                if not any(span.inside(network) for network in inside):
                    words = f"{name} may be offered inside {', '.join(inside)} only"
                    whole.wrong(path, f"{words}, and {text} is not all there; take another")


def sweeps_by_snmp_have_credentials(whole: Whole) -> None:
    """Where only SNMP finds devices, there is something to ask with."""
    discovery = whole.settings.discovery
    for at, sweep in enumerate(discovery.communes):
        if discovery.find == "snmp" and not sweep.credentials:
            path = ("discovery", "communes", at, "credentials")
            whole.wrong(path, "nothing would be found: discovery.find is snmp; name a credential")


def a_range_is_of_one_commune(whole: Whole) -> None:
    """No address is of two communes: what is found there is proposed for one."""
    before: list[tuple[AddressRange, str, str]] = []
    for at, sweep in enumerate(whole.settings.discovery.communes):
        for number, text in enumerate(sweep.ranges):
            span = sweep.spans[number]
            for other, theirs, code in before:
                if span.overlaps(other):
                    path = ("discovery", "communes", at, "ranges", number)
                    whole.wrong(path, f"{text} overlaps {theirs} of {code}; give it to one")
            before.append((span, text, sweep.code))


RULES: tuple[Callable[[Whole], None], ...] = (
    communes_stand_once,
    groups_stand_once,
    groups_are_of_watched_communes,
    tags_stand_once,
    assets_lie_in_watched_communes,
    credentials_exist_and_may_be_offered,
    traps_name_credentials,
    keys_are_of_use,
    times_hold_together,
    this_machine_is_one_asset,
    a_commune_has_one_edge,
    upstreams_exist_without_circles,
    maintenance_names_what_exists,
    history_is_kept_for_readiness,
    sweeps_are_of_watched_communes,
    sweeps_offer_credentials_where_they_may,
    sweeps_by_snmp_have_credentials,
    a_range_is_of_one_commune,
)
"""All of them."""
