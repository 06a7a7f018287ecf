"""Why what is declared, or is not, needs a look."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from inventory.indicators.declaration import Standing
from inventory.indicators.definition import Definition

Attention = Literal["", "missing", "expired", "soon", "old", "not_yet"]
"""missing: never declared; soon: expires within SOON; old: older than a requirement wants; "" where
nothing is to be looked at."""

SOON = dt.timedelta(days=60)
"""What expires within it is said to expire soon."""


def attention(said: Standing | None, one: Definition, day: dt.date) -> Attention:
    """Why a value needs a look on a day."""
    if said is None:
        return "missing"
    if said.state != "holds":
        return said.state
    if said.expires is not None and said.expires <= day + SOON:
        return "soon"
    if said.as_of is not None and one.max_age_s is not None:
        return "old" if (day - said.as_of).days * 86_400.0 > one.max_age_s else ""
    return ""
