"""The fields of an asset as forms, lists and logs show them: order, label, kind of value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboards.web.words import N_

Kind = Literal[
    "text", "lines", "day", "money", "whole", "flag", "class", "status", "commune", "list"
]
"""How a value is typed and shown."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. key: as in hatang.yaml; bulk: whether many assets can get one value at once;
    hint: said below its input; column: whether lists can show it."""

    key: str
    label: str
    kind: Kind = "text"
    bulk: bool = True
    hint: str = ""
    column: bool = True
    required: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together. open: shown at once; the others open by a click."""

    title: str
    fields: tuple[Field, ...]
    open: bool = True


_DAY = N_("day/month/year, for example 31/12/2025")

GROUPS = (
    Group(
        N_("What it is"),
        (
            Field(
                "tag",
                N_("Asset tag"),
                bulk=False,
                hint=N_("What its label says. Left empty, Hatang takes the next free one."),
            ),
            Field(
                "name",
                N_("Name"),
                bulk=False,
                required=True,
                hint=N_("What people call it, for example: computer of the one-stop desk"),
            ),
            Field("class", N_("Class"), "class", required=True),
            Field("status", N_("Status"), "status"),
            Field("vendor", N_("Maker")),
            Field("model", N_("Model")),
            Field("serial", N_("Serial number"), bulk=False),
            Field("os", N_("Operating system")),
        ),
    ),
    Group(
        N_("Where it is"),
        (
            Field("commune", N_("Commune"), "commune", required=True),
            Field("site", N_("Site"), hint=N_("People's Committee office, clinic, school …")),
            Field("room", N_("Room")),
            Field("custodian", N_("Custodian"), hint=N_("Who keeps and uses it")),
        ),
    ),
    Group(
        N_("Purchase and books"),
        (
            Field("price_vnd", N_("Historical cost"), "money", hint=N_("in dong, as 12.500.000")),
            Field("funding", N_("Funding source")),
            Field("purchased", N_("Day of purchase"), "day", hint=_DAY),
            Field("in_use_since", N_("In use since"), "day", hint=_DAY),
            Field("warranty_until", N_("Warranty until"), "day", hint=_DAY),
            Field("supplier", N_("Supplier")),
            Field("invoice", N_("Contract or invoice")),
            Field("document", N_("Document of entry")),
            Field("card", N_("Asset card")),
            Field("country", N_("Country of make")),
            Field(
                "life_years",
                N_("Expected life"),
                "whole",
                hint=N_("in years, where it is not the one of its class"),
            ),
        ),
        open=False,
    ),
    Group(
        N_("Network"),
        (
            Field("address", N_("Address"), bulk=False, hint=N_("IP address or host name")),
            Field("upstream", N_("Lies behind"), hint=N_("tag of another asset")),
            Field("uplink", N_("Uplink interface"), column=False),
            Field("edge", N_("The whole commune hangs on it"), "flag", bulk=False, column=False),
            Field("ping", N_("Watch by ping"), "flag", bulk=False, column=False),
            Field(
                "snmp",
                N_("Ask by SNMP with"),
                bulk=False,
                column=False,
                hint=N_("name of a credential of hatang.yaml"),
            ),
            Field(
                "ports",
                N_("TCP ports to watch"),
                bulk=False,
                column=False,
                hint=N_("for example 22, 443"),
            ),
            Field("web", N_("Web address to watch"), bulk=False, column=False),
        ),
        open=False,
    ),
    Group(
        N_("More"),
        (
            Field("parent", N_("Part of"), hint=N_("tag of another asset")),
            Field(
                "features",
                N_("Features"),
                "list",
                column=False,
                hint=N_("what requirements ask for, with commas between: antivirus, vpn"),
            ),
            Field("note", N_("Note"), "lines", column=False),
        ),
        open=False,
    ),
)
"""The form, from its top to its bottom."""

FIELDS = {field.key: field for group in GROUPS for field in group.fields}
"""Key -> field."""

BULK = tuple(field for field in FIELDS.values() if field.bulk)
"""What many assets can get at once."""

COLUMNS = (*(field.key for field in FIELDS.values() if field.column), "changed")
"""What a list can show beside the tag, and be sorted by."""

FIRST_COLUMNS = ("name", "class", "commune", "room", "custodian", "serial", "status")
"""What a list shows until somebody chooses."""

LABELS = {field.key: field.label for field in FIELDS.values()} | {
    "changed": N_("Changed last"),
    "endpoints": N_("How it is looked at"),
    "custom": N_("Own fields"),
    "value": N_("Value"),
    "as_of": N_("As of the day"),
    "expires": N_("Expires"),
    "by": N_("Who answers for it"),
    "profile": N_("Profile"),
    "version": N_("Version"),
    "since": N_("From"),
}


def label_of(key: str) -> str:
    """The English label of a field; of a field of one's own its name.

    >>> label_of("price_vnd"), label_of("custom.Số hiệu")
    ('Historical cost', 'Số hiệu')
    """
    return LABELS.get(key, key.removeprefix("custom."))
