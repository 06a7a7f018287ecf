"""Ranges of addresses: how they are counted, walked through and compared."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.ranges import MOST_ADDRESSES, address_range


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("10.20.0.0/22", "10.20.0.1", "10.20.3.254"),
        ("10.20.0.6/31", "10.20.0.6", "10.20.0.7"),
        ("10.20.0.7/32", "10.20.0.7", "10.20.0.7"),
        ("10.20.0.7", "10.20.0.7", "10.20.0.7"),
        ("10.20.0.10 - 10.20.1.9", "10.20.0.10", "10.20.1.9"),
        ("2001:db8::/120", "2001:db8::", "2001:db8::ff"),
        ("2001:db8::5-2001:db8::9", "2001:db8::5", "2001:db8::9"),
    ],
)
def test_a_range_is_from_its_first_to_its_last_device(text, first, last):
    found = address_range(text)
    assert (str(found.first), str(found.last)) == (first, last)
    assert next(map(str, found)) == first
    assert [*map(str, found)][-1] == last


def test_the_largest_range_is_a_20():
    assert len(address_range("10.20.0.0/20")) == MOST_ADDRESSES - 2
    with pytest.raises(ValueError, match="8190 addresses"):
        address_range("10.20.0.0/19")
    with pytest.raises(ValueError, match="at most 4096"):
        address_range("2001:db8::/64")


@given(st.integers(0, 2**32 - 1), st.integers(0, 300), st.integers(-400, 400))
def test_two_ranges_overlap_exactly_where_an_address_is_in_both(start, length, shift):
    def between(first, last):
        low, high = (ipaddress.ip_address(min(max(n, 0), 2**32 - 1)) for n in (first, last))
        return address_range(f"{low}-{high}")

    one = between(start, start + length)
    other = between(start + shift, start + shift + 50)
    both = {*one} & {*other}
    assert one.overlaps(other) is other.overlaps(one) is bool(both)


def test_families_are_never_mixed():
    assert ipaddress.ip_address("::ffff:10.20.0.7") not in address_range("10.20.0.7")
    assert not address_range("10.20.0.7").inside("2001:db8::/32")
