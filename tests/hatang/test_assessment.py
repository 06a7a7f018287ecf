"""Which communes a change concerns, and how they wait."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.sections import Settings
from hatang.assessment import COMMUNES_A_BATCH, Assessor, Due, concerned, in_batches
from inventory.gather import changed_assets

SETTINGS = Settings.model_validate(
    {
        "communes": [{"code": code, "posts": 10} for code in ("22840", "22849", "22852")],
        "assets": [
            {"tag": f"PC-{code}", "name": "Máy", "class": "desktop", "commune": code}
            for code in ("22840", "22849", "22852")
        ],
    }
)


def plan(settings):
    return SimpleNamespace(settings=settings)


def with_asset(number, **values):
    """The settings with one asset changed; the others are the same objects."""
    assets = list(SETTINGS.assets)
    assets[number] = assets[number].model_copy(update=values)
    return plan(SETTINGS.model_copy(update={"assets": tuple(assets)}))


def test_what_did_not_change_concerns_nobody():
    assert concerned(plan(SETTINGS), plan(SETTINGS.model_copy())) == set()


def test_an_edit_concerns_its_commune_and_a_move_both():
    assert concerned(plan(SETTINGS), with_asset(1, room="P. 2")) == {"22849"}
    assert concerned(plan(SETTINGS), with_asset(1, commune="22852")) == {"22849", "22852"}


def test_what_came_and_what_went_concerns_its_commune():
    fewer = plan(SETTINGS.model_copy(update={"assets": SETTINGS.assets[1:]}))
    assert concerned(plan(SETTINGS), fewer) == {"22840"}
    assert concerned(fewer, plan(SETTINGS)) == {"22840"}


def test_other_figures_concern_the_commune_that_declares_them():
    first, *rest = SETTINGS.communes
    more = (first.model_copy(update={"posts": 11}), *rest)
    assert concerned(plan(SETTINGS), plan(SETTINGS.model_copy(update={"communes": more}))) == {
        "22840"
    }


def test_support_of_systems_is_told_by_the_table_of_the_settings(tmp_path):
    own = tmp_path / "systems.csv"
    own.write_text("prefix,supported_until,source\nwindows 7,2030-01-31,a contract\n", "utf-8")
    body = {"readiness": {"os_support": str(own)}}
    assessor = Assessor(SimpleNamespace(settings=Settings.model_validate(body), communes={}))
    for one in (assessor, Assessor(assessor.plan, assessor)):
        assert str(one.systems.of("Windows 7 Pro").until) == "2030-01-31"


def test_a_commune_waits_once_and_only_until_it_is_taken():
    due = Due()
    due.add(["b", "a"])
    due.add(iter(["a", "c"]))
    assert due.take() == ["b", "a", "c"]
    assert due.take() == []


def test_batches_hold_every_commune_once_and_in_order():
    codes = [f"{number:05}" for number in range(2 * COMMUNES_A_BATCH + 1)]
    found = list(in_batches(codes))
    assert [code for batch in found for code in batch] == codes
    assert max(map(len, found)) == COMMUNES_A_BATCH


@settings(max_examples=40)
@given(st.lists(st.sampled_from("kkkkkkcrd"), min_size=1, max_size=60), st.integers(1, 70))
def test_what_changed_in_a_register_is_found_wherever_it_stands(edits, at_once):
    first = SETTINGS.assets[0]
    old = tuple(first.model_copy(update={"tag": f"PC-{n}"}) for n in range(len(edits)))
    new: list[object] = []
    for edit, asset in zip(edits, old, strict=True):
        if edit != "r":
            new.append(asset.model_copy(update={"room": "P. 9"}) if edit == "c" else asset)
        if edit == "d":
            new.append(first.model_copy(update={"tag": f"NEW-{len(new)}"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("inventory.gather._AT_ONCE", at_once)
        gone, came = changed_assets(old, tuple(new))
    known, wanted = set(map(id, old)), set(map(id, new))
    assert list(map(id, gone)) == [id(a) for a in old if id(a) not in wanted]
    assert list(map(id, came)) == [id(a) for a in new if id(a) not in known]
