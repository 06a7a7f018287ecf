"""What monitoring saw, as evidence beside what nobody could find. It proves nothing by itself: an
address can have moved to another machine, and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from inventory.snapshot import AssetView
from inventory.stock_take.report import Glimpse, Line, Result, Seen

View = Callable[[str], AssetView | None]
"""The present of an asset by its tag, None for what is not watched."""


def with_evidence(
    line: Line,
    since_s: float,
    view: View,
    answers: Mapping[str, float],
    glimpses: Mapping[str, tuple[Glimpse, ...]],
) -> Line:
    """The line with what was seen of its asset. since_s: when the stock-take was opened.

    answers: tag -> last answer on file; what the present knows is newer. Only what is missing or
    elsewhere gets evidence: for the rest somebody has stood before it.
    """
    if line.result not in (Result.MISSING, Result.ELSEWHERE) or not line.tag:
        return line
    known = view(line.tag)
    looks = known.endpoints if known is not None else ()
    times = [look.last_answer_at_s for look in looks if look.last_answer_at_s is not None]
    if line.tag in answers:
        times.append(answers[line.tag])
    last = max(times, default=None)
    glimpsed = glimpses.get(line.tag, ())
    if last is None and not glimpsed and not looks:
        return line
    address = known.registered.address if known is not None else None
    after = [at_s for at_s in (last, *(g.at_s for g in glimpsed)) if at_s is not None]
    seen = Seen(
        address=address or "",
        state=known.state.value if known is not None and looks else "",
        last_answer_at_s=last,
        glimpses=glimpsed,
        in_period=any(at_s >= since_s for at_s in after),
    )
    return replace(line, seen=seen)
