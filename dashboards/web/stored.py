"""Files that people hand in and get back: never a page, whatever is in them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

from fastapi import Response, UploadFile
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from inventory.scanned import BYTES_MAX


def picked(file: UploadFile | None) -> tuple[bytes, str]:
    """What was chosen in a form, cut one byte behind what is allowed, and its name."""
    if file is None:
        return b"", ""
    return file.file.read(BYTES_MAX + 1), (file.filename or "")[:300]


def download(data: bytes, media_type: str, name: str) -> Response:
    """A stored file as a download: a browser shows it in a picture of ours, or saves it, and runs
    nothing of it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-") else "_" for c in name)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(data, media_type=media_type, headers=headers)


def temporary_file(suffix: str) -> Path:
    """An empty file of our own, to be filled and sent."""
    handle, name = tempfile.mkstemp(suffix=suffix)
    os.close(handle)
    return Path(name)


def sent_and_gone(path: Path, name: str, media_type: str) -> Response:
    """A file as a download, deleted once it is sent."""

    def away() -> None:
        with contextlib.suppress(OSError):
            path.unlink()

    return FileResponse(path, media_type=media_type, filename=name, background=BackgroundTask(away))
