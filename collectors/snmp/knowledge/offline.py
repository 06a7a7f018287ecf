"""Identifies recorded devices straight from their files, without a packet: a quick loop for
whoever writes profiles.

    python -m collectors.snmp.knowledge.offline FOLDER OUT.json [--only 'cisco*']

`hatang identify --recordings` does the same through the simulator and the real engine.
"""

from __future__ import annotations

import argparse
import asyncio
import fnmatch
import json
import socket
from bisect import bisect_left, bisect_right
from pathlib import Path
from typing import Any

from collectors.snmp.identify import learned
from collectors.snmp.knowledge.book import ProfileBook, shipped_book
from collectors.snmp.session import Columns, Found, Objects, Oid, Value
from collectors.snmp.simulator.errors import RecordingError
from collectors.snmp.simulator.snmprec import Recording, read_recording


class RecordedSession:
    """A Session that answers from a recording."""

    def __init__(self, recording: Recording) -> None:
        self._oids = [row.oid for row in recording.rows]
        self._values: list[Value] = [row.value for row in recording.rows]

    def open(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        """See Session."""

    async def get(self, objects: Objects, until_s: float) -> Found:
        """See Session."""
        found = {}
        for label, oid in objects.items():
            at = bisect_left(self._oids, oid)
            if at < len(self._oids) and self._oids[at] == oid:
                found[label] = self._values[at]
        return Found(found)

    async def first(self, objects: Objects, until_s: float) -> Found:
        """See Session."""
        found = {}
        for label, oid in objects.items():
            at = bisect_right(self._oids, oid)
            if at < len(self._oids) and self._oids[at][: len(oid)] == oid:
                found[label] = self._values[at]
        return Found(found)

    async def columns(self, objects: Objects, until_s: float) -> Columns:
        """See Session."""
        return Columns({label: self._below(oid) for label, oid in objects.items()})

    async def close(self) -> None:
        """See Session."""

    def _below(self, oid: Oid) -> dict[Oid, Value]:
        rows = {}
        for at in range(bisect_right(self._oids, oid), len(self._oids)):
            if self._oids[at][: len(oid)] != oid:
                break
            rows[self._oids[at][len(oid) :]] = self._values[at]
        return rows


async def identified(recording: Recording, book: ProfileBook) -> dict[str, object]:
    """What Hatang finds in a recording, in the form of `hatang identify`."""
    return await learned(RecordedSession(recording), book, until_s=0.0)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="*")
    arguments = parser.parse_args()
    book = shipped_book()
    results = {}
    for path in sorted(arguments.folder.glob("*.snmprec")):
        if "@" not in path.stem and fnmatch.fnmatch(path.stem, arguments.only):
            try:
                recording = read_recording(path)
            except RecordingError:
                continue
            results[path.stem] = asyncio.run(identified(recording, book))
    arguments.out.write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
