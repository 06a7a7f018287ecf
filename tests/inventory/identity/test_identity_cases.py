"""Each file in cases/identity is a story: given a register, what is done, what is expected."""

from pathlib import Path

import pytest
import yaml

from inventory.identity import evidence
from inventory.identity_work import Part
from inventory.observation import Claim, ClaimKind
from inventory.register.problems import Refused

CASES = sorted((Path(__file__).parent.parent / "cases" / "identity").glob("*.yaml"))
STORIES = [path for path in CASES if path.stem != "claims"]
CLAIMS = yaml.safe_load((CASES[0].parent / "claims.yaml").read_text())["claims"]


def claims_of(said):
    return [Claim(ClaimKind(k), str(v)) for k, v in said.items() if k != "vendor"]


@pytest.mark.parametrize("case", CLAIMS, ids=lambda case: case["why"])
def test_claims_decide_as_the_case_says_from_both_sides(case):
    one, other = case["one"], case["other"]
    vendors = one.get("vendor", ""), other.get("vendor", "")
    expected = case.get("by", ""), case.get("against", "")
    for found in (
        evidence(claims_of(one), claims_of(other), *vendors),
        evidence(claims_of(other), claims_of(one), *reversed(vendors)),
    ):
        assert (found.by, found.against) == expected


def do(identity, register, step, who):
    ((what, values),) = step.items()
    if what == "merge":
        return identity.merge(values["keep"], values["gone"], who)
    if what == "replace":
        return identity.replace(values["old"], values["new"], who)
    if what == "split":
        return identity.split(values["tag"], [Part(**part) for part in values["parts"]], who)
    if what == "swap":
        return identity.swap(values["one"], values["other"], who)
    assert what == "edit"
    return register.edit(values["tag"], values["values"], who)


def facts_of(asset):
    return asset.model_dump(mode="json", by_alias=True)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_story_ends_as_its_file_says(path, registry, who):
    case = yaml.safe_load(path.read_text())
    given, expected = case["given"], case["expect"]
    registry.fill(given["register"], given.get("measured", {}))
    before = registry.state()
    *steps, last = case["do"]
    for step in steps:
        do(registry.identity, registry.register, step, who)
    if "refused" in expected:
        with pytest.raises(Refused) as refused:
            do(registry.identity, registry.register, last, who)
        assert [p.field for p in refused.value.problems] == [expected["refused"]]
        assert registry.state() == before
    else:
        do(registry.identity, registry.register, last, who)

    for tag, fields in expected.get("register", {}).items():
        entry = registry.register.get(tag)
        if fields is None:
            assert entry is None
        else:
            found = facts_of(entry.asset)
            assert {key: found[key] for key in fields} == fields
    for tag, gone in expected.get("merged", {}).items():
        id_ = registry.register.get(tag).id
        assert [e.asset.tag for e in registry.identity.merged(id_)] == gone
    for tag, facts in expected.get("facts", {}).items():
        assert registry.measured(tag) == facts
    undo_as(expected.get("undone"), registry, before, who)


def undo_as(expected, registry, before, who):
    if expected is None:
        return
    (decision,) = registry.identity.standing(*registry.kinds)
    if expected == "refused":
        with pytest.raises(Refused):
            registry.identity.undo(decision.id, who)
        return
    registry.identity.undo(decision.id, who)
    assert registry.state() == before
    assert registry.identity.standing(*registry.kinds) == []
    with pytest.raises(Refused):
        registry.identity.undo(decision.id, who)
