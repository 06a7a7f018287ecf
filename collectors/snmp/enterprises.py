"""IANA's Private Enterprise Numbers: who registered an enterprise number.

The file beside this is made from a copy of the registry
(https://www.iana.org/assignments/enterprise-numbers/, public domain facts), for example the one in
Debian's package libwireshark-data:

    python -m collectors.snmp.enterprises /usr/share/wireshark/enterprises.tsv

writes it anew. `collectors.snmp.vendors` has the spellings that people use, and wins.
"""

from __future__ import annotations

import re
import sys
from functools import cache, lru_cache
from pathlib import Path

from collectors.snmp.session import Value
from collectors.snmp.text import oid

_FILE = Path(__file__).parent / "data" / "enterprises.csv"
_ENTERPRISES = oid("1.3.6.1.4.1")

NO_MAKERS = frozenset({0, 4, 99, 2021, 4413, 8072, 12325})
"""Numbers of agent software and of nobody: SNMP Research's agents, ucd-snmp and
net-snmp, bsnmpd, Broadcom's switch kit."""

_LEGAL = re.compile(
    r"[,.\s]+(?:incorporated|inc|corporation|corp|company|co|limited|ltd|llc|llp|lp|plc|gmbh"
    r"(?: ?& ?co\.? ?kg)?|mbh|kg|ag|a/s|as|aps|oy|oyj|ab|sa|s\.a|sas|s\.a\.s|sarl|s\.a\.r\.l|srl"
    r"|s\.r\.l|s\.r\.o|sro|spa|s\.p\.a|bv|b\.v|nv|n\.v|kk|k\.k|pty|pte|sdn|bhd|pvt|private"
    r"|ltda|zrt|kft|d\.o\.o|doo|ooo|z\.?o\.?o|e\.v|e\.u|jsc)[.,\s]*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*(?:\(.*|\[.*|https?://.*|formerly .*|f/k/a .*|\bdba\b.*|d/b/a .*)", re.I)
_NOBODY = re.compile(
    r"^(?:reserved|unassigned|unknown|none|n/a|private|test|returned|deleted|-+.*|\W*)$"
    r"|universi|college|\bschool|hochschule|fachhochschule|institut|academy|akademie|facult"
    r"|\blyc[eé]e\b|gymnasium|\bministry|ministère|\bchurch\b|hospital|\bklinik|\bbank\b|@"
    r"|student|\bpersonal\b|\bindividual\b|departe?ment",
    re.IGNORECASE,
)


def registered_name(object_id: Value | None) -> str:
    """Who registered the number in a sysObjectID, without the legal form; '' where nobody who
    makes devices did.

    >>> registered_name((1, 3, 6, 1, 4, 1, 16215, 2)), registered_name((1, 3, 6, 1, 4, 1, 8072, 3))
    ('Elbit Systems', '')
    """
    length = len(_ENTERPRISES)
    if not isinstance(object_id, tuple) or object_id[:length] != _ENTERPRISES:
        return ""
    return _maker(object_id[length]) if len(object_id) > length else ""


def cleaned(name: str) -> str:
    """A registrant's name as people call it, '' for schools, persons' test numbers and the like.

    >>> cleaned("ZyXEL Communications Corp."), cleaned("IBM (https://w3.ibm.com/standards )")
    ('ZyXEL Communications', 'IBM')
    >>> cleaned("Technische Universität Wien"), cleaned("AG Communication Systems")
    ('', 'AG Communication Systems')
    """
    text = _ASIDE.sub("", " ".join(name.replace('"', " ").split())).strip(" ,;.-")
    if _NOBODY.search(text):
        return ""
    while (shorter := _LEGAL.sub("", text).strip(" ,;&")) != text and len(shorter) > 1:
        text = shorter
    return text if len(text) <= 48 else ""


def write_file(source: Path, target: Path = _FILE) -> int:
    """Make the file of a registry's copy with `number TAB name` lines; returns how many it has."""
    lines = []
    for line in source.read_text(encoding="utf-8", errors="replace").splitlines():
        number, tab, name = line.partition("\t")
        if tab and number.isdigit() and int(number) not in NO_MAKERS and (found := cleaned(name)):
            lines.append(f"{number},{found}\n")
    target.write_text("number,name\n" + "".join(lines), encoding="utf-8")
    return len(lines)


@lru_cache(maxsize=1024)
def _maker(number: int) -> str:
    """The name of one number, found in the file's text: a table of all would take 8 MB."""
    start = f"\n{number},"
    text = _text()
    at = text.find(start)
    if at < 0 or number in NO_MAKERS:
        return ""
    return text[at + len(start) : text.index("\n", at + 1)]


@cache
def _text() -> str:
    return "\n" + _FILE.read_text(encoding="utf-8") + "\n"


if __name__ == "__main__":
    print(write_file(Path(sys.argv[1])), "names")
