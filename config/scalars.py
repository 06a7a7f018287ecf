"""The small types that settings are made of: durations, secrets, addresses to listen on."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def parse_duration_s(value: Any) -> float:
    """Seconds of a duration as people write it.

    >>> parse_duration_s("90s"), parse_duration_s("5m"), parse_duration_s("1h30m")
    (90.0, 300.0, 5400.0)

    A bare number is refused, because nobody can tell its unit. Raises ValueError.
    """
    text = str(value).strip()
    parts = _DURATION.findall(text)
    if isinstance(value, bool) or not parts or "".join(n + u for n, u in parts) != text:
        raise ValueError(f"{value!r} is not a duration; write for example 30s, 5m, 1h30m or 7d")
    seconds = sum(float(number) * _UNITS_S[unit] for number, unit in parts)
    if seconds <= 0:
        raise ValueError("a duration must be longer than zero")
    return seconds


Seconds = Annotated[float, BeforeValidator(parse_duration_s)]
"""A length of time in seconds, written as 30s, 5m, 1h30m or 7d."""


class Secret:
    """A text that prints as <secret> wherever it ends up; `reveal()` is the one way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself, for the one place that must send it."""
        return self._value

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a secret is not pickled")

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def parse(value: Any) -> Secret:
            if isinstance(value, Secret):
                return value
            if not isinstance(value, str) or not value:
                raise ValueError("must be a text that is not empty")
            return cls(value)

        return core_schema.no_info_plain_validator_function(
            parse,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda _: "<secret>", return_schema=core_schema.str_schema()
            ),
        )


def parse_listen(value: Any) -> tuple[str, int]:
    """('127.0.0.1', 8650) of '127.0.0.1:8650' or '[::1]:8650'. Raises ValueError."""
    host, colon, port = str(value).rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise ValueError(f"{value!r} is not an address to listen on; write HOST:PORT")
    return host, int(port)


Listen = Annotated[tuple[str, int], BeforeValidator(parse_listen)]
