"""Profiles on their pages: read, copied, changed by text and by fields, and what that would do."""

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from axe_playwright_python.sync_playwright import Axe

from config.profile import load_profile, read_profile
from inventory.profile_set import ProfileSet


class Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.said = []

    def handle_data(self, data):
        self.said.append(data)


def text_of(answer):
    words = Words()
    words.feed(answer.text[answer.text.index("<main") :])
    return " ".join(" ".join(words.said).split())


@pytest.fixture
def office(site, tmp_path, units):
    """A site whose own profiles go into a folder of the test."""
    found = site()
    found.settings = found.settings.model_copy(update={"data_dir": tmp_path / "data"})
    communes = {code: view.unit for code, view in found.snapshot.communes.items()}
    found.profiles = ProfileSet(
        [read_profile("commune-2026")], (), units, found.settings.groups, communes
    )
    return found


@pytest.fixture
def planner(office, client_of, log_in):
    client = log_in(client_of(office), office, "planner")
    client.headers["Accept-Language"] = "en"
    return client


def test_days_that_no_profile_is_valid_for_are_told_on_the_page(office, planner):
    day = office.today
    assert "Days without" not in text_of(planner.get("/profiles"))
    base = read_profile("commune-2026")
    old = {"valid_from": day - dt.timedelta(days=9), "valid_to": day - dt.timedelta(days=1)}
    ended = replace(base, profile=base.profile.model_copy(update=old))
    office.profiles = ProfileSet([ended])
    assert "held against commune-2026 all the same" in text_of(planner.get("/profiles"))


@pytest.fixture
def copy(planner):
    """The name of a copy of the shipped profile."""
    answer = planner.post("/profiles", data={"source": "commune-2026", "name": "ours"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/profiles/ours/edit?done=copied",
    )
    return "ours"


def file_of(office, name="ours"):
    return office.settings.data_dir / "profiles" / f"{name}.yaml"


def form(client, name="ours"):
    """What the edit page's form holds."""
    page = client.get(f"/profiles/{name}/edit").text
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page)[1]
    return {"digest": digest, "text": area_of(page)}


def area_of(page):
    area = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]
    return area.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")


def test_whoever_reads_sees_which_profile_is_in_use_and_what_it_asks(planner):
    text = text_of(planner.get("/profiles"))
    assert "Commune requirements 2026 commune-2026 shipped" in text
    assert "in order in use" in text
    text = text_of(planner.get("/profiles/commune-2026"))
    assert "An uninterruptible power supply ups mandatory 2 ≥ 1 Hatang chosen by Hatang" in text
    assert planner.get("/profiles/none").status_code == 404
    # What is shipped is never written.
    assert planner.get("/profiles/commune-2026/edit").status_code == 404
    assert planner.post("/profiles/commune-2026", data={"text": "x"}).status_code == 404


def test_a_copy_says_only_what_it_changes_and_stands_as_a_file(planner, copy, office):
    text = file_of(office).read_text(encoding="utf-8")
    assert "extends: commune-2026" in text
    assert load_profile(str(file_of(office))).requirements == office.profile.requirements
    said = text_of(planner.get("/profiles/ours"))
    assert "Not in use." in said
    assert "Use from a day on" in said


def test_a_copy_takes_no_name_that_is_taken_or_a_path(planner, office):
    for name, said in (
        ("commune-2026", "there is a profile of this name"),
        ("../up", "must be small letters"),
        ("", "must be small letters"),
    ):
        answer = planner.post("/profiles", data={"source": "commune-2026", "name": name})
        assert answer.status_code == 422
        assert said in text_of(answer)
    assert not file_of(office).parent.exists()


def test_a_text_is_previewed_on_the_real_communes_before_it_is_saved(planner, copy, office):
    before = file_of(office).read_text(encoding="utf-8")
    text = before + "change:\n  firewall: {weight: 90}\ndrop:\n  ups: Có máy phát.\n"
    said = text_of(planner.post("/profiles/ours/preview", data={**form(planner), "text": text}))
    assert "Weight: 3 → 90" in said
    assert "Communes that change: 2 of 2" in said
    assert "An uninterruptible power supply ups asked no more" in said
    assert file_of(office).read_text(encoding="utf-8") == before


