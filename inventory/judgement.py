"""Time lines in five states: the register's maintenance windows and causes laid over them.

Pure; built anew from the settings whenever these change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config.sections import Settings
from inventory.uptime import Availability, Interval, Span, availability, down_spans, judged

WINDOWS_S = {"24h": 86400.0, "7d": 7 * 86400.0, "30d": 30 * 86400.0}
"""The windows of availability that metrics and pages show, by their label."""


@dataclass(frozen=True, slots=True)
class Judge:
    """upstreams: tag -> the tag that it lies behind. slack_s: how much earlier or later than its
    cause a child may be seen to go and come."""

    upstreams: Mapping[str, str]
    maintenance: Mapping[str, Sequence[Span]]
    slack_s: float
    children: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Judge:
        """The judge of a register: an asset lies behind its `upstream`, else behind its
        commune's edge device."""
        edges = {a.commune: a.tag for a in settings.assets if a.edge}
        upstreams: dict[str, str] = {}
        children: dict[str, list[str]] = defaultdict(list)
        windows: dict[str, list[Span]] = defaultdict(list)
        interval_s = settings.polling.interval
        for asset in settings.assets:
            local = any(e.kind == "host" for e in asset.endpoints)
            above = asset.upstream or edges.get(asset.commune)
            if above is not None and above != asset.tag and asset.endpoints and not local:
                upstreams[asset.tag] = above
                children[above].append(asset.tag)
            for window in settings.maintenance:
                if asset.tag == window.asset or asset.commune == window.commune:
                    windows[asset.tag].append((window.begin.timestamp(), window.end.timestamp()))
            for endpoint in asset.endpoints:
                interval_s = max(interval_s, settings.watch(endpoint).interval)
        polling = settings.polling
        return cls(
            upstreams,
            windows,
            interval_s + polling.down_after * (polling.timeout + polling.retry),
            children,
        )

    def upstream(self, tag: str) -> str | None:
        """The asset that stands between us and this one, or None."""
        return self.upstreams.get(tag)

    def judged(
        self, tag: str, timelines: Mapping[str, Sequence[Interval]], now_s: float
    ) -> list[Interval]:
        """One asset's time line in five states up to `now_s`."""
        timeline = timelines.get(tag, ())
        causes = {
            behind: down_spans(timelines.get(behind, ()), now_s, self.slack_s)
            for behind in {i.behind for i in timeline if i.behind}
        }
        return judged(timeline, now_s, self.maintenance.get(tag, ()), causes)

    def windows(self, intervals: Sequence[Interval], now_s: float) -> dict[str, Availability]:
        """What judged intervals say about each window that ends now."""
        return {
            label: availability(intervals, [(now_s - length, now_s)])
            for label, length in WINDOWS_S.items()
        }
