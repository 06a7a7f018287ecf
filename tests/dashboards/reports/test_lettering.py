"""Letters of two scripts in one line: fonts by word, Devanagari joined, numbers that stay."""

import pytest
from reportlab.pdfbase import pdfmetrics

from dashboards.reports.lettering import BOLD, PLAIN, marked_up, printable, shaped, wide


def test_words_of_both_scripts_stand_in_fonts_that_have_their_letters():
    fonts = [font for font, _, _ in shaped("Xã 3 वार्ड", BOLD, 10)]
    assert fonts == [BOLD, "NotoSerifDevanagari-Bold"]
    assert marked_up("औसत 36.0%। < Xã") == (
        '<font name="NotoSerifDevanagari-Regular">औसत 36.0%। </font>&lt; Xã'
    )
    assert printable("नहीं ₫ \U0001f5a8") == "नहीं ₫ □"


def test_a_word_of_letters_that_no_font_has_together_is_set_as_several():
    fonts = [font for font, _, _ in shaped("₫7,50,000।", PLAIN, 10)]
    assert fonts == [PLAIN, "NotoSerifDevanagari-Regular"]


@pytest.mark.parametrize(("text", "glyphs"), [("क्ष", 1), ("कि", 2), ("प्र", 1)])
def test_devanagari_is_joined(text, glyphs):
    ((_, letters, width),) = shaped(text, PLAIN, 10)
    assert len(letters) == glyphs
    assert 0 < width == wide(text, PLAIN, 10)


def test_a_joined_letter_has_its_number_before_it_is_first_set():
    assert wide("x", PLAIN, 10) > 0
    face = pdfmetrics.getFont("NotoSerifDevanagari-Regular").face
    before = len(face.charToGlyph)
    assert ord(shaped("ज्ञ", PLAIN, 10)[0][1]) >= 0xE000
    assert len(face.charToGlyph) == before


def test_the_sign_of_a_short_i_stands_before_its_consonant():
    ((_, letters, _),) = shaped("कि", PLAIN, 10)
    assert letters[1] == "क"
