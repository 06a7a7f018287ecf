"""Ranges of addresses as people write them: a network, the first and the last, or one address."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

MOST_ADDRESSES = 4096
"""Addresses of one range: a /20. A commune's devices lie in a few /24; who writes /16 by mistake
would let a sweep at the default rate run for half an hour over other people's networks."""

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_WORDS = "write for example 10.20.0.0/24, 10.20.0.10-10.20.0.90 or 10.20.0.7"


@dataclass(frozen=True, slots=True)
class AddressRange:
    """From `first` to `last`, both included and of one family."""

    first: IpAddress
    last: IpAddress

    def __len__(self) -> int:
        return int(self.last) - int(self.first) + 1

    def __contains__(self, ip: object) -> bool:
        return (
            isinstance(ip, ipaddress.IPv4Address | ipaddress.IPv6Address)
            and ip.version == self.first.version
            and int(self.first) <= int(ip) <= int(self.last)
        )

    def __iter__(self) -> Iterator[IpAddress]:
        return (self.first + number for number in range(len(self)))

    def overlaps(self, other: AddressRange) -> bool:
        """Whether an address lies in both."""
        return other.first in self or self.first in other

    def inside(self, network: str) -> bool:
        """Whether all of it lies in a network."""
        outer = ipaddress.ip_network(network)
        return self.first in outer and self.last in outer


def address_range(text: str) -> AddressRange:
    """The addresses that a text names; of an IPv4 network without its own and its broadcast
    address (RFC 1122 §3.2.1.3), which are no device's.

    >>> found = address_range("192.0.2.0/29"); str(found.first), str(found.last), len(found)
    ('192.0.2.1', '192.0.2.6', 6)
    >>> len(address_range("10.20.0.10-10.20.0.90"))
    81

    Raises ValueError: no range, backwards, two families, bits after the prefix, or too large.
    """
    first, dash, last = text.partition("-")
    try:
        if dash:
            ends = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
        else:
            network = ipaddress.ip_network(text, strict=False)
            bare = 2 if network.version == 4 and network.prefixlen < 31 else 0
            ends = network[bare // 2], network[-1 - bare // 2]
    except ValueError:
        raise ValueError(f"{text!r} is no range of addresses; {_WORDS}") from None
    if not dash and "/" in text and str(network.network_address) != first.partition("/")[0]:
        raise ValueError(f"{text} has bits after its prefix; write {network}")
    if ends[0].version != ends[1].version or int(ends[0]) > int(ends[1]):
        raise ValueError(f"{text!r} does not rise from its first to its last address; {_WORDS}")
    found = AddressRange(*ends)
    size = int(ends[1]) - int(ends[0]) + 1  # more than len() can say in IPv6
    if size > MOST_ADDRESSES:
        raise ValueError(
            f"{text} has {size} addresses; at most {MOST_ADDRESSES} (a /20) may be swept as "
            "one range, so that a slip of the pen does not sweep a whole province; write smaller "
            "ranges"
        )
    return found


def _checked(text: str) -> str:
    address_range(text)
    return text


RangeText = Annotated[str, AfterValidator(_checked)]
"""A range as its text."""
