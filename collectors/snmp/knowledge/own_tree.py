"""OIDs below a device's own number: makers who repeat the same tables below each product.

Edgecore's ECS4610 has at 1.3.6.1.4.1.259.10.1.5.1.1.3 what an ECS4120 has at …10.1.45.1.1.3. A
profile writes `self10.1.1.3` for both: the first ten numbers of sysObjectID, then 1.1.3.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import BaseModel

from collectors.snmp.session import Oid
from collectors.snmp.text import oid

PATTERN = r"self([0-9]{1,2})((?:\.[0-9]{1,10})+)"
"""How a profile writes such an OID."""

_MARK = 2**32
"""No number of an OID is so large: it marks the first one of an OID that has no root yet."""

_M = TypeVar("_M", bound=BaseModel)


def unrooted(written: str) -> Oid:
    """An OID as a profile writes it (`PATTERN`), its root still to be put in."""
    found = re.fullmatch(PATTERN, written)
    if found is None:
        raise ValueError("must be selfN.X.Y, for example self10.1.1.3")
    return (_MARK + int(found[1]), *oid(found[2][1:]))


def rooted(model: _M, object_id: Oid) -> _M:
    """The same profile, or part of one, for a device with this sysObjectID."""
    changes: dict[str, Any] = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        changed = _rooted(value, object_id)
        if changed is not value:
            changes[name] = changed
    return model.model_copy(update=changes) if changes else model


def _rooted(value: Any, object_id: Oid) -> Any:
    if isinstance(value, BaseModel):
        return rooted(value, object_id)
    if not isinstance(value, tuple) or not value:
        return value
    if isinstance(value[0], int):
        return object_id[: value[0] - _MARK] + value[1:] if value[0] >= _MARK else value
    parts = tuple(_rooted(part, object_id) for part in value)
    return value if all(a is b for a, b in zip(parts, value, strict=True)) else parts
