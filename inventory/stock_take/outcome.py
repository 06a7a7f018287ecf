"""The book held against the counts: which result each thing has. Pure; nothing is decided twice.

1. Each asset of the book is counted, missing or elsewhere.
2. What was counted and is in no book here is elsewhere (registered at another place), surplus, or
   unlabelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from config.assets import Asset
from inventory.stock_take.count import Count, same_words
from inventory.stock_take.report import Line, Place, Result

Find = Callable[[str], Asset | None]
"""The asset that the register has under a label now, or None."""


def compare(
    scope: Place,
    book: Sequence[Asset],
    counts: Iterable[Count],
    find: Find,
    counted_elsewhere: Mapping[str, Place] | None = None,
) -> tuple[Line, ...]:
    """A line for each asset of the book and for each other thing that was counted.

    scope: the commune, and the site where only one is counted. counts: those that hold, in the
    order in which they came. counted_elsewhere: tag -> where another stock-take of these days saw
    it. Lines of the book come first, in the book's order.
    """
    elsewhere = counted_elsewhere or {}
    names = _Names(book)
    seen: dict[str, list[Count]] = defaultdict(list)
    others: dict[str, list[Count]] = defaultdict(list)
    bare: list[Count] = []
    for count in counts:
        if not count.label:
            bare.append(count)
        elif (tag := names.tag(count.label)) is not None:
            seen[tag].append(count)
        else:
            others[count.label.casefold()].append(count)
    lines = [_of_book(scope, a, seen.get(a.tag, ()), elsewhere.get(a.tag)) for a in book]
    lines += _of_others(scope, others, find)
    lines += [_bare(scope, count) for count in bare]
    return tuple(lines)


class _Names:
    """By which labels the assets of a book are known: tag, tag in other case, serial number."""

    def __init__(self, book: Sequence[Asset]) -> None:
        self._tags = {asset.tag for asset in book}
        self._loose: dict[str, set[str]] = defaultdict(set)
        self._serials: dict[str, set[str]] = defaultdict(set)
        for asset in book:
            self._loose[asset.tag.casefold()].add(asset.tag)
            if asset.serial:
                self._serials[asset.serial.strip().casefold()].add(asset.tag)

    def tag(self, label: str) -> str | None:
        """The one asset that a label means, None where none or more than one can be meant."""
        if label in self._tags:
            return label
        for known in (self._loose, self._serials):
            found = known.get(label.casefold(), ())
            if len(found) == 1:
                return next(iter(found))
        return None


def _of_book(scope: Place, asset: Asset, counts: Sequence[Count], other: Place | None) -> Line:
    line = replace(line_of(asset), in_book=True)
    if counts:
        moved = _contradict(place_of(asset), _where(scope, _last(counts)))
        result = Result.ELSEWHERE if moved else Result.COUNTED
        return _counted(replace(line, result=result), scope, counts)
    if other is not None and _contradict(place_of(asset), other):
        return replace(line, result=Result.ELSEWHERE, found=other)
    return line


def _of_others(scope: Place, others: Mapping[str, Sequence[Count]], find: Find) -> Iterable[Line]:
    """One line for each asset or unknown label, however often it was counted."""
    by_asset: dict[str, tuple[Asset, list[Count]]] = {}
    unknown: list[Line] = []
    for counts in others.values():
        label = _last(counts).label
        asset = find(label)
        if asset is None:
            line = Line(Result.SURPLUS, label, _last(counts).note)
            unknown.append(_counted(line, scope, counts))
        else:
            by_asset.setdefault(asset.tag, (asset, []))[1].extend(counts)
    for asset, counts in by_asset.values():
        # Registered here after the opening, or out of the books: more than the book has.
        at_home = in_scope(scope, place_of(asset))
        result = Result.SURPLUS if at_home else Result.ELSEWHERE
        yield _counted(replace(line_of(asset), result=result), scope, counts)
    yield from unknown


def _bare(scope: Place, count: Count) -> Line:
    line = Line(Result.UNLABELLED, "", count.note, count_id=count.id)
    return replace(_counted(line, scope, [count]), note="")


def _counted(line: Line, scope: Place, counts: Sequence[Count]) -> Line:
    """The line as its counts have it: the last that was counted says where."""
    last = _last(counts)
    found = _where(scope, last)
    return replace(
        line,
        here=in_scope(scope, found),
        found=found,
        by=last.by,
        how=last.how,
        counted_at_s=last.counted_at_s,
        times=len(counts),
        note="; ".join(dict.fromkeys(c.note for c in counts if c.note)),
    )


def _last(counts: Sequence[Count]) -> Count:
    return max(counts, key=lambda c: (c.counted_at_s, c.received_at_s, c.id))


def _where(scope: Place, count: Count) -> Place:
    return Place(scope.commune, count.site or scope.site, count.room)


def in_scope(scope: Place, place: Place) -> bool:
    """Whether a place belongs to what is counted."""
    same_site = not scope.site or same_words(scope.site) == same_words(place.site)
    return scope.commune == place.commune and same_site


def _contradict(registered: Place, found: Place) -> bool:
    """Whether two places cannot be one; a site that nobody named is no contradiction."""
    if registered.commune != found.commune:
        return True
    a, b = same_words(registered.site), same_words(found.site)
    return bool(a) and bool(b) and a != b


def place_of(asset: Asset) -> Place:
    """Where the register has an asset."""
    return Place(asset.commune, asset.site, asset.room)


def line_of(asset: Asset) -> Line:
    """An asset as its line begins."""
    return Line(
        Result.MISSING,
        asset.tag,
        asset.name,
        asset_class=asset.asset_class.value,
        status=asset.status.value,
        vendor=asset.vendor,
        model=asset.model,
        serial=asset.serial,
        custodian=asset.custodian,
        in_use_since=asset.in_use_since,
        price_vnd=asset.price_vnd,
        registered=place_of(asset),
    )
