"""What people have declared in the demo district, with its history: a renewal, a slip that was put
right, a figure that soon expires. What counts today is what the demo's file says, too."""

from __future__ import annotations

import datetime as dt

from hatang.demo_district import COMMUNES, DEMO_PAPER, declared_as_of
from hatang.plan import Plan
from inventory.clock import SystemClock
from inventory.indicators.checks import Entry
from inventory.indicators.indicators import Indicators
from inventory.register.entry import SYSTEM
from inventory.store.desk import Desk

BY = "Nguyễn Văn Mẫu"
_YEAR = dt.timedelta(days=365)
_SOON = dt.timedelta(days=45)


def declare_demo(plan: Plan, desk: Desk) -> int:
    """Enter it where nothing was ever declared; how many entries. Raises StoreError."""
    ground = plan.ground()
    indicators = Indicators(desk, SystemClock(), lambda: ground)
    if indicators.declarations():
        return 0
    first, then = _entries(indicators.today())
    for entries in (first, then):
        indicators.declare(entries, SYSTEM, reason="hatang demo")
    return len(first) + len(then)


def _entries(today: dt.date) -> tuple[list[Entry], list[Entry]]:
    """What was entered first, and what later."""
    day, (well, fair, *_) = declared_as_of(today), COMMUNES
    files = fair.declared["case-files-online"]
    paper = (DEMO_PAPER, BY)
    first = [
        Entry(well.code, "staff-trained", 0.7, day - _YEAR, day, *paper),
        Entry(fair.code, "case-files-online", min(1.0, files + 0.1), day, None, *paper),
    ]
    trained = well.declared["staff-trained"]
    then = [
        Entry(well.code, "staff-trained", trained, day, day + _YEAR, *paper),
        Entry(fair.code, "case-files-online", files, day, None, *paper),
    ]
    if well.posts is not None:
        then.append(Entry(well.code, "posts", well.posts, day, today + _SOON, *paper))
    return first, then
