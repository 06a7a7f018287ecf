"""How often a device may be offered credentials, so that no sweep locks its users out.

Many devices block a user, or everybody, after a few wrong passwords. So a device's refusals are
counted over the day, whoever sweeps, and remembered; once there are enough it is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from inventory.sighting import Tries

SILENT_A_DAY = 20
"""Communities that a device may leave unanswered in a day: an agent says nothing to a wrong one,
but sends authenticationFailure to its operators."""


class TryBook:
    """Counts of one day and the limits; `changed` gives what a store does not have yet."""

    def __init__(self, known: Iterable[Tries], refusals: int, today: Callable[[], str]) -> None:
        """refusals: how many a device may give in a day; today: the day as YYYY-MM-DD."""
        self._counts = {(t.address, t.credential, t.day): t for t in known}
        self._refusals = refusals
        self._today = today
        self._changed: set[tuple[str, str, str]] = set()
        self._refused: dict[tuple[str, str], int] = {}
        self._silent: dict[tuple[str, str], int] = {}
        for tried in self._counts.values():
            self._sum(tried.address, tried.day, tried.refused, tried.silent)

    def may_offer(self, address: str) -> bool:
        """Whether one more credential may be offered to a device today."""
        key = (address, self._today())
        refused, silent = self._refused.get(key, 0), self._silent.get(key, 0)
        return refused < self._refusals and silent < SILENT_A_DAY

    def note_refused(self, address: str, credential: str) -> None:
        """The device said no: unknown user, wrong digest, wrong key, no access."""
        self._add(address, credential, 1, 0)

    def note_silent(self, address: str, credential: str) -> None:
        """A device that is there said nothing."""
        self._add(address, credential, 0, 1)

    def changed(self) -> tuple[Tries, ...]:
        """Counts that changed since this was asked last."""
        found = tuple(self._counts[key] for key in sorted(self._changed))
        self._changed.clear()
        return found

    def _add(self, address: str, credential: str, refused: int, silent: int) -> None:
        day = self._today()
        key = (address, credential, day)
        before = self._counts.get(key, Tries(*key))
        self._counts[key] = Tries(*key, before.refused + refused, before.silent + silent)
        self._changed.add(key)
        self._sum(address, day, refused, silent)

    def _sum(self, address: str, day: str, refused: int, silent: int) -> None:
        key = (address, day)
        self._refused[key] = self._refused.get(key, 0) + refused
        self._silent[key] = self._silent.get(key, 0) + silent
