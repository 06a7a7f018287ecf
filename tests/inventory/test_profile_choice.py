"""What people chose: from a day on this profile counts; days before it stay as they were."""

import datetime as dt
from dataclasses import replace

import pytest

from config.profile import read_layer, read_profile
from config.sections import Settings
from inventory.profile_choice import Choice, Choices, content_of, kept_choices, states
from inventory.profile_orders import ProfileOrders
from inventory.profile_set import ProfileSet
from inventory.register.entry import Actor
from inventory.register.problems import Refused
from inventory.store.changes import changes
from inventory.store.desk import DirectDesk, read_once
from inventory.store.writer import Writer
from inventory.units import read_units

TODAY = dt.date(2026, 11, 20)
WEEK = dt.timedelta(days=7)
HERE, THERE = "22849", "22840"
WHO = Actor("lan", "web", "10.0.0.9")
HEAD = "version: '3'\ntitle: {vi: Riêng, en: Own}\nvalid_from: 2026-07-01\n"


class Clock:
    def wall(self):
        return dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC).timestamp()


@pytest.fixture(scope="module")
def table():
    return read_units()


@pytest.fixture
def written(tmp_path):
    """written(name, text) -> a file of that name."""

    def write(name, text):
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"id: {name}\n{HEAD}{text}", encoding="utf-8")
        return path

    return write


@pytest.fixture
def profile(written):
    """profile(name, weight) -> a choice of a profile in which a UPS weighs that."""

    def make(name="ours", weight=9, since=TODAY, more=""):
        text = f"extends: commune-2026\n{more}change: {{ups: {{weight: {weight}}}}}\n"
        read = read_profile(str(written(name, text)))
        return Choice(name, False, since, read.profile.version, content_of(read), reason="vì vậy")

    return make


@pytest.fixture
def layer(written):
    """layer(name, weight) -> a choice of a layer for one commune in which a UPS weighs that."""

    def make(name="here", weight=4, since=TODAY):
        text = f'for: {{commune: "{HERE}"}}\nchange: {{ups: {{weight: {weight}}}}}\n'
        found = read_layer(written(name, text))
        return Choice(name, True, since, "3", content_of(found), reason="vì vậy")

    return make


@pytest.fixture
def profiles(table):
    """What settings that name no profile come to."""

    def make(**readiness):
        settings = Settings.model_validate(
            {"communes": [{"code": HERE}, {"code": THERE}], "readiness": readiness}, by_alias=True
        )
        units = {code: table.at(code, TODAY) for code in (HERE, THERE)}
        return ProfileSet.read(settings, table, units)

    return make


@pytest.fixture
def choices(tmp_path):
    writer = Writer(tmp_path / "hatang.db")
    yield Choices(DirectDesk(writer), Clock(), dt.UTC)
    writer.close(clean=True)


def weight(found, table, code, day):
    return found.of(table.at(code, TODAY), day).requirement("ups").weight


def test_the_content_of_a_choice_is_the_profile_without_its_files(profile):
    chosen = profile()
    set_ = ProfileSet([read_profile("commune-2026")]).with_choices([replace(chosen, id=1)])
    found = set_.base_on(TODAY)
    assert (found.id, found.requirement("ups").weight) == ("ours", 9)
    original = read_profile("commune-2026")
    kept = Choice("commune-2026", False, TODAY, "2", content_of(original))
    again = ProfileSet([original]).with_choices([kept]).base_on(TODAY)
    assert again.digest == original.profile.digest
    assert again.examples == original.profile.examples


def test_from_its_day_on_a_choice_counts_and_before_it_what_counted(profiles, profile, table):
    before = profiles()
    found = before.with_choices([profile(since=TODAY + WEEK)])
    for day in (dt.date(2020, 1, 1), TODAY, TODAY + WEEK - dt.timedelta(days=1)):
        assert found.of(table.at(HERE, TODAY), day) == before.of(table.at(HERE, TODAY), day)
    assert weight(found, table, HERE, TODAY + WEEK) == weight(found, table, THERE, dt.date.max) == 9
    assert found.names_on(TODAY) == {"commune-2026"}
    assert found.names_after(TODAY) == {"ours"}


def test_another_choice_for_its_day_takes_it_back_and_one_without_a_name_ends_it(
    profiles, profile, table
):
    planned = replace(profile(since=TODAY + WEEK), id=1)
    sooner = replace(profile("soon", 5), id=2)
    back = Choice("", False, TODAY + WEEK, "", "", id=3)
    found = profiles().with_choices([planned, sooner, back])
    assert weight(found, table, HERE, TODAY) == 5
    assert weight(found, table, HERE, TODAY + WEEK) == 2
    assert [(c.id, state) for c, state in states([planned, sooner, back], TODAY)] == [
        (3, "planned"),
        (2, "now"),
        (1, "replaced"),
    ]


