"""Files that people hand in, looked at for what they claim to be, and made harmless.

Only JPEG, PNG, WebP and PDF, by what is in them. Pictures are read and written anew, so that what
is stored are pixels and nothing else: no EXIF with a place, no comment, nothing appended.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image, ImageOps

from inventory.register.problems import FieldProblem, Refused

BYTES_MAX = 5 * 1024 * 1024
PIXELS_MAX = 50_000_000
"""Of a picture before it is made smaller; a phone of today makes 12 to 50 million."""

EDGE_MAX_PX = 2560
"""Of the longer edge of what is stored: an invoice can be read on it."""

NAME_MAX = 100

EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
}
"""The first one is what a download is called by."""

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}

_FOREIGN = re.compile(
    rb"PK\x03\x04|PK\x05\x06|%PDF-|Rar!\x1a|7z\xbc\xaf|MZ.{58}|\x7fELF|<\?php|<script|<html|<svg|<!doctype",
    re.IGNORECASE | re.DOTALL,
)
"""The beginnings of files that are something else, too, where they are appended to a picture."""

_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|XFA|RichMedia)(?![A-Za-z0-9])")
"""Names of a PDF that run something when it is opened (ISO 32000-1 §12.6.4)."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What may be stored: its bytes, media type, and the name for downloads."""

    data: bytes
    media_type: str
    name: str


def scanned(data: bytes, name: str, *, pictures_only: bool = False) -> Scanned:
    """The file as it may be stored; `name` is what the browser calls it. Raises Refused."""
    if not data:
        raise _refused("is empty" if name else "choose a file")
    if len(data) > BYTES_MAX:
        raise _refused("must have at most {most} MB", most=str(BYTES_MAX // 1024 // 1024))
    media_type = sniffed(data)
    if media_type is None or (pictures_only and media_type not in _FORMATS):
        raise _refused(
            "must be a JPEG, PNG or WebP picture"
            if pictures_only
            else "must be a JPEG, PNG or WebP picture or a PDF"
        )
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    if ending and ending not in EXTENSIONS[media_type]:
        text = "is called .{ending} and is something else ({type}); give it its right name"
        raise _refused(text, ending=ending[:20], type=media_type)
    if media_type == "application/pdf":
        _check_pdf(data)
    else:
        if _FOREIGN.search(data, _end_of_picture(data, media_type)):
            raise _refused("is a picture and another kind of file at once")
        data, media_type = _drawn_anew(data, media_type)
    return Scanned(data, media_type, clean_name(name, media_type))


def sniffed(data: bytes) -> str | None:
    """The media type by the first bytes, None for anything that is not taken.

    >>> sniffed(b"%PDF-1.7 ..."), sniffed(b"<svg>")
    ('application/pdf', None)
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if re.match(rb"%PDF-[12]\.\d", data):
        return "application/pdf"
    return None


def clean_name(name: str, media_type: str) -> str:
    """A name for downloads: no folder, nothing that cannot be shown, the ending of its type.

    >>> clean_name("../../etc/hoá đơn.exe", "application/pdf")
    'hoá đơn.pdf'
    """
    stem = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).stem
    shown = "".join(c if c.isprintable() and c not in '"<>:|?*/\\' else " " for c in stem)
    stem = " ".join(shown.split()).strip(". ")[:NAME_MAX] or "file"
    return f"{stem}.{EXTENSIONS[media_type][0]}"


def _check_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise _refused("is a PDF without its end; it was cut off")
    after = data[data.rindex(b"%%EOF") + 5 :]
    if after.strip(b"\r\n\x00 ") or b"PK\x05\x06" in data[-66_000:]:
        raise _refused("is a PDF and another kind of file at once")
    if _ACTIVE.search(data):
        raise _refused("is a PDF that runs a program when it is opened; print it to a new PDF")


def _end_of_picture(data: bytes, media_type: str) -> int:
    """Where the picture ends and what was appended begins."""
    if media_type == "image/webp":
        return min(8 + int(struct.unpack("<I", data[4:8])[0]), len(data))
    end = b"\xff\xd9" if media_type == "image/jpeg" else b"IEND\xaeB`\x82"
    at = data.find(end) if media_type == "image/png" else data.rfind(end)
    return at + len(end) if at >= 0 else len(data)


def _drawn_anew(data: bytes, media_type: str) -> tuple[bytes, str]:
    """The picture's pixels in a file of their own, upright, at most EDGE_MAX_PX long."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=[_FORMATS[media_type]]) as opened:
                if opened.width * opened.height > PIXELS_MAX:
                    raise _refused(
                        "must have at most {most} million pixels", most=str(PIXELS_MAX // 10**6)
                    )
                opened.draft("RGB", (EDGE_MAX_PX, EDGE_MAX_PX))
                picture = ImageOps.exif_transpose(opened)
                picture.thumbnail((EDGE_MAX_PX, EDGE_MAX_PX))
                has_alpha = "A" in picture.getbands() or "transparency" in picture.info
                plain = picture.convert("RGBA" if has_alpha else "RGB")
    except Refused:
        raise
    except Exception as error:
        raise _refused("is a picture that cannot be read; it is damaged") from error
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    drawn = io.BytesIO()
    if media_type == "image/jpeg":
        clean.convert("RGB").save(drawn, "JPEG", quality=85)
    elif media_type == "image/webp":
        clean.save(drawn, "WEBP", quality=85)
    else:
        clean.save(drawn, "PNG")
        if drawn.tell() > BYTES_MAX:
            drawn = io.BytesIO()
            clean.convert("RGB").save(drawn, "JPEG", quality=85)
            media_type = "image/jpeg"
    return drawn.getvalue(), media_type


def _refused(text: str, **values: str) -> Refused:
    return Refused([FieldProblem("file", text, values)])
