"""S24-H and S26-H: what stands in the books, with which figures, and as text."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.forms.s24h import s24h
from dashboards.forms.s26h import s26h
from inventory.books import Booked, Leaving

END = dt.date(2026, 12, 31)
SOLD = Leaving(dt.date(2026, 5, 6), "QĐ 7/QĐ-UBND", "Thanh lý")


def _table(rows):
    """The rows between the row of signs and the sum."""
    first = next(at for at, row in enumerate(rows) if row[:3] == ["A", "B", "C"]) + 1
    last = next(at for at, row in enumerate(rows) if "Cộng" in row)
    return rows[first:last], rows[last]


def test_s24h_has_the_nineteen_columns_of_the_form(make, sheets):
    (rows,) = sheets(s24h([Booked(make())], "Xã Thuận Bắc", 2026, END)).values()
    at = next(at for at, row in enumerate(rows) if row[0] == "STT")
    heads = [
        next(row[column] for row in reversed(rows[at : at + 3]) if row[column])
        for column in range(19)
    ]
    assert all(len(row) == 19 for row in rows)
    assert heads == [
        *("STT", "Số hiệu", "Ngày, tháng", "Tên, đặc điểm, ký hiệu TSCĐ", "Nước sản xuất"),
        *("Tháng, năm đưa vào sử dụng ở đơn vị", "Số hiệu TSCĐ", "Thẻ TSCĐ", "Nguyên giá TSCĐ"),
        *("Tỷ lệ %", "Số tiền", "Tỷ lệ %", "Số tiền"),
        "Tổng số khấu hao (hao mòn) phát sinh trong năm",
        "Lũy kế khấu hao (hao mòn) đã tính đến khi chuyển sổ hoặc ghi giảm TSCĐ",
        *("Số hiệu", "Ngày, tháng", "Lý do ghi giảm TSCĐ", "Giá trị còn lại của TSCĐ"),
    ]


def test_s24h_counts_the_wear_of_the_year_and_until_its_end(make, sheets):
    (rows,) = sheets(s24h([Booked(make())], "Xã Thuận Bắc", 2026, END)).values()
    (row,), total = _table(rows)
    assert row == [
        *(1, "CT 12", "01/03/2024"),
        "Máy bộ phận Một cửa; Máy vi tính để bàn; MSI Cubi 5; S/N SN-PC-1",
        *("Đài Loan", "03/2024", "PC-1", "TSCĐ-7", 17_800_000, None, None),
        *(14.29, 2_543_620, 2_543_620, 9_663_620, None, None, None, None),
    ]
    assert (total[8], total[12], total[14]) == (17_800_000, 2_543_620, 9_663_620)


def test_s24h_writes_off_what_left_in_the_year_with_what_was_left_of_it(make, sheets):
    (rows,) = sheets(s24h([Booked(make(), SOLD)], "Xã Thuận Bắc", 2026, END)).values()
    (row,), _ = _table(rows)
    assert row[12:] == [
        *(0, 0, 7_120_000),
        *("QĐ 7/QĐ-UBND", "06/05/2026", "Thanh lý", 10_680_000),
    ]


def test_s24h_of_the_year_before_knows_nothing_of_the_sale(make, sheets):
    (rows,) = sheets(s24h([Booked(make(), SOLD)], "Xã Thuận Bắc", 2025, END)).values()
    (row,), _ = _table(rows)
    assert row[14:] == [7_120_000, None, None, None, None]
    (rows,) = sheets(s24h([Booked(make(), SOLD)], "Xã Thuận Bắc", 2027, END)).values()
    assert _table(rows)[0] == []


def test_s24h_of_a_year_that_goes_on_counts_no_december_that_has_not_come(make, sheets):
    today = dt.date(2026, 11, 26)
    (rows,) = sheets(s24h([Booked(make())], "Xã Thuận Bắc", 2026, today)).values()
    (row,), _ = _table(rows)
    assert row[11:15] == [None, 0, 0, 7_120_000]


def test_what_lacks_price_or_day_stands_on_a_sheet_of_its_own_with_the_reason(make, sheets):
    booked = [Booked(make("A-1", price_vnd=None)), Booked(make("A-2", in_use_since=None))]
    found = sheets(s24h(booked, "Xã Thuận Bắc", 2026, END))
    rows = found["Chưa đủ số liệu"][-2:]
    assert sorted((row[1], row[4]) for row in rows) == [
        ("A-1", "Thiếu nguyên giá"),
        ("A-2", "Thiếu ngày đưa vào sử dụng"),
    ]


@given(
    prices=st.lists(st.none() | st.integers(0, 30_000_000), max_size=6),
    since=st.none() | st.dates(dt.date(2015, 1, 1), dt.date(2026, 12, 31)),
)
@settings(max_examples=15, deadline=None)
def test_no_asset_is_lost_between_the_two_books(make, sheets, prices, since):
    booked = [
        Booked(make(f"A-{n}", price_vnd=price, in_use_since=since))
        for n, price in enumerate(prices)
    ]
    tags = {b.asset.tag for b in booked}
    fixed = {b.asset.tag for b in booked if (b.asset.price_vnd or 0) >= 10_000_000}
    text = str(sheets(s24h(booked, "X", 2026, END)))
    nothing_known = {b.asset.tag for b in booked if b.asset.price_vnd is None}
    assert {tag for tag in tags if f"'{tag}'" in text} == fixed | nothing_known
    text = str(sheets(s26h(booked, "X", 2026, END)))
    assert {tag for tag in tags if f"; {tag}'" in text} == tags


def test_s26h_has_a_sheet_for_each_place_with_tools_and_fixed_assets_apart(make, sheets):
    booked = [
        Booked(make("PC-1")),
        Booked(make("PR-1", price_vnd=4_800_000), SOLD),
        Booked(make("PC-2", site="Trạm y tế")),
        Booked(make("PC-3", site="")),
    ]
    found = sheets(s26h(booked, "Xã Thuận Bắc", 2026, END))
    assert list(found) == ["Trạm y tế", "Trụ sở UBND xã", "Chưa rõ nơi sử dụng"]
    rows = found["Trụ sở UBND xã"]
    titles = {row[3]: row for row in rows if row[3]}
    assert titles["I. Tài sản cố định"][5:8] == [1, None, 17_800_000]
    assert titles["II. Công cụ, dụng cụ"][5:8] == [1, None, 4_800_000]
    assert titles["II. Công cụ, dụng cụ"][11:14] == [1, None, 4_800_000]
    sold = next(row for row in rows if "PR-1" in str(row[3]))
    assert sold[8:14] == ["QĐ 7/QĐ-UBND", "06/05/2026", "Thanh lý", 1, 4_800_000, 4_800_000]


def test_an_empty_book_is_still_a_form(sheets):
    for form in (s24h, s26h):
        found = sheets(form([], "Xã Thuận Bắc", 2026, END))
        assert any("Năm: 2026" in row for row in next(iter(found.values())))


def test_no_text_of_a_register_becomes_a_formula(make, sheets, hostile):
    booked = [
        Booked(
            make(f"A-{n}", name=text[:200], site=text, document=text, country=text, card=text),
            Leaving(dt.date(2026, 1, 1), text, text),
        )
        for n, text in enumerate(hostile)
        if "\ud800" not in text
    ]
    sheets(s24h(booked, hostile[0], 2026, END))
    sheets(s26h(booked, hostile[1], 2026, END))


def test_libreoffice_opens_s24h_and_shows_what_was_meant(make, in_libreoffice):
    booked = [Booked(make()), Booked(make("PC-2", name="=1+1", document="=2+2", vendor="Đ"), SOLD)]
    rows = in_libreoffice(s24h(booked, "Xã Thuận Bắc", 2026, END))
    text = [cell for row in rows for cell in row]
    assert "SỔ TÀI SẢN CỐ ĐỊNH" in text
    assert "Đơn vị: Ủy ban nhân dân xã Thuận Bắc" in text
    assert "=2+2" in text
    assert "4" not in [row[1] for row in rows if row[0] in ("1", "2")]
    assert any(row[6] == "PC-1" and "2,543,620" in row[12] for row in rows)
