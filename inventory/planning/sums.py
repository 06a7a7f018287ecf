"""A linear expression over numbered variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Sum:
    """A constant, and coefficients by variable."""

    const: float = 0.0
    terms: dict[int, float] = field(default_factory=dict)

    def add(self, other: Sum, times: float = 1.0) -> Sum:
        """Add another one, multiplied; gives itself back."""
        self.const += other.const * times
        for var, factor in other.terms.items():
            self.plus(var, factor * times)
        return self

    def plus(self, var: int, factor: float) -> Sum:
        """Add a variable with a coefficient; gives itself back."""
        total = self.terms.get(var, 0.0) + factor
        if total:
            self.terms[var] = total
        else:
            self.terms.pop(var, None)
        return self

    def at(self, values: Sequence[float]) -> float:
        """Its value."""
        return self.const + sum(factor * values[var] for var, factor in self.terms.items())
