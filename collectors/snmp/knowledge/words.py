"""Texts of a profile's sources: model, version, serial number and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from collectors.snmp.knowledge.answers import Answers, searched, words
from collectors.snmp.knowledge.schema import Source
from collectors.snmp.session import Oid
from collectors.snmp.text import oid
from inventory.identity import JUNK, is_junk
from inventory.observation import Claim, ClaimKind

_MAX_WORDS = 120
"""Characters of a model or a version; what is longer is a sentence."""


def first_text(sources: Iterable[Source], answers: Answers) -> str:
    """The first usable text that the sources give, '' without one."""
    return _first(sources, answers, is_placeholder)


def first_serial(sources: Iterable[Source], answers: Answers) -> str:
    """The same for serial numbers, of which zeros and the like are none either."""
    return _first(sources, answers, lambda found: is_junk(Claim(ClaimKind.SERIAL, found)))


def objects_in(sources: Iterable[Source]) -> Iterator[Oid]:
    """Every OID that must be asked for these sources."""
    for source in sources:
        if source.object is not None:
            yield source.object
        for condition in source.where:
            yield condition.object
        yield from objects_in(source.all or ())


def asks_entity(sources: Iterable[Source]) -> bool:
    """Whether any of these sources needs ENTITY-MIB's chassis."""
    return any(s.entity is not None or asks_entity(s.all or ()) for s in sources)


def is_placeholder(found: str) -> bool:
    """Whether a text stands for nothing, as makers leave it.

    >>> is_placeholder("To be filled by O.E.M."), is_placeholder("--"), is_placeholder("2")
    (True, True, False)
    """
    return not any(map(str.isalnum, found)) or (found.lower() in JUNK and not found.isdigit())


def _first(sources: Iterable[Source], answers: Answers, is_nothing: Callable[[str], bool]) -> str:
    for source in sources:
        for found in _texts(source, answers):
            if len(found) <= _MAX_WORDS and not is_nothing(found):
                return found
    return ""


def _texts(source: Source, answers: Answers) -> Iterator[str]:
    for raw in _raw_texts(source, answers):
        found: str | None = raw
        if source.pattern is not None:
            found = searched(source.pattern, raw)
        if found is not None and source.map is not None:
            found = source.map.get(found.strip())
        if found and found.strip():
            yield source.format.replace("{}", found.strip())


def _raw_texts(source: Source, answers: Answers) -> Iterator[str]:
    if source.object is not None:
        for index, value in answers.rows(source.object):
            if answers.fulfils(index, source.where):
                is_hex = source.hex and isinstance(value, bytes)
                yield value.hex() if is_hex and isinstance(value, bytes) else words(value)
    elif source.entity is not None:
        yield answers.chassis.get(source.entity, "")
    elif source.descr is not None:
        yield searched(source.descr, answers.descr) or ""
    elif source.sys_name is not None:
        yield searched(source.sys_name, answers.sys_name) or ""
    elif source.object_id is not None:
        yield _by_object_id(source.object_id, answers.object_id)
    elif source.text is not None:
        yield source.text
    else:
        parts = [first_text((part,), answers) for part in source.all or ()]
        if all(parts):
            yield source.join.join(parts)


def _by_object_id(texts: dict[str, str], object_id: Oid) -> str:
    best, best_length = "", 0
    for dots, found in texts.items():
        key = oid(dots.lstrip("."))
        if len(key) > best_length and object_id[: len(key)] == key:
            best, best_length = found, len(key)
    return best
