"""Communes held against their profile, from the database: all of them in batches, or a few.

A batch is read, judged and handed on before the next one is read, so that a whole country needs
no more memory than a district.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from hatang.plan import Plan
from inventory.gather import Gathering
from inventory.readiness.evaluate import evaluate
from inventory.readiness.result import Evaluation
from inventory.store.reader import Reader

COMMUNES_A_BATCH = 32
"""Few enough that a batch of a thousand assets each is some tens of MB."""


class Assessor:
    """Evaluates the communes of one plan; sorts its register once, when it is first asked."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def evaluations(
        self, now_s: float, codes: Iterable[str] | None = None
    ) -> Iterator[list[Evaluation]]:
        """All watched communes, or those of `codes` that are watched, batch after batch.

        Raises StoreError.
        """
        watched = self.plan.communes
        waiting = iter(watched if codes is None else [code for code in codes if code in watched])
        with Reader(self.plan.database) as reader:
            while batch := list(islice(waiting, COMMUNES_A_BATCH)):
                facts = self._gathering.facts(reader, batch, [self.plan.profile], now_s)
                yield [evaluate(self.plan.profile, commune, now_s) for commune in facts]

    @cached_property
    def _gathering(self) -> Gathering:
        return Gathering(self.plan.settings, self.plan.communes)
