"""The small types that settings are made of: durations, whole numbers, days, secrets, addresses.

Each parses strictly and, when it refuses, says in one sentence what would be right. None of them
touches the world.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_NUMBER_IN_C = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h|d)")


class Section(BaseModel):
    """Frozen; unknown keys are refused; names stay as the file has them."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Text(Section):
    """A text in the languages of the pages."""

    vi: str = Field(min_length=1)
    """Vietnamese."""
    en: str = Field(min_length=1)
    """English."""
    hi: str = ""
    """Hindi, where somebody has written it."""

    def text(self, language: str) -> str:
        """The text in a language, English where it has no other."""
        return {"vi": self.vi, "hi": self.hi}.get(language) or self.en


class EnvText(str):
    """A text of the file in which ${NAME} was replaced; its repr shows the file's own text.

    Numbers and yes/no settings accept their text from the environment only in this form.
    """

    template: str

    def __new__(cls, value: str, template: str) -> EnvText:
        """`value` after replacing, `template` as the file has it."""
        text = super().__new__(cls, value)
        text.template = template
        return text

    def __repr__(self) -> str:
        return repr(self.template)


def parse_duration_s(value: Any) -> float:
    """Seconds of a duration as people write it.

    >>> parse_duration_s("90s"), parse_duration_s("5m"), parse_duration_s("1h30m")
    (90.0, 300.0, 5400.0)

    A bare number is refused, because nobody can tell its unit. Raises ValueError.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"{value} is not a duration without its unit; write {value}s")
    if not isinstance(value, str):
        raise ValueError("must be a duration, for example 30s, 5m, 1h30m or 7d")
    parts = _DURATION.findall(value)
    if not parts or "".join(n + u for n, u in parts) != value:
        raise ValueError(f"{value!r} is not a duration; write for example 30s, 5m, 1h30m or 7d")
    seconds = sum(float(number) * _UNITS_S[unit] for number, unit in parts)
    if seconds < 0.001:
        raise ValueError("a duration must be at least 1ms")
    if seconds > 100 * 366 * 86400.0:
        raise ValueError(f"{value!r} is longer than a hundred years; write for example 30s or 7d")
    return seconds


def duration_text(seconds: float) -> str:
    """A duration as the file would have it; the inverse of `parse_duration_s` to the millisecond.

    >>> duration_text(90.0), duration_text(0.25), duration_text(86400.0)
    ('1m30s', '250ms', '1d')
    """
    left_ms = round(seconds * 1000)
    text = ""
    for unit, size_ms in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        count, left_ms = divmod(left_ms, size_ms)
        text += f"{count}{unit}" if count else ""
    return text + (f"{left_ms}ms" if left_ms or not text else "")


Seconds = Annotated[
    float,
    BeforeValidator(parse_duration_s),
    PlainSerializer(duration_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^({_DURATION.pattern})+$"}, mode="validation"),
]
"""A length of time in seconds, written as 30s, 5m, 1h30m or 7d."""


def _whole(value: Any) -> Any:
    if isinstance(value, EnvText) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number, digits only and without quotes")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, EnvText) and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", value):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number, for example 92 or 0.5, without quotes")
    return value


def _flag(value: Any) -> Any:
    if isinstance(value, EnvText) and value in ("true", "false"):
        return value == "true"
    if not isinstance(value, bool):
        raise ValueError("must be true or false, without quotes")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is not in the calendar; write YYYY-MM-DD") from None
    raise ValueError("must be a day as YYYY-MM-DD, for example 2026-11-24")


def _moment(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        moment = value
    else:
        try:
            moment = dt.datetime.fromisoformat(str(value))
        except ValueError:
            moment = dt.datetime.min
    if moment.tzinfo is None:
        raise ValueError(
            "must be a moment with its offset from UTC, for example 2026-11-24T08:00:00+07:00"
        )
    return moment


Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number; neither 3.0 nor "3" nor true."""

Number = Annotated[float, BeforeValidator(_number)]
"""A number with or without decimals."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""true or false, in no other spelling."""

Day = Annotated[dt.date, BeforeValidator(_day)]
"""A day as YYYY-MM-DD."""

Moment = Annotated[dt.datetime, BeforeValidator(_moment)]
"""A moment with its offset from UTC."""


def matching(pattern: str, words: str) -> AfterValidator:
    """A validator: the whole text must match `pattern`, else the error says `words`."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise ValueError(words)
        return value

    return AfterValidator(check)


def _network(value: str) -> str:
    # The text is not told: it stands in a credential, where a slip may make it a secret.
    try:
        meant = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise ValueError("must be a network, for example 10.20.0.0/16 or 192.0.2.7/32") from None
    try:
        ipaddress.ip_network(value)
    except ValueError:
        raise ValueError(f"has bits after its prefix; write {meant}") from None
    return value


Network = Annotated[str, AfterValidator(_network)]
"""A network as ADDRESS/PREFIX, or one address."""


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

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a secret is not pickled")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def parse(value: Any, info: ValidationInfo) -> Secret:
            if isinstance(value, Secret):
                return value
            if callable(info.context):  # the loader's rule of where a secret may come from
                value = info.context(value)
            if not isinstance(value, str) or not value:
                raise ValueError("must be a text that is not empty")
            return cls(str(value))

        return core_schema.with_info_plain_validator_function(
            parse,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda _: "<secret>", return_schema=core_schema.str_schema()
            ),
        )


def is_host(text: str) -> bool:
    """Whether a text is an IP address, or a name that is never read as one.

    Resolvers take 10, 0x7f000001 and 127.0.0.0x1 for addresses (inet_aton): refused as names.
    """
    try:
        ipaddress.ip_address(text)
        return True
    except ValueError:
        labels = text.removesuffix(".").split(".")
        fit = all(_LABEL.fullmatch(label) for label in labels)
        return fit and len(text) <= 253 and not _NUMBER_IN_C.fullmatch(labels[-1])


def parse_listen(value: Any) -> tuple[str, int]:
    """('127.0.0.1', 8650) of '127.0.0.1:8650' or '[::1]:8650'. Raises ValueError."""
    if isinstance(value, tuple):  # parsed before
        value = "[{}]:{}".format(*value)
    host, colon, port = str(value).rpartition(":")
    usable = port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:  # which of its numbers would be the port?
        usable = False
    if not colon or not usable or not is_host(host):
        raise ValueError(
            f"{value!r} is not an address to listen on; write HOST:PORT, as 127.0.0.1:8650"
        )
    return host, int(port)


Listen = Annotated[tuple[str, int], BeforeValidator(parse_listen)]
"""HOST:PORT; an IPv6 host stands in brackets."""


def _whole_path(value: Path) -> Path:
    if str(value).startswith("~"):
        raise ValueError("~ is not replaced; write the whole path, for example /var/lib/hatang")
    return value


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


OneOrMore = Annotated[tuple[str, ...], BeforeValidator(_one_or_more)]
"""A text, or a list of texts; read as a list."""


FilePath = Annotated[Path, AfterValidator(_whole_path)]
"""A path; a relative one is taken from the configuration's folder."""
