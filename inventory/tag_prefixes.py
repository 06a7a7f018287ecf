"""What tags begin with, the same for every way into the register."""

from __future__ import annotations

from collections.abc import Mapping

PREFIXES: Mapping[str, str] = {
    "router": "RT",
    "firewall": "FW",
    "switch": "SW",
    "access_point": "AP",
    "ont": "ONT",
    "server": "SRV",
    "nas": "NAS",
    "desktop": "PC",
    "laptop": "LT",
    "printer": "PR",
    "scanner": "SC",
    "ups": "UPS",
    "camera": "CAM",
    "video_conference": "VC",
    "phone": "TEL",
    "other": "TB",
}
"""What tags of a class begin with where nobody says otherwise; TB is thiết bị, equipment."""


def stem(asset_class: str, commune: str) -> str:
    """What stands before the number of a tag that Hatang gives.

    >>> stem("desktop", "22849"), stem("drone", "")
    ('PC-22849', 'TB')
    """
    prefix = PREFIXES.get(asset_class, PREFIXES["other"])
    return f"{prefix}-{commune}" if commune else prefix