def test_a_layer_counts_for_whom_it_means_until_it_is_ended_also_one_of_the_settings(
    profiles, profile, layer, written, table
):
    path = written("here", f'for: {{commune: "{HERE}"}}\nchange: {{ups: {{weight: 6}}}}\n')
    named = profiles(layers=[str(path)])
    made = [
        replace(layer(weight=4), id=1),
        replace(profile(weight=9, since=TODAY + WEEK), id=2),
        replace(layer(since=TODAY + WEEK + WEEK), content="", id=3),
    ]
    found = named.with_choices(made)
    yesterday = TODAY - dt.timedelta(days=1)
    days = (yesterday, TODAY, TODAY + WEEK, TODAY + 2 * WEEK)
    assert [weight(found, table, HERE, day) for day in days] == [6, 4, 4, 9]
    assert [weight(found, table, THERE, day) for day in days] == [2, 2, 9, 9]


def test_a_choice_that_does_not_fit_any_more_is_told_and_the_rest_counts(
    profiles, profile, layer, table
):
    strange = replace(profile("strange"), content='{"id": "strange"}', id=1)
    unfit = replace(layer("there"), by="lan", id=2)
    unfit = replace(unfit, content=unfit.content.replace('"ups"', '"upps"'))
    later = replace(profile(since=TODAY + WEEK), id=3)
    found = profiles().with_choices([strange, unfit, later])
    assert [one.choice.id for one in found.left_out] == [1, 2]
    assert str(found.left_out[1]).startswith("the profile there that lan chose from 2026-11-20 on")
    assert "change.upps: no requirement below is called so" in str(found.left_out[1])
    assert [weight(found, table, HERE, day) for day in (TODAY, TODAY + WEEK)] == [2, 9]


def test_what_is_chosen_is_kept_with_who_when_and_why_and_logged(choices, profile, tmp_path):
    choices.make(profile("soon", 5), WHO)
    choices.make(profile(), WHO)
    _, ours = kept_choices(tmp_path / "hatang.db")
    assert (ours.id, ours.name, ours.since, ours.by, ours.reason) == (
        2,
        "ours",
        TODAY,
        "lan",
        "vì vậy",
    )
    assert ours.at_s == Clock().wall()
    line, _ = read_once(tmp_path / "hatang.db", lambda c: changes(c, kind="profile"))
    assert (line.action, line.subject, line.actor, line.reason) == (
        "chosen",
        "ours",
        "lan",
        "vì vậy",
    )
    assert line.before == {"profile": "soon", "version": "3", "since": "2026-11-20"}
    assert line.after == {"profile": "ours", "version": "3", "since": "2026-11-20"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"since": TODAY - dt.timedelta(days=1)}, "since: must not be before today"),
        ({"since": dt.date(2926, 1, 1)}, "since: must not be more than 10 years ahead"),
        ({"reason": " "}, "reason: must not be empty"),
        ({"reason": "x" * 401}, "reason: must have at most 400 characters"),
    ],
)
def test_a_choice_for_a_day_that_is_over_or_without_a_reason_is_refused(
    choices, profile, wrong, said
):
    with pytest.raises(Refused, match=said):
        choices.make(replace(profile(), **wrong), WHO)
    assert choices.list() == []


def test_a_profile_is_chosen_for_days_that_it_is_valid_for_and_told_when_it_has_run_out(
    choices, profile, profiles
):
    ending = profile(more="valid_to: 2026-12-31\n")
    with pytest.raises(Refused, match="valid to 2026-12-31 only"):
        choices.make(replace(ending, since=dt.date(2027, 1, 1)), WHO)
    late = replace(ending, content=ending.content.replace("2026-07-01", "2026-12-01"))
    with pytest.raises(Refused, match="valid from 2026-12-01 on only"):
        choices.make(late, WHO)
    found = profiles().with_choices([replace(ending, id=1)])
    assert [str(days) for days in found.uncovered(TODAY)] == [
        "the chosen profile ours is not valid from 2027-01-01 on and counts all the same: "
        "choose one that is valid then (docs/profiles.md)"
    ]
    back = Choice("", False, dt.date(2027, 1, 1), "", "", id=2)
    assert profiles().with_choices([replace(ending, id=1), back]).uncovered(TODAY) == []


def test_days_that_the_settings_do_not_cover_are_told_only_where_nothing_was_chosen(profile):
    base = read_profile("commune-2026")
    ended = base.profile.model_copy(update={"valid_to": TODAY - WEEK})
    found = ProfileSet([replace(base, profile=ended)])
    assert [(d.since, d.until) for d in found.uncovered(TODAY)] == [
        (TODAY - WEEK + dt.timedelta(days=1), None)
    ]
    chosen = found.with_choices([replace(profile(), id=1)])
    assert [(d.since, d.until) for d in chosen.uncovered(TODAY)] == [
        (TODAY - WEEK + dt.timedelta(days=1), TODAY - dt.timedelta(days=1))
    ]


def test_a_command_leaves_a_choice_for_the_daemon_and_learns_why_it_is_refused(
    choices, profile, tmp_path, monkeypatch
):
    orders, told = ProfileOrders(tmp_path / "hatang.db"), []

    def daemon(_):
        orders.carry_out(choices, lambda: told.append("anew"))

    monkeypatch.setattr("inventory.order_folder.time.sleep", daemon)
    assert orders.have_done(replace(profile(), by="root")) == ""
    assert ([c.by for c in choices.list()], told) == (["root"], ["anew"])
    assert "must not be empty" in orders.have_done(replace(profile(), reason=""))
    assert "strange" in orders.have_done(replace(profile("strange"), content="{}"))
    assert told == ["anew"]
