"""What a hostile, broken or wrong file gets: one sentence that says what to do, and no more."""

import io
import struct
import subprocess
import zipfile

import openpyxl
import pytest

from inventory.sheets import gate
from inventory.sheets.apart import read_apart
from inventory.sheets.gate import look_at
from inventory.sheets.problem import SheetError
from inventory.sheets.reader import read
from inventory.sheets.table import read_table


def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def sheet(make_sheet, header):
    return make_sheet([header, ["PC-1", "Máy", "Máy in", "22849"]])


@pytest.fixture
def changed(sheet, tmp_path):
    """A sheet with other parts."""

    def change(more):
        return packed(tmp_path / "other.xlsx", parts_of(sheet) | more)

    return change


def refusal(path):
    with pytest.raises(SheetError) as refused:
        look_at(path)
    return str(refused.value)


def test_a_sheet_is_one(sheet, make_sheet, header):
    assert look_at(sheet) == "xlsx"
    assert look_at(make_sheet([header], "a.csv")) == "csv"


def test_half_a_file_is_told_from_a_whole_one_at_every_length(sheet, tmp_path):
    whole = sheet.read_bytes()
    half = tmp_path / "half.xlsx"
    for length in range(600, len(whole), 997):
        half.write_bytes(whole[:length])
        assert "half a file" in refusal(half)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is no sheet"),
        (bytes(range(1, 256)) * 3, "is no sheet"),
        ("Mã tài sản;Tên".encode("utf-16-le"), "is no sheet"),
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
    ],
)
def test_what_is_no_text_is_told_from_text_of_a_wrong_coding(tmp_path, octets, words):
    path = tmp_path / "called.xlsx"
    path.write_bytes(octets)
    assert words in refusal(path)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        ('tag,name\nA-1,"Máy" in'.encode(), 'has quotes (") in line 2'),
        ("tag,name\nA-1,Máy in\nA-2,Máy\n".encode("cp1258", "replace"), "not UTF-8 (row 2)"),
        ("tag,name\nA-1,PC\nA-2,M¸y chñ\n".encode("cp1252"), "TCVN3 (ABC) (row 3)"),
    ],
)
def test_a_csv_file_that_cannot_be_read_says_in_which_row(tmp_path, octets, words):
    path = tmp_path / "a.csv"
    path.write_bytes(octets)
    with pytest.raises(SheetError) as refused:
        read(path, tmp_path / "result")
    assert words in str(refused.value)


def test_bars_between_cells_are_understood(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('"tag"|"name"\n"A-1"|"PC, HP"\n')
    read(path, tmp_path / "result")
    assert [row.cells for row in read_table(tmp_path / "result").rows] == [
        *(("tag", "name"), ("A-1", "PC, HP"))
    ]


def test_a_damaged_part_is_found_before_it_is_read(sheet, tmp_path):
    octets = bytearray(sheet.read_bytes())
    with zipfile.ZipFile(sheet) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    octets[at] ^= 0xFF
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(octets)
    assert "half a file" in refusal(damaged)


def test_a_zip_bomb_is_refused_by_what_it_declares(changed, monkeypatch):
    monkeypatch.setattr(gate, "MAX_UNPACKED_BYTES", 1 << 20)
    assert "unpacks to more" in refusal(changed({"xl/big.xml": b" " * (2 << 20)}))


def test_a_zip_bomb_that_lies_is_refused_by_what_it_unpacks_to(changed, monkeypatch):
    path = changed({"xl/big.bin": b"\1" * (4 << 20)})
    octets = path.read_bytes()
    # Both headers say that it is small.
    lying = octets.replace(struct.pack("<L", 4 << 20), struct.pack("<L", 10))
    assert lying != octets
    path.write_bytes(lying)
    monkeypatch.setattr(gate, "MAX_UNPACKED_BYTES", 1 << 20)
    assert refusal(path)


def test_a_sheet_that_is_too_large_is_not_even_opened(tmp_path):
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.write(b"PK")
        file.truncate(200 * 2**20)
    assert "200 MB" in refusal(path)


def test_too_many_parts_are_refused(changed):
    assert "unpacks to more" in refusal(changed({f"xl/{n}.xml": b"" for n in range(2_100)}))


@pytest.mark.parametrize(
    "doctype",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<?xml version="1.0"?>' + b" " * ((1 << 20) - 26) + b"<!DOCTYPE a><a/>",
    ],
)
def test_entities_are_refused_wherever_they_begin(changed, doctype):
    assert "entities" in refusal(changed({"xl/sharedStrings.xml": doctype}))


def test_entities_cannot_hide_in_another_coding(changed):
    doctype = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'
    assert "not UTF-8" in refusal(changed({"xl/styles.xml": doctype.encode("utf-16")}))


def test_macros_are_refused_by_part_and_by_type(changed, sheet):
    assert "macros" in refusal(changed({"xl/vbaProject.bin": b"x"}))
    types = parts_of(sheet)["[Content_Types].xml"].replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"x.sheet.macroEnabled.main"
    )
    assert "macros" in refusal(changed({"[Content_Types].xml": types}))


