"""Every text has its translation, none is left over, and figures are said honestly."""

from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from dashboards.web import languages
from dashboards.web.languages import Speech, chosen, order
from hatang.generate import ROOT

WEB = ROOT / "dashboards" / "web"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def used():
    found = extract_from_dir(
        str(WEB),
        method_map=[("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")],
        options_map={"templates/**.html": {"silent": "false"}},
        keywords={"_": None, "N_": None},
    )
    return {message for _, _, message, _, _ in found} | {"yes", "no"}


def test_every_message_is_translated_and_none_is_stale():
    with (WEB / "locale/vi/LC_MESSAGES/hatang.po").open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    known = {str(m.id): str(m.string) for m in catalog if m.id}
    assert used() - set(known) == set()
    assert set(known) - used() == set()
    assert all(known.values())


@pytest.mark.parametrize(
    ("asked", "cookie", "accept", "expected"),
    [
        ("en", "vi", "vi", "en"),
        (None, "en", "vi", "en"),
        (None, "xx", "fr-FR, vi;q=0.9", "vi"),
        (None, None, "", "vi"),
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


def test_figures_are_cut_and_not_rounded_up():
    vi, en = Speech("vi", VIETNAM), Speech("en", VIETNAM)
    assert vi.percent(0.99999) == "99,9 %"
    assert en.percent(0.99999, 2) == "99.99 %"
    assert en.percent(1.0) == "100.0 %"
    assert en.percent(None) == "–"
    assert vi.money(12_500_000).replace("\xa0", " ") == "12.500.000 ₫"
    assert vi.moment(1_795_000_000) == "18/11/2026 18:06"
    assert en.duration(90_061) == "1 d 1 h"
    assert en.duration(0) == "0 s"
    assert en.rate(42_000_000) == "42 Mbit/s"
    assert en.size(2**30) == "1 GiB"
    assert en.quantity(1, "yes") == "yes"
    assert vi.quantity(0.5, "hours") == "30 phút"


def test_a_language_without_a_catalogue_says_english():
    assert languages.messages("en") == {}
    assert Speech("en", VIETNAM).text("Readiness") == "Readiness"
