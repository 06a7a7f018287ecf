"""Text that devices send in any encoding, and values whose meaning a MIB gives."""

import csv
import doctest
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp import text as module
from collectors.snmp.text import bits, date_and_time, inet_address, opaque_real, shown, text
from inventory import vietnamese

TONES = "\u0300\u0301\u0303\u0309\u0323"
UNITS = Path(module.__file__).parents[2] / "inventory" / "data" / "units.csv"


def windows_1258(name):
    """As Windows writes it: a letter with its quality mark, then its tone."""
    octets = ""
    for letter in name:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in parts if mark in TONES)
        rest = "".join(mark for mark in parts if mark not in TONES)
        octets += unicodedata.normalize("NFC", rest) + tones
    return octets.encode("cp1258")


TCVN3 = {vietnamese.tcvn3(bytes([octet])): octet for octet in range(0xA1, 0xFF)}


def tcvn3(name):
    return bytes(TCVN3.get(letter) or ord(letter) for letter in name)


NAMES = [
    "Xã Thuận Bắc",
    "Phường Ngọc Hà",
    "Hà Nội",
    "Xã Phú Lộc",
    "Ủy ban nhân dân xã Mường Chà",
    "Máy in phòng một cửa",
    "Huyện Đông Triều",
    "Xã Nghĩa Đô",
    "Đặc khu Phú Quý",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_vietnamese_name_is_read_in_each_encoding(name):
    name = unicodedata.normalize("NFC", name)
    assert text(name.encode()) == name
    assert text(unicodedata.normalize("NFD", name).encode()) == name
    assert text(windows_1258(name)) == name
    if not {letter for letter in name if letter not in TCVN3 and not letter.isascii()}:
        assert text(tcvn3(name)) == name


def test_of_all_communes_nearly_every_name_is_read_in_each_encoding():
    with UNITS.open(encoding="utf-8") as file:
        names = {unicodedata.normalize("NFC", row["name"]) for row in csv.DictReader(file)}
    assert len(names) > 3_000
    for encode in (windows_1258, tcvn3):
        right = wrong = 0
        for name in names:
            try:
                octets = encode(name)
            except ValueError:  # capitals with a tone, which TCVN3 has as another font
                continue
            right, wrong = (right + 1, wrong) if text(octets) == name else (right, wrong + 1)
        assert wrong / (right + wrong) < 0.015


@pytest.mark.parametrize(
    "name",
    [
        "Café",
        "Zürich",
        "Málaga",
        "Bø",
        "Tromsø",
        "São Paulo",
        "Göteborg",
        "Büro über der Tür",
        "l'été à Évry",
        "où là",
        "Crème brûlée",
        "naïve Citroën",
        "Ærø",
        "10 µm ±2 °C",
        "Søren Kierkegård",
        "Intel® Xeon®",
        "« nom »",
    ],
)
def test_other_languages_are_not_taken_for_vietnamese(name):
    assert text(name.encode("latin-1")) == name


@given(st.binary(max_size=60))
def test_any_octets_become_one_printable_line(octets):
    for found in (text(octets), shown(octets)):
        assert found.isprintable()
        assert len(found) <= module.MAX_TEXT


def test_the_examples_hold():
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(vietnamese).failed == 0


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        ("07e0021d173b3c05", datetime(2016, 2, 29, 23, 59, 59, 500_000, UTC)),
        ("07e5010100000000" + "2d0500", datetime(2021, 1, 1, 5, 0, tzinfo=UTC)),
        ("07e50d0100000000", None),
        ("07e5010100000000" + "2b0f00", None),
        ("07e5010100000000" + "200700", None),
        ("0000010100000000", None),
        ("270f0c1f173b3b00" + "2d0e00", None),
        ("07e501010000", None),
    ],
)
def test_a_date_is_a_moment_or_nothing(octets, expected):
    assert date_and_time(bytes.fromhex(octets)) == expected


@given(st.binary(max_size=24), st.none() | st.integers(0, 300))
def test_meanings_of_any_octets_are_values(octets, kind):
    assert date_and_time(octets) is None or date_and_time(octets).tzinfo is UTC
    assert isinstance(inet_address(kind, octets), str)
    found = opaque_real(octets)
    assert found is None or abs(found) < float("inf")
    assert all(0 <= bit < 8 * len(octets) for bit in bits(octets))


def test_no_number_is_no_measurement():
    assert opaque_real(bytes.fromhex("9f78047fc00000")) is None
    assert opaque_real(bytes.fromhex("9f79087ff0000000000000")) is None
    assert opaque_real(bytes.fromhex("9f79084045000000000000")) == 42.0


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"1/0/24", "1/0/24"),
        (b"\x00\x00\x00\x00", ""),
        (b"", ""),
        (b"ether1\x00", "ether1"),
        (b"\xc0\xa8\x01\x01", "c0a80101"),
        ("Cổng 1".encode(), "Cổng 1"),
    ],
)
def test_octets_are_text_where_they_can_be(octets, expected):
    assert shown(octets) == expected
