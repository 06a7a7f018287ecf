"""The gap list: what every commune lacks, what mending it costs and on what that rests."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from config.profile import Remedy, Requirement
from dashboards.web.plan_common import groups_of, names_of, profile_of
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.alphabet import order
from inventory.planning.gaps import Gap, dearest_first, gaps
from inventory.units import Unit

TOP = 5
"""How many of the costliest gaps stand at the head of the page."""

PER_PAGE = 40

LEVELS = ("mandatory", "desirable")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: ids, "" for any. place: a commune's code or a group's id."""

    level: str = ""
    pillar: str = ""
    place: str = ""
    requirement: str = ""
    page: int = 1

    def asked(self, **changes: str | int) -> str:
        """The same as a query, with changes; without what is not asked."""
        wish = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        given = {key: getattr(wish, key) for key in ("level", "pillar", "place", "requirement")}
        if wish.page > 1:
            given["page"] = wish.page
        return urlencode({key: value for key, value in given.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.level or self.pillar or self.place or self.requirement)


@dataclass(frozen=True, slots=True)
class Row:
    """One gap with the names that a reader knows. requirement: None where the profile of today has
    it no more."""

    gap: Gap
    commune: str
    requirement: Requirement | None

    @property
    def remedy(self) -> Remedy | None:
        """What mends it, where the profile says so."""
        return self.requirement.remedy if self.requirement is not None else None


@dataclass(frozen=True, slots=True)
class Sum:
    """What the gaps of a unit or of a group come to. depth: how far down the tree. code: "" where
    it leads nowhere. unpriced: gaps without a price."""

    name: str
    code: str
    depth: int
    gaps: int
    mandatory_vnd: int
    desirable_vnd: int
    unpriced: int

    @property
    def cost_vnd(self) -> int:
        """Of all levels."""
        return self.mandatory_vnd + self.desirable_vnd


@dataclass(frozen=True, slots=True)
class GapPage:
    """The whole page. rows: of this page, the costliest first; total: how many there are; top: the
    costliest of what is asked for; once_vnd: what is to be paid when a thing that mends several
    gaps of a commune is bought once; evaluated: how many communes were; waiting: names of those
    that were not."""

    wish: Wish
    rows: Sequence[Row]
    total: int
    first: int
    pages: int
    top: Sequence[Row]
    whole: Sum
    once_vnd: int
    sums: Sequence[Sum]
    groups: Sequence[Sum]
    by_level: Mapping[str, int]
    evaluated: int
    waiting: Sequence[str]
    places: Sequence[tuple[str, str]]
    pillars: Sequence[tuple[str, str]]
    requirements: Sequence[tuple[str, str]]
    titles: Mapping[str, str]


def gap_rows(site: Site, visitor: Visitor, wish: Wish, language: str) -> list[Row]:
    """Every gap that is asked for and seen, the costliest first."""
    names = names_of(site, visitor)
    return _wanted(_rows(site, names), wish, _codes(site, names, wish, language))


def gap_page(site: Site, visitor: Visitor, wish: Wish, language: str) -> GapPage:
    """The page from the last evaluation of each commune that the reader sees."""
    names = names_of(site, visitor)
    everything = _rows(site, names)
    found = _wanted(everything, wish, _codes(site, names, wish, language))
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, wish.page), pages)
    first = (page - 1) * PER_PAGE
    views = {code: site.snapshot.communes[code] for code in names}
    profiles = {id(p): p for p in map(profile_of(site), names)}.values()
    known = {r.id: r.title.text(language) for p in profiles for r in p.requirements}
    asked = {row.gap.requirement for row in everything}
    groups = groups_of(site, names, language)
    costs: Counter[str] = Counter()
    for row in found:
        costs[row.gap.level] += row.gap.cost_vnd
    return GapPage(
        wish=replace(wish, page=page),
        rows=found[first : first + PER_PAGE],
        total=len(found),
        first=first + 1,
        pages=pages,
        top=[row for row in found if row.gap.cost_vnd][:TOP],
        whole=_sum("", "", 0, found),
        once_vnd=_once(found),
        sums=_tree(site, names, found),
        groups=[
            _sum(place.name, place.id, 0, [r for r in found if r.gap.commune in place.communes])
            for place in groups
        ],
        by_level=costs,
        evaluated=sum(view.evaluation is not None for view in views.values()),
        waiting=[names[code] for code, view in views.items() if view.evaluation is None],
        places=[*((p.id, p.name) for p in groups), *names.items()],
        pillars=list({p.id: p.title.text(language) for f in profiles for p in f.pillars}.items()),
        requirements=[(id_, title) for id_, title in known.items() if id_ in asked],
        titles=known,
    )


def _rows(site: Site, names: Mapping[str, str]) -> list[Row]:
    views = (site.snapshot.communes.get(code) for code in names)
    judged = [view.evaluation for view in views if view is not None and view.evaluation is not None]
    profile = profile_of(site)
    return [
        Row(gap, names[gap.commune], profile(gap.commune).requirement(gap.requirement))
        for gap in gaps(judged, profile)
    ]


def _codes(site: Site, names: Mapping[str, str], wish: Wish, language: str) -> frozenset[str]:
    if not wish.place:
        return frozenset(names)
    for group in groups_of(site, names, language):
        if group.id == wish.place:
            return group.communes
    return frozenset({wish.place})


def _wanted(rows: Iterable[Row], wish: Wish, codes: frozenset[str]) -> list[Row]:
    found = [
        row
        for row in rows
        if row.gap.commune in codes
        and wish.level in ("", row.gap.level)
        and wish.pillar in ("", row.gap.pillar)
        and wish.requirement in ("", row.gap.requirement)
    ]
    found.sort(key=lambda row: (*dearest_first(row.gap), row.commune))
    return found


def _once(rows: Iterable[Row]) -> int:
    """Of gaps of a commune that the same article mends, the dearest is counted."""
    most: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        key = (row.gap.commune, row.gap.article or f"\0{row.gap.requirement}")
        most[key] = max(most[key], row.gap.cost_vnd)
    return sum(most.values())


def _sum(name: str, code: str, depth: int, rows: Sequence[Row]) -> Sum:
    mandatory = sum(r.gap.cost_vnd for r in rows if r.gap.level == LEVELS[0])
    return Sum(
        name,
        code,
        depth,
        len(rows),
        mandatory,
        sum(r.gap.cost_vnd for r in rows) - mandatory,
        sum(not r.gap.cost_vnd for r in rows),
    )


def _tree(site: Site, names: Mapping[str, str], rows: Sequence[Row]) -> list[Sum]:
    """What lies above a commune with its sum, then what lies in it; a level that has only one
    member and is not the top is left out."""
    mine: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        mine[row.gap.commune].append(row)
    today = site.today
    above: dict[Unit | None, list[str]] = defaultdict(list)
    for code in names:
        view = site.snapshot.communes.get(code)
        above[site.units.at(view.unit.parent, today) if view is not None else None].append(code)
    found = []
    for unit, codes in sorted(
        above.items(), key=lambda pair: order(pair[0].name if pair[0] else "")
    ):
        together = [row for code in codes for row in mine[code]]
        if unit is not None:
            found.append(_sum(unit.name, "", 0, together))
        found += sorted(
            (_sum(names[code], code, 1 if unit is not None else 0, mine[code]) for code in codes),
            key=lambda one: -one.cost_vnd,
        )
    return found
