"""Which profile a commune has: layers by province, group, type and commune, on each day."""

import datetime as dt

import pytest

from config.errors import ConfigError
from config.profile import load_profile, profile_from_body
from config.sections import Settings
from inventory.profile_set import ProfileSet, type_of
from inventory.units import read_units

DAY = dt.date(2026, 6, 1)
HERE, THERE, WARD, ISLAND = "22849", "22840", "22366", "22736"
HEAD = "version: '1'\ntitle: {vi: Lớp, en: Layer}\nvalid_from: 2026-01-01\n"


@pytest.fixture(scope="module")
def table():
    return read_units()


@pytest.fixture
def profiles(tmp_path, table):
    """profiles(name="text of a layer", …) -> ProfileSet over some communes of one province"""

    def make(codes=(HERE, THERE, WARD, ISLAND), **layers):
        for name, text in layers.items():
            (tmp_path / f"{name}.yaml").write_text(f"id: {name}\n{HEAD}{text}", encoding="utf-8")
        settings = Settings.model_validate(
            {
                "communes": [{"code": code} for code in codes],
                "groups": [
                    {"id": "coast", "title": {"vi": "Ven biển", "en": "Coast"}, "communes": [HERE]},
                    {"id": "588", "title": {"vi": "v", "en": "e"}, "former_district": "588"},
                ],
                "readiness": {"layers": [str(tmp_path / f"{name}.yaml") for name in layers]},
            },
            by_alias=True,
        )
        communes = {code: table.at(code, DAY) for code in codes}
        return ProfileSet.read(settings, table, communes)

    return make


def weights(found, table, id="ups", day=DAY):
    return {
        code: found.of(table.at(code, DAY), day).requirement(id).weight
        for code in (HERE, THERE, WARD, ISLAND)
    }


def test_layers_lie_on_each_other_from_the_general_to_the_special(profiles, table):
    found = profiles(
        one='for: {commune: "22849"}\nchange: {ups: {weight: 5}}',
        ward="for: {type: phuong}\nchange: {ups: {weight: 4}, backup: {weight: 7}}",
        island="for: {type: dac_khu}\nchange: {ups: {weight: 8}}",
        coast="for: {group: coast}\nchange: {ups: {weight: 3}, firewall: {weight: 9}}",
        province='for: {province: "56"}\nchange: {ups: {weight: 6}}',
    )
    assert weights(found, table) == {HERE: 5, THERE: 6, WARD: 4, ISLAND: 8}
    assert weights(found, table, "firewall") == {HERE: 9, THERE: 3, WARD: 3, ISLAND: 3}
    assert [f.layer.id for f in found.layers_of(table.at(HERE, DAY), DAY)] == [
        "province",
        "coast",
        "one",
    ]
    here = found.of(table.at(HERE, DAY), DAY)
    assert (here.id, here.version) == ("commune-2026", "2 + province 1 + coast 1 + one 1")
    assert len(found.on(DAY)) == 4
    assert found.base_on(DAY) == load_profile("commune-2026")


def test_a_former_district_is_a_group_as_well(profiles, table):
    found = profiles(old='for: {group: "588"}\nchange: {ups: {weight: 5}}')
    assert weights(found, table) == {HERE: 5, THERE: 5, WARD: 2, ISLAND: 2}


def test_of_another_province_nothing_holds_and_communes_of_the_same_layers_share_a_profile(
    profiles, table
):
    found = profiles(province='for: {province: "56"}\nchange: {ups: {weight: 6}}')
    assert found.of(table.at("00004", DAY), DAY) is found.base_on(DAY)
    assert found.of(table.at(HERE, DAY), DAY) is found.of(table.at(WARD, DAY), DAY)


def test_before_2025_a_commune_lies_in_its_province_through_a_district(profiles, table):
    found = profiles(province='for: {province: "58"}\nchange: {ups: {weight: 6}}')
    before = table.at("22849", dt.date(2025, 6, 30))
    assert before.parent == "588"
    assert found.of(before, DAY).requirement("ups").weight == 6