def test_what_is_protected_is_refused(sheet, tmp_path):
    path = tmp_path / "locked.xlsx"
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600)
    assert "password" in refusal(path)
    octets = bytearray(sheet.read_bytes())
    at = octets.index(b"PK\1\2")
    octets[at + 8] |= 1
    path.write_bytes(octets)
    assert "password" in refusal(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"<html><table><tr><td>x</table>", "web page"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "XML"),
    ],
)
def test_other_files_are_named(tmp_path, content, words):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert words in refusal(path)


def test_other_packed_files_are_named(tmp_path):
    path = packed(tmp_path / "a.xlsx", {"mimetype": b"x", "content.xml": b"<a/>"})
    assert "OpenDocument" in refusal(path)
    assert "is a document" in refusal(packed(tmp_path / "b.xlsx", {"word/document.xml": b"<a/>"}))
    assert "no sheet" in refusal(packed(tmp_path / "c.xlsx", {"photo.jpg": b"x"}))


def test_a_library_that_chokes_takes_only_its_own_process(changed, tmp_path):
    path = changed({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row r='x'>"})
    with pytest.raises(SheetError, match="damaged"):
        read_apart(path, tmp_path / "table")


def test_reading_ends_in_time_and_within_its_memory(make_sheet, header, tmp_path):
    path = make_sheet([header, *[[f"PC-{n}", "Máy", "Máy in", "22849"] for n in range(20_000)]])
    with pytest.raises(SheetError, match="too long"):
        read_apart(path, tmp_path / "table", timeout_s=0.05)
    with pytest.raises(SheetError, match="memory"):
        read_apart(path, tmp_path / "table", memory_bytes=40 << 20)


def test_a_row_beyond_the_last_one_does_not_hold_anything_up(sheet, changed, tmp_path):
    body = parts_of(sheet)["xl/worksheets/sheet1.xml"].decode()
    far = body.replace(
        "</sheetData>", '<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    )
    table = read_apart(changed({"xl/worksheets/sheet1.xml": far.encode()}), tmp_path / "table")
    assert [row.number for row in table.rows] == [1, 2, 1048576]


def test_more_rows_or_columns_than_there_may_be_are_refused(make_sheet, tmp_path):
    wide = make_sheet([[f"c{n}" for n in range(500)]])
    with pytest.raises(SheetError, match="columns"):
        read_apart(wide, tmp_path / "table")
    tall = tmp_path / "tall.csv"
    tall.write_text("Mã,Tên\n" + "a,b\n" * 100_001)
    with pytest.raises(SheetError, match="rows"):
        read_apart(tall, tmp_path / "table")


@pytest.mark.parametrize(
    ("text", "coding"),
    [("Mã tài sản;Tên\n", None), ("M· tµi s¶n;Tªn tµi s¶n\nPC;M¸y chñ\n", "TCVN3")],
)
def test_csv_must_be_utf8_and_says_what_it_looks_like(tmp_path, text, coding):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("cp1252" if coding else "utf-8"))
    if coding is None:
        assert read_apart(path, tmp_path / "table").rows
        return
    with pytest.raises(SheetError, match=coding):
        read_apart(path, tmp_path / "table")


def test_a_csv_in_utf16_as_excel_saves_unicode_text_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("Mã tài sản\tTên\r\nPC-1\tMáy in\r\n".encode("utf-16"))
    table = read_apart(path, tmp_path / "table")
    assert table.rows[1].cells == ("PC-1", "Máy in")


def test_the_sheet_that_is_shown_is_read_and_others_are_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.title, book.active.sheet_state = "Ẩn", "hidden"
    book.active.append(["không đọc"])
    for title in ("Trống", "Tài sản", "Ghi chú"):
        sheet = book.create_sheet(title)
        if title != "Trống":
            sheet.append(["Mã tài sản", "Tên"])
    book.active = 1
    path = tmp_path / "a.xlsx"
    book.save(path)
    table = read_apart(path, tmp_path / "table")
    assert (table.sheet, table.others) == ("Tài sản", ("Ghi chú",))


def test_the_child_has_nothing_of_our_environment(monkeypatch, sheet, tmp_path):
    seen = {}
    real = subprocess.run

    def run(*arguments, **named):
        seen.update(named["env"])
        return real(*arguments, **named)

    monkeypatch.setenv("HATANG_SECRET", "canary")
    monkeypatch.setattr(subprocess, "run", run)
    read_apart(sheet, tmp_path / "table")
    assert "HATANG_SECRET" not in seen


def test_quotes_that_do_not_fit_are_named_with_their_line():
    from inventory.sheets.reader import _csv_rows

    class Path(io.BytesIO):
        def read_bytes(self):
            return self.getvalue()

    with pytest.raises(SheetError, match="line 2"):
        list(_csv_rows(Path(b'a,b\n"x" y,1\n')))
