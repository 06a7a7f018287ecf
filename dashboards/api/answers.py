"""What the API answers with: the register's own words as JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from config.assets import Asset
from inventory.register.entry import Change, Entry


class AssetAnswer(Asset):
    """An asset as it is registered now."""

    id: int
    """Its own number, kept through a change of tag."""
    version: int
    """Rises by one with each change; the ETag."""
    origin: Literal["register", "file"]
    """Where it is kept; what is kept in hatang.yaml can only be changed there."""
    created_at: dt.datetime
    """When it was registered."""
    changed_at: dt.datetime
    """When it was changed last."""
    removed_at: dt.datetime | None
    """When it left the register."""


def _optional(annotation: Any) -> Any:
    return annotation | None


AssetPatch = create_model(
    "AssetPatch",
    __config__=ConfigDict(extra="forbid", populate_by_name=False),
    __doc__="Fields to change (RFC 7396): what is left out stays, null clears.",
    **{  # type: ignore[call-overload]
        name: (
            _optional(field.rebuild_annotation()),
            Field(None, alias=field.alias, description=field.description),
        )
        for name, field in Asset.model_fields.items()
    },
)
"""The body of PATCH; the rules of an asset as a whole are the register's to check."""


class ChangeAnswer(BaseModel):
    """One line of the log of changes."""

    id: int
    at: dt.datetime
    actor: str
    """Who did it."""
    via: str
    """By which way: web, api, cli, import, system."""
    action: str
    """What was done: created, edited, removed, restored …"""
    kind: str
    """What the subject is: asset, user, stock_take …"""
    subject: str
    """Of an asset the tag that it had after the change."""
    title: str
    """The subject's name."""
    before: dict[str, Any]
    """By field what was; empty for something new."""
    after: dict[str, Any]
    """By field what is; empty for something removed."""
    batch: str
    """What was changed together has the same."""
    reason: str
    """Why, where somebody said it."""


class BatchAnswer(BaseModel):
    """What was changed together."""

    batch: str
    """Its name; POST /batches/NAME/undo takes it back. Empty where nothing had to change."""
    changed: int
    """How many changes it has."""


def moment(at_s: float) -> dt.datetime:
    """Seconds since 1970 as a moment in UTC."""
    return dt.datetime.fromtimestamp(at_s, dt.UTC)


def asset_body(entry: Entry) -> dict[str, Any]:
    """An entry as an `AssetAnswer` in JSON."""
    return entry.asset.model_dump(mode="json", by_alias=True) | {
        "id": entry.id,
        "version": entry.version,
        "origin": entry.origin,
        "created_at": moment(entry.created_at_s).isoformat(),
        "changed_at": moment(entry.changed_at_s).isoformat(),
        "removed_at": moment(entry.removed_at_s).isoformat() if entry.removed_at_s else None,
    }


def change_body(change: Change) -> dict[str, Any]:
    """A line of the log as a `ChangeAnswer` in JSON; the address of who did it stays inside."""
    return ChangeAnswer(
        id=change.id,
        at=moment(change.at_s),
        actor=change.actor,
        via=change.via,
        action=change.action,
        kind=change.kind,
        subject=change.subject,
        title=change.title,
        before=change.before,
        after=change.after,
        batch=change.batch,
        reason=change.reason,
    ).model_dump(mode="json")
