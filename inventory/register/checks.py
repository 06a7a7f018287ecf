"""What is refused: the same checks for a form, a sheet, the API and a command.

`alone` looks at one asset; `together` at what changes and at whatever else in the register that
joins, and reads only that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.assets import PAGE_TAGS, Asset
from config.cross_rules import may_be_offered
from config.endpoints import clash_of_times
from config.sections import Settings
from inventory.alphabet import folded
from inventory.register.index import serial_key
from inventory.register.problems import FieldProblem
from inventory.store.desk import Connection
from inventory.store.near import above, edges_of, hosts, who_names, with_serials

FIRST_YEAR, LAST_YEAR = 1950, 2099
"""Days outside are slips of the pen: 1900 is where spreadsheets begin to count."""

PRICE_MAX_VND = 10**14
"""A hundred thousand billion dong: more than any district has, and exact in a spreadsheet."""

TEXT_MAX = 500
CUSTOM_MAX = 100
CUSTOM_NAME_MAX = 64
CUSTOM_VALUE_MAX = 2_000

_DAYS = ("in_use_since", "purchased", "warranty_until")
_LINES = frozenset({"note"})
"""Fields that may have more than one line."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An asset as it shall be. before: the tag that it had, None for a new one."""

    id: int | None
    before: str | None
    asset: Asset
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """An asset that is removed."""

    id: int
    tag: str
    row: int | None = None