def test_a_layer_holds_on_its_days_alone(profiles, table):
    found = profiles(year='valid_to: 2026-12-31\nfor: {province: "56"}\nchange: {ups: {weight: 6}}')
    here = table.at(HERE, DAY)
    days = ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")
    assert [
        found.of(here, dt.date.fromisoformat(day)).requirement("ups").weight for day in days
    ] == [2, 6, 6, 2]


MORE = """for: {province: "56"}
pillars: [{id: sea, title: {vi: Biển, en: Sea}}]
requirements:
  - id: radio
    pillar: sea
    title: {vi: Bộ đàm, en: Radio}
    basis: {kind: ours, document: Ours}
    level: desirable
    measure: {measure: asset_count, of: {feature: radio}}
    at_least: 1
drop:
  case-files-online: Tỉnh đo ở nơi khác.
  staff-trained: Như trên.
  documents-electronic: Như trên.
  online-services-reachable: Như trên.
"""


def test_a_layer_adds_and_drops_and_an_emptied_pillar_goes(profiles, table):
    here = profiles(sea=MORE).of(table.at(HERE, DAY), DAY)
    assert [pillar.id for pillar in here.pillars][-2:] == ["security", "sea"]
    assert here.requirement("radio").title.en == "Radio"
    assert here.requirement("staff-trained") is None


def test_a_layer_may_change_what_a_more_general_one_added(profiles, table):
    found = profiles(sea=MORE, one='for: {commune: "22849"}\nchange: {radio: {at_least: 2}}')
    assert found.of(table.at(HERE, DAY), DAY).requirement("radio").at_least == 2


def problems(profiles, **layers):
    with pytest.raises(ConfigError) as caught:
        profiles(**layers)
    return [problem.text for problem in caught.value.found]


def test_layers_that_do_not_fit_each_other_are_refused_before_anything_runs(profiles):
    one = 'for: {commune: "22849"}\nchange: {ups: {weight: 5}}'
    gone = 'for: {province: "56"}\ndrop: {ups: Không cần.}'
    later = gone.replace("for:", "valid_to: 2027-03-01\nfor:")
    assert "no requirement below is called so" in problems(profiles, one=one, gone=gone)[0]
    assert "no requirement below is called so" in problems(profiles, one=one, later=later)[0]


def test_a_group_that_is_none_and_a_profile_that_is_no_layer_are_refused(profiles, tmp_path):
    assert problems(profiles, x="for: {group: cost}\nchange: {ups: {weight: 5}}") == [
        "'cost' is no group of the settings; did you mean coast?"
    ]
    assert "is missing: a layer says for whom" in problems(profiles, x="extends: commune-2026")[0]


def test_a_body_is_the_whole_profile_and_its_digest_changes_with_the_content_alone(profiles, table):
    base = load_profile("commune-2026")
    found = profiles(province='for: {province: "56"}\nchange: {ups: {max_age: 1h30m}}')
    here = found.of(table.at(HERE, DAY), DAY)
    again = profile_from_body(here.body())
    assert (again.digest, again.body()) == (here.digest, here.body())
    assert again.requirement("ups").max_age == 5400
    assert here.digest != base.digest == load_profile("commune-2026").digest
    assert here.model_copy(update={"version": "2"}).digest != here.digest
    with pytest.raises(ValueError, match="not the body"):
        profile_from_body("{}")


def test_a_type_is_told_from_a_name(table):
    names = {type_of(unit) for unit in table if unit.level == "commune" and not unit.valid_to}
    assert names == {"xa", "phuong", "dac_khu"}
    assert type_of(table.at("56", DAY)) is None


def test_the_alone_profile_holds_for_everybody(table):
    base = load_profile("commune-2026")
    found = ProfileSet.alone(base)
    assert found.of(table.at(HERE, DAY), DAY) is base
    assert found.on(DAY) == (base,)


