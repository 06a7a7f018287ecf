"""Charts: well-formed, bounded, honest about what is not known, and the same in words."""

import xml.etree.ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.web.charts.bars import Bar, bars
from dashboards.web.charts.lines import Series, lines, sparkline
from dashboards.web.charts.map import Place, map_of
from dashboards.web.charts.stacked import Column, stacked
from dashboards.web.charts.svg import axis
from dashboards.web.languages import Speech

SAY = Speech("vi", ZoneInfo("Asia/Ho_Chi_Minh"))
DAY = 86_400.0
HOSTILE = '<script>alert("1")</script>\u202e\x00&'
BANDS = ["dưới 50%", "từ 50%"]


def shown(value):
    return f"{value:.2f}"


def drawn(markup):
    """The chart as a tree: raises where it is no XML."""
    return ET.fromstring(str(markup))


def of_class(tree, name):
    return [e for e in tree.iter() if name in (e.get("class") or "").split()]


def text_of(tree):
    return " ".join("".join(tree.itertext()).split())


@pytest.fixture(
    params=[
        lambda w: bars(SAY, w, [Bar(w, 1.0, w, 0.5, w, "/x?" + w, w), Bar(w, None, w)]),
        lambda w: lines(
            SAY, "c", w, [Series(w, [(0.0, 1.0)])], when=lambda t: w, shown=lambda v: w
        ),
        lambda w: sparkline(SAY, "c", w, [(0.0, 1.0)], shown=lambda v: w),
        lambda w: stacked(
            SAY, "c", w, [("a", w)], [Column(w, {"a": 1.0}, w)], head=w, shown=lambda v: w
        ),
        lambda w: map_of(
            SAY, "c", w, [Place(1, w, w, 0, "/x?" + w, 109.0, 11.7), Place(2, w, w, None)], [w], w
        ),
    ],
    ids=["bars", "lines", "sparkline", "stacked", "map"],
)
def chart(request):
    return request.param


def test_whatever_a_text_says_it_stays_a_text(chart):
    tree = drawn(chart(HOSTILE))
    assert not [e for e in tree.iter() if e.tag == "script"]
    assert "\u202e" not in text_of(tree)
    assert 'alert("1")' in text_of(tree)


def test_a_chart_has_a_name_and_no_style_of_its_own(chart):
    tree = drawn(chart("Mức độ"))
    assert "Mức độ" in text_of(tree)
    assert not [e for e in tree.iter() if e.get("style") or e.tag == "style"]
    for picture in (e for e in tree.iter() if e.tag == "svg" and e.get("role")):
        ids = {e.get("id") for e in picture.iter()}
        assert set(picture.get("aria-labelledby").split()) <= ids


def test_a_row_without_data_says_so_and_has_no_bar():
    tree = drawn(bars(SAY, "T", [Bar("Xã A", 0.0, "0%"), Bar("Xã B", None, "", 0.9, "90%")]))
    with_zero, without = tree.findall("ul/li")
    assert "0%" in text_of(with_zero)
    assert of_class(with_zero, "fill")[0].get("width") == "0%"
    assert "chưa có số liệu" in text_of(without)
    assert "vạch đánh dấu ở mức 90%" in text_of(without)
    assert of_class(without, "fill") == []
    assert of_class(without, "nothing")


def test_a_bar_and_its_mark_are_in_proportion_and_never_longer_than_their_row():
    tree = drawn(bars(SAY, "T", [Bar("A", 30.0, "30", 40.0), Bar("B", 99.0, "99")], most=50.0))
    assert [e.get("width") for e in of_class(tree, "fill")] == ["60%", "100%"]
    assert [e.get("x") for e in tree.iter("svg") if e.get("x")] == ["80%"]


def test_a_line_breaks_where_a_value_or_the_time_in_between_is_not_known():
    points = [(0, 0.1), (1, 0.2), (2, None), (3, 0.3), (4, 0.4), (9, 0.5)]
    one = Series("Điểm", [(n * DAY, v) for n, v in points])
    tree = drawn(lines(SAY, "c", "T", [one], when=str, shown=shown, high=1.0, gap_s=2 * DAY))
    (line,) = of_class(tree, "l0")
    assert len(line.findall("line")) == 2
    rows = [text_of(row) for row in tree.findall("details/div/table/tbody/tr")]
    assert len(rows) == 6
    assert rows[3].endswith("–")
    assert "Điểm: từ 0.10 đến 0.50; thấp nhất 0.10, cao nhất 0.50." in text_of(tree)


