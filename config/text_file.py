"""A text file that a person or a spreadsheet wrote: bounded, UTF-8, without control characters.

Nothing of its text is ever quoted in a problem, because it may be a secret.
"""

from __future__ import annotations

import re
from pathlib import Path

FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""What no setting may hold: it steers terminals, breaks file names or is no character at all."""

UNPRINTABLE = "holds a character that cannot be printed; remove it"


class TextProblem(Exception):
    """A file that is no text as we read it; line counts from 1, 0 where none can be named."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")
        self.line = line
        self.text = text


def read_text(path: Path, max_bytes: int) -> str:
    """The file's text without its byte-order mark.

    Raises TextProblem (too big, not UTF-8, control characters) and OSError.
    """
    with path.open("rb") as file:
        raw = file.read(max_bytes + 1)
    if len(raw) > max_bytes:
        raise TextProblem(0, f"is larger than {max_bytes // 1_000_000} MB; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A decoder that skips the mark counts from behind it.
        start = error.start + (len(raw) - len(error.object))
        line = raw.count(b"\n", 0, start) + 1
        raise TextProblem(line, "is not UTF-8; save the file as UTF-8") from None
    bad = FORBIDDEN.search(text)
    if bad is not None:
        raise TextProblem(text.count("\n", 0, bad.start()) + 1, UNPRINTABLE)
    return text
