"""Whatever a device answers to whatever its profile asks: values come out, and no two sensors of
one name."""

from __future__ import annotations

import asyncio
import math
import random

import pytest

from collectors.snmp.knowledge.book import shipped_book
from collectors.snmp.knowledge.learn import identify, measure
from collectors.snmp.session import Columns, Found

ODD = (
    0,
    -1,
    2**64,
    -(2**31),
    b"",
    b"\xff\xfe\x00",
    b"nan",
    b"inf",
    b"1e308",
    b"-3.5 C",
    b"A1 " * 100,
    "Hộp mực".encode(),
    b"\x80\x40",
    (1, 3, 6, 1, 2, 1, 33, 1, 6, 3, 2),
    (1, 3, 6, 1, 2, 1, 25, 2, 1, 2),
)


class RubbishSession:
    """A Session whose device answers at random."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def value(self):
        return self._random.choice((*ODD, self._random.randint(0, 500), b"%d" % len(ODD)))

    async def get(self, objects, until_s):
        return Found({name: self.value() for name in objects if self._random.random() < 0.5})

    first = get

    async def columns(self, objects, until_s):
        return Columns({name: self._rows() for name in objects if self._random.random() < 0.8})

    def _rows(self):
        arcs = [self._random.randint(0, 9) for _ in range(20)]
        return {tuple(arcs[at : at + 1 + at % 4]): self.value() for at in range(0, 16, 3)}


@pytest.mark.parametrize("seed", range(3))
def test_every_profile_survives_rubbish(seed):
    session, book = RubbishSession(seed), shipped_book()
    for name in book.names():
        system = {part: session.value() for part in ("sysObjectID", "sysDescr", "sysName")}
        asyncio.run(identify(session, system, book[name], math.inf))
        measures = asyncio.run(measure(session, book[name], math.inf))
        numbers = [sensor.value for sensor in measures.sensors]
        numbers += [area.size_bytes or 0.0 for area in measures.memory_pools + measures.storage]
        assert all(map(math.isfinite, numbers)), name
        names = [(sensor.sensor_class, sensor.name) for sensor in measures.sensors]
        assert len(names) == len(set(names)), name
