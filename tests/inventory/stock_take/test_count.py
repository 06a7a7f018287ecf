"""What a phone or a sheet sends as a count: read, cleaned, or refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock_take.count import LABEL_MAX, WORDS_MAX, NotACount, count_of, label_of
from inventory.stock_take.report import How

GOOD = {"id": "b6e1c1a2-0001", "label": "PC-1", "how": "scan", "at": 1_000.0}


def test_a_count_is_read_as_it_was_sent():
    said = {**GOOD, "site": " Trụ  sở ", "room": "P.1", "note": "hỏng màn hình"}
    count = count_of(said, "lan", 2_000.0)
    assert (count.id, count.label, count.how, count.by) == (GOOD["id"], "PC-1", How.SCAN, "lan")
    assert (count.counted_at_s, count.received_at_s) == (1_000.0, 2_000.0)
    assert (count.site, count.room, count.note) == ("Trụ sở", "P.1", "hỏng màn hình")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"id": "short"}, "id"),
        ({"id": None}, "id"),
        ({"id": "x" * 65}, "id"),
        ({"id": "<script>-1"}, "id"),
        ({"label": ""}, "which label"),
        ({"label": 7}, "must be text"),
        ({"label": "x" * (LABEL_MAX + 1)}, "no label of ours"),
        ({"label": "https://elsewhere.example/" + "x" * 64}, "no label of ours"),
        ({"how": "guess"}, "how"),
        ({"how": ["scan"]}, "how"),
        ({"at": "noon"}, "time"),
        ({"at": True}, "time"),
        ({"at": float("nan")}, "time"),
        ({"at": -1}, "time"),
        ({"note": "x" * (WORDS_MAX + 1)}, "too long"),
    ],
)
def test_what_is_no_count_is_refused_with_a_reason(more, why):
    with pytest.raises(NotACount, match=why):
        count_of(GOOD | more, "lan", 2_000.0)


def test_a_phone_whose_clock_is_far_ahead_counts_now():
    assert count_of(GOOD | {"at": 9e9}, "lan", 2_000.0).counted_at_s == 2_000.0


def test_control_and_direction_characters_go():
    count = count_of(GOOD | {"note": "a\u202eb\nc\x00"}, "lan", 2_000.0)
    assert count.note == "ab c"


@given(st.text(max_size=40).filter(lambda text: "/" not in text and "?" not in text))
def test_whatever_a_label_holds_reading_it_raises_nothing(text):
    label_of(text)
    label_of("http://" + text)
    label_of("https://[" + text)


@pytest.mark.parametrize("base", ["http://10.0.0.1:8650", "https://hatang.example/sub"])
def test_a_short_address_and_a_page_of_an_asset_are_its_tag(base):
    assert label_of(f"{base}/a/PC-1") == "PC-1"
    assert label_of(f"{base}/assets/PC-1?lang=vi") == "PC-1"


@given(
    st.dictionaries(
        st.sampled_from(["id", "label", "how", "at", "site", "room", "note"]),
        st.none() | st.booleans() | st.floats() | st.text() | st.lists(st.text(), max_size=2)
        | st.just(GOOD["id"]) | st.just("scan"),
    )
)  # fmt: skip
def test_whatever_is_sent_is_a_count_or_none(said):
    try:
        count = count_of(said, "lan", 2_000.0)
    except NotACount:
        return
    assert count.label or count.note
    assert all(text.isprintable() for text in (count.label, count.note, count.site, count.room))
