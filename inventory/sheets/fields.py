"""The columns of a sheet: what stands in them, what they are called, what else people call them.

Titles are the words of administrative usage; other names come from forms S24-H and 05-TSCĐ, from
lists that communes keep, and from the peers' exports where they fit without their map.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from inventory.alphabet import folded

What = Literal[
    "id",
    "tag",
    "text",
    "lines",
    "class",
    "status",
    "commune",
    "day",
    "month",
    "price",
    "years",
    "flag",
    "list",
    "endpoints",
]
"""How the cells of a column are read; a month may stand without its day, a year without both."""


@dataclass(frozen=True, slots=True)
class Column:
    """key: of an asset as in hatang.yaml, or "id". names: beside its key and titles. width: in
    characters, for a sheet."""

    key: str
    what: What
    en: str
    vi: str
    names: tuple[str, ...] = ()
    width: int = 16

    def title(self, language: str) -> str:
        """What it is called in a language; English where it has none of its own."""
        return self.vi if language == "vi" else self.en


COLUMNS: tuple[Column, ...] = (
    Column("id", "id", "Hatang number", "Số Hatang", ("hatang id",), 10),
    Column(
        "tag",
        "tag",
        "Asset tag",
        "Mã tài sản",
        (
            "tag",
            "mã ts",
            "mã số",
            "mã",
            "số hiệu tscđ",
            "số hiệu tài sản",
            "mã số tài sản",
            "asset number",
            "ledger number",
            "inventory number",
            "mã thiết bị",
            "asset_tag",
        ),
        18,
    ),
    Column(
        "name",
        "text",
        "Name",
        "Tên tài sản",
        (
            "tên",
            "tên tscđ",
            "tên thiết bị",
            "tên, đặc điểm, ký hiệu tscđ",
            "tên công cụ dụng cụ",
            "asset name",
            "tên, đặc điểm, ký hiệu tài sản cố định",
            "device name",
            "tên ts",
        ),
        32,
    ),
    Column(
        "class",
        "class",
        "Class",
        "Loại tài sản",
        ("loại", "loại ts", "loại thiết bị", "nhóm tài sản", "chủng loại", "category", "kind"),
        22,
    ),
    Column(
        "commune",
        "commune",
        "Commune",
        "Mã xã",
        (
            "xã",
            "xã/phường",
            "xã, phường",
            "đơn vị",
            "phường",
            "mã đơn vị",
            "commune code",
            "unit",
            "unit code",
            "tên xã",
            "ward",
        ),
        12,
    ),
    Column(
        "site",
        "text",
        "Site",
        "Địa điểm",
        ("nơi sử dụng", "vị trí", "trụ sở", "cơ sở", "nơi đặt", "nơi lắp đặt", "location", "place"),
        24,
    ),
    Column(
        "room",
        "text",
        "Room",
        "Phòng",
        ("phòng ban", "bộ phận sử dụng", "bộ phận", "phòng/ban", "department", "using unit"),
        18,
    ),
    Column(
        "custodian",
        "text",
        "Custodian",
        "Người quản lý, sử dụng",
        ("người sử dụng", "người quản lý", "người dùng", "cán bộ sử dụng", "user", "assigned to"),
        24,
    ),
    Column(
        "status", "status", "Status", "Tình trạng", ("trạng thái", "hiện trạng", "condition"), 16
    ),
    Column(
        "address",
        "text",
        "Address",
        "Địa chỉ IP",
        ("ip", "địa chỉ", "ip address", "hostname", "tên máy"),
        18,
    ),
    Column("edge", "flag", "Edge of the commune", "Thiết bị đầu mối", ("edge", "đầu mối"), 12),
    Column("upstream", "tag", "Upstream asset", "Nối sau thiết bị", ("upstream",), 18),
    Column("uplink", "text", "Uplink interface", "Cổng nối nhà mạng", ("uplink",), 16),
    Column(
        "vendor",
        "text",
        "Maker",
        "Hãng sản xuất",
        (
            "hãng",
            "nhà sản xuất",
            "hãng sx",
            "nsx",
            "vendor",
            "manufacturer",
            "thương hiệu",
            "nhãn hiệu",
        ),
        16,
    ),
    Column(
        "model",
        "text",
        "Model",
        "Kiểu máy",
        ("model máy", "kiểu", "ký hiệu", "mẫu mã", "model name", "mã hiệu", "model thiết bị"),
        20,
    ),
    Column(
        "serial",
        "text",
        "Serial number",
        "Số sê-ri",
        ("serial", "số seri", "số serial", "sê-ri", "seri", "s/n", "sn", "số máy", "serial no"),
        22,
    ),
    Column("os", "text", "Operating system", "Hệ điều hành", ("os",), 22),
    Column(
        "in_use_since",
        "month",
        "In use since",
        "Ngày đưa vào sử dụng",
        (
            "ngày sử dụng",
            "tháng, năm đưa vào sử dụng ở đơn vị",
            "tháng, năm đưa vào sử dụng",
            "in_use_since",
            "năm sử dụng",
            "năm đưa vào sử dụng",
            "ngày đưa vào sd",
        ),
        14,
    ),
    Column(
        "price_vnd",
        "price",
        "Historical cost (VND)",
        "Nguyên giá (đồng)",
        (
            "nguyên giá",
            "giá",
            "giá trị",
            "giá mua",
            "price",
            "cost",
            "historical cost",
            "đơn giá",
            "price_vnd",
            "nguyên giá tscđ",
            "purchase cost",
        ),
        16,
    ),
    Column(
        "funding", "text", "Funding source", "Nguồn kinh phí", ("nguồn vốn", "nguồn", "funding"), 18
    ),
    Column(
        "warranty_until",
        "day",
        "Warranty until",
        "Bảo hành đến",
        (
            "hạn bảo hành",
            "bảo hành",
            "ngày hết bảo hành",
            "hết hạn bảo hành",
            "warranty",
            "warranty_until",
        ),
        14,
    ),
    Column("supplier", "text", "Supplier", "Nhà cung cấp", ("đơn vị cung cấp", "ncc"), 22),
    Column("purchased", "day", "Purchase date", "Ngày mua", ("ngày mua sắm", "purchased"), 14),
    Column(
        "invoice",
        "text",
        "Invoice",
        "Số hóa đơn, hợp đồng",
        (
            "số hóa đơn",
            "hóa đơn",
            "hợp đồng",
            "số hợp đồng",
            "invoice number",
            "contract",
            "order number",
        ),
        18,
    ),
    Column(
        "document",
        "text",
        "Document",
        "Chứng từ",
        ("số chứng từ", "chứng từ số hiệu", "chứng từ ghi tăng", "document number"),
        18,
    ),
    Column("card", "text", "Asset card", "Thẻ TSCĐ", ("số thẻ", "thẻ tài sản cố định", "card"), 14),
    Column(
        "country", "text", "Country of make", "Nước sản xuất", ("xuất xứ", "nước sx", "country"), 14
    ),
    Column(
        "life_years",
        "years",
        "Life (years)",
        "Thời gian sử dụng (năm)",
        ("life_years", "life", "số năm sử dụng", "thời gian sử dụng", "expected life"),
        12,
    ),
    Column("parent", "tag", "Part of", "Thuộc tài sản", ("parent", "tài sản cha"), 18),
    Column("note", "lines", "Note", "Ghi chú", ("notes", "comment", "comments", "mô tả"), 32),
    Column("features", "list", "Features", "Tính năng", ("feature",), 18),
    Column("endpoints", "endpoints", "How it is watched", "Cách giám sát", ("endpoints",), 32),
)
"""Every column of an export, in its order; `custom` has a column for each name."""

BY_KEY = {column.key: column for column in COLUMNS}

ENDPOINT_KEYS = ("snmp", "ping", "tcp", "http")
"""Columns of the CSV files of hatang.yaml, one for each kind of endpoint."""

WARRANTY_MONTHS = "warranty_months"
"""A column of months, counted from the purchase; the peers have it."""

TARGETS = (*BY_KEY, *ENDPOINT_KEYS, WARRANTY_MONTHS)
"""What a column of a sheet can be taken for, beside custom.NAME."""

CUSTOM = "custom."
_CUSTOM = re.compile(r"(?:custom|riêng)\s*[.:]\s*(.+)", re.IGNORECASE | re.DOTALL)


def custom_title(name: str, language: str) -> str:
    """What the column of a further field is called."""
    return f"Riêng: {name}" if language == "vi" else f"Custom: {name}"


def plain(header: str) -> str:
    """A header as two are compared.

    >>> plain(" Mã  TÀI SẢN * "), plain("Nguyên giá (đồng)"), plain("Asset_tag")
    ('ma tai san', 'nguyen gia (dong)', 'asset tag')
    """
    return " ".join(re.sub(r"[\s_*:;.]+", " ", folded(header)).split())


def without_brackets(header: str) -> str:
    """A plain header without what stands in brackets.

    >>> without_brackets("nguyen gia (dong)")
    'nguyen gia'
    """
    return " ".join(re.sub(r"\([^)]*\)|\[[^]]*\]", " ", header).split())


_KNOWN: dict[str, str] = {}
for _column in COLUMNS:
    for _name in (_column.vi, _column.en, _column.key, *_column.names):
        _KNOWN.setdefault(plain(_name), _column.key)
        _KNOWN.setdefault(without_brackets(plain(_name)), _column.key)
_KNOWN |= {kind: kind for kind in ENDPOINT_KEYS}


def field_of(header: str) -> str | None:
    """What a header names: a key of `TARGETS` or custom.NAME.

    >>> field_of("SỐ SERI"), field_of("Nguyên giá (triệu đồng)"), field_of("Riêng: Kho")
    ('serial', 'price_vnd', 'custom.Kho')
    """
    custom = _CUSTOM.fullmatch(header.strip())
    if custom is not None:
        return CUSTOM + custom[1].strip()
    key = plain(header)
    return _KNOWN.get(key) or _KNOWN.get(without_brackets(key))


_THOUSAND = re.compile(r"nghin|ngan\b|1 ?000|thousand|k ?vnd|kvnd")
_MILLION = re.compile(r"trieu|tr\.? ?d|million|1 ?000 ?000")


def factor_of(header: str) -> int:
    """By how much amounts of a column are to be multiplied, from its header.

    >>> factor_of("Nguyên giá (triệu đồng)"), factor_of("Nguyên giá (1.000 đ)"), factor_of("Giá")
    (1000000, 1000, 1)
    """
    text = plain(header)
    if _MILLION.search(text):
        return 1_000_000
    return 1_000 if _THOUSAND.search(text) else 1
