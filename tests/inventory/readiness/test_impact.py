"""What another profile means for communes: who changes, and by which change of the profile."""

from config.profile import load_profile
from inventory.readiness.impact import impacts


def changed(**keys):
    """The shipped profile with one requirement's keys changed."""
    base = load_profile("commune-2026")
    requirements = tuple(
        r.model_copy(update=keys) if r.id == "ups" else r for r in base.requirements
    )
    return base.model_copy(update={"requirements": requirements})


def effects(commune, asset, now_s, after, count=1):
    base = load_profile("commune-2026")
    facts = commune([asset("ups") for _ in range(count)])
    return impacts([facts], lambda unit: base, lambda unit: after, now_s)


def test_a_commune_that_stands_differently_is_told_with_the_change_that_did_it(
    commune, asset, now_s
):
    (impact,) = effects(commune, asset, now_s, changed(at_least=2))
    (effect,) = impact.effects
    assert (effect.before.verdict, effect.after.verdict) == ("met", "unmet")
    assert [str(key) for key in effect.change.keys] == ["at_least: 1 → 2"]
    assert impact.after.cost_vnd - impact.before.cost_vnd == 9_000_000
    assert impact.after.total.ratio < impact.before.total.ratio


def test_another_weight_changes_the_score_of_who_is_judged_by_it(commune, asset, now_s):
    (impact,) = effects(commune, asset, now_s, changed(weight=9.0))
    assert [e.requirement for e in impact.effects] == ["ups"]
    assert impact.after.total.ratio > impact.before.total.ratio


def test_who_stands_as_before_is_not_told(commune, asset, now_s):
    assert effects(commune, asset, now_s, load_profile("commune-2026")) == ()
    title = load_profile("commune-2026").requirement("backup").title
    assert effects(commune, asset, now_s, changed(title=title)) == ()


def test_what_is_dropped_is_told_as_asked_no_more(commune, asset, now_s):
    base = load_profile("commune-2026")
    rest = tuple(r for r in base.requirements if r.id != "ups")
    (impact,) = effects(commune, asset, now_s, base.model_copy(update={"requirements": rest}))
    (effect,) = impact.effects
    assert (effect.before.verdict, effect.after, effect.change.kind) == ("met", None, "dropped")
