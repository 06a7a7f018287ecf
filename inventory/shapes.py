"""Shapes of communes from a GeoJSON file (RFC 7946), by the official code of each.

Hatang ships none: whoever has shapes of a licence that suits brings them. Only outlines are kept,
because a hole of a commune is another commune's place; coordinates are longitude and latitude.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from config.errors import ConfigError, Problem

Ring = tuple[tuple[float, float], ...]
"""(longitude, latitude) of each corner of an outline."""

BYTES_MAX = 20_000_000
"""All communes of a country at a scale that a page can show; the daemon keeps them in memory."""


def read_shapes(path: Path) -> Mapping[str, tuple[Ring, ...]]:
    """Code -> outlines, the largest first. Features without a code, or without an area, are left
    out. Raises ConfigError where the file is no GeoJSON with a single shape of a code."""
    try:
        if path.stat().st_size > BYTES_MAX:
            raise _wrong(path, f"is larger than {BYTES_MAX // 1_000_000} MB; simplify its shapes")
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise _wrong(path, f"cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise _wrong(path, f"is no JSON: {error}") from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise _wrong(path, "is no GeoJSON FeatureCollection; it has no list `features`")
    found: dict[str, list[Ring]] = {}
    for feature in features:
        code, rings = _code(feature), list(_rings(feature))
        if code and rings:
            found.setdefault(code, []).extend(rings)
    if not found:
        raise _wrong(path, "has no polygon with an official code as its property `code`")
    return {code: tuple(sorted(rings, key=_size, reverse=True)) for code, rings in found.items()}


def _wrong(path: Path, text: str) -> ConfigError:
    return ConfigError([Problem(str(path), 0, "", text)])


def _code(feature: Any) -> str:
    """The code as text; one that a program wrote as a number has lost its zeros at the front."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if isinstance(code, int) and not isinstance(code, bool) and 0 <= code <= 99_999:
        return f"{code:05d}"
    return code.strip() if isinstance(code, str) else ""


def _rings(feature: Any) -> Iterator[Ring]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        return
    coordinates = geometry.get("coordinates")
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(
        str(geometry.get("type")), []
    )
    for polygon in polygons if isinstance(polygons, list) else []:
        if isinstance(polygon, list) and polygon and isinstance(polygon[0], list):
            ring = tuple(point for pair in polygon[0] if (point := _point(pair)) is not None)
            if len(ring) >= 4:  # RFC 7946 §3.1.6: closed, so a triangle has four
                yield ring


def _point(pair: Any) -> tuple[float, float] | None:
    if not isinstance(pair, list) or len(pair) < 2:
        return None
    x, y = pair[:2]
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in (x, y)):
        return None
    if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 180 and abs(y) <= 90):
        return None
    return float(x), float(y)


def _size(ring: Ring) -> float:
    """The area of an outline in square degrees (shoelace), to tell an island from its mainland."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2
