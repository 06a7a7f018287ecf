"""Makers of devices, by the enterprise number in sysObjectID and by their own spellings.

Only makers whose devices communes have. Numbers: IANA, Private Enterprise Numbers registry
(https://www.iana.org/assignments/enterprise-numbers/), each checked against recordings of real
devices where there were any. Numbers of agent software are left out (8072 net-snmp, 2021 UCD,
12325 bsnmpd, 4413 Broadcom's switch kit): they say nothing of who made the device.
"""

from __future__ import annotations

from collectors.snmp.session import Value
from collectors.snmp.text import oid

_ENTERPRISES = oid("1.3.6.1.4.1")

VENDORS = {
    2: "IBM",
    9: "Cisco",
    11: "HP",
    43: "3Com",
    171: "D-Link",
    207: "Allied Telesis",
    231: "Fujitsu",
    232: "HPE",
    236: "Samsung",
    253: "Xerox",
    258: "Panasonic",
    259: "Edgecore",
    297: "Fujifilm",
    311: "Microsoft",
    318: "APC",
    367: "Ricoh",
    368: "Axis",
    476: "Vertiv",
    534: "Eaton",
    641: "Lexmark",
    674: "Dell",
    683: "Zebra",
    705: "Eaton",
    850: "Tripp Lite",
    890: "Zyxel",
    1027: "Mitel",
    1129: "Toshiba",
    1248: "Epson",
    1347: "Kyocera",
    1602: "Canon",
    1718: "Server Technology",
    1916: "Extreme Networks",
    1918: "Eaton",
    2001: "OKI",
    2011: "Huawei",
    2254: "Delta",
    2385: "Sharp",
    2435: "Brother",
    2604: "Sophos",
    2620: "Check Point",
    2636: "Juniper",
    3224: "Juniper",
    3807: "FiberHome",
    3808: "CyberPower",
    3854: "AKCP",
    3902: "ZTE",
    3967: "Bosch",
    4526: "Netgear",
    4555: "Socomec",
    4686: "Sangoma",
    4881: "Ruijie",
    5003: "AudioCodes",
    5491: "Riello",
    5528: "APC",
    5875: "FiberHome",
    6296: "DASAN",
    6574: "Synology",
    6666: "Innovaphone",
    6876: "VMware",
    6889: "Avaya",
    7362: "Mitel",
    7367: "DrayTek",
    7526: "Snom",
    8338: "Sensaphone",
    8741: "SonicWall",
    10002: "Ubiquiti",
    10456: "Planet",
    10642: "Zebra",
    10876: "Supermicro",
    11863: "TP-Link",
    12356: "Fortinet",
    13742: "Raritan",
    13885: "Poly",
    14823: "Aruba",
    14988: "MikroTik",
    16972: "TP-Link",
    17283: "Vivotek",
    17713: "Cambium",
    18334: "Konica Minolta",
    19046: "Lenovo",
    21239: "Vertiv",
    21796: "HW group",
    23695: "Peplink",
    24681: "QNAP",
    25053: "Ruckus",
    25461: "Palo Alto Networks",
    25506: "H3C",
    27975: "FS",
    28507: "Gude",
    36849: "Hanwha",
    37459: "Yealink",
    39165: "Hikvision",
    40093: "Pantum",
    40966: "Uniview",
    41112: "Ubiquiti",
    42397: "Grandstream",
    47196: "Aruba",
    50001: "Hikvision",
    52642: "FS",
    53973: "ABB",
    55062: "QNAP",
    1004849: "Dahua",
}
"""Enterprise number -> maker as people here call it. 43, 3224: bought by HP and by Juniper. 10002
is registered to Frogfoot Networks and used by Ubiquiti's firmware."""

_BY_NAME = {name.casefold(): name for name in VENDORS.values()}


def vendor_of(object_id: Value | None) -> str:
    """The maker that a sysObjectID tells, '' where its number is not known.

    >>> vendor_of((1, 3, 6, 1, 4, 1, 14988, 1)), vendor_of((1, 3, 6, 1, 4, 1, 8072, 3))
    ('MikroTik', '')
    """
    length = len(_ENTERPRISES)
    if not isinstance(object_id, tuple) or object_id[:length] != _ENTERPRISES:
        return ""
    return VENDORS.get(object_id[length], "") if len(object_id) > length else ""


def vendor_in(maker: str) -> str:
    """The maker in a device's own words (entPhysicalMfgName), '' for words that are nobody's.

    >>> vendor_in("Cisco Systems, Inc."), vendor_in("ZyXEL, Inc."), vendor_in("Mediant VE SBC")
    ('Cisco', 'Zyxel', '')
    """
    words = maker.casefold().replace(",", " ").split()
    for length in range(min(3, len(words)), 0, -1):
        if found := _BY_NAME.get(" ".join(words[:length])):
            return found
    return ""
