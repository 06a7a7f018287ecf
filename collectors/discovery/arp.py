"""Which MAC address this machine has learned for which IPv4 address of its own network."""

from __future__ import annotations

import re
from pathlib import Path

ARP = Path("/proc/net/arp")
_COMPLETE = 0x2
"""ATF_COM of linux/if_arp.h: the entry has a MAC address."""


def arp_macs(table: str) -> dict[str, str]:
    """IPv4 address -> 12 hexadecimal digits, of the text of /proc/net/arp (proc_net(5)).

    >>> arp_macs("IP address  HW type  Flags  HW address  Mask  Device\\n"
    ...          "10.20.0.7   0x1   0x2   00:1a:2b:3c:4d:5e   *   eth0\\n"
    ...          "10.20.0.8   0x1   0x0   00:00:00:00:00:00   *   eth0\\n")
    {'10.20.0.7': '001a2b3c4d5e'}
    """
    found = {}
    for line in table.splitlines()[1:]:
        cells = line.split()
        if len(cells) < 4 or not re.fullmatch(r"0x[0-9a-f]+", cells[2]):
            continue
        mac = cells[3].replace(":", "").lower()
        if int(cells[2], 16) & _COMPLETE and len(mac) == 12 and mac.strip("0"):
            found[cells[0]] = mac
    return found


def read_arp(path: Path = ARP) -> dict[str, str]:
    """The same of this machine now; empty where there is no such table."""
    try:
        return arp_macs(path.read_text(encoding="ascii", errors="replace"))
    except OSError:
        return {}
