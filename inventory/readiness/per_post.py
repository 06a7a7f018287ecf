"""Devices for posts as whole numbers: 0 of 2 for 30 posts says more than 0 % of 6.66 %."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from inventory.readiness.result import RequirementResult


@dataclass(frozen=True, slots=True)
class PerPost:
    """Devices counted against the posts that they are for."""

    have: int
    needed: int
    posts: int


def per_post(result: RequirementResult, figure: str) -> PerPost | None:
    """A share of posts in devices, by the number of posts in its evidence: the one that it was
    judged by, whatever is declared since. figure: which posts, as AssetsPerPost.posts; None where
    there is no value or no such evidence."""
    shape = re.compile(rf"{re.escape(figure)}: ([0-9]{{1,9}})(, .+)?", re.DOTALL)
    found = filter(None, (shape.fullmatch(row.text) for row in result.evidence))
    posts = next((int(match[1]) for match in found), 0)
    if result.value is None or not posts:
        return None
    needed = math.ceil(result.threshold * posts - 1e-9)
    return PerPost(round(result.value * posts), needed, posts)
