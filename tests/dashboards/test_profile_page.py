"""docs/requirements.md says of every requirement what it asks, on what basis, and what it costs."""

import pytest

from config.profile import load_profile
from dashboards.profile_page import profile_page

PROFILE = load_profile("commune-2026")
ROWS = {
    line.split("`")[1]: [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in profile_page(PROFILE).splitlines()
    if line.startswith("| `")
}


@pytest.mark.parametrize("requirement", PROFILE.requirements, ids=lambda r: r.id)
def test_every_requirement_is_told_whole(requirement):
    row = ROWS[requirement.id]
    assert len(row) == 8
    assert requirement.title.vi in row[1]
    assert requirement.title.en in row[1]
    assert row[2] == requirement.level
    assert requirement.basis.document in row[6]
    assert ("**law**" in row[6]) == (requirement.basis.kind == "law")
    if remedy := requirement.remedy:
        assert f"{remedy.price_vnd:,}".replace(",", ".") in row[7]
        assert str(remedy.price_date) in row[7]
        assert remedy.source in row[7]
    else:
        assert row[7] == "–"


@pytest.mark.parametrize(
    ("id", "met", "partly"),
    [
        ("pc-per-post", "≥ 1", "≥ 0.9"),
        ("pc-past-life", "≤ 20 %", "≤ 40 %"),
        ("line-availability", "≥ 99 %", "≥ 95 %"),
        ("internet-bandwidth", "≥ 200 Mbit/s", "≥ 20 Mbit/s"),
        ("longest-outage", "≤ 4 hours", "≤ 8 hours"),
        ("level-dossier", "yes", "–"),
        ("ups", "≥ 1", "–"),
    ],
)
def test_thresholds_are_in_the_units_of_people(id, met, partly):
    assert ROWS[id][4:6] == [met, partly]


def test_a_ceiling_stands_beside_the_target_with_its_own_basis():
    basis = ROWS["printer-per-3-posts"][6]
    assert "(chosen by Hatang)" in basis
    assert "At most 1 for 3 posts of group VIII and 1 for each of the posts above" in basis
    assert "(norm or standard)" in basis
    assert "and 1 more:" in ROWS["pc-per-post"][6]


def test_a_text_cannot_break_the_table():
    odd = PROFILE.requirements[0].model_copy(
        update={"title": PROFILE.title.model_copy(update={"en": "a | b"})}
    )
    page = profile_page(PROFILE.model_copy(update={"requirements": (odd,)}))
    assert r"a \| b" in page
