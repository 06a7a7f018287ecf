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
