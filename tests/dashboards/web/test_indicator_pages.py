"""Figures and indicators as pages: seen, entered, corrected, withdrawn, and as sheets."""

import datetime as dt
import io
import re

import pytest

from dashboards.web.indicators import indicators_of
from inventory.indicators.checks import Entry
from inventory.register.entry import Actor
from inventory.sheets.xlsx import Look, write_xlsx

CLI = Actor("test", "cli")


def words(answer):
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
def there(site):
    return site()


@pytest.fixture
def client(enter_as_admin, there):
    return enter_as_admin(there)


def sheet_of(tmp_path, *rows):
    path = tmp_path / "sheet.xlsx"
    write_xlsx(path, "S", enumerate(rows, start=1), Look())
    return {"sheet": ("báo cáo.xlsx", path.read_bytes())}


def said(there, code, name):
    (row,) = indicators_of(there).rows([code])
    one = row.said.get(name)
    return None if one is None else one.value


def test_a_row_of_the_matrix_is_entered_shown_with_its_paper_and_undone(client, there):
    page = client.get("/indicators")
    assert page.status_code == 200
    assert "Số liệu và chỉ tiêu" in words(page)
    assert "20" in words(page)  # posts of hatang.yaml
    missing = client.get("/indicators?show=missing&lang=en")
    assert "Staff trained in security" in words(missing)
    assert "There is none of these." in words(client.get("/indicators?show=soon"))

    # A row is entered, shown with its paper, and undone.
    typed = {
        "v-posts": "1.024",
        "v-internet_bps": "200 Mbps",
        "v-case-files-online": "0,85",
        "as_of": "2026-01-01",
        "expires": "2030-01-01",
        "document": "QĐ <b>12</b>",
        "by": "Lan",
    }
    answer = client.post("/indicators/communes/22840", data=typed)
    assert answer.status_code == 303
    assert said(there, "22840", "posts") == 1024
    assert said(there, "22840", "internet_bps") == 200e6
    assert said(there, "22840", "case-files-online") == 0.85
    page = client.get("/indicators/communes/22840/case-files-online")
    assert "QĐ &lt;b&gt;12&lt;/b&gt;" in page.text
    assert "85%" in words(page)
    lines = there.register.changes(kind="indicator")
    assert [(c.actor, c.action) for c in lines[:1]] == [(lines[0].actor, "declared")]
    batch = answer.headers["location"].partition("batch=")[2]
    assert client.post("/indicators/undo", data={"batch": batch}).status_code == 303
    assert said(there, "22840", "posts") is None
    assert client.post("/indicators/undo", data={"batch": batch}).status_code == 404


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(client, there):
    typed = {
        "v-posts": "4,5",
        "v-case-files-online": "1",
        "v-tslcd_bps": "200",
        "as_of": "2026-02-31",
        "document": "QĐ 7",
    }
    page = client.post("/indicators/communes/22840?lang=en", data=typed)
    assert page.status_code == 422
    for text in ("1 % or 100 %", "200 Mbps", "whole number", "is no day"):
        assert text in words(page)
    for key, value in typed.items():
        assert f'name="{key}" value="{value}"' in page.text
    assert page.text.count('aria-invalid="true"') == 4
    assert said(there, "22840", "posts") is None
    nothing = client.post("/indicators/communes/22840?lang=en", data={"as_of": "2026-02-01"})
    assert "type at least one value" in words(nothing)

    # What is wrong only beside other values, too.
    typed = {"v-posts_group_8": "300", "as_of": "2026-01-01"}
    page = client.post("/indicators/communes/22849?lang=en", data=typed)
    assert page.status_code == 422
    assert "would be more than all posts (20)" in words(page)
    assert 'id="v-posts_group_8-wrong"' in page.text


