"""Photos and invoices: only what they claim to be, and nothing but pixels of a picture."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inventory.attachment import AttachmentKind
from inventory.attachments import Attachments
from inventory.register.problems import NotFound, Refused
from inventory.scanned import BYTES_MAX, scanned, sniffed
from inventory.store.files import FileStore

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def picture(kind="JPEG", size=(40, 20), **save):
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind, **save)
    return file.getvalue()


def archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.txt", "a")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew(kind):
    found = scanned(picture(kind), f"máy in.{kind.lower()}")
    assert sniffed(found.data) == found.media_type == f"image/{kind.lower()}"
    with Image.open(io.BytesIO(found.data)) as drawn:
        assert drawn.size == (40, 20)


def test_where_a_photo_was_taken_is_not_kept_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90°
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "secret place"
    found = scanned(picture(exif=exif, comment=b"<script>alert(1)</script>"), "a.jpg")
    assert b"secret" not in found.data
    assert b"script" not in found.data
    with Image.open(io.BytesIO(found.data)) as drawn:
        assert (drawn.size, dict(drawn.getexif())) == ((20, 40), {})


def test_a_large_photo_is_made_smaller():
    with Image.open(io.BytesIO(scanned(picture(size=(6000, 3000)), "a.jpg").data)) as drawn:
        assert drawn.size == (2560, 1280)


def test_a_pdf_is_kept_as_it_is():
    found = scanned(PDF, "hoá đơn.PDF")
    assert (found.data, found.name, found.media_type) == (PDF, "hoá đơn.pdf", "application/pdf")


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "a.png", "is empty"),
        (b"\xff\xd8\xff" + bytes(BYTES_MAX), "a.jpg", "at most 5 MB"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "must be"),
        (b"<html><script>alert(1)</script>", "a.png", "must be"),
        (b"GIF89a" + bytes(50), "a.gif", "must be"),
        (archive(), "a.pdf", "must be"),
        (picture("PNG"), "a.jpg", "something else"),
        (PDF, "a.png", "something else"),
        (picture("PNG"), "a.html", "something else"),
        (PDF.replace(b"%%EOF\n", b""), "a.pdf", "cut off"),
        (PDF + archive(), "a.pdf", "at once"),
        (PDF + b"<script>", "a.pdf", "at once"),
        (picture("JPEG") + archive(), "a.jpg", "at once"),
        (picture("PNG") + PDF, "a.png", "at once"),
        (picture("WEBP") + b"<?php echo 1;", "a.webp", "at once"),
        (PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript /JS (x) >> /Type"), "a.pdf", "runs"),
        (picture("PNG")[:60], "a.png", "damaged"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "a.jpg", "damaged"),
    ],
)
def test_what_is_not_what_it_claims_is_refused(data, name, why):
    with pytest.raises(Refused, match=why):
        scanned(data, name)


def test_a_picture_that_would_fill_the_memory_is_refused():
    with pytest.raises(Refused, match="million pixels"):
        scanned(picture("PNG", size=(20_000, 3_000)), "a.png")


def test_a_pdf_is_no_photo():
    with pytest.raises(Refused, match="picture"):
        scanned(PDF, "a.pdf", pictures_only=True)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    cuts=st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=8)), max_size=4),
)
def test_a_damaged_picture_is_drawn_anew_or_refused_and_nothing_else(kind, cuts):
    data = bytearray(picture(kind))
    for at, patch in cuts:
        data[at : at + len(patch)] = patch
    try:
        found = scanned(bytes(data), "a")
    except Refused:
        return
    assert sniffed(found.data) == found.media_type


@pytest.fixture
def attachments(registry, tmp_path):
    files = FileStore(tmp_path / "hatang.db")
    registry.fill([{"tag": "A", "name": "A", "class": "ups", "commune": "22849"}], {})
    return Attachments(registry.register, registry.desk, files, registry.clock)


def test_an_attachment_is_stored_under_its_digest_removed_and_restored(attachments, registry, who):
    entry = registry.register.get("A")
    added = attachments.add(entry, AttachmentKind.INVOICE, PDF, "../hđ.pdf", who)
    assert (added.name, added.bytes, added.actor) == ("hđ.pdf", len(PDF), "lan")
    assert attachments.files.get(added.digest) == PDF
    assert (attachments.files.folder / added.digest).stat().st_mode & 0o777 == 0o600
    attachments.remove(added.id, "A", who)
    (gone,) = attachments.of([entry.id])
    assert gone.removed_at_s is not None
    with pytest.raises(NotFound):
        attachments.remove(added.id, "A", who)
    attachments.restore(added.id, "A", who)
    assert attachments.get(added.id).removed_at_s is None
    actions = [c.action for c in registry.register.changes("A", kind="attachment")]
    assert actions == ["restored", "removed", "attached"]


def test_the_same_file_twice_is_refused(attachments, registry, who):
    entry = registry.register.get("A")
    attachments.add(entry, AttachmentKind.OTHER, PDF, "a.pdf", who)
    with pytest.raises(Refused, match="already"):
        attachments.add(entry, AttachmentKind.OTHER, PDF, "b.pdf", who)


@pytest.mark.parametrize("digest", ["", "../hatang.db", "0" * 64, "/etc/passwd"])
def test_only_digests_are_found_in_the_store(attachments, digest):
    assert attachments.files.get(digest) is None


def test_a_file_that_was_damaged_on_the_disk_is_not_given_out(attachments, registry, who):
    added = attachments.add(registry.register.get("A"), AttachmentKind.OTHER, PDF, "a.pdf", who)
    (attachments.files.folder / added.digest).write_bytes(b"<script>")
    assert attachments.files.get(added.digest) is None
