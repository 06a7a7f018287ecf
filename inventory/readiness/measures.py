"""What each kind of measure finds: one pure function a kind, from facts to a value and evidence.

A measure never judges. It says None where nothing is known; zero is a value only when it was
counted. How sure a finding is: see `finding`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from config.measures import (
    AssetCount,
    AssetShare,
    AssetsPer,
    AssetsPerPost,
    AssetSum,
    LineBandwidth,
    Measure,
)
from inventory.readiness.asset_measures import (
    asset_count,
    asset_sum,
    assets_per,
    assets_per_post,
)
from inventory.readiness.declared_measures import indicator
from inventory.readiness.finding import Finding, Question
from inventory.readiness.line_measures import line_bandwidth, ups_runtime
from inventory.readiness.share_measures import asset_share
from inventory.readiness.uptime_measures import (
    availability,
    coverage,
    figure_percentile,
    longest_outage,
    outage_count,
    probe_success,
    saturation_hours,
)

MEASURES: Mapping[str, Callable[[Question[Any]], Finding]] = {
    "asset_count": asset_count,
    "assets_per_post": assets_per_post,
    "assets_per": assets_per,
    "asset_sum": asset_sum,
    "asset_share": asset_share,
    "availability": availability,
    "longest_outage": longest_outage,
    "outage_count": outage_count,
    "coverage": coverage,
    "percentile": figure_percentile,
    "saturation_hours": saturation_hours,
    "ups_runtime": ups_runtime,
    "probe_success": probe_success,
    "line_bandwidth": line_bandwidth,
    "indicator": indicator,
}
"""Kind of measure -> its function."""


def missing_pieces(measure: Measure, finding: Finding, distance: float) -> float:
    """How many pieces lie between a value and its threshold, `distance` away on the wrong side.

    Assets, shares of assets and what assets add up to are counted in whole pieces; everything else
    is one matter to mend, except bandwidth, which is missing in bits a second.
    """
    if isinstance(measure, AssetCount):
        return float(max(1, math.ceil(distance - 1e-9)))
    if isinstance(measure, AssetsPerPost | AssetsPer | AssetShare | AssetSum):
        return float(max(1, math.ceil(distance * finding.base - 1e-9)))
    return distance * finding.base if isinstance(measure, LineBandwidth) else 1.0