@dataclass(slots=True)
class Rules:
    """What is allowed now. communes: code -> name of the watched ones."""

    settings: Settings
    communes: Mapping[str, str]
    _inside: dict[tuple[str, str | None], bool] = field(default_factory=dict)

    def may_offer(self, credential: str, address: str | None) -> bool:
        """Whether a credential may be offered to an address."""
        key = (credential, address)
        if key not in self._inside:
            networks = self.settings.credentials[credential].networks
            self._inside[key] = may_be_offered(address, networks)
        return self._inside[key]


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of fields by the names that hatang.yaml has for them, texts in NFC without blanks
    around them."""
    return {("class" if k == "asset_class" else k): _clean(v) for k, v in values.items()}


def _clean(value: Any) -> Any:
    if type(value) is str:
        text = value.strip()
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    if isinstance(value, Mapping):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value


def alone(asset: Asset, rules: Rules, row: int | None = None) -> list[FieldProblem]:
    """What is wrong with an asset whatever else is registered."""
    found: list[FieldProblem] = []

    def wrong(key: str, text: str, **values: str) -> None:
        found.append(FieldProblem(key, text, values, row))

    if asset.tag in PAGE_TAGS:
        wrong("tag", "a page has the address of the tag {tag}; take another", tag=asset.tag)
    for key, text in _texts(asset):
        if not text.isprintable():
            lines = text.replace("\n", "").replace("\t", "") if key in _LINES else text
            if any(unicodedata.category(c) in ("Cc", "Cs") for c in lines):
                wrong(key, "holds a character that cannot be shown; type it again")
        most = CUSTOM_VALUE_MAX if key.startswith("custom.") else TEXT_MAX
        if len(text) > most and key not in _LINES:
            wrong(key, "must have at most {most} characters", most=str(most))
    if len(asset.custom) > CUSTOM_MAX:
        wrong("custom", "must have at most {most} entries", most=str(CUSTOM_MAX))
    for name in asset.custom:
        if not name or len(name) > CUSTOM_NAME_MAX or not name.isprintable():
            wrong(
                "custom",
                "a field's name must have 1 to {most} characters",
                most=str(CUSTOM_NAME_MAX),
            )
    for key in _DAYS:
        day = getattr(asset, key)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            wrong(
                key,
                "{day} is not between {first} and {last}; look at the year",
                day=f"{day:%d/%m/}{day.year:04}",
                first=str(FIRST_YEAR),
                last=str(LAST_YEAR),
            )
    if asset.price_vnd is not None and asset.price_vnd > PRICE_MAX_VND:
        wrong("price_vnd", "{price} is too much; write it in dong", price=str(asset.price_vnd))
    if asset.commune not in rules.communes:
        known = [f"{code} {name}" for code, name in rules.communes.items()]
        wrong(
            "commune",
            "{code} is not a commune that is watched; known: {known}",
            code=asset.commune,
            known=", ".join(known[:8]) + (" …" if len(known) > 8 else ""),
        )
    for number, endpoint in enumerate(asset.endpoints):
        credential: str | None = getattr(endpoint, "credential", None)
        if credential is None:
            pass
        elif credential not in rules.settings.credentials:
            wrong("endpoints", "there is no credential {name}", name=credential)
        elif not rules.may_offer(credential, asset.address):
            wrong(
                "endpoints",
                "{name} may be offered inside {networks} only, and {address} is not there",
                name=credential,
                networks=", ".join(rules.settings.credentials[credential].networks),
                address=str(asset.address),
            )
        clash = clash_of_times(rules.settings.watch(endpoint))
        if clash is not None:
            wrong("endpoints", "endpoint {number}: {what}", number=str(number + 1), what=clash[1])
    return found


def _texts(asset: Asset) -> Iterable[tuple[str, str]]:
    for key in _TEXT_FIELDS:
        value = getattr(asset, key)
        if value:
            yield key, value
    for name, value in asset.custom.items():
        yield f"custom.{name}", value
    for value in asset.features:
        yield "features", value


_TEXT_FIELDS = tuple(
    name
    for name, info in Asset.model_fields.items()
    if info.annotation in (str, str | None) and name not in ("tag", "commune")
)


def together(
    connection: Connection, changed: Sequence[Changed], gone: Sequence[Gone], rules: Rules
) -> list[FieldProblem]:
    """What is wrong with assets among each other and beside the rest of the register.

    gone: what is removed at the same time.
    """
    joint = _Joint(connection, changed, gone, rules)
    joint.tags()
    joint.edges()
    joint.this_machine()
    joint.serials()
    joint.names("upstream")
    joint.names("parent")
    joint.left_alone()
    if not joint.found:
        joint.circles("upstream")
        joint.circles("parent")
    return joint.found


class _Joint:
    """One run of `together`."""

    def __init__(
        self,
        connection: Connection,
        changed: Sequence[Changed],
        gone: Sequence[Gone],
        rules: Rules,
    ) -> None:
        self.found: list[FieldProblem] = []
        self._connection = connection
        self._changed = changed
        self._rules = rules
        self._ids = {c.id for c in changed if c.id is not None} | {g.id for g in gone}
        self._new = {c.asset.tag: c for c in changed}
        self._rows = {c.before: c.row for c in changed if c.before is not None}
        self._rows |= {g.tag: g.row for g in gone}
        self._left = set(self._rows) - set(self._new)
        """Tags that nobody has any more."""
        wanted = {c.asset.upstream for c in changed} | {c.asset.parent for c in changed}
        wanted |= set(self._new)
        self._known = above(connection, [tag for tag in wanted if tag is not None])

    def _wrong(self, changed: Changed, key: str, text: str, **values: str) -> None:
        self.found.append(FieldProblem(key, text, values, changed.row))

    def tags(self) -> None:
        """No two assets have one tag."""
        seen: set[str] = set()
        for changed in self._changed:
            tag = changed.asset.tag
            other = self._known.get(tag)
            taken = other is not None and other[0] not in self._ids
            if tag in seen or taken:
                self._wrong(
                    changed, "tag", "another asset has the tag {tag}; take another", tag=tag
                )
            seen.add(tag)

    def edges(self) -> None:
        """At most one asset of a commune has `edge`."""
        edges = [c for c in self._changed if c.asset.edge]
        if not edges:
            return
        first = {
            near.commune: near.tag
            for near in edges_of(self._connection, {c.asset.commune for c in edges})
            if near.id not in self._ids
        }
        for changed in edges:
            tag = first.setdefault(changed.asset.commune, changed.asset.tag)
            if tag != changed.asset.tag:
                self._wrong(
                    changed, "edge", "{tag} is the edge of the commune already; it has one", tag=tag
                )

    def this_machine(self) -> None:
        """One endpoint of kind host."""
        with_host = [c for c in self._changed for e in c.asset.endpoints if e.kind == "host"]
        if not with_host:
            return
        first = next(
            (near.tag for near in hosts(self._connection) if near.id not in self._ids), None
        )
        for changed in with_host:
            if first is not None:
                self._wrong(
                    changed,
                    "endpoints",
                    "{tag} stands for this machine already, and there is one",
                    tag=first,
                )
            first = first or changed.asset.tag

    def serials(self) -> None:
        """No two assets of one maker have one serial number."""
        keyed = [(c, key) for c in self._changed if (key := serial_key(c.asset.serial))]
        others = with_serials(self._connection, {key for _, key in keyed})
        known = {
            (key, vendor): (near.tag, near.commune)
            for key, near_ones in others.items()
            for near, vendor in near_ones
            if near.id not in self._ids
        }
        for changed, key in keyed:
            asset = changed.asset
            own = (key, folded(asset.vendor))
            tag, commune = known.setdefault(own, (asset.tag, asset.commune))
            if tag != asset.tag:
                self._wrong(
                    changed,
                    "serial",
                    "{tag} in {commune} has this serial number; look which one is right",
                    tag=tag,
                    commune=self._rules.communes.get(commune, commune),
                )

    def names(self, key: str) -> None:
        """What an asset names is registered."""
        for changed in self._changed:
            tag = getattr(changed.asset, key)
            if tag is None or tag in self._new:
                continue
            if tag in self._left or tag not in self._known:
                self._wrong(changed, key, "there is no asset {tag}", tag=tag)

    def left_alone(self) -> None:
        """Nothing names what is not there any more."""
        if not self._left:
            return
        for key in ("upstream", "parent"):
            for near, tag in who_names(self._connection, key, self._left):
                if near.id not in self._ids:
                    self.found.append(
                        FieldProblem(
                            "tag",
                            "{other} names {tag} as its {field}; change that first",
                            {"other": near.tag, "tag": tag, "field": key},
                            self._rows[tag],
                        )
                    )
        for window in self._rules.settings.maintenance:
            if window.asset in self._left:
                self.found.append(
                    FieldProblem(
                        "tag",
                        "hatang.yaml plans maintenance of {tag}; change that first",
                        {"tag": str(window.asset)},
                        self._rows[str(window.asset)],
                    )
                )

    def circles(self, key: str) -> None:
        """Nothing stands behind itself, nor is a part of itself.

        What is looked at and has no upstream stands behind its commune's edge, which can close a
        circle, too. A circle that was not there before goes through something that changes.
        """
        edges: dict[str, str | None] = {}
        for changed in self._changed:
            way = [changed.asset.tag]
            while True:
                after = self._after(way[-1], key, edges)
                if after is None or after in way[1:]:
                    break
                way.append(after)
                if after == way[0]:
                    self._wrong(changed, key, "{way} is a circle; break it", way=" → ".join(way))
                    break

    def _after(self, tag: str, key: str, edges: dict[str, str | None]) -> str | None:
        """What an asset stands behind, or is a part of."""
        changed = self._new.get(tag)
        if changed is not None:
            asset = changed.asset
            named, commune = getattr(asset, key), asset.commune
            looked_at = bool(asset.endpoints) and all(e.kind != "host" for e in asset.endpoints)
        else:
            if tag not in self._known:
                self._known.update(above(self._connection, [tag]))
            if tag not in self._known:
                return None
            _, commune, upstream, parent, looked_at = self._known[tag]
            named = upstream if key == "upstream" else parent
        if named is not None or key == "parent" or not looked_at:
            return str(named) if named is not None else None
        if commune not in edges:
            edges[commune] = self._edge_of(commune)
        edge = edges[commune]
        return None if edge == tag else edge

    def _edge_of(self, commune: str) -> str | None:
        for changed in self._changed:
            if changed.asset.edge and changed.asset.commune == commune:
                return changed.asset.tag
        near = edges_of(self._connection, [commune])
        return next((n.tag for n in near if n.id not in self._ids), None)
