"""Stock-takes over HTTP: forms, refusals, what a phone sends, sheets, minutes, rights."""

import io
import json
import re

import pytest
from openpyxl import Workbook, load_workbook

from config.assets import Asset, AssetStatus
from dashboards.web.stock_take import stock_takes_of
from inventory.register.entry import Actor
from inventory.stock_take.opening import Opening
from inventory.stock_take.report import Result

LAN = Actor("lan", "web", "127.0.0.1")


@pytest.fixture
def stocked(site):
    """A site whose register has three computers of one commune and one of another."""
    found = site(seen=False)
    for tag, commune in {
        "PC-2": "22849",
        "PC-3": "22849",
        "PC-4": "22849",
        "PC-9": "22840",
    }.items():
        values = {"tag": tag, "name": f"Máy {tag}", "class": "desktop", "commune": commune}
        values |= {"site": "Một cửa", "price_vnd": 15_000_000}
        found.register.create(Asset.model_validate(values), LAN)
    return found


@pytest.fixture
def registrar(stocked, client_of, log_in):
    """A client of a registrar of commune 22849. It waits: sheets are read in another process."""
    client = client_of(stocked)
    client.timeout = 60.0
    return log_in(client, stocked, "registrar", communes=["22849"], name="lan")


@pytest.fixture
def opened(stocked):
    """A stock-take of the one-stop desk of commune 22849: PC-2, PC-3 and PC-4."""
    works = stock_takes_of(stocked)
    day = works.day_of(stocked.clock.wall())
    return works.open(Opening("22849", "Một cửa", day, "Kiểm kê cuối năm"), "Xã Thuận Bắc", LAN)


def form(**more):
    values = {"commune": "22849", "site": "Một cửa", "day": "2026-01-01", "title": "Kiểm kê"}
    return (
        values
        | {"member_name": ["Lan"], "member_title": ["Kế toán"], "member_role": ["chair"]}
        | more
    )


def report(stocked):
    return stock_takes_of(stocked).report(1)


def send(client, *counts):
    return client.post("/stock-takes/1/counts", data={"counts": json.dumps(counts)})


def test_the_list_says_what_to_do_first(registrar):
    page = registrar.get("/stock-takes?lang=en").text
    assert "No stock-take yet" in page
    assert '<details class="opening" open>' in page


def test_a_stock_take_is_opened_by_form_and_listed(registrar, stocked):
    day = stock_takes_of(stocked).day_of(stocked.clock.wall()).isoformat()
    answer = registrar.post("/stock-takes", data=form(day=day))
    assert (answer.status_code, answer.headers["location"]) == (303, "/stock-takes/1")
    take = stock_takes_of(stocked).get(1)
    assert (take.unit, take.opened_by, take.book_size) == ("Xã Thuận Bắc", "lan", 3)
    assert [(m.name, m.title, m.role) for m in take.opening.members] == [
        ("Lan", "Kế toán", "chair")
    ]
    assert "0 of 3" in registrar.get("/stock-takes?lang=en").text


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"title": " "}, "title", "must not be empty"),
        ({"day": "31/31/2026"}, "day", "is no day"),
        ({"day": "2099-01-01"}, "day", "is still to come"),
        ({"day": "1990-01-01"}, "day", "nothing was registered here on 01/01/1990"),
        ({"commune": ""}, "commune", "choose a commune"),
        ({"member_name": [""]}, "members", "must not be empty"),
    ],
)
def test_what_cannot_be_opened_is_said_beside_its_field_and_kept(
    registrar, stocked, more, field, said
):
    answer = registrar.post("/stock-takes?lang=en", data=form(reason="Sáp nhập") | more)
    assert answer.status_code == 422
    assert said in answer.text
    assert re.search(rf'aria-invalid="true" aria-describedby="wrong-{field}', answer.text)
    assert f'id="wrong-{field}"' in answer.text
    assert 'value="Sáp nhập"' in answer.text
    assert stock_takes_of(stocked).all() == []


def test_a_phone_sends_many_counts_and_is_told_of_each(registrar, stocked, opened):
    good = {"id": "phone-00001", "label": "http://x/a/PC-2", "how": "scan", "at": 1e9}
    bad = {"id": "phone-00002", "label": "", "how": "scan"}
    answer = send(registrar, good, bad, "nothing", good)
    assert answer.status_code == 200
    told = answer.json()
    assert told["taken"] == [{"id": "phone-00001", "new": n} for n in (True, False)]
    assert [refused["id"] for refused in told["refused"]] == ["phone-00002", ""]
    assert (told["seen"], told["of"]) == (1, 3)
    assert send(registrar, good).json()["taken"] == [{"id": "phone-00001", "new": False}]
    assert [(line.tag, line.times) for line in report(stocked).of(Result.COUNTED)] == [("PC-2", 1)]


@pytest.mark.parametrize("sent", ["", "{", "{}", "null", json.dumps([{}] * 501)])
def test_what_is_no_list_of_counts_is_refused(registrar, opened, sent):
    answer = registrar.post("/stock-takes/1/counts", data={"counts": sent})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/json")


