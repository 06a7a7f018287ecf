"""Examples of profiles: run against it, and what does not come out is told by its key."""

import pytest

from config.profile import load_profile, shipped_profiles
from config.profile_examples import Example
from inventory.readiness.examples import mismatches


def broken(given, **expect):
    """What of one example of computers per post does not come out."""
    example = Example.model_validate(
        {"requirement": "pc-per-post", "given": given, "expect": expect}, by_alias=True
    )
    profile = load_profile("commune-2026").model_copy(update={"examples": (example,)})
    return [(wrong.key, str(wrong)) for wrong in mismatches(profile)]


TWENTY_EIGHT = {"posts": 30, "assets": [{"class": "desktop", "count": 28}]}


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_example_of_a_shipped_profile_holds(name):
    assert mismatches(load_profile(name)) == ()


def test_an_example_that_holds_says_nothing():
    # 28 of 30 are 0.9333…, 2 computers of 17.8 million dong are missing.
    assert broken(TWENTY_EIGHT, verdict="partly", value=0.93, gap=2, cost_vnd=35_600_000) == []
    assert broken({}, verdict="unknown") == []


def test_what_does_not_come_out_is_told_with_what_does():
    assert broken(TWENTY_EIGHT, verdict="met", value=0.94, gap=3, cost_vnd=1) == [
        ("verdict", "met is expected and partly comes out"),
        ("value", "0.94 is expected and 0.9333333333 comes out"),
        ("gap", "3 is expected and 2 comes out"),
        ("cost_vnd", "1 is expected and 35600000 comes out"),
    ]


def test_a_whole_number_is_meant_exactly_and_of_unknown_no_number_comes_out():
    assert [key for key, _ in broken(TWENTY_EIGHT, verdict="partly", value=1)] == ["value"]
    assert broken({}, verdict="unknown", value=0.5) == [
        ("value", "0.5 is expected and None comes out")
    ]
