"""Parts of communes as a mixed-integer program: a column for each option and each branch, and one
for each flow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from inventory.planning.bounds import Task
from inventory.planning.nodes import Floats, Leaf, Node
from inventory.planning.program import Program
from inventory.planning.tree import Pick, Worths


@dataclass(slots=True)
class Table:
    """A program under way: columns of figures, and rows by which one of some is chosen."""

    task: Task
    profit: list[Floats] = field(default_factory=list)
    width: int = 0
    ones: list[tuple[list[int], int | None]] = field(default_factory=list)
    figures: dict[int, tuple[list[int], list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: ([], []))
    )
    made: list[tuple[Node, int | None, list[int], list[int]]] = field(default_factory=list)
    """(node, column of the branch that it is in, which options, their columns), roots first."""

    def one_of(self, at: int, block: Floats, parent: int | None) -> list[int]:
        """Columns, one for each row of figures of a part, of which as many are chosen as of
        `parent`; one where that is None."""
        columns = list(range(self.width, self.width + len(block)))
        self.width += len(block)
        profit = self.task.profit
        self.profit.append(np.zeros(len(block)) if profit is None else block[:, profit])
        self.ones.append((columns, parent))
        for number, place, scale in self.task.rows_of(at):
            index, value = self.figures[number]
            index += columns
            value += (block[:, place] * scale).tolist()
        return columns

    def tree(
        self,
        at: int,
        node: Node,
        worths: Worths,
        reach: float,
        base: Pick | None,
        parent: int | None = None,
    ) -> None:
        """A part, or what is left of one in a branch: what is off the best by no more than `reach`,
        and `base`."""
        off = worths.each(node)[:, 0]
        off = off.max() - off
        kept = off <= reach
        if base is not None:
            kept[base[0]] = True
        options = np.flatnonzero(kept).tolist()
        columns = self.one_of(at, node.figures[options], parent)
        self.made.append((node, parent, options, columns))
        if isinstance(node, Leaf):
            return
        for number, column in zip(options, columns, strict=True):
            left = max(0.0, reach - float(off[number]))
            for place, part in enumerate(node.branches[number].parts):
                inner = base[1][place] if base is not None and base[0] == number else None
                self.tree(at, part, worths, left, inner, column)

    def program(self, *, whole: bool) -> Program:
        """The program of all columns."""
        leveled, flows = self.task.profit is None, self.task.flows
        of_flows = [0.0 if leveled else flow.figures[self.task.profit] for flow in flows]
        profit = np.concatenate([*self.profit, of_flows, np.ones(int(leveled))])
        for at in range(len(flows)):
            for number, factor in self.task.rows_of_flow(at):
                self.figures[number][0].append(self.width + at)
                self.figures[number][1].append(factor)
        rows: list[tuple[Sequence[int], Sequence[float], float, float]] = []
        for columns, parent in self.ones:
            if parent is None:
                rows.append((columns, [1.0] * len(columns), 1.0, 1.0))
            else:
                rows.append(([*columns, parent], [*[1.0] * len(columns), -1.0], 0.0, 0.0))
        for number, bound in enumerate(self.task.bounds):
            index, value = self.figures[number]
            if bound.level:
                index, value = [*index, len(profit) - 1], [*value, bound.level]
            rows.append((index, value, bound.lower, bound.upper))
        kinds = [whole] * (self.width + len(flows)) + [False] * leveled
        most = np.full(len(profit), 1.0 if whole else np.inf)
        most[self.width : self.width + len(flows)] = [flow.upper for flow in flows]
        return Program(profit, np.zeros(len(profit)), most, kinds, rows)

    def flows(self, values: Floats) -> tuple[int, ...]:
        """How much the values choose of each flow."""
        found = values[self.width : self.width + len(self.task.flows)]
        return tuple(round(value) for value in found)

    def picks(self, values: Floats) -> tuple[Pick, ...]:
        """What the values choose of each part."""
        inside: dict[int | None, list[tuple[Node, list[int], list[int]]]] = defaultdict(list)
        for node, parent, options, columns in self.made:
            inside[parent].append((node, options, columns))

        def pick(node: Node, options: list[int], columns: list[int]) -> Pick:
            at = int(np.argmax(values[columns]))
            if isinstance(node, Leaf):
                return options[at], ()
            return options[at], tuple(pick(*entry) for entry in inside[columns[at]])

        return tuple(pick(*entry) for entry in inside[None])
