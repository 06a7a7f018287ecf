"""Uptime that can be defended: what a time line of reachability says about a window.

Pure functions over intervals. A time line tiles: each interval begins where the one before ended,
none is empty, only the last is open. Three states are observed and stored (up, down, unknown);
maintenance and unreachable are laid over them when a window is judged, so that a planned window
entered late or a cause found later needs no rewriting of history.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate


class State(StrEnum):
    """UNREACHABLE: what stands between us and it is down. UNKNOWN: nobody was looking."""

    UP = "up"
    DOWN = "down"
    UNREACHABLE = "unreachable"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Interval:
    """[start_s, end_s) in seconds since 1970; end_s None is an interval still open.

    behind: tag of the asset that stood between us and this one when the interval began.
    """

    state: State
    start_s: float
    end_s: float | None = None
    behind: str | None = None


Span = tuple[float, float]
"""[start, end) in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Availability:
    """What a window says: the five totals in seconds, which add up to the window.

    ratio = up / (up + down), None without evidence (neither 0 % nor 100 %).
    coverage = (up + down) / window, 0 for an empty window.
    """

    totals: dict[State, float]

    @property
    def window_s(self) -> float:
        """Length of the window that was judged, without the time before the asset was known."""
        return sum(self.totals.values())

    @property
    def ratio(self) -> float | None:
        """Availability, 0 to 1, or None when there was no evidence."""
        seen = self.totals[State.UP] + self.totals[State.DOWN]
        return self.totals[State.UP] / seen if seen > 0 else None

    @property
    def coverage(self) -> float:
        """Share of the window with evidence of up or down, 0 to 1."""
        window = self.window_s
        return (self.totals[State.UP] + self.totals[State.DOWN]) / window if window > 0 else 0.0


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping and touching spans joined, in order; empty ones dropped."""
    result: list[Span] = []
    for start, end in sorted(s for s in spans if s[1] > s[0]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def _cut(
    interval: Interval, end: float, spans: Sequence[Span], inside: State
) -> list[tuple[Interval, float]]:
    """`interval` (taken to end at `end`) with its part inside merged `spans` in another state.

    Pieces with their ends, so that the caller need not ask whether one is open.
    """
    pieces: list[tuple[Interval, float]] = []
    at = interval.start_s
    for start, stop in _touched(spans, at, end):
        if start > at:
            pieces.append((Interval(interval.state, at, start, interval.behind), start))
        pieces.append((Interval(inside, start, stop, interval.behind), stop))
        at = stop
    if at < end:
        pieces.append((Interval(interval.state, at, end, interval.behind), end))
    return pieces


def _touched(spans: Sequence[Span], begin: float, end: float) -> Iterator[Span]:
    """The parts of merged spans inside [begin, end), in order.

    A device that comes and goes has thousands of intervals: only what they touch is walked.
    """
    for at in range(bisect_right(spans, begin, key=lambda span: span[1]), len(spans)):
        if spans[at][0] >= end:
            return
        yield max(begin, spans[at][0]), min(end, spans[at][1])


def judged(
    timeline: Iterable[Interval],
    now_s: float,
    maintenance: Iterable[Span] = (),
    causes: Mapping[str, Sequence[Span]] | None = None,
) -> list[Interval]:
    """The time line in five states up to `now_s`, still tiling.

    Down becomes unreachable while what the interval lies behind is down (`causes`: `behind` ->
    spans of `down_spans`), and down or unreachable becomes maintenance inside a planned window;
    still down after it is down again. Up stays up inside a planned window: the device did serve.
    """
    windows = _merged(maintenance)
    down = {behind: _merged(spans) for behind, spans in (causes or {}).items()}
    pieces: list[Interval] = []
    for interval in timeline:
        end = now_s if interval.end_s is None else min(interval.end_s, now_s)
        if end <= interval.start_s:
            continue
        cause = down.get(interval.behind or "", ())
        if interval.state is not State.DOWN or not (cause or windows):
            pieces.append(Interval(interval.state, interval.start_s, end, interval.behind))
            continue
        for piece, stop in _cut(interval, end, cause, State.UNREACHABLE):
            pieces.extend(part for part, _ in _cut(piece, stop, windows, State.MAINTENANCE))
    return _joined(pieces)


def _joined(pieces: Iterable[Interval]) -> list[Interval]:
    """Touching pieces of one state made one: a planned window that reaches over the beginning of
    a cause leaves two."""
    result: list[Interval] = []
    for piece in pieces:
        before = result[-1] if result else None
        if before and before.state is piece.state and before.end_s == piece.start_s:
            piece = Interval(piece.state, before.start_s, piece.end_s, before.behind)
            result.pop()
        result.append(piece)
    return result


def down_spans(
    timeline: Iterable[Interval], now_s: float, before_s: float = 0.0, after_s: float = 0.0
) -> list[Span]:
    """When a time line was down, each span begun `before_s` earlier and ended `after_s` later.

    This is for a child: it is not looked at in the same second as what it hangs on, and may be
    found down a little earlier and up a little later.
    """
    return _merged(
        (i.start_s - before_s, (now_s if i.end_s is None else i.end_s) + after_s)
        for i in timeline
        if i.state in (State.DOWN, State.UNREACHABLE)
    )


_OPEN = "judge the time line first: an open interval has no length"


class Inside:
    """The union of some spans, sorted once for many time lines: how much of each lies in it."""

    def __init__(self, spans: Iterable[Span]) -> None:
        merged = _merged(spans)
        self._begins = [begin for begin, _ in merged]
        self._ends = [end for _, end in merged]
        self._before = list(accumulate((end - begin for begin, end in merged), initial=0.0))

    def seconds(self, interval: Interval) -> float:
        """Seconds of a judged interval that lie inside."""
        if interval.end_s is None:
            raise ValueError(_OPEN)
        return self.before(interval.end_s) - self.before(interval.start_s)

    def before(self, at_s: float) -> float:
        """Seconds inside before a moment."""
        at = bisect_right(self._begins, at_s)
        if not at:
            return 0.0
        return self._before[at - 1] + min(at_s, self._ends[at - 1]) - self._begins[at - 1]


def availability(intervals: Iterable[Interval], spans: Iterable[Span] | Inside) -> Availability:
    """Totals of judged intervals over the union of `spans` (a window, or its office hours)."""
    totals = dict.fromkeys(State, 0.0)
    wanted = spans if isinstance(spans, Inside) else Inside(spans)
    at_s, before = math.nan, 0.0
    for interval in intervals:
        if interval.end_s is None:
            raise ValueError(_OPEN)
        # A time line tiles, so an interval begins where the one before ended.
        begins = before if interval.start_s == at_s else wanted.before(interval.start_s)
        at_s = interval.end_s
        before = wanted.before(at_s)
        totals[interval.state] += before - begins
    return Availability(totals)


def outages(intervals: Iterable[Interval]) -> list[Interval]:
    """The down intervals, touching ones joined."""
    return _joined(i for i in intervals if i.state is State.DOWN)
