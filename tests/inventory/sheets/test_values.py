"""Values as people type them: taken where there is one meaning, else told what would be right."""

import datetime as dt
import doctest

import pytest

from inventory.sheets import class_words, coding, escape, fields, months, tags, xlsx
from inventory.sheets.coding import coding_of
from inventory.sheets.problem import CellError
from inventory.sheets.table import Formula
from inventory.sheets.values import parse, reading

COMMUNES = {"22849": "Xã Thuận Bắc", "22840": "Xã Bắc Ái", "00267": "Phường Bắc Ái"}


@pytest.mark.parametrize("module", [class_words, coding, escape, fields, months, tags, xlsx])
def test_examples_in_the_documentation_hold(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("what", "cell", "value"),
    [
        ("day", "31/12/2025", "2025-12-31"),
        ("day", "1-2-2025", "2025-02-01"),
        ("day", "2025-12-31 08:30:00", "2025-12-31"),
        ("day", "ngày 5 tháng 6 năm 2023", "2023-06-05"),
        ("day", dt.date(2025, 12, 31), "2025-12-31"),
        ("day", 46022, "2025-12-31"),
        ("day", "46022", "2025-12-31"),
        ("day", "1900-01-01", "1900-01-01"),
        ("month", "06/2023", "2023-06-01"),
        ("month", "tháng 6/2023", "2023-06-01"),
        ("month", 2019, "2019-01-01"),
        ("month", "31/12/2025", "2025-12-31"),
        ("price", "12.500.000 đ", 12_500_000),
        ("price", "12,500,000 VNĐ", 12_500_000),
        ("price", "12 500 000", 12_500_000),
        ("price", "12.500.000,00", 12_500_000),
        ("price", "12,5 triệu", 12_500_000),
        ("price", "1.25 tỷ", 1_250_000_000),
        ("price", 12500000.0, 12_500_000),
        ("price", 0, 0),
        ("flag", "có", True),
        ("flag", "KHÔNG", False),
        ("flag", "x", True),
        ("flag", False, False),
        ("class", "MÁY VI TÍNH ĐỂ BÀN", "desktop"),
        ("class", "may in", "printer"),
        ("class", "Switch", "switch"),
        ("status", "Đang sử dụng", "in_use"),
        ("status", "Ready to Deploy", "in_stock"),
        ("commune", 22849, "22849"),
        ("commune", 267, "00267"),
        ("commune", "xã thuận bắc", "22849"),
        ("commune", "Thuan Bac", "22849"),
        ("commune", "22840 - Xã Bắc Ái", "22840"),
        ("commune", "Xã Bắc Ái", "22840"),
        ("text", 123456, "123456"),
        ("text", 5.0, "5"),
        ("years", "5 năm", 5),
        ("list", "antivirus; ups", ["antivirus", "ups"]),
        ("text", None, None),
    ],
)
def test_what_has_one_meaning_is_taken(what, cell, value):
    assert parse(what, cell, reading(COMMUNES)) == value


@pytest.mark.parametrize(
    ("what", "cell", "words"),
    [
        ("day", "31/12/25", "four digits"),
        ("day", "12/31/2025", "day, then the month"),
        ("day", "30/02/2025", "not in the calendar"),
        ("day", 2019, "31/12/2025"),
        ("day", "hôm qua", "31/12/2025"),
        ("price", -5, "below zero"),
        ("price", "-5.000.000", "below zero"),
        ("price", "12,5", "whole number of dong"),
        ("price", 12.5, "whole number of dong"),
        ("price", "12.50.000", "whole number of dong"),
        ("price", "12.500 triệu", "whole number of dong"),
        ("price", "USD 500", "whole number of dong"),
        ("flag", "có lẽ", "yes or no"),
        ("class", "máy bay", "write one of"),
        ("status", "?", "write one of"),
        ("commune", "99999", "22849 Xã Thuận Bắc"),
        ("commune", "Bắc Ái", "write the code: 22840 Xã Bắc Ái, 00267 Phường Bắc Ái"),
        ("text", dt.date(2024, 3, 1), "has become the date 01/03/2024"),
        ("text", 8.6712345678901234e17, "rounded"),
        ("text", Formula("=A1"), "paste it as values"),
        ("text", Formula("#REF!"), "#REF!"),
        ("years", "vài", "whole number"),
        ("endpoints", "snmp", "left as exported"),
        ("endpoints", "[" * 100_000, "left as exported"),
    ],
)
def test_what_has_none_or_several_says_what_would_be_right(what, cell, words):
    with pytest.raises(CellError) as refused:
        parse(what, cell, reading(COMMUNES))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("title", "cell", "value"),
    [
        ("Nguyên giá (triệu đồng)", "12,5", 12_500_000),
        ("Nguyên giá (triệu đồng)", 17.8, 17_800_000),
        ("Nguyên giá (1.000 đ)", "12.500", 12_500_000),
        ("Nguyên giá (nghìn đồng)", 12500, 12_500_000),
        ("Nguyên giá", "12.500.000", 12_500_000),
    ],
)
def test_a_header_says_in_what_a_column_counts(title, cell, value):
    import dataclasses

    how = dataclasses.replace(reading(COMMUNES), factor=fields.factor_of(title))
    assert parse("price", cell, how) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("M¸y vi tÝnh", "TCVN3 (ABC)"),
        ("Uû ban nh©n d©n x· ThuËn B¾c", "TCVN3 (ABC)"),
        ("Maùy vi tính xaùch tay", "VNI"),
        ("UÛy ban nhaân daân xaõ Thuaän Baéc", "VNI"),
        ("Máy vi tính xách tay", None),
        ("Ủy ban nhân dân xã Thuận Bắc", None),
        ("Café Señor Müller", None),
        ("5 µm ± 2 °C", None),
        ("plain", None),
    ],
)
def test_text_of_the_time_before_unicode_is_recognised(text, found):
    assert coding_of(text) == found
