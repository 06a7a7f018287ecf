"""The book held against the counts: each thing gets one result, and the sums agree."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from config.assets import Asset
from inventory.stock_take.count import Count
from inventory.stock_take.outcome import compare
from inventory.stock_take.report import How, Place, Result, totals

SITES = ("", "Trụ sở", "Trạm y tế", "trạm  Y TẾ")
TAGS = tuple(f"PC-{number}" for number in range(8))
IN_BOOK = (Result.COUNTED, Result.MISSING, Result.ELSEWHERE)


def _asset(tag, commune="22849", site="", **more):
    return Asset.model_validate(
        {"tag": tag, "name": tag, "class": "desktop", "commune": commune, "site": site, **more}
    )


def _count(number, label, site="", note="", at_s=0.0):
    return Count(f"count-{number:04}", label, How.SCAN, "lan", at_s, at_s, site, "", note)


assets = st.builds(
    lambda tag, site, commune, serial, price: _asset(
        tag, commune, site, serial=serial, price_vnd=price
    ),
    st.sampled_from(TAGS),
    st.sampled_from(SITES),
    st.sampled_from(("22849", "22840")),
    st.sampled_from(("", "SN-1", "SN-2")),
    st.none() | st.integers(0, 10**9),
)
registers = st.lists(assets, unique_by=lambda asset: asset.tag)
counted = st.lists(
    st.tuples(
        st.sampled_from((*TAGS, "pc-1", "SN-1", "SN-2", "XX", "")),
        st.sampled_from(SITES),
        st.floats(0, 1e9),
    ),
    max_size=20,
)
elsewhere = st.dictionaries(
    st.sampled_from(TAGS),
    st.builds(Place, st.sampled_from(("22849", "22840")), st.sampled_from(SITES)),
)


def _compared(scope, register, said, others):
    known = {asset.tag: asset for asset in register}
    book = [a for a in register if a.commune == scope.commune and scope.site in ("", a.site)]
    counts = [
        _count(number, label, site, "" if label else "Màn hình", at_s)
        for number, (label, site, at_s) in enumerate(said)
    ]
    return book, counts, compare(scope, book, counts, known.get, others)


scopes = st.builds(Place, st.just("22849"), st.sampled_from(("", "Trụ sở")))


@given(scopes, registers, counted, elsewhere)
def test_each_asset_of_the_book_is_exactly_one_of_counted_missing_and_elsewhere(
    scope, register, said, others
):
    book, _, lines = _compared(scope, register, said, others)
    of_book = [line for line in lines if line.in_book]
    assert [line.tag for line in of_book] == [asset.tag for asset in book]
    assert {line.result for line in of_book} <= set(IN_BOOK)
    sums = Counter(line.result for line in of_book)
    assert len(book) == sum(sums[result] for result in IN_BOOK)
    assert totals(of_book).price_vnd == sum(asset.price_vnd or 0 for asset in book)


@given(scopes, registers, counted, elsewhere)
def test_every_count_stands_in_exactly_one_line(scope, register, said, others):
    _, counts, lines = _compared(scope, register, said, others)
    assert sum(line.times for line in lines) == len(counts)
    assert len({line.tag for line in lines if line.tag}) == sum(bool(line.tag) for line in lines)
    bare = [line for line in lines if line.result is Result.UNLABELLED]
    assert [line.count_id for line in bare] == [c.id for c in counts if not c.label]


@given(scopes, registers, counted, elsewhere)
def test_what_is_short_and_over_is_the_difference_of_the_sums(scope, register, said, others):
    book, _, lines = _compared(scope, register, said, others)
    here = sum(line.here for line in lines)
    assert sum(line.difference for line in lines) == here - len(book)
    assert all(not line.here for line in lines if line.result is Result.MISSING)


@given(scopes, registers, counted, elsewhere, st.randoms())
def test_counts_that_come_late_or_twice_change_no_result(scope, register, said, others, random):
    _, _, lines = _compared(scope, register, said, others)
    again = said * 2
    random.shuffle(again)
    _, _, shuffled = _compared(scope, register, again, others)
    assert _results(lines) == _results(shuffled)


def _results(lines):
    return sorted((line.tag.casefold(), line.in_book, line.times > 0) for line in lines if line.tag)


def _only(lines, tag):
    (line,) = [line for line in lines if line.tag == tag]
    return line


def test_a_site_that_differs_is_elsewhere_and_one_that_nobody_names_is_not():
    book = [_asset("A", site="Trụ sở"), _asset("B", site="Trụ sở"), _asset("C")]
    counts = [
        _count(1, "A", "Trạm y tế"),
        _count(2, "B"),
        _count(3, "C", "Trạm y tế"),
    ]
    lines = compare(Place("22849"), book, counts, lambda label: None)
    assert [line.result for line in lines] == [Result.ELSEWHERE, Result.COUNTED, Result.COUNTED]
    assert _only(lines, "A").found == Place("22849", "Trạm y tế")
    assert all(line.here for line in lines)


def test_one_site_alone_has_in_its_count_what_the_commune_has_at_another_site():
    other = _asset("B", site="Trạm y tế")
    lines = compare(
        Place("22849", "Trụ sở"),
        [_asset("A", site="Trụ sở")],
        [_count(1, "B")],
        {"B": other}.get,
    )
    assert [(line.tag, line.result) for line in lines] == [
        ("A", Result.MISSING),
        ("B", Result.ELSEWHERE),
    ]
    assert _only(lines, "B").registered == Place("22849", "Trạm y tế")
    assert _only(lines, "B").found == Place("22849", "Trụ sở")


def test_what_another_commune_has_in_its_register_is_elsewhere():
    far = _asset("Z", commune="22840")
    lines = compare(Place("22849"), [], [_count(1, "Z")], {"Z": far}.get)
    assert _only(lines, "Z").result is Result.ELSEWHERE
    assert _only(lines, "Z").here
    assert not _only(lines, "Z").in_book


def test_what_is_in_no_book_is_surplus_and_named_by_its_label():
    lines = compare(Place("22849"), [], [_count(1, "XX-9", note="Máy in cũ")], lambda label: None)
    assert (lines[0].result, lines[0].tag, lines[0].name) == (Result.SURPLUS, "XX-9", "Máy in cũ")
    late = _asset("NEW")
    lines = compare(Place("22849"), [], [_count(1, "NEW")], {"NEW": late}.get)
    assert lines[0].result is Result.SURPLUS
    assert lines[0].registered == Place("22849")


def test_a_serial_number_stands_for_its_asset_unless_two_have_it():
    book = [_asset("A", serial="SN-1"), _asset("B", serial="SN-2"), _asset("C", serial="SN-2")]
    lines = compare(
        Place("22849"), book, [_count(1, "sn-1"), _count(2, "SN-2")], lambda label: None
    )
    assert _only(lines, "A").result is Result.COUNTED
    assert _only(lines, "B").result is Result.MISSING
    assert _only(lines, "SN-2").result is Result.SURPLUS


def test_what_another_stock_take_counted_is_not_missing():
    lines = compare(
        Place("22849"), [_asset("A")], [], lambda label: None, {"A": Place("22840", "Kho")}
    )
    assert lines[0].result is Result.ELSEWHERE
    assert lines[0].found == Place("22840", "Kho")
    assert not lines[0].here
