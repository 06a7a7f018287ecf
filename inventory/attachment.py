"""What an attachment is: a picture or a PDF that belongs to an asset."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AttachmentKind(StrEnum):
    """What it shows."""

    PHOTO = "photo"
    INVOICE = "invoice"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment. entry: the number of its entry of the register; digest: SHA-256 of the stored
    file, which is its name there; name: what people called it, for downloads."""

    id: int
    entry: int
    kind: AttachmentKind
    digest: str
    media_type: str
    name: str
    bytes: int
    added_at_s: float
    actor: str
    removed_at_s: float | None = None
