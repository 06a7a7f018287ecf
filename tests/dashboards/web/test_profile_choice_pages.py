"""A planner has a profile count from a day on: what changes is shown first, then it is kept."""

import datetime as dt
import re

import pytest

from config.profile import read_profile
from inventory.profile_choice import kept_choices
from inventory.profile_set import ProfileSet

HEAD = "version: '1'\ntitle: {vi: Riêng, en: Our own}\nvalid_from: 2026-07-01\n"
OURS = f"id: ours\n{HEAD}extends: commune-2026\nchange: {{ups: {{weight: 9}}}}\n"
LAYER = f"id: coast\n{HEAD}for: {{commune: '22849'}}\nchange: {{ups: {{weight: 7}}}}\n"


@pytest.fixture
def office(site, tmp_path, units):
    """A site with two files of a planner."""
    found = site()
    found.settings = found.settings.model_copy(update={"data_dir": tmp_path / "data"})
    communes = {code: view.unit for code, view in found.snapshot.communes.items()}
    found.profiles = ProfileSet(
        [read_profile("commune-2026")], (), units, found.settings.groups, communes
    )
    folder = tmp_path / "data" / "profiles"
    folder.mkdir(parents=True)
    (folder / "ours.yaml").write_text(OURS, encoding="utf-8")
    (folder / "coast.yaml").write_text(LAYER, encoding="utf-8")

    def chosen_anew():
        found.profiles = found.profiles.with_choices(kept_choices(found.database))

    found.chosen_anew = chosen_anew
    return found


@pytest.fixture
def planner(office, client_of, log_in):
    client = log_in(client_of(office), office, "planner", name="lan")
    client.headers["Accept-Language"] = "en"
    return client


def words(answer):
    main = answer.text[answer.text.index("<main") :]
    return " ".join(re.sub(r"<[^>]*>", " ", main).replace("&#39;", "'").split())


def shown(answer):
    found = re.search(r'name="shown" value="([0-9a-f]+)"', answer.text)
    return found[1] if found else ""


def choose(client, name, **typed):
    """Look at what changes and have it kept, as the page asks."""
    asked = {"reason": "QĐ 12", **typed}
    first = client.post(f"/profiles/{name}/use", data={**asked, "action": "show"})
    return client.post(
        f"/profiles/{name}/use", data={**asked, "action": "use", "shown": shown(first)}
    )


def test_what_changes_is_shown_before_a_profile_counts_and_then_it_does(office, planner):
    asked = {"since": office.today.isoformat(), "reason": "QĐ 12/2026", "action": "use"}
    first = planner.post("/profiles/ours/use", data=asked)  # nobody has looked yet
    assert first.status_code == 200
    assert "Communes that change: 1 of 2" in words(first)
    assert "Weight: 2 → 9" in words(first)
    assert kept_choices(office.database) == []
    done = planner.post("/profiles/ours/use", data={**asked, "shown": shown(first)})
    assert (done.status_code, done.headers["location"]) == (303, "/profiles?done=chosen")
    assert office.profile.requirement("ups").weight == 9
    said = words(planner.get("/profiles"))
    assert "Our own ours, version 1 ✓ counts now" in said
    assert "everybody lan," in said
    assert "QĐ 12/2026" in said
    assert "chosen by lan: QĐ 12/2026" in words(planner.get("/profiles/ours"))
    log = words(planner.get("/changes?kind=profile"))
    assert "chosen: Requirement profiles ours" in log


