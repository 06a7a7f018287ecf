"""The last SNMP traps on an asset's page."""

import pytest

from dashboards.web.history import MOST_TRAPS
from inventory.store.rows import Batch, TrapRow
from inventory.store.writer import Writer


@pytest.fixture
def page_of(site, client_of):
    """The router's page in a language, with these traps in the database."""

    def make(traps, language="vi"):
        found = site()
        writer = Writer(found.database)
        writer.write(Batch(0.0, traps=traps))
        writer.close(clean=True)
        return client_of(found).get(f"/assets/RT-1?lang={language}").text

    return make


def row(at_s=1_795_000_000.0, kind="link_down", oid="1.3.6.1.6.3.1.1.5.3", bindings=()):
    return TrapRow(1, at_s, kind, oid, "v2c", "127.0.0.1", 5.0, bindings)


def test_a_page_without_traps_says_nothing_of_them(page_of):
    assert "SNMP trap" not in page_of([])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ["Các bản tin SNMP trap gần nhất", "cổng mất kết nối", "Cổng số 7"]),
        ("en", ["Last SNMP traps", "port went down", "Cổng số 7"]),
    ],
)
def test_a_trap_is_told_in_words(page_of, language, words):
    page = page_of([row(bindings=(("1.3.6.1.2.1.2.2.1.2.7", "Cổng số 7"),))], language)
    for text in words:
        assert text in page


def test_what_nobody_described_is_shown_by_its_oid(page_of):
    page = page_of([row(kind="enterprise", oid="1.3.6.1.4.1.2011.5.25.1")], "en")
    assert "message of the maker" in page
    assert "1.3.6.1.4.1.2011.5.25.1" in page


def test_only_the_last_ones_are_shown(page_of):
    many = [row(at_s=1_795_000_000.0 + n, bindings=(("1.3", f"n{n}n"),)) for n in range(30)]
    page = page_of(many)
    assert "n29n" in page
    assert f"n{30 - MOST_TRAPS}n" in page
    assert f"n{29 - MOST_TRAPS}n" not in page


def test_what_a_device_sends_is_text_and_stays_text(page_of):
    attack = '<script>alert(1)</script>" onmouseover="x\u202e'
    page = page_of([row(kind=attack, oid=attack, bindings=((attack, attack),))])
    assert "<script>alert" not in page
    assert 'onmouseover="x' not in page
    assert "\u202e" not in page
