"""Labels as they come out of a printer: rendered, and read back by a barcode reader."""

import string
import unicodedata

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.units import mm

from config.labels import SHEETS, LabelSheet
from dashboards.forms.label_sheet import Label, LabelError, insets_mm, label_sheet, lay
from dashboards.forms.typesetting import ASCENT, BOLD, PLAIN, _font, fit, printable, width

DPI = 203
"""Of a label printer; office printers have three times as many."""

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
MARKS = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VOWELS = "aăâeêioôơuưy"

by_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)


def a_label(tag="TB-PC-0001", name="Máy vi tính bộ phận Một cửa", owner="UBND xã Thuận Bắc"):
    return Label(tag, name, owner, f"https://hatang.example.vn/a/{tag}")


def pages(pdf):
    return list(pypdfium2.PdfDocument(pdf))


def picture(page, dpi=DPI):
    return page.render(scale=dpi / 72).to_pil().convert("L")


def codes(page):
    return {found.text: found.position for found in zxingcpp.read_barcodes(picture(page))}


@by_sheet
def test_every_code_of_a_full_sheet_is_read_back_at_the_resolution_of_a_label_printer(sheet):
    labels = [a_label(f"TB-{n:04}") for n in range(sheet.count)]
    (page,) = pages(label_sheet(labels, sheet))
    assert set(codes(page)) == {label.address for label in labels}


@by_sheet
def test_tag_name_and_unit_are_read_back_as_text(sheet):
    label = a_label()
    (page,) = pages(label_sheet([label], sheet))
    text = " ".join(page.get_textpage().get_text_range().split())
    assert all(said in text for said in (label.tag, label.name, label.owner))


@by_sheet
def test_the_page_has_the_size_of_the_sheet(sheet):
    (page,) = pages(label_sheet([a_label()], sheet))
    assert page.get_size() == pytest.approx((sheet.page_width * mm, sheet.page_height * mm), abs=1)


@by_sheet
def test_the_longest_tag_stands_whole_on_every_sheet(sheet):
    label = a_label("W" * 32 + ".9" * 16, name="Máy chủ")
    (page,) = pages(label_sheet([label], sheet))
    assert label.tag in "".join(page.get_textpage().get_text_range().split())
    assert set(codes(page)) == {label.address}


def test_a_half_used_sheet_is_filled_from_its_first_free_place():
    sheet = SHEETS[0]
    first, second = pages(label_sheet([a_label(f"T-{n}") for n in range(9)], sheet, start=20))
    assert {address[-1] for address in codes(first)} == set("01234")
    assert {address[-1] for address in codes(second)} == set("5678")
    at = codes(first)["https://hatang.example.vn/a/T-0"].top_left
    row, column = divmod(19, sheet.columns)
    assert column * sheet.width < at.x * 25.4 / DPI < (column + 1) * sheet.width
    assert row * sheet.height < at.y * 25.4 / DPI < (row + 1) * sheet.height


def test_a_shift_moves_everything_to_the_right_and_down():
    sheet = SHEETS[1]
    plain, moved = (
        codes(pages(label_sheet([a_label()], sheet, shift_mm=shift))[0]).popitem()[1].top_left
        for shift in ((0, 0), (2, 3))
    )
    moved_mm = ((moved.x - plain.x) * 25.4 / DPI, (moved.y - plain.y) * 25.4 / DPI)
    assert moved_mm == pytest.approx((2, 3), abs=0.3)


def test_a_sheet_of_ones_own_is_taken():
    sheet = LabelSheet(
        name="own", columns=2, rows=5, width=90, height=50, left=10, top=20, gap_x=5, gap_y=2
    )
    (page,) = pages(label_sheet([a_label(f"T-{n}") for n in range(10)], sheet))
    assert len(codes(page)) == 10


