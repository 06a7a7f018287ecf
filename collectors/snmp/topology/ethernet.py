"""EtherLike-MIB (RFC 3635): whether an interface sends and receives at once."""

from __future__ import annotations

from collectors.snmp.session import Oid, Rows
from collectors.snmp.text import oid, word

DUPLEX: dict[str, Oid] = {"dot3StatsDuplexStatus": oid("1.3.6.1.2.1.10.7.2.1.19")}
"""The column that is walked."""

_NAMES = {2: "half", 3: "full"}


def duplex_of(rows: Rows) -> dict[int, str]:
    """ifIndex -> half or full, of those that say."""
    return {
        index[0]: name
        for index, value in rows.get("dot3StatsDuplexStatus", {}).items()
        if len(index) == 1 and (name := word(value, _NAMES))
    }