def test_lines_are_told_apart_by_shape_and_named_in_a_legend():
    two = [Series("A", [(0, 1.0), (1, 2.0)]), Series("B", [(0, None), (1, None)])]
    tree = drawn(lines(SAY, "c", "T", two, when=str, shown=shown))
    assert of_class(tree, "l0")[0].findall("svg/circle")
    signs = tree.findall("ul/li")
    assert [text_of(sign) for sign in signs] == ["A", "B"]
    assert signs[1].findall(".//rect")
    assert "B: chưa có số liệu." in text_of(tree)


def test_columns_are_as_high_as_their_parts_and_say_their_sums():
    columns = [Column("2027", {"a": 30.0, "b": 10.0}), Column("2028", {"b": 20.0})]
    tree = drawn(
        stacked(SAY, "c", "T", [("a", "Máy"), ("b", "Mạng")], columns, head="Năm", shown=shown)
    )
    first = [e for e in tree.iter("g") if e.findtext("title") == "2027: 40.00"]
    heights = [float(e.get("height")) for e in first[0].iter("rect") if e.get("class") != "over"]
    assert heights[0] == pytest.approx(3 * heights[1])
    assert [e.get("fill") for e in of_class(first[0], "over")] == ["url(#c-1)"]
    rows = [text_of(row) for row in tree.findall("details/div/table/tbody/tr")]
    assert rows == ["202730.0010.0040.00", "20280.0020.0020.00"]


def test_the_scale_of_money_has_few_letters():
    columns = [Column("2027", {"a": 150e6})]
    html = stacked(
        SAY, "c", "T", [("a", "Máy")], columns, head="Năm", shown=shown, short=SAY.short_money
    )
    assert "150 triệu" in text_of(drawn(html))
    assert SAY.short_money(2_400_000_000) == "2,4 tỷ"
    assert SAY.short_money(9_000) == "9.000"


def test_a_map_draws_shapes_where_there_are_and_marks_elsewhere():
    ring = ((109.0, 11.0), (109.1, 11.0), (109.1, 11.1), (109.0, 11.0))
    places = [
        Place(1, "Có ranh giới", "60%", 1, "/communes/1", rings=(ring,)),
        Place(2, "Có tâm", "10%", 0, "/communes/2", 109.2, 11.2),
        Place(3, "Không biết ở đâu", "chưa có số liệu", None),
    ]
    tree = drawn(map_of(SAY, "c", "T", places, BANDS, "chưa có số liệu"))
    assert [e.get("class") for e in of_class(tree, "area") if e.tag == "path"] == ["area b1"]
    assert "2. Có tâm" in text_of(tree)
    assert "3 xã, trong đó 2 xã có số liệu" in text_of(tree)
    assert [text_of(e) for e in tree.findall("ul/li")] == [*BANDS, "chưa có số liệu"]
    assert {e.get("href") for e in tree.iter("a")} == {"/communes/1", "/communes/2"}


coordinate = st.tuples(st.floats(-180, 180), st.floats(-89, 89))


@given(st.lists(st.tuples(coordinate, st.sampled_from([None, 0, 1])), max_size=12))
@settings(max_examples=40, deadline=None)
def test_every_place_lies_on_the_map_wherever_it_is_on_earth(spots):
    places = [Place(n, "Xã", "", band, "", x, y) for n, ((x, y), band) in enumerate(spots, 1)]
    tree = drawn(map_of(SAY, "c", "T", places, BANDS, "–"))
    svg = next(e for e in tree.iter("svg") if e.get("viewBox"))
    _, _, width, height = map(float, svg.get("viewBox").split())
    marks = of_class(svg, "spot")
    assert len(marks) == len(places)
    for mark in marks:
        x, y = map(float, mark.get("transform")[10:-1].split())
        assert 0 <= x <= width
        assert 0 <= y <= height


@given(st.floats(0, 1e15))
@settings(max_examples=100)
def test_an_axis_is_short_and_reaches_what_it_must(high):
    steps = axis(high)
    assert steps[0] == 0
    assert steps[-1] >= high * (1 - 1e-9)
    assert 2 <= len(steps) <= 7
