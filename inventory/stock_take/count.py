"""One count: that somebody saw one thing, as a phone, a page or a sheet tells of it.

What is told is untrusted: it is cleaned and bounded here, where it enters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from inventory.stock_take.report import How

LABEL_MAX = 64
"""Characters of a tag; of a serial number that is read for one, too."""

WORDS_MAX = 500
"""Characters of a note, a site or a room."""

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

FURTHEST_AHEAD_S = 300.0
"""A phone's clock may be ahead by as much; a count from later still is taken for one of now."""


@dataclass(frozen=True, slots=True)
class Count:
    """One thing that was seen.

    id: made by whoever counts, before it is sent; the same id is the same count. label: the text
    of its label, '' for a thing without one. by: who counted. counted_at_s by the counter's clock,
    received_at_s by ours. site, room: where, '' where nobody said. note: what it is, or a remark.
    """

    id: str
    label: str
    how: How
    by: str
    counted_at_s: float
    received_at_s: float
    site: str = ""
    room: str = ""
    note: str = ""


class NotACount(ValueError):
    """What was sent is none; the text says why, in English."""


def count_of(said: Mapping[str, Any], by: str, now_s: float) -> Count:
    """The count that somebody sent: id, label or note, how, at (seconds since 1970), site, room.

    Raises NotACount.
    """
    id = said.get("id")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise NotACount("a count needs an id of 8 to 64 letters, digits or -")
    label = label_of(_words(said, "label", 2_000))
    note = _words(said, "note", WORDS_MAX)
    if not label and not note:
        raise NotACount("say which label was seen, or what the thing without a label is")
    if len(label) > LABEL_MAX:
        raise NotACount("this is no label of ours")
    how = said.get("how")
    if not isinstance(how, str) or how not in set(How):
        raise NotACount("say how it was counted")
    at_s = said.get("at", now_s)
    if isinstance(at_s, bool) or not isinstance(at_s, int | float) or not 0 <= at_s < 1e11:
        raise NotACount("the time of the count is no time")
    if at_s > now_s + FURTHEST_AHEAD_S:
        at_s = now_s
    return Count(
        id=id,
        label=label,
        how=How(how),
        by=by,
        counted_at_s=float(at_s),
        received_at_s=now_s,
        site=_words(said, "site", WORDS_MAX),
        room=_words(said, "room", WORDS_MAX),
        note=note,
    )


def label_of(text: str) -> str:
    """The tag that a label says: what a QR code holds is our short address or the plain tag.

    >>> label_of("https://hatang.example/a/PC-0007"), label_of(" PC-0007 ")
    ('PC-0007', 'PC-0007')
    >>> label_of("https://elsewhere.example/")
    'https://elsewhere.example/'
    """
    text = text.strip()
    if not text.lower().startswith(("http://", "https://")):
        return text
    try:
        parts = [part for part in urlsplit(text).path.split("/") if part]
    except ValueError:
        return text
    if len(parts) >= 2 and parts[-2] in ("a", "assets"):
        return unquote(parts[-1])
    return text


def same_words(text: str) -> str:
    """A site's or room's name as it is compared: without regard to case and blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _words(said: Mapping[str, Any], key: str, most: int) -> str:
    value = said.get(key, "")
    if not isinstance(value, str):
        raise NotACount("a text of a count must be text")
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in unicodedata.normalize("NFC", value)
        if unicodedata.category(c) not in ("Cs", "Cf", "Cn")
    )
    kept = " ".join(kept.split())
    if len(kept) > most:
        raise NotACount("a text is too long; write at most 500 characters")
    return kept
