"""The words of a report; `locale/LANGUAGE.po` has them by their English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

VERDICTS = {
    "met": "met",
    "partly": "partly met",
    "unmet": "not met",
    "unknown": "no data",
    "exempt": "exempt",
}
"""Verdict -> its English word, in the order of tables."""

_LOCALE = Path(__file__).parent / "locale"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """English text -> text in a language; of English itself every text there is."""
    name = "vi" if language == "en" else language
    with (_LOCALE / f"{name}.po").open("rb") as file:
        read = {str(m.id): str(m.string) for m in read_po(file, abort_invalid=True) if m.id}
    return {text: text for text in read} if language == "en" else read


def say(language: str, message: str, **values: object) -> str:
    """A message in a language with its values put in. Raises KeyError for one that no catalogue
    has.

    >>> say("vi", "Least ready: {names}.", names="Xã A"), say("en", "Total")
    ('Thấp nhất: Xã A.', 'Total')
    """
    text = catalogue(language)[message]
    return text.format(**values) if values else text