@by_sheet
def test_nothing_is_printed_where_printers_leave_the_page_white(sheet):
    labels = [a_label("W" * 40, "ẪỘẨ " * 60, "Ủy ban nhân dân " * 9)] * sheet.count
    image = picture(pages(label_sheet(labels, sheet))[0], 300)
    edge = int((4.2 if sheet.count > 1 else 1.2) * 300 / 25.4)
    right, bottom = image.size
    for strip in (
        (0, 0, right, edge),
        (0, bottom - edge, right, bottom),
        (0, 0, edge, bottom),
        (right - edge, 0, right, bottom),
    ):
        assert image.crop(strip).getextrema() == (255, 255)


texts = st.text(st.sampled_from(VOWELS + "WM.-_ Ẫỹ𝄞ह\u0301\u202e\n=<"), max_size=300)


@given(
    st.sampled_from(SHEETS),
    st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=64),
    texts,
    texts,
)
@settings(max_examples=80, deadline=None)
def test_no_text_leaves_its_label_or_touches_the_code(sheet, tag, name, owner):
    side_x, side_y = (inset * mm for inset in insets_mm(sheet))
    laid = lay(Label(tag, name, owner, f"https://hatang.example.vn/a/{tag}"), sheet)
    left, bottom, side = laid.qr
    lines = []
    for text in laid.texts:
        end = text.x + width(text.text, text.font, text.size)
        upper, lower = text.y + text.size * ASCENT, text.y - text.size * 0.23
        assert text.x >= side_x - 0.01
        assert end <= sheet.width * mm - side_x + 0.01
        assert lower >= side_y - 0.01
        assert upper <= sheet.height * mm - side_y + 0.01
        assert text.x >= left + side - 0.01 or upper <= bottom + 0.01
        lines.append((text.x, upper, lower))
    for at, (x, upper, lower) in enumerate(lines):
        for other_x, other_upper, other_lower in lines[at + 1 :]:
            apart = upper <= other_lower + 0.01 or other_upper <= lower + 0.01
            assert apart or x != other_x
    assert bottom >= side_y - 0.01
    assert bottom + side <= sheet.height * mm - side_y + 0.01
    assert "".join(t.text for t in laid.texts if t.font == BOLD) == tag


@given(texts, st.floats(5, 200), st.floats(0, 100))
@settings(deadline=None)
def test_what_is_cut_says_so_and_what_is_whole_is_complete(text, across, down):
    found = fit(text, PLAIN, (across, down), 10, 4)
    assert found.height <= down + 0.01
    said = "".join(printable(text).split())
    if found.whole:
        assert "".join("".join(found.lines).split()) == said
    elif found.lines:
        assert found.lines[-1].endswith("…")


@pytest.mark.parametrize("font", [PLAIN, BOLD])
def test_the_fonts_have_every_vietnamese_letter(font):
    letters = [unicodedata.normalize("NFC", v + m) for v in VOWELS for m in MARKS]
    known = _font(font).face.charToGlyph
    for letter in (*letters, *LETTERS, *"0123456789₫–—…·№□“”"):
        assert ord(letter) in known
        assert all(ord(c) in known for c in letter.upper())


def test_a_decomposed_name_is_printed_as_the_composed_one():
    name = unicodedata.normalize("NFD", "Thiết bị chuyển mạch")
    assert printable(name) == "Thiết bị chuyển mạch"


def test_the_same_labels_give_the_same_file():
    assert label_sheet([a_label()], SHEETS[0]) == label_sheet([a_label()], SHEETS[0])


@pytest.mark.parametrize(
    ("labels", "start", "words"),
    [
        ([], 1, "nothing to print"),
        ([a_label()], 25, "places 1 to 24"),
        ([a_label()], 0, "places 1 to 24"),
        ([Label("T", "", "", "https://x.vn/" + "a" * 1500)], 1, "too long"),
        ([Label("T", "", "", "https://x.vn/" + "a" * 5000)], 1, "too long"),
    ],
)
def test_what_cannot_be_printed_is_refused(labels, start, words):
    with pytest.raises(LabelError, match=words):
        label_sheet(labels, SHEETS[0], start)
