"""What is typed into the form of an asset becomes values, or problems beside what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.assets import Asset
from dashboards.web.asset_edit import merged
from dashboards.web.asset_form import (
    asset_of,
    day_text,
    money_text,
    next_tag,
    read_day,
    read_form,
    read_money,
    texts_of,
)
from inventory.register.entry import Change, Entry

BASE = {"tag": "PC-1", "name": "Máy vi tính", "class": "desktop", "commune": "22849"}


def posted(**texts):
    return {key: [text] for key, text in ({**BASE, **texts}).items()}


def asset(**more):
    return Asset.model_validate({**BASE, **more})


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("12.500.000", 12_500_000),
        ("12.500.000 đ", 12_500_000),
        ("12,500,000 VND", 12_500_000),
        ("12 500 000", 12_500_000),
        ("12\u00a0500\u00a0000 ₫", 12_500_000),
        ("0", 0),
        ("-5", -5),
        ("12.5", None),
        ("12.500,000", None),
        ("12 triệu", None),
        ("=1+1", None),
        ("1" * 40, None),
    ],
)
def test_money_is_read_as_people_type_it(typed, dong):
    assert read_money(typed) == dong


@pytest.mark.parametrize("typed", ["31/12/2025", "31-12-2025", "31.12.2025", "2025-12-31"])
def test_days_are_read_as_people_type_them(typed):
    assert read_day(typed).isoformat() == "2025-12-31"


@pytest.mark.parametrize("typed", ["31/02/2025", "12/2025", "2025", "1/1/25", "hôm qua"])
def test_what_is_no_day_is_none(typed):
    assert read_day(typed) is None


@given(st.dates())
def test_a_day_comes_back_as_it_was_shown(day):
    assert read_day(day_text(day)) == day


@given(st.integers(-(10**15), 10**15))
def test_an_amount_comes_back_as_it_was_shown(dong):
    assert read_money(money_text(dong)) == dong


def test_a_wrong_entry_is_told_beside_its_field_and_stays_as_it_was_typed():
    typed = read_form(posted(purchased="31/02/2025", price_vnd="12 triệu", ports="22, abc"))
    assert {problem.field for problem in typed.problems} == {
        "purchased",
        "price_vnd",
        "ports",
        "address",
    }
    assert typed.texts["purchased"] == "31/02/2025"
    assert typed.texts["price_vnd"] == "12 triệu"


def test_what_a_form_shows_of_an_asset_reads_as_that_asset():
    one = asset(
        address="10.20.1.1",
        price_vnd=12_500_000,
        purchased="2025-12-31",
        life_years=7,
        features=["antivirus", "vpn"],
        custom={"Số hiệu": "7"},
        note="hai\ndòng",
        edge=True,
        endpoints=[
            {"kind": "ping"},
            {"kind": "snmp", "credential": "lan"},
            {"kind": "tcp", "port": 22},
            {"kind": "tcp", "port": 443, "name": "tcp443"},
            {"kind": "http", "url": "https://example.vn/"},
        ],
    )
    typed = read_form({key: [text] for key, text in texts_of(one).items()})
    assert typed.problems == ()
    assert asset_of(typed.values) == (one, ())


def test_a_tick_that_is_gone_is_no_and_a_blank_is_nothing():
    typed = read_form(posted(vendor=" "))
    assert typed.values["edge"] is False
    assert typed.values["vendor"] is None
    assert typed.values["endpoints"] == []


def test_a_new_field_of_ones_own_needs_a_name():
    typed = read_form({**posted(), "custom_name": ["Số hiệu"], "custom_value": ["7"]})
    assert typed.values["custom"] == {"Số hiệu": "7"}
    typed = read_form({**posted(), "custom_name": [""], "custom_value": ["7"]})
    assert [problem.field for problem in typed.problems] == ["custom"]


def test_tags_count_up_and_keep_their_digits():
    assert next_tag("PC-009") == "PC-010"
    assert next_tag("PC-99") == "PC-100"


def changed(before, after):
    return Change(2, 2.0, "minh", "web", "", "edited", "asset", "PC-1", "", before, after, "b", "")


def test_two_who_changed_different_fields_lose_nothing():
    entry = Entry(1, asset(room="P. 2"), 2, "register", 1.0, 2.0)
    mine = texts_of(asset(vendor="HP"))
    texts, conflict = merged(entry, [changed({"room": None}, {"room": "P. 2"})], mine)
    assert (texts["room"], texts["vendor"]) == ("P. 2", "HP")
    assert conflict.theirs == {}


def test_two_who_changed_one_field_see_both():
    entry = Entry(1, asset(room="P. 2"), 2, "register", 1.0, 2.0)
    mine = texts_of(asset(room="P. 9"))
    texts, conflict = merged(entry, [changed({"room": None}, {"room": "P. 2"})], mine)
    assert texts["room"] == "P. 9"
    assert conflict.theirs == {"room": "P. 2"}


def test_what_somebody_emptied_stays_empty():
    entry = Entry(1, asset(room="P. 1", vendor="HP"), 2, "register", 1.0, 2.0)
    mine = texts_of(asset())
    texts, conflict = merged(entry, [changed({"vendor": None}, {"vendor": "HP"})], mine)
    assert (texts["room"], texts["vendor"]) == ("", "HP")
    assert conflict.theirs == {}