def test_a_form_of_ticks_that_is_sent_twice_counts_once(registrar, stocked, opened):
    page = registrar.get("/stock-takes/1").text
    form_id = re.search(r'name="form" value="([^"]+)"', page)[1]
    for _ in range(2):
        data = {"form": form_id, "tag": ["PC-2", "PC-3"], "show": "missing"}
        answer = registrar.post("/stock-takes/1/ticks", data=data)
        assert answer.status_code == 303
    assert answer.headers["location"] == "/stock-takes/1?said=ticked&number=0&show=missing"
    assert [(line.tag, line.times) for line in report(stocked).of(Result.COUNTED)] == [
        ("PC-2", 1),
        ("PC-3", 1),
    ]


def test_a_thing_without_a_label_is_counted_and_named(registrar, stocked, opened):
    answer = registrar.post("/stock-takes/1/counts", data={"id": "page-00001", "note": "Máy đen"})
    assert "counted=M" in answer.headers["location"]
    page = registrar.get("/stock-takes/1?show=unlabelled").text
    count_id = re.search(r'name="count" value="([^"]+)"', page)[1]
    registrar.post(
        "/stock-takes/1/name", data={"count": count_id, "label": "PC-3", "note": "Máy đen"}
    )
    found = report(stocked)
    assert found.of(Result.UNLABELLED) == ()
    assert [(line.tag, line.note) for line in found.of(Result.COUNTED)] == [("PC-3", "Máy đen")]
    empty = registrar.post("/stock-takes/1/name?lang=en", data={"count": count_id, "label": " "})
    assert empty.status_code == 422
    assert "say which label was seen" in empty.text


def _sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    octets = io.BytesIO()
    book.save(octets)
    return octets.getvalue()


def test_the_counting_sheet_goes_out_is_marked_and_comes_back(registrar, stocked, opened):
    out = registrar.get("/stock-takes/1/sheet.xlsx")
    assert out.headers["content-disposition"].endswith('.xlsx"')
    sheet = load_workbook(io.BytesIO(out.content)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert [row[0] for row in rows] == ["Mã số", "PC-2", "PC-3", "PC-4"]
    rows[1][5] = "x"
    rows.append(["ZZ-1", "Máy lạ", "", "", "", "x"])
    back = _sheet(*rows)
    for number in ("2", "0"):
        answer = registrar.post("/stock-takes/1/sheet", files={"sheet": ("dem.xlsx", back)})
        assert answer.headers["location"] == (
            f"/stock-takes/1?said=sheet&number={number}&show=counted"
        )
    found = report(stocked)
    assert [line.tag for line in found.of(Result.COUNTED)] == ["PC-2"]
    assert [line.tag for line in found.of(Result.SURPLUS)] == ["ZZ-1"]


def test_a_csv_sheet_is_read_too(registrar, stocked, opened):
    text = "Mã số;Đã thấy\nPC-2;x\nPC-3;\n".encode()
    registrar.post("/stock-takes/1/sheet", files={"sheet": ("dem.csv", text)})
    assert [line.tag for line in report(stocked).of(Result.COUNTED)] == ["PC-2"]


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (b"", "choose a file"),
        (b"PK\x03\x04 broken", ""),
        ("Mã số;Đã thấy\nPC-2;x\nPC-3;maybe\n".encode(), "Row 3: maybe is neither seen nor"),
        (b"a;b\n1;2\n", "needs a row of headings"),
        (b"x" * (8 * 1024 * 1024 + 1), "is too big"),
    ],
    ids=["nothing", "broken", "odd mark", "no headings", "too big"],
)
def test_a_sheet_that_cannot_be_read_counts_nothing(registrar, stocked, opened, octets, said):
    answer = registrar.post("/stock-takes/1/sheet?lang=en", files={"sheet": ("dem.csv", octets)})
    assert answer.status_code == 422
    assert said in answer.text
    assert report(stocked).counted.quantity == 0


def test_closing_writes_minutes_and_what_follows_is_applied_by_a_person(registrar, stocked, opened):
    send(registrar, {"id": "phone-00001", "label": "PC-2", "how": "scan"})
    assert registrar.post("/stock-takes/1/close", data={}).status_code == 422
    answer = registrar.post(
        "/stock-takes/1/close", data={"sure": "yes", "conclusion": "Thiếu hai máy"}
    )
    assert answer.headers["location"] == "/stock-takes/1?said=minutes"
    page = registrar.get("/stock-takes/1?lang=en").text
    assert page.count('name="tag"') == 2
    assert "Count with a phone" not in page
    late = send(registrar, {"id": "phone-00002", "label": "PC-3", "how": "scan"})
    assert (late.status_code, late.json()) == (409, {"closed": True})
    assert registrar.get("/stock-takes/1/count").status_code == 303
    minutes = registrar.get("/stock-takes/1/minutes?lang=en").text
    assert "Thiếu hai máy" in minutes
    assert "45,000,000" in minutes
    assert "15,000,000" in minutes
    sheet = registrar.get("/stock-takes/1/minutes.xlsx")
    cells = [str(c.value) for row in load_workbook(io.BytesIO(sheet.content)).active for c in row]
    assert "PC-3" in cells
    data = {"tag": ["PC-3"], "document": "BB-7"}
    assert registrar.post("/stock-takes/1/apply", data=data).status_code == 303
    assert stocked.register.get("PC-3").asset.status is AssetStatus.LOST
    assert stocked.register.get("PC-4").asset.status is AssetStatus.IN_USE
    again = registrar.post("/stock-takes/1/apply?lang=en", data=data)
    assert again.status_code == 422
    assert "choose at least one change that waits" in again.text


