"""An Evaluation as JSON and back, for the store and for files."""

from __future__ import annotations

import zlib

from pydantic import TypeAdapter

from inventory.readiness.result import Evaluation

_ADAPTER = TypeAdapter(Evaluation)


def evaluation_to_json(evaluation: Evaluation) -> str:
    """The whole evaluation, evidence included."""
    return _ADAPTER.dump_json(evaluation).decode()


def evaluation_from_json(text: str) -> Evaluation:
    """The inverse of `evaluation_to_json`; raises ValueError on anything else."""
    return _ADAPTER.validate_json(text)


def checksum(text: str) -> int:
    """CRC-32 of a text, by which a flipped byte is noticed: SQLite's own check does not see it."""
    return zlib.crc32(text.encode())
