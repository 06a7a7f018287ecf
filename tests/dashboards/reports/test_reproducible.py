"""A report of a past day is the same bytes before and after whatever is edited today."""

import datetime as dt
import json
import time
from dataclasses import replace

import pypdfium2
import pytest

from config.assets import Asset
from config.profile import read_profile
from inventory.profile_choice import Choice, Choices, content_of
from inventory.readiness.frozen import NothingKnown, Scope
from inventory.register.entry import Actor, Create, Edit, Remove
from inventory.store.desk import direct_desk
from inventory.store.reader import Reader
from inventory.store.rows import Batch
from inventory.store.writer import Writer

BEFORE, DAY, LATER = dt.date(2026, 10, 31), dt.date(2026, 11, 5), dt.date(2026, 11, 15)
SCOPES = {"all": Scope(), "group": Scope(group="coast"), "commune": Scope(commune="00102")}
ME = Actor("lan", "web", "127.0.0.1")


def ups(number):
    entry = {"tag": f"C-{number}", "name": "Bộ lưu điện", "class": "ups", "commune": "00103"}
    return Asset.model_validate(entry | {"vendor": "APC", "price_vnd": 9_000_000})


class Morning:
    """A clock that stands still before the last evaluation."""

    def __init__(self, district):
        self.wall = lambda: district.moment(LATER, 8)


def reports(district):
    """Every form of the report of DAY for every scope, and the PDF in English."""
    found = {
        (form, name, "vi"): district.file(form, DAY, BEFORE, scope)
        for form in ("pdf", "xlsx", "csv", "json")
        for name, scope in SCOPES.items()
    }
    found["pdf", "all", "en"] = district.file("pdf", DAY, BEFORE, language="en")
    assert len(set(found.values())) == len(found)
    return found


@pytest.fixture
def past(district):
    """A district that was evaluated on two days, with something in its register."""
    district.evaluate(BEFORE)
    district.apply(Create(ups(1)), Create(ups(2)), actor=ME)
    district.evaluate(DAY, 9)
    district.evaluate(DAY, 18)
    return district


def test_the_same_bytes_before_and_after_edits_a_merge_and_a_profile_change(
    past, merged, profile_text, config_text, computer_line
):
    before = reports(past)
    time.sleep(1.1)  # any moment in a file would differ

    # Assets are edited and removed.
    edit = {"name": "Tên khác", "vendor": "Hãng khác", "price_vnd": 1}
    past.apply(Edit("C-1", edit), Remove("C-2"), actor=ME)
    # Two communes merge: the units, the settings and a group know only the new one.
    past.write("units.csv", merged)
    config = config_text.replace('{code: "00102"}, ', "").replace('"00102"]', '"00103"]')
    config = config.replace('"00102"', '"00101"').replace("Ven biển", "Ven biển mới")
    past.write("hatang.yaml", config + computer_line("N-1", "00103"))
    # The profile asks for more, is dearer and says it otherwise, under the same version.
    profile = profile_text.replace("at_least: 4", "at_least: 9").replace("15000000", "19000000")
    past.write("ours.yaml", profile.replace("Có 4 máy vi tính", "Chín máy"))
    # Somebody chooses another one.
    other = read_profile("school-connectivity")
    choice = Choice(other.name, False, LATER, "1", content_of(other), reason="QĐ 12")
    with direct_desk(past.plan.database) as desk:
        Choices(desk, Morning(past), past.plan.settings.zone).make(choice, ME)
    past.evaluate(LATER)
    past.evaluate(DAY + dt.timedelta(days=1), 1)
    # Retention keeps the last result of each day.
    writer = Writer(past.plan.database)
    writer.prune(
        outages_before_s=0.0,
        rollups_before_s=0.0,
        readiness_before_s=0.0,
        readiness_daily_before_s=past.moment(LATER),
        day_offset_s=7 * 3600.0,
    )
    writer.close(clean=True)

    after = reports(past)
    assert {key for key in before if before[key] != after[key]} == set()

    now = json.loads(past.file("json", LATER, DAY))
    assert {c["unit"]["name"] for c in now["communes"]} == {"Xã Cát Sơn", "Xã An Bình Minh"}
    then = json.loads(after["json", "all", "vi"])
    assert [p["id"] for p in now["profiles"]] == ["school-connectivity"]
    assert [p["id"] for p in then["profiles"]] == ["ours"]


