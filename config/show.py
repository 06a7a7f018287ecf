"""What a configuration comes to, as plain data without secrets, for `hatang check-config`."""

from __future__ import annotations

from typing import Any

from config.assets import AssetStatus
from config.endpoints import endpoint_id
from config.scalars import duration_text
from config.sections import Settings


def effective(settings: Settings) -> dict[str, Any]:
    """The settings as they hold, every endpoint that would be looked at, and counts.

    Secrets are `<secret>`; durations of endpoints are written as the file would have them.
    """
    data = settings.model_dump(mode="json", by_alias=True, exclude={"assets", "communes"})
    endpoints = []
    for asset in settings.assets:
        if asset.status is not AssetStatus.IN_USE:
            continue
        for endpoint in asset.endpoints:
            times = settings.watch(endpoint)
            endpoints.append(
                {
                    "id": endpoint_id(asset.tag, endpoint),
                    "kind": endpoint.kind,
                    "address": asset.address or getattr(endpoint, "url", None),
                    "interval": duration_text(times.interval),
                    "timeout": duration_text(times.timeout),
                    "credential": getattr(endpoint, "credential", None),
                }
            )
    return {
        "settings": data,
        "communes": [commune.code for commune in settings.communes],
        "assets": len(settings.assets),
        "endpoints": endpoints,
    }
