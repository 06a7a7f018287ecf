"""The examples in the shipped profiles: no requirement is without one.

That they come out is tested beside their runner (test_profile_examples.py).
"""

import pytest

from config.profile import load_profile, shipped_profiles

OWN = [name for name in shipped_profiles() if name != "commune-2026-h1"]
"""Most of commune-2026-h1 is that of commune-2026, whose examples show it."""


def test_the_shipped_profiles_are_these():
    known = {"commune-2026", "commune-2026-h1", "school-connectivity", "asset-inventory"}
    assert set(shipped_profiles()) == known


@pytest.mark.parametrize("name", OWN)
def test_every_requirement_has_an_example(name):
    profile = load_profile(name)
    shown = {example.requirement for example in profile.examples}
    assert shown == {requirement.id for requirement in profile.requirements}


def test_the_older_rules_hold_until_the_newer_ones_begin():
    old, new = load_profile("commune-2026-h1"), load_profile("commune-2026")
    assert (new.valid_from - old.valid_to).days == 1
    assert old.examples
    law = {r.id: r.basis.document for r in old.requirements if r.basis.kind == "law"}
    assert set(law) == {"security-regulation", "level-dossier"}
    assert all("85/2016" in document for document in law.values())
    documents = [r.basis.document for r in old.requirements]
    assert not any("14423" in text or "116/2025" in text for text in documents)
    assert {r.id for r in new.requirements} - {r.id for r in old.requirements} == {
        "patched-monthly",
        "vulnerability-scan",
        "second-router",
    }


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_number_says_on_what_it_rests(name):
    for requirement in load_profile(name).requirements:
        basis = requirement.basis
        assert basis.document
        if basis.kind == "law":
            assert "must be checked" in basis.note
