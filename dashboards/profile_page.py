"""docs/requirements.md: what communes are held against, from the profile itself."""

from __future__ import annotations

from config.measures import is_share
from config.profile import Basis, Ceiling, Profile, Requirement

_KINDS = {
    "law": "**law**",
    "norm": "norm or standard",
    "aim": "aim of a plan",
    "ours": "chosen by Hatang",
}
_POSTS = {
    "posts": "posts",
    "posts_group_8": "posts of group VIII",
    "posts_above_group_8": "posts above group VIII",
}


def profile_page(profile: Profile) -> str:
    """The page of one profile: its requirements by pillar, with basis, threshold and remedy."""
    until = f" to {profile.valid_to}" if profile.valid_to else ""
    parts = [
        "# Requirements\n",
        "<!-- Written by `python -m hatang.generate` from "
        f"config/profiles/{profile.id}.yaml. -->\n",
        f"The shipped profile `{profile.id}`, version {profile.version}, for use from "
        f"{profile.valid_from}{until}: *{profile.title.vi}* ({profile.title.en}). Put the path of "
        "your own into `readiness.profile`.\n",
        "Only what is marked **law** binds. A norm of the state is a ceiling, not a minimum: more "
        "than it allows is a finding of its own and no gap. What Hatang chose is marked so.\n",
    ]
    for pillar in profile.pillars:
        parts.append(f"## {pillar.title.en} · {pillar.title.vi}\n")
        parts.append("| id | requirement | level | weight | met | partly | basis | remedy |")
        parts.append("|---|---|---|---|---|---|---|---|")
        parts += [_row(r) for r in profile.requirements if r.pillar == pillar.id]
        parts.append("")
    return "\n".join(parts)


def _row(requirement: Requirement) -> str:
    cells = (
        f"`{requirement.id}`",
        _title(requirement),
        requirement.level,
        f"{requirement.weight:g}",
        _bound(requirement, requirement.threshold),
        _bound(requirement, requirement.partly),
        _basis(requirement.basis) + _ceiling(requirement.ceiling),
        _remedy(requirement),
    )
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _bound(requirement: Requirement, value: float | None) -> str:
    if value is None:
        return "–"
    if requirement.unit == "yes":
        return "yes"
    sign = "≥" if requirement.at_least is not None else "≤"
    return f"{sign} {_value(requirement, value)}"


def _value(requirement: Requirement, value: float) -> str:
    if requirement.unit == "bps":
        return f"{value / 1e6:g} Mbit/s"
    if is_share(requirement.measure):
        return f"{100 * value:g} %"
    return (
        f"{value:g}" if requirement.unit in ("count", "ratio") else f"{value:g} {requirement.unit}"
    )


def _title(requirement: Requirement) -> str:
    more = requirement.help
    lines = (requirement.title, more) if more is not None else (requirement.title,)
    return "<br>".join(text for line in lines for text in (line.en, line.vi))


def _basis(basis: Basis) -> str:
    where = ", ".join(filter(None, (basis.document, basis.article, basis.address)))
    return " ".join(filter(None, (f"{where} ({_KINDS[basis.kind]}).", basis.note)))


def _ceiling(ceiling: Ceiling | None) -> str:
    if ceiling is None:
        return ""
    terms = [
        f"1 for {part.per:g} {_POSTS[part.posts]}"
        if part.per != 1
        else f"1 for each of the {_POSTS[part.posts]}"
        for part in ceiling.allow
    ]
    terms += [f"{ceiling.plus:g} more"] if ceiling.plus else []
    return f"<br>At most {' and '.join(terms)}: {_basis(ceiling.basis)}"


def _remedy(requirement: Requirement) -> str:
    remedy = requirement.remedy
    if remedy is None:
        return "–"
    price = f"{remedy.price_vnd:,}".replace(",", ".")
    per = f" for {_value(requirement, remedy.per)}" if remedy.per != 1 else ""
    return f"{remedy.name.en}{per}: {price} VND ({remedy.price_date}; {remedy.source})"
