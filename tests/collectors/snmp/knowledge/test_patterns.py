"""No text that a device may send keeps a pattern of a profile busy: one device would stop all."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from collectors.snmp.knowledge.book import shipped_book
from collectors.snmp.knowledge.schema import DeviceProfile, Source

MAX_CPU_S = 0.25
"""For one search; the worst takes a twentieth of it, and only what grows with the cube or worse
comes near."""
PARTS = ("1", "A", "A1", "1.", " ", "a ", "A-", "1 ", "x,", "0;", "v1.", "(", ":", "1.1 ", "A1 ")
BEGINNINGS = ("", "Linux ", "HP ", "Cisco ", "Xerox ", "Samsung ", "Dell ", "version ", "Software ")
TEXTS = [(start + part * 512)[:512] for start in BEGINNINGS for part in PARTS]


def sources_of(sources) -> Iterator[Source]:
    for source in sources:
        yield source
        yield from sources_of(source.all or ())


def patterns_of(profile: DeviceProfile) -> Iterator[str]:
    yield from (match.descr for match in profile.match if match.descr)
    for part in ("vendor", "model", "version", "serial", "features", "base_mac"):
        for source in sources_of(getattr(profile, part)):
            yield from filter(None, (source.descr, source.sys_name, source.pattern))
            yield from (condition.like for condition in source.where)
    for part in ("processors", "memory_pools", "storage", "sensors", "supplies"):
        for table in getattr(profile, part):
            names = ("pattern", "octets", "of", "index")
            yield from filter(None, (getattr(table, name, None) for name in names))
            yield from (condition.like for condition in table.where)


BOOK = shipped_book()
PATTERNS = sorted({p for name in BOOK.names() for p in patterns_of(BOOK[name])})


@pytest.mark.parametrize("at", range(0, len(PATTERNS), 50))
def test_no_hostile_text_keeps_a_pattern_busy(at):
    for pattern in PATTERNS[at : at + 50]:
        compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)
        for text in TEXTS:
            started = time.process_time()
            compiled.search(text)
            assert time.process_time() - started < MAX_CPU_S, pattern
