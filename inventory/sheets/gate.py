"""The first look at a file that somebody hands in, before anything else reads it.

Only sizes, names and the beginnings of things are looked at, streamed and within bounds. What
a zip file declares of itself is not trusted: every part is unpacked once and counted.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Literal

from inventory.sheets.problem import SheetError

Kind = Literal["xlsx", "csv"]

MAX_BYTES = 64 * 1024 * 1024
"""Of the file as it is handed in: six times what 100,000 assets take."""

MAX_UNPACKED_BYTES = 512 * 1024 * 1024
"""Of an .xlsx file, unpacked: a sheet of 100,000 rows takes a third of it."""

MAX_PARTS = 2_000
"""Files inside of an .xlsx file; a sheet of ours has eight."""

MAX_ROWS = 100_000
MAX_COLUMNS = 400

_CHUNK = 1 << 20
_LONGEST_MARK = 16
_MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_PARTS_THAT_ARE_READ = (".xml", ".rels")
_MACROS = (b"macroenabled", b"vbaproject")


def look_at(path: Path) -> Kind:
    """What a file is, once it is safe to read. Raises SheetError."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise SheetError("cannot be read: {why}", why=str(error.strerror or error)) from error
    if size > MAX_BYTES:
        raise SheetError(
            "has {size} MB; a sheet may have {most} MB, send it in parts",
            size=str(size // 2**20),
            most=str(MAX_BYTES // 2**20),
        )
    if not head.strip():
        raise SheetError("is empty")
    if head.startswith(_OLE):
        raise SheetError(
            "is protected by a password or is an old .xls file; save it as .xlsx without a password"
        )
    if head.startswith(b"PK"):
        _look_inside(path)
        return "xlsx"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise SheetError("is a web page or XML, not a sheet; open it and save it as .xlsx")
    if start.startswith(b"%pdf"):
        raise SheetError("is a PDF file, not a sheet; save the sheet as .xlsx")
    if not head.startswith(_MARKS_OF_UTF_16) and _is_no_text(head):
        raise SheetError("is no sheet; save the sheet as .xlsx or as CSV UTF-8")
    return "csv"


def _is_no_text(head: bytes) -> bool:
    """Whether there are signs in it that no text has: a picture, a program, what is encrypted."""
    return b"\0" in head or sum(octet < 9 or 14 <= octet < 27 for octet in head) > len(head) / 50


def _look_inside(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise SheetError("is damaged or only half a file; copy or send it again") from error
    except (NotImplementedError, RuntimeError) as error:
        raise SheetError("is packed in a way that no spreadsheet uses; save it anew") from error


def _parts(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    names = {info.filename.lower() for info in infos}
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise _too_big()
    if any(info.flag_bits & 1 for info in infos):
        raise SheetError("is protected by a password; save it without one")
    if len(names) < len(infos):
        raise SheetError("holds two parts of one name; save it anew")
    if "mimetype" in names and "content.xml" in names:
        raise SheetError("is an OpenDocument sheet; save it as .xlsx")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise SheetError("is a document, not a sheet; copy its table into a sheet and save that")
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise SheetError("is a zip file, but no sheet; save the sheet as .xlsx")
    if any("vbaproject" in name for name in names):
        raise _macros()
    unpacked = 0
    for info in infos:
        unpacked += _part(archive, info, unpacked)


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, before: int) -> int:
    """Unpack one part, throw it away, and return how large it was."""
    name = info.filename.lower()
    is_read = name.endswith(_PARTS_THAT_ARE_READ)
    size, tail = 0, b""
    with archive.open(info) as part:
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            if before + size > MAX_UNPACKED_BYTES:
                raise _too_big()
            if not is_read:
                continue
            # UTF-16 would hide what is looked for; spreadsheets write UTF-8.
            if b"\0" in chunk:
                raise SheetError("holds XML that is not UTF-8; save it anew")
            near = tail + chunk
            if b"<!DOCTYPE" in near or b"<!ENTITY" in near:
                raise SheetError("holds entities that could reach other files; save it anew")
            if name == "[content_types].xml" and any(m in near.lower() for m in _MACROS):
                raise _macros()
            tail = near[-_LONGEST_MARK:]
    return size


def _too_big() -> SheetError:
    return SheetError(
        "unpacks to more than {most} MB; a sheet may not", most=str(MAX_UNPACKED_BYTES // 2**20)
    )


def _macros() -> SheetError:
    return SheetError("holds macros, which are not taken; save it as .xlsx without them")
