"""Reasons that Hatang itself writes into the log of changes, in the reader's words.

The log keeps them in English. What a person has typed as a reason is shown as it was typed.
"""

from __future__ import annotations

import re
from functools import cache

from dashboards.web.api_words import TEXTS
from dashboards.web.languages import Speech
from dashboards.web.words import N_
from inventory.register.entry import Change

_OF_REGISTER = (
    N_("undo of the import of {file}"),
    N_("import of {file}"),
    N_("undo of {batch}"),
)
_OF_PEOPLE = (N_("by a one-time link"), N_("by {provider}"))
_OF_ACCESS = sorted(
    (text for text in TEXTS if text.startswith(("needs ", "is for ", "a request "))),
    key=len,
    reverse=True,
)
"""The longest first: "needs {right}" looks like all of them."""


def reason_of(line: Change, speech: Speech) -> str:
    """Why something was done, as the reader says it."""
    by_kind = {"asset": _OF_REGISTER, "user": _OF_PEOPLE, "access": _OF_ACCESS}
    for text in by_kind.get(line.kind, ()):
        if found := _shape(text).fullmatch(line.reason):
            return speech.text(text).format_map(found.groupdict())
    return line.reason


@cache
def _shape(text: str) -> re.Pattern[str]:
    """What a text looks like with its values.

    >>> _shape("needs {right} in {commune}").fullmatch("needs plan in 22849").groupdict()
    {'right': 'plan', 'commune': '22849'}
    """
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(text)), re.DOTALL)
