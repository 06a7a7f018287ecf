"""Trees of options: what `inventory.planning.options` lists, and everything else chooses from."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COST, SCORE, MUST, USE = 0, 1, 2, 3
"""Columns of figures: dong, part of the commune's score, part of that of its must-haves, and from
the fourth on assets got from each pool less those given."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """Alternatives, the cheapest first. values: for each, how much of each of the acts. figures:
    see COST."""

    acts: tuple[int, ...]
    values: Ints
    figures: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One value of a fork: what it brings by itself, and the parts that are left."""

    value: int
    figures: Floats
    parts: tuple[Leaf | Fork, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """Alternatives by the value of one act."""

    act: int
    branches: tuple[Branch, ...]
    figures: Floats = field(init=False)
    """Of the branches, row by row."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", np.vstack([one.figures for one in self.branches]))


Node = Leaf | Fork


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One part of a commune: exactly one of its alternatives is chosen."""

    commune: str
    node: Node
    pools: tuple[Hashable, ...]


class InPlace(NamedTuple):
    """The pool of what a commune buys that others could give as well; it may be left over."""

    commune: str
    buy: int


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """So many, up to `upper`, of an act that decides nothing in its commune: what one of it costs
    and uses is all there is to it. figures: of one."""

    commune: str
    act: int
    upper: int
    figures: Floats
    pools: tuple[Hashable, ...]
