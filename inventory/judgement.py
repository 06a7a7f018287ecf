"""Time lines in five states: the register's maintenance windows and causes laid over them.

Pure; built anew from the settings whenever these change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from config.sections import Asset, Settings
from inventory.uptime import Availability, Interval, Span, availability, down_spans, judged

WINDOWS_S = {"24h": 86400.0, "7d": 7 * 86400.0, "30d": 30 * 86400.0}
"""The windows of availability that metrics and pages show, by their label."""


@dataclass(frozen=True, slots=True)
class Judge:
    """upstreams: tag -> the tag that it lies behind. notice_s: tag -> how long after it went or
    came a look says so. edges: what nobody looks at -> the edge device of its commune, so that a
    chain of upstreams does not end at it. below: tag -> all that lies behind it, near or far."""

    upstreams: Mapping[str, str]
    maintenance: Mapping[str, Sequence[Span]]
    notice_s: Mapping[str, float] = field(default_factory=dict)
    edges: Mapping[str, str] = field(default_factory=dict)
    below: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Judge:
        """The judge of a register: an asset lies behind its `upstream`, else behind its
        commune's edge device."""
        edges = {a.commune: a.tag for a in settings.assets if a.edge}
        upstreams: dict[str, str] = {}
        unwatched: dict[str, str] = {}
        windows: dict[str, list[Span]] = defaultdict(list)
        for asset in settings.assets:
            local = any(e.kind == "host" for e in asset.endpoints)
            edge = edges.get(asset.commune)
            above = asset.upstream or (edge if asset.endpoints else None)
            if above is not None and above != asset.tag and not local:
                upstreams[asset.tag] = above
            elif edge is not None and edge != asset.tag and not asset.endpoints:
                unwatched[asset.tag] = edge
            for window in settings.maintenance:
                if asset.tag == window.asset or asset.commune == window.commune:
                    windows[asset.tag].append((window.begin.timestamp(), window.end.timestamp()))
        judge = cls(
            upstreams, windows, {a.tag: _notice_s(settings, a) for a in settings.assets}, unwatched
        )
        below: dict[str, list[str]] = defaultdict(list)
        for asset in settings.assets:
            for above in judge.above(asset.tag):
                below[above].append(asset.tag)
        return replace(judge, below=below)

    def differing(self, other: Judge) -> set[str]:
        """The assets about which the two do not say the same."""
        return {
            tag
            for ours, theirs in (
                (self.upstreams, other.upstreams),
                (self.edges, other.edges),
                (self.notice_s, other.notice_s),
                (self.maintenance, other.maintenance),
            )
            if ours != theirs
            for tag in ours.keys() | theirs.keys()
            if ours.get(tag) != theirs.get(tag)
        }

    def upstream(self, tag: str) -> str | None:
        """The asset that stands between us and this one, or None."""
        return self.upstreams.get(tag)

    def above(self, tag: str) -> list[str]:
        """All that stands between us and this one, the nearest first; never itself."""
        found: list[str] = []
        at = self._next(tag)
        while at is not None and at != tag and at not in found:
            found.append(at)
            at = self._next(at)
        return found

    def _next(self, tag: str) -> str | None:
        return self.upstreams.get(tag) or self.edges.get(tag)

    def judged(
        self, tag: str, timelines: Mapping[str, Sequence[Interval]], now_s: float
    ) -> list[Interval]:
        """One asset's time line in five states up to `now_s`.

        The cause of a silence may lie anywhere above: a switch that nobody looks at, or whose
        credential is wrong, is never seen down and must not hide that the line before it is.
        """
        timeline = timelines.get(tag, ())
        after_s = self.notice_s.get(tag, 0.0)
        causes = {
            behind: [
                span
                for above in (behind, *self.above(behind))
                if above != tag
                for span in down_spans(
                    timelines.get(above, ()), now_s, self.notice_s.get(above, 0.0), after_s
                )
            ]
            for behind in {i.behind for i in timeline if i.behind}
        }
        return judged(timeline, now_s, self.maintenance.get(tag, ()), causes)

    def windows(self, intervals: Sequence[Interval], now_s: float) -> dict[str, Availability]:
        """What judged intervals say about each window that ends now."""
        return {
            label: availability(intervals, [(now_s - length, now_s)])
            for label, length in WINDOWS_S.items()
        }


def _notice_s(settings: Settings, asset: Asset) -> float:
    """The longest time from an event to the end of the look that shows it, by the asset's fastest
    endpoint; 0 for what nobody looks at."""
    times = [settings.watch(endpoint) for endpoint in asset.endpoints]
    return min((t.interval + t.deadline for t in times), default=0.0)