def test_one_indicator_is_entered_for_a_row_of_communes_and_an_entry_is_taken_back(client, there):
    typed = {"v-22849": "90", "v-22840": "45 %", "as_of": "2026-01-01"}
    assert client.post("/indicators/names/staff-trained", data=typed).status_code == 303
    assert (said(there, "22849", "staff-trained"), said(there, "22840", "staff-trained")) == (
        *(0.9,),
        0.45,
    )
    assert client.get("/indicators/names/nonsense").status_code == 404

    # The history has every entry, and one is taken back.
    for value in ("40", "41"):
        data = {"v-desks": value, "as_of": "2026-01-01"}
        client.post("/indicators/communes/22849/desks", data=data)
    history = indicators_of(there).history("22849", "desks")
    assert [d.value for d in history] == [41, 40]
    answer = client.post(f"/indicators/entries/{history[0].id}/withdraw", data={})
    assert answer.status_code == 303
    assert said(there, "22849", "desks") == 40
    page = client.get("/indicators/communes/22849/desks?lang=en")
    assert "taken back" in words(page)
    assert "<del>41</del>" in page.text
    assert client.post(f"/indicators/entries/{history[0].id}/withdraw", data={}).status_code == 404


def test_the_past_can_be_seen_as_it_is_known_now_and_as_it_was_known_then(client, there):
    indicators = indicators_of(there)
    indicators.declare([Entry("22849", "desks", 7, dt.date(2025, 1, 1))], CLI)
    now = client.get("/indicators?day=2025-06-01&lang=en")
    assert "entered later" in words(now)
    then = client.get("/indicators?day=2025-06-01&known=then&lang=en")
    assert "entered later" not in words(then)
    assert client.get("/indicators?day=nonsense").status_code == 422


def test_the_sheet_comes_back_is_previewed_and_taken_over_as_one(client, there, tmp_path):
    assert client.get("/indicators/sheets/list.csv").text.startswith("\ufeff")
    out = client.get("/indicators/sheets/matrix.xlsx").content
    again = client.post("/indicators/import", files={"sheet": ("m.xlsx", io.BytesIO(out))})
    page = client.get(again.headers["location"] + "?lang=en")
    assert "nothing was changed" in words(page)
    wrong = sheet_of(tmp_path, ("Mã xã", "desks", "staff-trained"), ("22840", 3, "1"))
    place = client.post("/indicators/import", files=wrong).headers["location"]
    page = client.get(place + "?lang=en")
    assert "C (staff-trained): 1 may be 1 % or 100 %" in words(page)
    assert client.post(place, data={}).status_code == 422
    assert client.get(place + "/errors.xlsx").content[:2] == b"PK"
    assert said(there, "22840", "desks") is None
    right = sheet_of(tmp_path, ("Mã xã", "desks", "staff-trained"), ("22840", 3, "100 %"))
    place = client.post("/indicators/import", files=right).headers["location"]
    assert "Take over: 2 values" in words(client.get(place + "?lang=en"))
    done = client.post(place, data={})
    assert done.headers["location"].startswith("/indicators?done=imported&batch=")
    assert (said(there, "22840", "desks"), said(there, "22840", "staff-trained")) == (3, 1.0)
    assert client.get(place).status_code == 404
    assert there.register.changes(kind="indicator")[0].reason == "import of báo cáo.xlsx"

    # What is no sheet is refused in words.
    for content in (b"", b"no sheet at all", b"PK\x03\x04 broken"):
        answer = client.post("/indicators/import", files={"sheet": ("x.xlsx", content)})
        assert answer.status_code == 422
        assert "✕" in words(answer)
    assert client.post("/indicators/import", data={}).status_code == 422


def test_somebody_declares_in_the_own_communes_only_and_sees_no_other(client_of, log_in, there):
    data = {"v-desks": "3", "as_of": "2026-01-01"}
    indicators_of(there).declare([Entry("22849", "desks", 7, dt.date(2025, 1, 1))], CLI)
    client = log_in(client_of(there), there, "planner", ["22840"])
    assert client.post("/indicators/communes/22840/desks", data=data).status_code == 303
    assert client.post("/indicators/communes/22849/desks", data=data).status_code == 403
    page = words(client.get("/indicators"))
    assert "Công Hải" in page
    assert "Thuận Bắc" not in page
    assert "22849" not in client.get("/indicators/sheets/list.csv").text
    log = words(client.get("/changes?kind=indicator&lang=en"))
    assert "22840 desks" in log
    assert "22849 desks" not in log
    assert "v-22849" not in client.get("/indicators/names/desks").text
    entry = indicators_of(there).history("22849", "desks")[0]
    assert client.post(f"/indicators/entries/{entry.id}/withdraw", data={}).status_code == 403