@pytest.fixture
def of_days(tmp_path, table):
    """of_days("since" or "since/until", …, layers="text") -> (its files, the ProfileSet)"""

    def make(*days, layer=""):
        files = []
        for at, span in enumerate(days):
            since, _, until = span.partition("/")
            text = f"id: p{at}\nversion: '1'\ntitle: {{vi: Bộ, en: Set}}\nvalid_from: {since}\n"
            text += f"valid_to: {until}\n" if until else ""
            file = tmp_path / f"p{at}.yaml"
            file.write_text(f"{text}extends: commune-2026\nchange: {{ups: {{weight: {at + 3}}}}}\n")
            files.append(file)
        readiness = {"profile": [str(file) for file in files]}
        if layer:
            (tmp_path / "layer.yaml").write_text(f"id: layer\n{HEAD}{layer}", encoding="utf-8")
            readiness["layers"] = [str(tmp_path / "layer.yaml")]
        settings = Settings.model_validate(
            {"communes": [{"code": HERE}], "readiness": readiness}, by_alias=True
        )
        return files, ProfileSet.read(settings, table, {HERE: table.at(HERE, DAY)})

    return make


def asked_on(found, table, *days):
    unit = table.at(HERE, DAY)
    return [found.of(unit, dt.date.fromisoformat(day)).requirement("ups").weight for day in days]


def test_each_profile_counts_for_the_days_that_it_is_valid_for(of_days, table):
    _, found = of_days("2026-07-01", "2026-01-01/2026-06-30")  # in whatever order they are named
    assert asked_on(found, table, "2026-01-01", "2026-06-30", "2026-07-01", "2030-01-01") == [
        *(4, 4),
        *(3, 3),
    ]
    assert (found.base_on(DAY).id, found.on(DAY)[0].id) == ("p1", "p1")
    assert found.uncovered(dt.date(2026, 6, 1)) == []


def test_a_layer_lies_on_whichever_profile_counts_and_must_fit_each_of_them(of_days, table):
    layer = 'for: {commune: "22849"}\nchange: {firewall: {weight: 9}}'
    _, found = of_days("2026-01-01/2026-06-30", "2026-07-01", layer=layer)
    assert asked_on(found, table, "2026-06-30", "2026-07-01") == [3, 4]
    here = found.of(table.at(HERE, DAY), DAY)
    assert (here.id, here.requirement("firewall").weight) == ("p0", 9)


def test_days_that_no_profile_is_valid_for_are_told_and_the_one_before_goes_on(of_days, table):
    _, found = of_days("2026-01-01/2026-06-30", "2026-08-01/2026-12-31")
    assert asked_on(found, table, "2025-12-31", "2026-07-15", "2027-01-01") == [3, 3, 4]
    assert [str(days) for days in found.uncovered(dt.date(2027, 1, 1))] == [
        "no profile of readiness.profile is valid from 2026-07-01 to 2026-07-31; p0 counts all the "
        "same: name one beside it that is valid then (docs/profiles.md)",
        "no profile of readiness.profile is valid from 2027-01-01 on; p1 counts all the same: name "
        "one beside it that is valid then (docs/profiles.md)",
    ]
    assert "is valid to 2025-12-31; p0 counts" in str(found.uncovered(dt.date(2025, 6, 1))[-1])


def test_two_profiles_that_are_valid_on_one_day_are_refused_by_both_names(of_days, tmp_path):
    with pytest.raises(ConfigError) as caught:
        of_days("2026-01-01", "2026-07-01")
    (problem,) = caught.value.problems
    assert problem == (
        f"{tmp_path / 'p1.yaml'}:4: valid_from: 2026-07-01 lies in the days of "
        f"{tmp_path / 'p0.yaml'}, which is valid from 2026-01-01 on; end that one the day before"
    )


def test_the_shipped_profiles_of_2026_follow_each_other(table):
    names = {"profile": ["commune-2026-h1", "commune-2026"]}
    settings = Settings.model_validate({"communes": [{"code": HERE}], "readiness": names})
    found = ProfileSet.read(settings, table, {HERE: table.at(HERE, DAY)})
    days = [dt.date(2026, 6, 30), dt.date(2026, 7, 1)]
    assert [found.base_on(day).id for day in days] == ["commune-2026-h1", "commune-2026"]
    assert found.uncovered(days[0]) == []
