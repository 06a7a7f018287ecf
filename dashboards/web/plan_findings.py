"""Where what was bought and what was seen disagree: each finding with its proofs and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.profile import Requirement
from dashboards.web.plan_common import groups_of, names_of, profile_of, sees
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from dashboards.web.words import N_
from inventory.planning.findings import Found, Kind, findings
from inventory.planning.present import grounds_of

MOST = 200
"""How many of a kind the page shows; the command has all."""

TITLES = {
    Kind.NEVER_SEEN: N_("Paid for and never seen"),
    Kind.NOT_REGISTERED: N_("Seen and never registered"),
    Kind.ELSEWHERE: N_("Answers from another commune than registered"),
    Kind.OLD_UNRELIABLE: N_("Old and unreliable"),
    Kind.ABOVE_NORM: N_("Above the norm while another commune is below"),
}

MEANS = {
    Kind.NEVER_SEEN: N_(
        "The register says that it is in use and there is a price or a document, "
        "but nothing ever answered for it."
    ),
    Kind.NOT_REGISTERED: N_("It answers in the network and stands in no register."),
    Kind.ELSEWHERE: N_("Recognised by what tells devices apart, it answers from another commune."),
    Kind.OLD_UNRELIABLE: N_(
        "Past its life, and in the quarter of what is watched that was up least."
    ),
    Kind.ABOVE_NORM: N_(
        "The norm sets a maximum; what is above it here is what is missing in another commune."
    ),
}

TO_DO = {
    Kind.NEVER_SEEN: N_(
        "Go and look whether it is there. If it is, mend its address or credential; "
        "if not, record it as lost or correct the register."
    ),
    Kind.NOT_REGISTERED: N_(
        "Register it, attach it to the asset that it is, or leave it out with a reason."
    ),
    Kind.ELSEWHERE: N_(
        "If it was lent or moved, record the transfer with its document; if not, fetch it back."
    ),
    Kind.OLD_UNRELIABLE: N_("Put it first on the list of what is replaced."),
    Kind.ABOVE_NORM: N_("Think of a transfer between the communes before buying."),
}

MONEY = {
    Kind.NEVER_SEEN: N_("paid"),
    Kind.NOT_REGISTERED: "",
    Kind.ELSEWHERE: N_("paid"),
    Kind.OLD_UNRELIABLE: N_("replacing costs"),
    Kind.ABOVE_NORM: N_("moving saves"),
}
"""What the money of a finding is."""

PROOFS = (
    *(N_("paid"), N_("bought"), N_("in use since"), N_("invoice or contract"), N_("document")),
    *(N_("supplier"), N_("serial number"), N_("looks without an answer"), N_("last look")),
    *(N_("in no sweep until"), N_("address"), N_("maker and model"), N_("first seen")),
    *(N_("last seen"), N_("times seen"), N_("may be"), N_("registered in"), N_("answers from")),
    *(N_("recognised by"), N_("life ended"), N_("availability in 30 days"), N_("coverage")),
    *(N_("price of a new one"), N_("day of the price"), N_("source of the price"), N_("pieces")),
    *(N_("the norm allows"), N_("norm"), N_("could be moved"), N_("missing elsewhere")),
    N_("purchase price of the asset"),
)
"""Names of proofs and of a source of prices, so that they have translations."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind. more: how many are not shown; cost_vnd: of all of it."""

    kind: Kind
    found: Sequence[Found]
    more: int
    cost_vnd: int

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.found) + self.more


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """The whole page. parts: every kind that is asked for, also those without a finding."""

    kind: Kind | None
    place: str
    parts: Sequence[Part]
    counts: Mapping[Kind, int]
    places: Sequence[tuple[str, str]]
    names: Mapping[str, str]
    requirements: Mapping[str, Requirement]
    swept: bool

    @property
    def total(self) -> int:
        """How many findings there are of what is shown."""
        return sum(part.count for part in self.parts)


def findings_page(
    site: Site, visitor: Visitor, kind: str, place: str, language: str
) -> FindingsPage:
    """The page as things are now. Raises StoreError."""
    names = names_of(site, visitor)
    groups = groups_of(site, names, language)
    codes = next((p.communes for p in groups if p.id == place), frozenset({place}))
    profile = profile_of(site)
    grounds = grounds_of(
        site.snapshot, site.database, site.settings, site.today, profile, sees(visitor)
    )
    found = [one for one in findings(grounds) if not place or one.commune in codes]
    wanted = Kind(kind) if kind in list(Kind) else None
    parts = []
    for each in Kind:
        mine = [one for one in found if one.kind is each]
        if wanted in (None, each):
            rest = max(0, len(mine) - MOST)
            parts.append(Part(each, mine[:MOST], rest, sum(one.cost_vnd for one in mine)))
    return FindingsPage(
        kind=wanted,
        place=place,
        parts=parts,
        counts={each: sum(one.kind is each for one in found) for each in Kind},
        places=[*((p.id, p.name) for p in groups), *names.items()],
        names=names,
        requirements={r.id: r for code in names for r in profile(code).requirements},
        swept=bool(site.settings.discovery.communes),
    )