def test_a_planned_profile_is_told_and_taken_back_by_what_the_settings_name(office, planner):
    later = (office.today + dt.timedelta(days=40)).isoformat()
    assert choose(planner, "ours", since=later).status_code == 303
    assert office.profile.requirement("ups").weight == 2
    said = words(planner.get("/profiles"))
    assert "Commune requirements 2026 commune-2026 ✓ counts now" in said
    assert "Our own ours, version 1 planned" in said
    assert f'href="/profiles/-/use?since={later}"' in planner.get("/profiles").text
    assert f'value="{later}"' in planner.get(f"/profiles/-/use?since={later}").text
    assert choose(planner, "-", since=later).status_code == 303
    said = words(planner.get("/profiles"))
    assert "What the settings name planned" in said
    assert "replaced by another choice" in said
    day = office.today + dt.timedelta(days=50)
    assert office.profiles.base_on(day).requirement("ups").weight == 2


def test_a_layer_counts_for_whom_it_means_and_is_ended(office, planner, units):
    here, there = (units.at(code, office.today) for code in ("22849", "22840"))
    assert choose(planner, "coast").status_code == 303
    weights = [office.profile_of(unit).requirement("ups").weight for unit in (here, there)]
    assert weights == [7, 2]
    assert "End it from a day on" in words(planner.get("/profiles/coast"))
    assert choose(planner, "coast", what="end").status_code == 303
    assert office.profile_of(here).requirement("ups").weight == 2


def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(office, planner):
    yesterday = (office.today - dt.timedelta(days=1)).isoformat()
    answer = planner.post("/profiles/ours/use", data={"since": yesterday, "reason": ""})
    assert answer.status_code == 422
    assert "must not be before today" in words(answer)
    assert "must not be empty" in words(answer)
    assert f'value="{yesterday}"' in answer.text
    answer = planner.post("/profiles/ours/use", data={"since": "31/2/2026", "reason": "vì <b>"})
    assert "is no day; write it as 31/12/2026" in words(answer)
    assert 'value="vì &lt;b&gt;"' in answer.text
    assert planner.post("/profiles/none/use", data={}).status_code == 404


def test_a_file_that_changed_after_the_look_is_looked_at_again(office, planner):
    asked = {"since": office.today.isoformat(), "reason": "vì"}
    first = planner.post("/profiles/ours/use", data={**asked, "action": "show"})
    path = office.settings.data_dir / "profiles" / "ours.yaml"
    path.write_text(OURS.replace("9", "8"), encoding="utf-8")
    again = planner.post(
        "/profiles/ours/use", data={**asked, "action": "use", "shown": shown(first)}
    )
    assert again.status_code == 422
    assert "look at what changes now" in words(again)
    assert "Weight: 2 → 8" in words(again)
    assert kept_choices(office.database) == []
    assert choose(planner, "ours").status_code == 303
    path.write_text(OURS.replace("9", "5"), encoding="utf-8")
    assert office.profile.requirement("ups").weight == 8
    assert "The file has changed since." in words(planner.get("/profiles"))
    path.write_text("id: ours\n", encoding="utf-8")
    answer = planner.post("/profiles/ours/use", data=asked)
    assert (answer.status_code, "mend the text first" in words(answer)) == (422, True)


def test_a_layer_that_does_not_fit_what_counts_then_is_not_chosen(office, planner):
    path = office.settings.data_dir / "profiles" / "coast.yaml"
    path.write_text(LAYER.replace("commune: '22849'", "group: nowhere"), encoding="utf-8")
    answer = planner.post("/profiles/coast/use", data={"reason": "vì", "action": "use"})
    assert answer.status_code == 422
    assert "'nowhere' is no group of the settings" in words(answer)


def test_whoever_may_not_plan_everywhere_sees_what_counts_and_no_button(office, client_of, log_in):
    viewer = log_in(client_of(office), office, "viewer")
    viewer.headers["Accept-Language"] = "en"
    assert "✓ counts now" in words(viewer.get("/profiles"))
    assert "Use from a day on" not in words(viewer.get("/profiles/ours"))
    assert viewer.get("/profiles/ours/use").status_code == 403
    near = log_in(client_of(office), office, "planner", ["22849"])
    assert near.post("/profiles/ours/use", data={"reason": "vì"}).status_code == 403
