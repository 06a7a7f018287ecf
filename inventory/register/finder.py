"""Searching and sorting in memory: what is found by is read once, then what has changed of it.

The database stays the truth: before each search whatever has been written since is read.
"""

from __future__ import annotations

import bisect
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from inventory.alphabet import folded
from inventory.register.entry import SORTS, Found, Query
from inventory.register.index import key_of
from inventory.store.desk import Connection
from inventory.store.register import Indexed, column_values, entries_by_id, indexed_since

_MOST_WORDS = 20

_FEW = 500
"""So many changed entries are put in their places one by one."""


@dataclass(slots=True)
class _Column:
    """keys: entry -> its key; order: entries that have one, sorted; blank: the others."""

    keys: dict[int, str]
    order: list[int] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)

    def sort(self, tags: Mapping[int, str]) -> None:
        """Put everything in order."""
        key = self._key(tags)
        self.order = sorted((i for i, k in self.keys.items() if k), key=key)
        self.blank = sorted((i for i, k in self.keys.items() if not k), key=key)

    def take_out(self, ids: Iterable[int], tags: Mapping[int, str]) -> None:
        """Entries that will have another key or tag, from where they stand by the old ones."""
        # Others may be reading the lists that there are.
        self.order, self.blank = self.order.copy(), self.blank.copy()
        key = self._key(tags)
        for id_ in ids:
            if id_ in self.keys:
                part = self.order if self.keys[id_] else self.blank
                del part[bisect.bisect_left(part, key(id_), key=key)]

    def put_in(self, keys: Mapping[int, str], tags: Mapping[int, str]) -> None:
        """What was taken out, or is new, where it stands now."""
        self.keys.update(keys)
        key = self._key(tags)
        for id_, text in keys.items():
            bisect.insort(self.order if text else self.blank, id_, key=key)

    def _key(self, tags: Mapping[int, str]) -> Callable[[int], tuple[str, str, int]]:
        keys = self.keys
        return lambda i: (keys[i], tags[i], i)


class Finder:
    """See the module. For any thread."""

    def __init__(self) -> None:
        self._stamp = 0
        self._rows: dict[int, Indexed] = {}
        self._tags: dict[int, str] = {}
        self._by_state: Mapping[str, dict[int, Indexed]] = {"here": {}, "removed": {}}
        self._of_state: Mapping[str, Sequence[Indexed]] = {"here": (), "removed": ()}
        self._columns: dict[str, _Column] = {}
        self._turn = threading.Lock()

    def find(self, connection: Connection, query: Query, communes: Mapping[str, str]) -> Found:
        """One page of what a query finds. communes: code -> name, which words may be of, too.

        Raises ValueError for a column that nothing is sorted by.
        """
        for name in (query.sort, *query.exactly):
            if name not in SORTS:
                raise ValueError(f"nothing is sorted by {name}")
        with self._turn:
            self._catch_up(connection)
            column = self._column(connection, query.sort)
            order, blank = column.order, column.blank
            exactly = {name: self._column(connection, name).keys for name in query.exactly if name}
            here = self._of_state["removed" if query.removed else "here"]
        found = _matching(here, query, communes, exactly)
        page = _page(found, order[::-1] if query.descending else order, blank, query)
        entries = entries_by_id(connection, page)
        statuses = Counter(map(attrgetter("status"), found))
        return Found(tuple(entries[i] for i in page if i in entries), len(found), statuses)

    def _catch_up(self, connection: Connection) -> None:
        stamp, changed = indexed_since(connection, self._stamp)
        if not changed:
            return
        ids = [row.id for row in changed]
        # All that may fail comes first: what is half changed would never be whole again.
        found = {name: _keys(connection, name, ids) for name in self._columns}
        keys = {name: {i: known.get(i, "") for i in ids} for name, known in found.items()}
        few = len(ids) <= _FEW
        for column in self._columns.values() if few else ():
            column.take_out(ids, self._tags)
        self._tags.update({row.id: key_of("tag", row.tag) for row in changed})
        self._rows.update({row.id: row for row in changed})
        for name, column in self._columns.items():
            if few:
                column.put_in(keys[name], self._tags)
            else:
                column.keys.update(keys[name])
                column.sort(self._tags)
        for state, rows in self._by_state.items():
            for row in changed:
                rows.pop(row.id, None)
            rows.update({row.id: row for row in changed if row.state == state})
        self._of_state = {state: list(rows.values()) for state, rows in self._by_state.items()}
        self._stamp = stamp

    def _column(self, connection: Connection, name: str) -> _Column:
        column = self._columns.get(name)
        if column is None:
            keys = _keys(connection, name, None)
            # Only what is known by now: an entry that is newer comes with the next look.
            column = _Column({i: keys.get(i, "") for i in self._rows})
            column.sort(self._tags)
            self._columns[name] = column
        return column


def _keys(connection: Connection, name: str, ids: Sequence[int] | None) -> dict[int, str]:
    return {i: key_of(name, text) for i, text in column_values(connection, name, ids)}


def _matching(
    rows: Sequence[Indexed],
    query: Query,
    communes: Mapping[str, str],
    exactly: Mapping[str, Mapping[int, str]],
) -> Sequence[Indexed]:
    """The rows that a query is after, in no order."""
    found = rows
    if query.communes is not None:
        found = [row for row in found if row.commune in query.communes]
    if query.classes:
        classes = {str(wanted) for wanted in query.classes}
        found = [row for row in found if row.asset_class in classes]
    if query.statuses:
        statuses = {str(wanted) for wanted in query.statuses}
        found = [row for row in found if row.status in statuses]
    if query.tags is not None:
        found = [row for row in found if row.tag in query.tags]
    if query.origin is not None:
        found = [row for row in found if row.origin == query.origin]
    for name, value in query.exactly.items():
        key, keys = key_of(name, value), exactly[name]
        found = [row for row in found if keys[row.id] == key]
    words = folded(query.text).split()[:_MOST_WORDS]
    names = {code: folded(name) for code, name in communes.items()} if words else {}
    for word in words:
        inside = {code for code, name in names.items() if word in name}
        if inside:
            found = [row for row in found if word in row.text or row.commune in inside]
        else:
            found = [row for row in found if word in row.text]
    return found


def _page(
    found: Sequence[Indexed], order: Sequence[int], blank: Sequence[int], query: Query
) -> list[int]:
    """The entries of one page: of all in order, those that were found."""
    wanted = {row.id for row in found}
    in_order = (i for part in (order, blank) for i in part if i in wanted)
    last = None if query.limit is None else query.offset + query.limit
    return list(itertools.islice(in_order, query.offset, last))
