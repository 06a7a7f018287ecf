"""What a configuration comes to, as plain data without secrets, for `hatang check-config`."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from config.assets import Asset, AssetStatus
from config.endpoints import Endpoint, endpoint_id
from config.scalars import duration_text
from config.sections import Settings


def effective(settings: Settings) -> dict[str, Any]:
    """The settings as they hold, every endpoint that would be looked at, and counts.

    Secrets are `<secret>`; durations of endpoints are written as the file would have them. Only
    assets in use are looked at. An http endpoint's address is shown without its query.
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
                    "address": _address(asset, endpoint),
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
        "counts": dict(Counter(endpoint["kind"] for endpoint in endpoints)),
    }


def _address(asset: Asset, endpoint: Endpoint) -> str | None:
    """What is asked; None for this machine."""
    if endpoint.kind == "http":
        parts = urlsplit(endpoint.url)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    if endpoint.kind == "host" or asset.address is None:
        return None
    port = getattr(endpoint, "port", None)
    host = f"[{asset.address}]" if port and ":" in asset.address else asset.address
    return f"{host}:{port}" if port else host