def test_what_changed_since_the_closing_is_told_and_left(registrar, stocked, opened):
    registrar.post("/stock-takes/1/close", data={"sure": "yes"})
    stocked.register.edit("PC-3", {"room": "P.9"}, LAN)
    answer = registrar.post("/stock-takes/1/apply?lang=en", data={"tag": ["PC-3", "PC-4"]})
    assert answer.status_code == 422
    assert "PC-3 has been changed since the closing" in answer.text
    assert stocked.register.get("PC-4").asset.status is AssetStatus.IN_USE


def test_a_transfer_from_a_commune_that_is_not_ones_own_is_refused(registrar, stocked, opened):
    send(registrar, {"id": "phone-00001", "label": "PC-9", "how": "scan"})
    registrar.post("/stock-takes/1/close", data={"sure": "yes"})
    data = {"tag": ["PC-9"], "document": "QĐ-1"}
    answer = registrar.post("/stock-takes/1/apply?lang=en", data=data)
    assert answer.status_code == 422
    assert "you may not change what PC-9 needs" in answer.text
    assert stocked.register.get("PC-9").asset.commune == "22840"


PATHS = ("", "/minutes", "/minutes.xlsx", "/sheet.xlsx", "/count", "/book.json")
POSTS = ("/counts", "/ticks", "/withdraw", "/name", "/sheet", "/close", "/apply")


@pytest.mark.parametrize(
    ("role", "communes", "reads", "writes"),
    [
        ("viewer", None, True, False),
        ("planner", None, True, False),
        ("operator", None, True, False),
        ("registrar", ["22840"], False, False),
    ],
)
def test_who_may_not_is_turned_away(
    stocked, opened, client_of, log_in, role, communes, reads, writes
):
    client = log_in(client_of(stocked), stocked, role, communes=communes)
    for path in PATHS[:4]:
        assert client.get(f"/stock-takes/1{path}").status_code == (200 if reads else 403), path
    for path in PATHS[4:]:
        assert client.get(f"/stock-takes/1{path}").status_code == 403, path
    for path in POSTS:
        answer = client.post(f"/stock-takes/1{path}", data={"sure": "yes", "counts": "[]"})
        assert answer.status_code == 403, path
    assert client.post("/stock-takes", data=form()).status_code == 403
    assert ("/stock-takes/1" in client.get("/stock-takes").text) is reads
    assert stock_takes_of(stocked).get(1).state == "open"


def test_a_form_without_its_proof_changes_nothing(registrar, stocked, opened):
    registrar.headers.pop("X-CSRF-Token")
    answer = send(registrar, {"id": "phone-00001", "label": "PC-2", "how": "scan"})
    assert answer.status_code == 403
    assert report(stocked).counted.quantity == 0


@pytest.mark.parametrize("path", ["/stock-takes/9", "/stock-takes/x", f"/stock-takes/{10**30}"])
def test_what_there_is_not_is_a_page_that_says_so(registrar, path):
    for more in ("", "/count", "/minutes"):
        assert registrar.get(path + more).status_code == 404


def test_hostile_words_are_text_on_every_page(registrar, stocked, opened):
    evil = "<script>alert(1)</script>"
    send(registrar, {"id": "phone-00001", "label": evil, "how": "scan", "note": '"><img src=x>'})
    send(registrar, {"id": "phone-00002", "note": "=cmd|' /C calc'!A0", "how": "typed"})
    for path in ("?show=surplus", "?show=unlabelled", "/minutes", f"?text={evil}", f"?show={evil}"):
        page = registrar.get(f"/stock-takes/1{path}").text
        assert evil not in page
        assert "<img src=x>" not in page
    sheet = registrar.get("/stock-takes/1/minutes.xlsx")
    cells = [c for row in load_workbook(io.BytesIO(sheet.content)).active for c in row]
    assert all(cell.data_type != "f" for cell in cells)


def test_pages_stay_small_with_a_large_book_and_only_cameras_of_our_own_may_look(
    registrar, stocked, opened
):
    answer = registrar.get("/stock-takes/1/count")
    assert answer.headers["permissions-policy"].startswith("camera=(self)")
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    worker = registrar.get("/stock-takes/worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
