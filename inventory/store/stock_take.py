"""Stock-takes in the database: the frozen book, the counts as they came, the frozen minutes.

Functions over a connection; what is allowed is decided by `inventory.stock_take`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import TypeAdapter

from config.assets import Asset
from inventory.stock_take.count import Count
from inventory.stock_take.opening import Opening, StockTake
from inventory.stock_take.proposal import Proposal, ProposalState
from inventory.stock_take.report import Glimpse, How, Member, Place
from inventory.store.desk import Connection

_TAKE = (
    "id, commune, site, day, title, reason, members, unit, opened_at_s, opened_by, closed_at_s, "
    "closed_by, book_size"
)
_COUNT = "id, label, how, by, counted_at_s, received_at_s, site, room, note"
_MEMBERS = TypeAdapter(tuple[Member, ...])
_PROPOSAL = TypeAdapter(Proposal)

Mark = tuple[int, int]
"""How many counts a stock-take has, and how many of them were withdrawn: it only ever grows."""


def add_take(
    connection: Connection, opening: Opening, unit: str, by: str, at_s: float, book: Sequence[Asset]
) -> int:
    """Open a stock-take and freeze its book; its number."""
    cursor = connection.execute(
        "INSERT INTO stock_takes (commune, site, day, title, reason, members, unit, opened_at_s, "
        "opened_by, closed_by, book_size) VALUES (?,?,?,?,?,?,?,?,?,'',?)",
        (
            opening.commune,
            opening.site,
            opening.day.isoformat(),
            opening.title,
            opening.reason,
            _MEMBERS.dump_json(opening.members).decode(),
            unit,
            at_s,
            by,
            len(book),
        ),
    )
    assert cursor.lastrowid is not None
    connection.executemany(
        "INSERT INTO stock_take_book (take_id, tag, position, asset) VALUES (?,?,?,?)",
        [
            (
                cursor.lastrowid,
                asset.tag,
                position,
                asset.model_dump_json(by_alias=True, exclude_defaults=True),
            )
            for position, asset in enumerate(book)
        ],
    )
    return cursor.lastrowid


def take(connection: Connection, id: int) -> StockTake | None:
    """A stock-take by its number."""
    row = connection.execute(f"SELECT {_TAKE} FROM stock_takes WHERE id = ?", (id,)).fetchone()  # noqa: S608
    return None if row is None else _take_of(row)


def takes(connection: Connection) -> list[StockTake]:
    """All stock-takes, the newest first."""
    rows = connection.execute(f"SELECT {_TAKE} FROM stock_takes ORDER BY id DESC")  # noqa: S608
    return [_take_of(row) for row in rows]


def seen_in_book(connection: Connection) -> dict[int, int]:
    """Number of a stock-take that is open -> how many tags of its book were counted."""
    return dict(
        connection.execute(
            "SELECT b.take_id, count(DISTINCT b.tag) FROM stock_takes t JOIN stock_take_counts c "
            "ON c.take_id = t.id AND c.withdrawn_at_s IS NULL JOIN stock_take_book b "
            "ON b.take_id = t.id AND b.tag = c.label WHERE t.closed_at_s IS NULL GROUP BY t.id"
        )
    )


def book(connection: Connection, id: int) -> list[Asset]:
    """The book as it was frozen."""
    rows = connection.execute(
        "SELECT asset FROM stock_take_book WHERE take_id = ? ORDER BY position", (id,)
    )
    return [Asset.model_validate_json(asset) for (asset,) in rows]


def add_counts(connection: Connection, id: int, counts: Iterable[Count]) -> list[bool]:
    """Add counts; for each whether it is new: a count whose id is known changes nothing."""
    return [
        connection.execute(
            f"INSERT INTO stock_take_counts (take_id, {_COUNT}) VALUES (?,?,?,?,?,?,?,?,?,?) "  # noqa: S608
            "ON CONFLICT (take_id, id) DO NOTHING",
            (
                id,
                c.id,
                c.label,
                c.how.value,
                c.by,
                c.counted_at_s,
                c.received_at_s,
                c.site,
                c.room,
                c.note,
            ),
        ).rowcount
        == 1
        for c in counts
    ]


def counts(connection: Connection, id: int) -> list[Count]:
    """The counts that hold, in the order in which they came."""
    rows = connection.execute(
        f"SELECT {_COUNT} FROM stock_take_counts WHERE take_id = ? AND withdrawn_at_s IS NULL "  # noqa: S608
        "ORDER BY seq",
        (id,),
    )
    return [Count(row[0], row[1], How(row[2]), *row[3:]) for row in rows]


def mark(connection: Connection, id: int) -> Mark:
    """What tells whether the counts are still those that were read."""
    row = connection.execute(
        "SELECT count(*), count(withdrawn_at_s) FROM stock_take_counts WHERE take_id = ?", (id,)
    ).fetchone()
    return int(row[0]), int(row[1])


def withdraw(
    connection: Connection, id: int, count_ids: Iterable[str], by: str, at_s: float
) -> int:
    """Let counts hold no more; they stay on file. How many held until now."""
    return sum(
        connection.execute(
            "UPDATE stock_take_counts SET withdrawn_at_s = ?, withdrawn_by = ? "
            "WHERE take_id = ? AND id = ? AND withdrawn_at_s IS NULL",
            (at_s, by, id, count_id),
        ).rowcount
        for count_id in count_ids
    )


def counted_by_others(connection: Connection, id: int) -> dict[str, Place]:
    """Tag of the book -> where another stock-take has counted it since this one was opened."""
    rows = connection.execute(
        "SELECT c.label, o.commune, CASE c.site WHEN '' THEN o.site ELSE c.site END, c.room "
        "FROM stock_takes t JOIN stock_take_book b ON b.take_id = t.id JOIN stock_take_counts c "
        "ON c.label = b.tag AND c.take_id != t.id AND c.withdrawn_at_s IS NULL AND "
        "c.received_at_s >= t.opened_at_s JOIN stock_takes o ON o.id = c.take_id "
        "WHERE t.id = ? ORDER BY c.seq",
        (id,),
    )
    return {label: Place(commune, site, room) for label, commune, site, room in rows}


def close_take(connection: Connection, id: int, minutes: str, by: str, at_s: float) -> bool:
    """Freeze the minutes; False where somebody has closed it already."""
    changed = connection.execute(
        "UPDATE stock_takes SET closed_at_s = ?, closed_by = ?, minutes = ? "
        "WHERE id = ? AND closed_at_s IS NULL",
        (at_s, by, minutes, id),
    )
    return changed.rowcount == 1


def minutes(connection: Connection, id: int) -> str | None:
    """The minutes of a stock-take that is closed, as they were written."""
    row = connection.execute("SELECT minutes FROM stock_takes WHERE id = ?", (id,)).fetchone()
    return None if row is None else row[0]


def add_proposals(connection: Connection, id: int, proposals: Iterable[Proposal]) -> None:
    """Keep what a stock-take proposes."""
    connection.executemany(
        "INSERT INTO stock_take_proposals (take_id, tag, body, state, batch, decided_by) "
        "VALUES (?,?,?,'waiting','','')",
        [(id, p.tag, _PROPOSAL.dump_json(p).decode()) for p in proposals],
    )


def proposals(connection: Connection, id: int) -> list[tuple[Proposal, ProposalState]]:
    """What a stock-take proposes and what became of it, by tag."""
    rows = connection.execute(
        "SELECT body, state, batch, decided_at_s, decided_by FROM stock_take_proposals "
        "WHERE take_id = ? ORDER BY tag",
        (id,),
    )
    return [(_PROPOSAL.validate_json(body), ProposalState(*rest)) for body, *rest in rows]


def decide(
    connection: Connection, id: int, tags: Iterable[str], batch: str, by: str, at_s: float
) -> None:
    """Note that proposals have been applied by a batch of the register."""
    connection.executemany(
        "UPDATE stock_take_proposals SET state = 'applied', batch = ?, decided_by = ?, "
        "decided_at_s = ? WHERE take_id = ? AND tag = ? AND state = 'waiting'",
        [(batch, by, at_s, id, tag) for tag in tags],
    )


def last_answers(connection: Connection, tags: Sequence[str]) -> dict[str, float]:
    """Tag -> when one of its endpoints answered last, seconds since 1970."""
    return dict(
        connection.execute(
            "SELECT a.tag, max(e.last_answer_at_s) FROM json_each(?) j JOIN assets a "
            "ON a.tag = j.value JOIN endpoints e ON e.asset_id = a.id "
            "WHERE e.last_answer_at_s IS NOT NULL GROUP BY a.tag",
            (json.dumps(list(tags)),),
        )
    )


def glimpses(connection: Connection, tags: Sequence[str]) -> dict[str, tuple[Glimpse, ...]]:
    """Tag -> where sweeps, neighbours and traps saw something that may be it, newest first."""
    rows = connection.execute(
        "SELECT t.match_tag, t.addresses, t.commune, t.last_seen_s FROM json_each(?) j "
        "JOIN things t ON t.match_tag = j.value ORDER BY t.last_seen_s DESC",
        (json.dumps(list(tags)),),
    )
    found: dict[str, tuple[Glimpse, ...]] = {}
    for tag, addresses, commune, at_s in rows:
        address = next(iter(json.loads(addresses)), "")
        found[tag] = (*found.get(tag, ()), Glimpse(address, commune or "", at_s))
    return found


def _take_of(row: Sequence[Any]) -> StockTake:
    id, commune, site, day, title, reason, members, unit, *rest = row
    opening = Opening(
        commune,
        site,
        dt.date.fromisoformat(day),
        title,
        reason,
        _MEMBERS.validate_json(members),
    )
    return StockTake(id, opening, unit, *rest)


def assets_then(connection: Connection, as_of_s: float, commune: str) -> list[Asset]:
    """What a commune had on the register at a moment, as it was then."""
    rows = connection.execute(
        "SELECT h.registered FROM assets a JOIN register_history h ON h.asset_id = a.id AND "
        "h.at_s = (SELECT max(at_s) FROM register_history WHERE asset_id = a.id AND at_s <= ?) "
        "WHERE (a.gone_at_s IS NULL OR a.gone_at_s > ?) "
        "AND json_extract(h.registered, '$.commune') = ?",
        (as_of_s, as_of_s, commune),
    )
    return [Asset.model_validate_json(registered) for (registered,) in rows]
