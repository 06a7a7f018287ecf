"""Values as people type them: one meaning, or a refusal that says what to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.indicators.values import cell_of, typed, value_of
from inventory.sheets.problem import CellError
from inventory.sheets.table import Formula


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("share", "85", 0.85),
        ("share", "85 %", 0.85),
        ("share", "85%", 0.85),
        ("share", "0,85", 0.85),
        ("share", "0.85", 0.85),
        ("share", 0.85, 0.85),
        ("share", 85, 0.85),
        ("share", "1 %", 0.01),
        ("share", "100", 1.0),
        ("share", "0", 0.0),
        ("share", "0,5 %", 0.005),
        ("share", "99,5 phần trăm", 0.995),
        ("bps", "200 Mbps", 200e6),
        ("bps", "200Mb/s", 200e6),
        ("bps", "1,5 Gbps", 1.5e9),
        ("bps", "1 Gbit/s", 1e9),
        ("bps", "512 kbps", 512e3),
        ("bps", "300 M", 300e6),
        ("bps", "200 MBPS", 200e6),
        ("bps", 300_000_000, 300e6),
        ("bps", "300.000.000", 300e6),
        ("bps", "0", 0.0),
        ("count", "40", 40.0),
        ("count", "12.345", 12345.0),
        ("count", "12,345", 12345.0),
        ("count", "1 234 567", 1234567.0),
        ("count", 40.0, 40.0),
        ("hours", "8,5", 8.5),
        ("hours", "90 phút", 1.5),
        ("hours", "2 ngày", 48.0),
        ("seconds", "150 ms", 0.15),
        ("seconds", "30 phút", 1800.0),
        ("ratio", "1.234,5", 1234.5),
        ("yes", "Có", 1.0),
        ("yes", "chưa", 0.0),
        ("yes", "đã có", 1.0),
        ("yes", True, 1.0),
        ("yes", 0, 0.0),
        ("yes", "x", 1.0),
        ("share", " ", None),
        ("share", None, None),
    ],
)
def test_a_value_with_one_meaning_is_taken(kind, cell, value):
    assert value_of(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "says"),
    [
        ("share", "1", "1 % or 100 %"),
        ("share", 1, "1 % or 100 %"),
        ("share", "101", "more than 100 %"),
        ("share", "850 %", "more than 100 %"),
        ("share", "85,123", "85123 or 85,1230"),
        ("share", "-5 %", "below zero"),
        ("share", "nhiều", "no number"),
        ("bps", "200", "write for example 200 Mbps"),
        ("bps", "200 MB/s", "bytes"),
        ("bps", "25 MB", "bytes"),
        ("bps", "nhanh", "200 Mbps"),
        ("count", "4,5", "whole number"),
        ("count", True, "no number"),
        ("count", Formula("=1+1"), "formula"),
        ("hours", "8 tuần", "length of time"),
        ("ratio", "1.234", "1234 or 1,2340"),
        ("yes", "có thể", "yes or no"),
        ("yes", "85", "yes or no"),
    ],
)
def test_what_may_mean_two_things_is_refused_with_what_would_be_right(kind, cell, says):
    with pytest.raises(CellError, match=says):
        value_of(kind, cell)


VALUES = {
    "count": st.integers(0, 10**9).map(float),
    "share": st.integers(0, 10_000).map(lambda n: n / 10_000),
    "ratio": st.integers(0, 10**6).map(lambda n: n / 1000),
    "bps": st.integers(0, 10**12).map(float),
    "hours": st.integers(0, 10**5).map(lambda n: n / 100),
    "seconds": st.integers(0, 10**6).map(lambda n: n / 1000),
    "yes": st.sampled_from([0.0, 1.0]),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data(), language=st.sampled_from(["vi", "en"]))
def test_what_is_exported_comes_back_exactly(kind, data, language):
    value = data.draw(VALUES[kind])
    assert value_of(kind, typed(kind, value, language)) == pytest.approx(value, rel=1e-12)
    assert value_of(kind, cell_of(kind, value, language)) == pytest.approx(value, rel=1e-12)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading(text):
    for kind in VALUES:
        try:
            value = value_of(kind, text)
        except CellError:
            continue
        assert value is None or value >= 0
