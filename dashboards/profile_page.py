"""docs/requirements.md: what communes are held against, from the profile itself."""

from __future__ import annotations

from config.profile import Profile, Requirement

_KINDS = {
    "law": "law",
    "norm": "norm or standard",
    "aim": "aim of a plan",
    "ours": "chosen by Hatang",
}


def profile_page(profile: Profile) -> str:
    """The page of one profile: its requirements by pillar, with basis, threshold and remedy."""
    parts = [
        "# Requirements\n",
        "<!-- Written by `python -m hatang.generate` from "
        f"config/profiles/{profile.id}.yaml. -->\n",
        f"The shipped profile `{profile.id}`, version {profile.version}: *{profile.title.vi}* "
        f"({profile.title.en}). Put the path of your own into `readiness.profile`.\n",
        "Only what is marked **law** binds. A norm of the state is a ceiling, not a minimum: a "
        "value above it is a finding of its own. What Hatang chose is marked so.\n",
    ]
    for pillar in profile.pillars:
        parts.append(f"## {pillar.title.en} · {pillar.title.vi}\n")
        parts.append("| id | requirement | level | weight | met | partly | basis | remedy |")
        parts.append("|---|---|---|---|---|---|---|---|")
        parts += [_row(r) for r in profile.requirements if r.pillar == pillar.id]
        parts.append("")
    return "\n".join(parts)


def _row(requirement: Requirement) -> str:
    basis, remedy = requirement.basis, requirement.remedy
    kind = f"**{_KINDS[basis.kind]}**" if basis.kind == "law" else _KINDS[basis.kind]
    where = ", ".join(filter(None, (basis.document, basis.article)))
    note = f" {basis.note}" if basis.note else ""
    mend = "–"
    if remedy is not None:
        price = f"{remedy.price_vnd:,}".replace(",", ".")
        mend = f"{remedy.name.en}: {price} VND ({remedy.price_date}; {remedy.source})"
    sign = "≥" if requirement.at_least is not None else "≤"
    partly = "–" if requirement.partly is None else f"{sign} {requirement.partly:g}"
    cells = (
        f"`{requirement.id}`",
        f"{requirement.title.en}<br>{requirement.title.vi}",
        requirement.level,
        f"{requirement.weight:g}",
        f"{sign} {requirement.threshold:g} {requirement.unit}",
        partly,
        f"{where} ({kind}).{note}",
        mend,
    )
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
