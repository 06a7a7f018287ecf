"""The log of changes as a page and as a sheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboards.web.site import Site
from dashboards.web.visitor import Right, Visitor
from inventory.register.entry import Change

ON_A_PAGE = 50
_AT_ONCE = 200
_MOST_READ = 5_000
"""Lines that are looked through for one page by somebody who may not see all of them."""

KINDS = ("asset", "indicator", "profile", "user", "stock_take", "scenario", "access")
"""What the filter offers; the log may hold others."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class LogWish:
    """What an address of the log asks for; "" for whatever there is."""

    subject: str = ""
    actor: str = ""
    kind: str = ""
    batch: str = ""
    before: int | None = None

    def asked(self) -> str:
        """As in an address, without where its page begins."""
        pairs = {k: getattr(self, k) for k in ("subject", "actor", "kind", "batch")}
        return urlencode({k: v for k, v in pairs.items() if v})


@dataclass(frozen=True, slots=True)
class LogPage:
    """The page. older: what the next page begins before, None where there is none; undoable:
    whether the batch that is shown can be undone by this reader. count: lines of that batch, on all
    pages; is_registered: whether each of them is a new asset."""

    wish: LogWish
    lines: Sequence[Change]
    older: int | None
    undoable: bool = False
    problems: Sequence[str] = ()
    count: int = 0
    is_registered: bool = False
    kinds: Sequence[str] = KINDS

    @property
    def asked(self) -> str:
        """As in an address."""
        return self.wish.asked()


def log_page(site: Site, wish: LogWish, visitor: Visitor, problems: Sequence[str] = ()) -> LogPage:
    """One page of the log, the newest first. Raises StoreError."""
    found: list[Change] = []
    for line in lines(site, wish, visitor):
        found.append(line)
        if len(found) > ON_A_PAGE:
            break
    older = found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None
    shown = found[:ON_A_PAGE]
    undoable = (
        bool(wish.batch)
        and visitor.may(Right.REGISTER)
        and all(line.kind == "asset" for line in shown)
    )
    actions = site.register.actions_of(wish.batch) if wish.batch and shown else {}
    registered = set(actions) == {"created"} and all(line.kind == "asset" for line in shown)
    return LogPage(wish, shown, older, undoable, problems, sum(actions.values()), registered)


def lines(site: Site, wish: LogWish, visitor: Visitor, most: int = _MOST_READ) -> Iterator[Change]:
    """What fits and the reader may see, the newest first."""
    before, read = wish.before, 0
    communes: dict[str, str] = {}
    while read < most:
        found = site.register.changes(
            wish.subject or None,
            kind=wish.kind or None,
            batch=wish.batch or None,
            actor=wish.actor or None,
            before_id=before,
            limit=_AT_ONCE,
        )
        for line in found:
            if may_see(site, line, visitor, communes):
                yield line
        if len(found) < _AT_ONCE:
            return
        before, read = found[-1].id, read + len(found)


def may_see(site: Site, line: Change, visitor: Visitor, communes: dict[str, str]) -> bool:
    """Whether somebody may see a line: of assets and indicators those of the own communes, which
    profile was chosen everybody, everything else administrators. communes: tag -> commune, as far
    as it is known."""
    if line.kind == "profile":
        return True
    if line.kind not in ("asset", "indicator"):
        return visitor.may(Right.ADMIN)
    return visitor.communes is None or commune_of(site, line, communes) in visitor.communes


def commune_of(site: Site, line: Change, known: dict[str, str]) -> str:
    """The commune of the asset that a line is about; "" where nobody knows."""
    for side in (line.after, line.before):
        if side.get("commune"):
            return str(side["commune"])
    if line.subject not in known:
        entry = site.register.get(line.subject)
        known[line.subject] = entry.asset.commune if entry else ""
    return known[line.subject]


def communes_touched(site: Site, lines: Sequence[Change]) -> set[str]:
    """The communes that undoing lines about assets would change something in: those that assets
    were in before and after. Raises StoreError."""
    known: dict[str, str] = {}
    found = set()
    for line in lines:
        if line.kind == "asset":
            found.add(commune_of(site, line, known))
            found |= {
                str(side["commune"]) for side in (line.before, line.after) if side.get("commune")
            }
    return found


def sheet(found: Iterator[Change], moment: Any, header: Sequence[str]) -> Iterator[str]:
    """CSV, one line a change; nothing in it is a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    writer.writerow(header)
    for line in found:
        cells = (
            *(str(line.id), moment(line.at_s), line.actor, line.via, line.address, line.action),
            *(line.kind, line.subject, line.title, _flat(line.before), _flat(line.after)),
            *(line.reason, line.batch),
        )
        writer.writerow([_plain(cell) for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _flat(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False) if facts else ""


def _plain(cell: str) -> str:
    """A cell that no spreadsheet computes (CSV injection).

    >>> _plain("=1+1"), _plain("PC-1")
    ("'=1+1", 'PC-1')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