def test_a_report_names_units_assets_and_requirements_as_they_were(past):
    found = json.loads(past.file("json", DAY, BEFORE))
    communes = {c["unit"]["code"]: c for c in found["communes"]}
    assert communes["00103"]["unit"]["name"] == "Xã Cát Sơn"
    met = {r["requirement"]: r for r in communes["00103"]["requirements"]}
    assert met["ups"]["verdict"] == "met"
    assert [row["text"] for row in met["ups"]["evidence"]] == ["APC", "APC"]
    assert found["totals"]["cost_vnd"] == sum(c["cost_vnd"] for c in found["communes"])
    changes = {c["unit"]["code"]: c for c in found["changes"]}
    assert changes["00103"]["ratio_before"] is None
    assert [r["requirement"] for r in changes["00103"]["requirements"]] == ["computers", "ups"]


def test_a_merge_is_told_as_what_it_was(past, merged, config_text):
    past.write("units.csv", merged)
    config = config_text.replace('{code: "00102"}, ', "").replace('"00102"]', '"00103"]')
    past.write("hatang.yaml", config.replace("00102", "00101"))
    past.evaluate(LATER)
    found = past.report(LATER, DAY)
    told = {(c.unit.name, c.before is None, c.after is None): c for c in found.changes}
    new = told["Xã An Bình Minh", True, False]
    assert [unit.name for unit in new.kin] == ["Xã An Bình", "Xã Bình Minh"]
    assert [u.name for u in told["Xã Bình Minh", False, True].kin] == ["Xã An Bình Minh"]
    said = past.file("pdf", LATER, DAY)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(said))
    assert "mới; từ Xã An Bình, Xã Bình Minh" in " ".join(text.split())


def test_a_day_takes_its_last_result_and_a_later_day_without_any_the_same(past):
    same = past.report(DAY + dt.timedelta(days=3))
    assert same.now.at_s == past.moment(DAY, 18)
    assert [c.unit.code for c in same.now.communes] == ["00101", "00102", "00103"]


def test_what_left_the_settings_leaves_later_reports_only(past, config_text):
    past.write("hatang.yaml", config_text.replace(', {code: "00103"}', ""))
    past.apply(Remove("C-1"), Remove("C-2"), actor=ME)
    past.evaluate(LATER)
    assert [c.unit.code for c in past.report(LATER).now.communes] == ["00101", "00102"]
    assert len(past.report(DAY).now.communes) == 3


def test_nothing_is_made_up_where_nothing_was_known(past):
    with pytest.raises(NothingKnown, match="nothing was evaluated on 2026-10-30"):
        past.report(dt.date(2026, 10, 30))
    with pytest.raises(NothingKnown, match="no group hills then; known were: coast"):
        past.report(DAY, scope=Scope(group="hills"))
    with pytest.raises(NothingKnown, match="commune 99999"):
        past.report(DAY, scope=Scope(commune="99999"))


def test_results_that_name_no_content_say_so(past):
    with Reader(past.plan.database) as reader:
        found = reader.evaluations(past.moment(DAY)).values()
    writer = Writer(past.plan.database)
    old = [replace(evaluation, profile_digest="") for evaluation in found]
    writer.write(Batch(past.moment(DAY), evaluations=old))
    writer.close(clean=True)
    profile = past.report(DAY).now.profiles[0]
    assert not profile.exact
    assert profile.requirement("computers").title.vi == "Có 4 máy vi tính"
    sheet = past.file("csv", DAY, language="en").decode("utf-8-sig")
    assert "Four computers" in sheet
    pdf = pypdfium2.PdfDocument(past.file("pdf", DAY, language="en"))
    text = " ".join("".join(p.get_textpage().get_text_range() for p in pdf).split())
    assert "results of that time name no content" in text
