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


def packed(evaluation: Evaluation) -> bytes:
    """The whole evaluation for the store: rows of evidence repeat each other, and a country keeps
    thousands of evaluations an hour. Level 1 takes half the time of 6 for a tenth more bytes."""
    return zlib.compress(_ADAPTER.dump_json(evaluation), 1)


def unpacked(body: bytes | str) -> Evaluation:
    """The inverse of `packed`, and of the plain text that was stored before; raises ValueError."""
    if isinstance(body, str):
        return evaluation_from_json(body)
    try:
        return _ADAPTER.validate_json(zlib.decompress(body))
    except zlib.error as error:
        raise ValueError(str(error)) from error


def checksum(body: bytes | str) -> int:
    """CRC-32 of what is stored, by which a flipped byte is noticed: SQLite's own check does not
    see it."""
    return zlib.crc32(body.encode() if isinstance(body, str) else body)
