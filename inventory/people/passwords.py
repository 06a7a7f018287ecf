"""Passwords: which are refused, and how they are hashed.

Hashing: argon2id with 19 MiB, two passes, one lane (OWASP's password storage sheet), at most two
at once, so that logins can neither take the machine's memory nor hold up what it watches.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from inventory.alphabet import folded
from inventory.register.problems import FieldProblem

LONGEST = 128
"""Characters; what is longer is refused rather than cut."""

MEMORY_KIB = 19 * 1024
PASSES = 2
AT_ONCE = 2
WAIT_S = 10.0
"""How long a login waits for its turn to be hashed."""

_FEWEST_DIFFERENT = 5
_MOST_WORDS = 3
"""A password of so many common words, whatever digits and signs stand between, is guessed."""

_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_LOOK_ALIKES = str.maketrans("0134578@$!", "oieastbasi")
_AROUND = "0123456789 !@#$%^&*()-_=+.,:;?/"
"""What people put before and behind a word; inside it, the same stand for letters."""

_COMMON = Path(__file__).parent.parent / "data" / "common_words.txt"


class Busy(Exception):
    """Too many passwords are being checked; try again."""


class Hashing:
    """Makes and checks hashes, a few at a time; for threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """What is stored for a password. Raises Busy."""
        self._wait()
        try:
            return self._hasher.hash(composed(password))
        finally:
            self._turn.release()

    def fits(self, stored: str, password: str) -> bool:
        """Whether a password is the stored one; takes the same time where nothing is stored ("").

        Raises Busy.
        """
        self._wait()
        try:
            return self._hasher.verify(stored or self._nobody, composed(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False
        finally:
            self._turn.release()

    def is_old(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _wait(self) -> None:
        if not self._turn.acquire(timeout=WAIT_S):
            raise Busy


def composed(password: str) -> str:
    """A password in Unicode's form NFC: the same however a keyboard composes its letters.

    >>> composed("a\\u0323") == composed("\\u1ea1")
    True
    """
    return unicodedata.normalize("NFC", password)


def weakness(
    password: str, fewest: int, local: Iterable[str] = (), field: str = "password"
) -> FieldProblem | None:
    """What is wrong with a new password, if anything; local: names that outsiders guess (of the
    communes, of the user). There is no rule of digits and signs (ASVS 5.0 6.2.5)."""
    text = composed(password)
    if len(text) < fewest:
        return FieldProblem(field, "must have at least {least} characters", {"least": str(fewest)})
    if len(text) > LONGEST:
        return FieldProblem(field, "must have at most {most} characters", {"most": str(LONGEST)})
    if len(set(text)) < _FEWEST_DIFFERENT or _is_run(text.lower()):
        return FieldProblem(field, "is too easy to guess: it repeats itself")
    known = common_words() | {plain(name) for name in local}
    inner = text.strip(_AROUND)
    letters = {plain(text), *(plain(t.translate(_LOOK_ALIKES)) for t in (text, inner))}
    if any(_is_made_of(letter, known) for letter in letters):
        return FieldProblem(field, "is too easy to guess: it is made of common words or names")
    return None


@cache
def common_words() -> frozenset[str]:
    """Words of common passwords and of offices, without marks and spaces."""
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def plain(text: str) -> str:
    """The letters of a text, small and without marks.

    >>> plain("Xã Thuận Bắc 2026")
    'xathuanbac'
    """
    return "".join(letter for letter in folded(text) if letter.isalpha())


def _is_run(text: str) -> bool:
    return any(text in run or text in run[::-1] for run in _RUNS)


def _is_made_of(letters: str, known: Iterable[str]) -> bool:
    """Whether at most a few known words make up all the letters; also where there are none."""
    words = {word for word in known if word and word in letters}
    ends = {0}
    for _ in range(_MOST_WORDS):
        if len(letters) in ends:
            return True
        ends = {at + len(w) for at in ends for w in words if letters.startswith(w, at)}
    return len(letters) in ends
