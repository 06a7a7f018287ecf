"""Makers by the enterprise number in sysObjectID (IANA, Private Enterprise Numbers registry)."""

from __future__ import annotations

from collectors.snmp.session import Value

ENTERPRISES = (1, 3, 6, 1, 4, 1)

VENDORS = {
    9: "Cisco",
    11: "HP",
    171: "D-Link",
    207: "Allied Telesis",
    253: "Xerox",
    311: "Microsoft",
    318: "APC",
    367: "Ricoh",
    534: "Eaton",
    641: "Lexmark",
    674: "Dell",
    1248: "Epson",
    1347: "Kyocera",
    1602: "Canon",
    1916: "Extreme Networks",
    2011: "Huawei",
    2435: "Brother",
    2604: "Sophos",
    2636: "Juniper",
    3902: "ZTE",
    4881: "Ruijie",
    6574: "Synology",
    7367: "DrayTek",
    11863: "TP-Link",
    12356: "Fortinet",
    14823: "Aruba",
    14988: "MikroTik",
    24681: "QNAP",
    25461: "Palo Alto Networks",
    25506: "H3C",
    39165: "Hikvision",
    41112: "Ubiquiti",
    1004849: "Dahua",
}
"""Enterprise number -> maker. net-snmp (8072) is left out: it says nothing of the machine."""


def vendor_of(object_id: Value | None) -> str:
    """The maker, '' where the number is not known.

    >>> vendor_of((1, 3, 6, 1, 4, 1, 14988, 1)), vendor_of((1, 3, 6, 1, 4, 1, 8072, 3))
    ('MikroTik', '')
    """
    if not isinstance(object_id, tuple) or object_id[:6] != ENTERPRISES or len(object_id) < 7:
        return ""
    return VENDORS.get(object_id[6], "")