def test_what_is_wrong_is_told_with_line_and_column_and_never_saved(planner, copy, office):
    before = file_of(office).read_text(encoding="utf-8")
    typed = form(planner) | {"text": before + "change:\n  upps: {weight: 9}\n"}
    answer = planner.post("/profiles/ours", data=typed)
    assert answer.status_code == 422
    assert "Line 10:3 change.upps no requirement below is called so; did you mean ups?" in text_of(
        answer
    )
    assert "upps: {weight: 9}" in answer.text
    assert file_of(office).read_text(encoding="utf-8") == before


def test_fields_are_put_into_the_text_and_the_rest_of_it_stays(planner, copy):
    typed = form(planner)
    typed["text"] = typed["text"].replace("extends:", "# từ quốc gia\nextends:")
    fields = {"requirement": "ups", "weight": "4,5", "price": "8.500.000", "level": "desirable"}
    answer = planner.post("/profiles/ours/preview", data={**typed, **fields, "action": "apply"})
    text = area_of(answer.text)
    assert text.startswith(typed["text"].rstrip("\n"))
    assert "ups:\n    level: desirable\n    weight: 4.5\n    remedy: {price_vnd: 8500000" in text
    assert "Weight: 2 → 4.5" in text_of(answer)
    assert planner.post("/profiles/ours", data={**typed, "text": text}).status_code == 303
    assert "Price: ₫9,000,000 → ₫8,500,000" in text_of(planner.get("/profiles/ours/edit"))


def test_fields_that_cannot_be_taken_are_marked_and_kept(planner, copy):
    fields = {"requirement": "ups", "weight": "heavy", "threshold": "", "price": "nine"}
    answer = planner.post(
        "/profiles/ours/preview", data={**form(planner), **fields, "action": "apply"}
    )
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert 'value="heavy"' in answer.text
    assert "is no price; write dong" in text_of(answer)


def test_two_who_edit_one_file_see_each_others_change(planner, copy, office):
    typed = form(planner)
    path = file_of(office)
    path.write_text(path.read_text(encoding="utf-8") + "# của người khác\n", encoding="utf-8")
    answer = planner.post("/profiles/ours", data={**typed, "text": typed["text"] + "# của tôi\n"})
    assert answer.status_code == 422
    assert "somebody saved this file meanwhile" in text_of(answer)
    assert "# của tôi" in answer.text
    assert "# của tôi" not in path.read_text(encoding="utf-8")


def test_a_text_stands_on_no_file_that_is_no_profile_of_the_list(planner, copy, office, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("id: canary-1234\n", encoding="utf-8")
    text = form(planner)["text"].replace("extends: commune-2026", f"extends: {secret}")
    answer = planner.post("/profiles/ours/preview", data={**form(planner), "text": text})
    assert "is none of the profiles of this list" in text_of(answer)
    assert "canary" not in answer.text


def test_a_layer_is_previewed_for_whom_it_is_meant(planner, copy, office):
    text = (
        'id: ours\nversion: "1"\ntitle: {vi: Lớp, en: Layer}\nvalid_from: 2026-01-01\n'
        'for: {commune: "22849"}\nchange: {ups: {weight: 9}}\n'
        "exceptions:\n  - {requirement: firewall, commune: '22849', reason: Dùng chung với tỉnh,\n"
        "     document: 12/QĐ, until: 2100-01-01}\n"
    )
    said = text_of(planner.post("/profiles/ours/preview", data={**form(planner), "text": text}))
    assert "Communes that change: 1 of 2" in said
    assert "exempt Dùng chung với tỉnh" in said


def test_who_may_not_plan_everywhere_finds_no_form(office, client_of, log_in):
    client = log_in(client_of(office), office, "viewer")
    assert '<form method="post" action="/profiles"' not in client.get("/profiles").text


@pytest.mark.browser
def test_while_somebody_types_the_preview_follows(office, serve, browser, log_in, copy, planner):
    address = serve(office)
    context = browser.new_context(locale="en", base_url=address)
    cookies = [{"name": c.name, "value": c.value, "url": address} for c in planner.cookies.jar]
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/profiles/ours/edit")
    page.locator("#text").press("Control+End")
    page.locator("#text").press_sequentially("change: {ups: {weight: 7}}")
    page.get_by_text("Weight: 2 → 7").first.wait_for()
    assert page.locator("#preview").get_by_text("Communes that change: ").is_visible()
    assert Axe().run(page).response["violations"] == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    context.close()
