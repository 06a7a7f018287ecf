"""Every text has its translation, none is left over, and figures are said honestly."""

import re
import unicodedata
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from config.profile import load_profile, shipped_profiles
from dashboards.web import languages
from dashboards.web.languages import Speech, chosen
from hatang.generate import ROOT
from inventory.alphabet import order
from inventory.money import norms

WEB = ROOT / "dashboards" / "web"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@cache
def used():
    found = extract_from_dir(
        str(WEB),
        method_map=[("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")],
        options_map={"templates/**.html": {"silent": "false"}},
        keywords={"_": None, "N_": None},
    )
    return {message for _, _, message, _, _ in found} | {"yes", "no"}


def translations(language):
    with (WEB / f"locale/{language}/LC_MESSAGES/hatang.po").open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    return {str(m.id): str(m.string) for m in catalog if m.id}


@cache
def shipped():
    return tuple(map(load_profile, shipped_profiles()))


@cache
def notes():
    """What shipped data says in one language and the pages may say in others."""
    found = {norm.source for norm in norms()}
    for profile in shipped():
        for requirement in profile.requirements:
            ceiling, remedy = requirement.ceiling, requirement.remedy
            for basis in (requirement.basis, *((ceiling.basis,) if ceiling else ())):
                found |= {basis.note, basis.article}
            found |= {remedy.source} if remedy else set()
    return found


@pytest.mark.parametrize("language", ["vi", "hi"])
def test_every_message_is_translated_and_none_is_stale(language):
    known = translations(language)
    assert used() - set(known) == set()
    assert set(known) - used() - notes() == set()
    assert all(known.values())


@pytest.mark.parametrize("language", ["vi", "hi"])
def test_every_note_of_shipped_profiles_and_norms_is_translated(language):
    worded = {note for note in notes() if any(letter.isalpha() for letter in note)}
    assert worded - set(translations(language)) == set()


def test_every_text_of_a_shipped_profile_is_in_hindi_too():
    texts = []
    for profile in shipped():
        texts += [profile.title, *(pillar.title for pillar in profile.pillars)]
        for one in profile.requirements:
            texts += [one.title, one.help, one.remedy.name if one.remedy else None]
    assert [text.en for text in texts if text is not None and not text.hi] == []


@pytest.mark.parametrize("language", ["vi", "hi"])
def test_a_translation_names_what_its_message_names(language):
    names = re.compile(r"\{[a-z]*\}")
    for message, said in translations(language).items():
        assert sorted(names.findall(message)) == sorted(names.findall(said)), message


@pytest.mark.parametrize(
    ("asked", "cookie", "accept", "expected"),
    [
        ("en", "vi", "vi", "en"),
        (None, "en", "vi", "en"),
        (None, "xx", "fr-FR, vi;q=0.9", "vi"),
        (None, None, "", "vi"),
        (None, None, "en;q=0.2, vi-VN;q=0.8", "vi"),
        (None, None, "vi;q=0.2, EN-us", "en"),
        (None, None, "en;q=0", "vi"),
        (None, None, "en;q=much;;,,=", "vi"),
        (None, None, "*", "vi"),
        ("../../etc", None, "en-US,en;q=0.5", "en"),
    ],
)
def test_the_language_is_chosen_by_address_cookie_browser_and_setting(
    asked, cookie, accept, expected
):
    assert chosen(asked, cookie, accept, "vi") == expected


def test_vietnamese_order_puts_d_with_stroke_after_d():
    names = ["Đông Hải", "Dũng", "Ấn", "An", "Ăn", "Công Hải", "ba"]
    assert sorted(names, key=order) == ["An", "Ăn", "Ấn", "ba", "Công Hải", "Dũng", "Đông Hải"]


def test_tones_decide_only_between_equal_letters():
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=order) == [
        *("ma", "mà", "mả", "mã", "má", "mạ"),
    ]
    assert sorted(["Lợi Hải", "Lôi Hải", "Lọi Bình", "Loi Cù"], key=order) == [
        *("Lọi Bình", "Loi Cù", "Lôi Hải", "Lợi Hải"),
    ]
    assert sorted(["Xã 10", "Xã B", "Xã Я"], key=order) == ["Xã 10", "Xã B", "Xã Я"]


@given(st.lists(st.text(max_size=8), max_size=6))
def test_the_order_does_not_depend_on_how_accents_are_encoded(names):
    def ranks(form):
        return [order(unicodedata.normalize(form, name))[:2] for name in names]

    assert ranks("NFC") == ranks("NFD")


def test_figures_are_cut_and_not_rounded_up():
    vi, en = Speech("vi", VIETNAM), Speech("en", VIETNAM)
    assert vi.percent(0.99999) == "99,9%"
    assert en.percent(0.99999, 2) == "99.99%"
    assert en.percent(1.0) == "100.0%"
    assert en.percent(None) == "–"


def test_figures_are_written_as_the_language_does():
    vi, en = Speech("vi", VIETNAM), Speech("en", VIETNAM)
    assert vi.money(12_500_000).replace("\xa0", " ") == "12.500.000 ₫"
    assert vi.moment(1_795_000_000) == "18/11/2026 18:06"
    assert en.moment(1_795_000_000) == "18 Nov 2026 18:06"
    assert en.duration(90_061) == "1 d 1 h"
    assert en.duration(0) == "0 s"
    assert en.rate(42_000_000) == "42 Mbit/s"
    assert en.size(2**30) == "1 GiB"
    assert en.quantity(1, "yes") == "yes"
    assert vi.quantity(0.5, "hours") == "30 phút"
    assert vi.brief(0.0123) == "12,3 ms"
    assert vi.brief(3.935) == "3,9 giây"


def test_thresholds_carry_their_sign_and_no_empty_decimals():
    vi = Speech("vi", VIETNAM)
    assert vi.limit(1.0, "ratio", "≥") == "≥ 100%"
    assert vi.limit(0.985, "ratio", "≥") == "≥ 98,5%"
    assert vi.limit(4, "hours", "≤") == "≤ 4 giờ"
    assert vi.limit(0.5, "seconds", "≤") == "≤ 500 ms"
    assert vi.limit(900, "seconds", "≥") == "≥ 15 phút"
    assert vi.limit(200_000_000, "bps", "≥") == "≥ 200 Mbit/s"
    assert vi.limit(1, "yes", "≥") == "có"


def test_a_language_without_a_catalogue_says_english():
    assert languages.messages("en") == {}
    assert Speech("en", VIETNAM).text("Readiness") == "Readiness"
