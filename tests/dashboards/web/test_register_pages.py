"""Entering, finding, changing and undoing in the pages, over real HTTP."""

import csv
import io
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from config.assets import Asset, AssetClass
from dashboards.web.offers import fields_of
from inventory.custom_field import Field, FieldKind
from inventory.register.entry import Actor, Create

LAN = Actor("lan", "web")


@pytest.fixture
def office(site, client_of, log_in):
    """(site, a client that is logged in as an administrator)."""
    found = site()
    return found, log_in(client_of(found), found)


@pytest.fixture
def add():
    """add(site, "TS-1", name=…) registers assets."""

    def make(site, *tags, **more):
        values = {"name": "Máy chủ", "class": "server", "commune": "22849", **more}
        made = [Asset.model_validate({**values, "tag": tag}) for tag in tags]
        site.register.apply([Create(asset) for asset in made], LAN)

    return make


def form_of(client, path, **typed):
    """What a browser would send of the form of a page, with some inputs typed anew."""
    html = client.get(path).text
    form = html[html.index('<form method="post" action="/assets') :].split("</form>")[0]
    values = dict(
        re.findall(r'<input type="(?:hidden|text)"[^>]*name="([^"]+)" value="([^"]*)"', form)
    )
    for name, inside in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        values[name] = chosen[1] if chosen else ""
    for name, text in re.findall(
        r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        values[name] = text
    for name in re.findall(r'<input type="checkbox"[^>]*name="([^"]+)" checked', form):
        values[name] = "on"
    return values | typed


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())


def test_an_asset_is_registered_by_form_and_stands_in_list_and_log(office):
    site, client = office
    data = form_of(
        client, "/assets/new", name="Máy chủ một cửa", commune="22849", price_vnd="12.500.000 đ"
    )
    answer = client.post("/assets/new", data=data | {"class": "server", "reason": "mua mới"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/assets/SRV-22849-001?done=created"
    page = text_of(client.get(answer.headers["location"]))
    assert "Đã đăng ký." in page
    assert "mua mới" in page
    assert "12.500.000" in page
    assert "SRV-22849-001" in text_of(client.get("/assets?q=may+chu+mot+cua"))
    assert site.register.get("SRV-22849-001").asset.price_vnd == 12_500_000


def test_ten_of_the_same_get_their_tags_and_serials(office):
    site, client = office
    serials = "\n".join(f"SN{n}" for n in range(10))
    data = form_of(client, "/assets/new", tag="PC-009", name="Máy vi tính", commune="22849")
    data |= {"class": "desktop", "count": "10", "serials": serials}
    answer = client.post("/assets/new", data=data)
    assert answer.status_code == 303, text_of(answer)
    assert "Đã đăng ký 10 tài sản." in text_of(client.get(answer.headers["location"]))
    assert site.register.get("PC-018").asset.serial == "SN9"
    assert site.register.get("PC-009").asset.serial == "SN0"


def test_of_ten_all_or_none_is_registered(office, add):
    site, client = office
    add(site, "PC-012")
    data = form_of(client, "/assets/new", tag="PC-010", name="Máy vi tính", commune="22849")
    answer = client.post("/assets/new", data=data | {"class": "desktop", "count": "5"})
    assert answer.status_code == 422
    assert "Số 3: đã có tài sản khác mang mã PC-012" in text_of(answer)
    assert site.register.get("PC-010") is None


def test_errors_stand_beside_their_field_and_what_was_typed_stays(office):
    _, client = office
    data = form_of(client, "/assets/new", tag="máy 1", price_vnd="12 triệu", name="<b>Máy</b>")
    answer = client.post("/assets/new", data=data | {"purchased": "31/02/2025", "commune": "22849"})
    assert answer.status_code == 422
    for key in ("purchased", "price_vnd"):
        assert re.search(
            rf'name="{key}"[^>]*aria-describedby="{key}-hint {key}-wrong" aria-invalid="true"',
            answer.text,
        )
    assert 'value="12 triệu"' in answer.text
    assert 'value="31/02/2025"' in answer.text
    assert 'value="&lt;b&gt;Máy&lt;/b&gt;"' in answer.text
    assert 'id="tag-wrong"' in answer.text
    assert 'id="class-wrong"' in answer.text


def test_an_edit_changes_what_was_typed_and_undo_brings_it_back(office, add):
    site, client = office
    add(site, "TS-1", room="P. 1", custom={"Số hiệu": "7"})
    data = form_of(client, "/assets/TS-1/edit", room="P. 2")
    assert data["custom.Số hiệu"] == "7"
    assert client.post("/assets/TS-1/edit", data=data).headers["location"] == (
        "/assets/TS-1?done=saved"
    )
    change = site.register.changes("TS-1")[0]
    assert (change.before, change.after) == ({"room": "P. 1"}, {"room": "P. 2"})
    answer = client.post(f"/changes/{change.id}/undo")
    assert answer.status_code == 303
    assert site.register.get("TS-1").asset.room == "P. 1"


def test_of_two_who_edit_one_asset_nobody_loses_anything(office, add):
    site, client = office
    add(site, "TS-1")
    mine = form_of(client, "/assets/TS-1/edit", room="P. 9", custodian="An")
    site.register.edit("TS-1", {"room": "P. 2", "vendor": "HPE"}, LAN)
    answer = client.post("/assets/TS-1/edit", data=mine)
    assert answer.status_code == 409
    said = text_of(answer)
    assert "Người khác vừa sửa tài sản này" in said
    assert "lan lúc" in said
    assert 'value="P. 9"' in answer.text
    assert 'value="HPE"' in answer.text
    assert 'name="theirs" value="room"' in answer.text
    assert site.register.get("TS-1").asset.custodian == ""
    version = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    again = mine | {"version": version, "vendor": "HPE", "theirs": "room"}
    assert client.post("/assets/TS-1/edit", data=again).status_code == 303
    saved = site.register.get("TS-1").asset
    assert (saved.room, saved.vendor, saved.custodian) == ("P. 2", "HPE", "An")


def test_what_hatang_yaml_registers_is_not_edited_here(office):
    site, client = office
    assert client.get("/assets/RT-1/edit").status_code == 409
    assert "lưu trong hatang.yaml" in text_of(client.get("/assets/RT-1"))
    data = {"name": "x", "class": "router", "commune": "22849", "tag": "RT-1"}
    answer = client.post("/assets/RT-1/edit", data=data | {"version": "1"})
    assert answer.status_code == 422
    assert site.register.get("RT-1").asset.name == "Router UBND xã"


def test_removing_needs_a_reason_and_can_be_undone(office, add):
    site, client = office
    add(site, "TS-1")
    assert client.post("/assets/TS-1/remove", data={"reason": " "}).status_code == 422
    answer = client.post("/assets/TS-1/remove", data={"reason": "ghi nhầm", "version": "1"})
    assert answer.status_code == 303
    assert site.register.get("TS-1") is None
    assert "TS-1" in text_of(client.get("/assets?removed=1"))
    change = site.register.changes("TS-1")[0]
    assert (change.action, change.reason) == ("removed", "ghi nhầm")
    client.post(f"/changes/{change.id}/undo")
    assert site.register.get("TS-1") is not None


def test_a_move_has_its_document_and_changes_the_asset(office, add):
    site, client = office
    add(site, "TS-1", custodian="An")
    data = form_of(client, "/assets/TS-1/moves", kind="transferred", to_commune="22840")
    answer = client.post("/assets/TS-1/moves", data=data)
    assert answer.status_code == 422
    assert 'id="document-wrong"' in answer.text
    data |= {"document": "12/QĐ-UBND", "to_person": "Bình", "day": "1/2/2026"}
    assert client.post("/assets/TS-1/moves", data=data).status_code == 303
    moved = site.register.get("TS-1").asset
    assert (moved.commune, moved.custodian) == ("22840", "Bình")
    page = text_of(client.get("/assets/TS-1"))
    assert "12/QĐ-UBND" in page
    assert "điều chuyển sang xã khác" in page


def test_bulk_edit_shows_what_would_change_and_does_all_of_it(office, add):
    site, client = office
    add(site, "TS-1", "TS-2", "TS-3", room="P. 1")
    page = client.get("/assets/bulk?tag=TS-1&tag=TS-2")
    rows = re.search(r'name="rows" value="([^"]*)"', page.text)[1]
    assert rows == "TS-1:1 TS-2:1"
    data = {"rows": rows, "set": ["room", "status"], "room": "P. 5", "status": "in_use"}
    preview = client.post("/assets/bulk", data=data | {"do": "preview"})
    assert "2 trong 2 tài sản sẽ thay đổi. Hiện chưa sửa gì." in text_of(preview)
    assert site.register.get("TS-1").asset.room == "P. 1"
    answer = client.post("/assets/bulk", data=data | {"do": "apply", "reason": "dọn phòng"})
    assert answer.status_code == 303
    assert [site.register.get(f"TS-{n}").asset.room for n in (1, 2, 3)] == ["P. 5", "P. 5", "P. 1"]
    batch = parse_qs(urlsplit(answer.headers["location"]).query)["batch"][0]
    assert "Hoàn tác cả đợt" in text_of(client.get(answer.headers["location"]))
    client.post(f"/changes/{batch}/undo")
    assert site.register.get("TS-1").asset.room == "P. 1"


def test_bulk_edit_of_all_that_was_found_leaves_the_rest_alone(office, add):
    site, client = office
    add(site, "TS-1", "TS-2", room="P. 1")
    add(site, "TS-3", room="P. 7")
    page = client.get("/assets/bulk", params={"all": "1", "asked": "q=P.+1"})
    assert re.search(r'name="rows" value="([^"]*)"', page.text)[1] == "TS-1:1 TS-2:1"


def test_bulk_edit_after_somebody_elses_change_does_nothing(office, add):
    site, client = office
    add(site, "TS-1", "TS-2")
    data = {"rows": "TS-1:1 TS-2:1", "set": "room", "room": "P. 5", "do": "apply"}
    site.register.edit("TS-2", {"vendor": "HPE"}, LAN)
    answer = client.post("/assets/bulk", data=data)
    assert answer.status_code == 409
    assert "TS-2 vừa được người khác sửa" in text_of(answer)
    assert site.register.get("TS-1").asset.room == ""


def test_bulk_edit_is_refused_as_a_whole_in_its_preview_already(office, add):
    site, client = office
    add(site, "TS-1", "TS-2")
    data = {"rows": "TS-1:1 TS-2:1", "set": "purchased", "purchased": "1/1/1900"}
    answer = client.post("/assets/bulk", data=data | {"do": "preview"})
    assert answer.status_code == 422
    assert "xem lại năm" in text_of(answer)
    assert 'value="apply"' not in answer.text


def test_the_list_filters_sorts_counts_and_pages(office, add):
    site, client = office
    add(site, *(f"TS-{n:02}" for n in range(30)))
    add(site, "MI-1", name="Máy in", commune="22840", status="in_repair", **{"class": "printer"})

    def tags(path):
        return re.findall(r'<th scope="row"><a href="/assets/([^"]+)"', client.get(path).text)

    assert tags("/assets?class=printer") == ["MI-1"]
    assert tags("/assets?commune=22840") == ["MI-1"]
    assert tags("/assets?status=in_repair") == ["MI-1"]
    assert tags("/assets?state=up") == ["RT-1"]
    assert len(tags("/assets?q=ts-&size=25")) == 25
    assert tags("/assets?q=ts-&size=25&page=2") == [f"TS-{n}" for n in range(25, 30)]
    assert tags("/assets?q=ts-&size=25&page=99") == [f"TS-{n}" for n in range(25, 30)]
    assert tags("/assets?q=ts-&desc=1&size=25")[0] == "TS-29"
    assert "đang sửa chữa 1" in text_of(client.get("/assets"))
    assert tags("/assets?sort=nonsense&page=x&size=7&class=y&desc=%00")[0] == "MI-1"


def test_columns_and_filters_are_remembered_in_the_readers_own_browser(office):
    _, client = office
    page = client.get("/assets?col=serial&col=vendor").text
    assert "SN-1" in page
    heads = re.findall(r"sort=([a-z_]+)", client.get("/assets").text.partition("<tbody")[0])
    assert heads == ["vendor", "serial"]
    client.post("/assets/filters", data={"name": "Máy in hỏng", "asked": "class=printer&evil=1"})
    assert '<a href="/assets?class=printer">Máy in hỏng</a>' in client.get("/assets").text
    client.post("/assets/filters", data={"drop": "Máy in hỏng", "asked": ""})
    assert "Máy in hỏng" not in client.get("/assets").text


def test_a_registrar_of_one_commune_neither_sees_nor_changes_another(site, client_of, log_in, add):
    found = site()
    add(found, "TS-1", "TS-2")
    add(found, "TS-3", commune="22840")
    client = log_in(client_of(found), found, "registrar", communes=["22840"])
    listed = text_of(client.get("/assets"))
    assert "TS-3" in listed
    assert "TS-1" not in listed
    assert client.get("/assets/TS-1/edit").status_code == 403
    assert client.get("/assets/TS-1/copy").status_code == 403
    assert client.post("/assets/TS-1/remove", data={"reason": "x"}).status_code == 403
    assert client.get("/assets/TS-1/moves").status_code == 403
    data = {"name": "x", "class": "server", "commune": "22849", "tag": "TS-9"}
    assert client.post("/assets/new", data=data).status_code == 403
    take = data | {"tag": "TS-3", "version": "1"}
    assert client.post("/assets/TS-3/edit", data=take).status_code == 403
    bulk = {"rows": "TS-1:1 TS-3:1", "set": "room", "room": "P. 5", "do": "apply"}
    assert client.post("/assets/bulk", data=bulk).status_code == 303
    assert found.register.get("TS-1").asset.room == ""
    assert found.register.get("TS-3").asset.room == "P. 5"
    log = text_of(client.get("/changes"))
    assert "TS-3" in log
    assert "TS-1" not in log
    first = found.register.changes("TS-1")[0]
    assert client.post(f"/changes/{first.id}/undo").status_code == 403
    assert found.register.get("TS-3").asset.commune == "22840"


def test_undoing_a_transfer_needs_the_rights_of_both_communes(site, client_of, log_in, add):
    found = site()
    add(found, "TS-1")
    found.register.edit("TS-1", {"commune": "22840"}, LAN)
    moved = found.register.changes("TS-1")[0]
    for commune in ("22840", "22849"):
        client = log_in(client_of(found), found, "registrar", communes=[commune])
        assert client.post(f"/changes/{moved.id}/undo").status_code == 403
    assert found.register.get("TS-1").asset.commune == "22840"


def test_a_viewer_reads_and_changes_nothing(site, client_of, log_in, add):
    found = site()
    add(found, "TS-1")
    client = log_in(client_of(found), found, "viewer")
    assert client.get("/assets").status_code == 200
    assert 'href="/assets/new"' not in client.get("/assets").text
    assert 'href="/users"' not in client.get("/assets").text
    for path in ("/assets/new", "/assets/bulk", "/assets/TS-1/edit", "/assets/TS-1/remove"):
        assert client.get(path).status_code == 403, path
        assert client.post(path, data={"reason": "x"}).status_code == 403, path
    assert client.post("/assets/TS-1/moves", data={}).status_code == 403


def test_the_log_is_filtered_and_exported_and_no_cell_is_a_formula(office, add):
    site, client = office
    add(site, "TS-1", name="=cmd|' /C calc'!A0")
    site.register.edit("TS-1", {"room": "P. 2"}, Actor("minh", "web"), reason="@sum(1)")
    rows = list(
        csv.reader(io.StringIO(client.get("/changes.csv?kind=asset").text.lstrip("\ufeff")))
    )
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "TS-1" not in text_of(client.get("/changes?actor=nobody"))
    assert "P. 2" in text_of(client.get("/changes?actor=minh"))


def test_what_was_changed_again_since_is_not_undone(office, add):
    site, client = office
    add(site, "TS-1")
    site.register.edit("TS-1", {"room": "P. 2"}, LAN)
    first = site.register.changes("TS-1")[0]
    site.register.edit("TS-1", {"room": "P. 3"}, Actor("minh", "web"))
    answer = client.post(f"/changes/{first.id}/undo")
    assert answer.status_code == 409
    assert "đã được minh sửa sau đó" in text_of(answer)
    assert site.register.get("TS-1").asset.room == "P. 3"


def test_everything_is_readable_when_nothing_is_registered(site, client_of, log_in):
    found = site()
    found.register.take_files([])
    found.snapshot.assets.clear()
    client = log_in(client_of(found), found)
    assert "Chưa đăng ký thiết bị nào" in text_of(client.get("/assets"))
    assert client.get("/assets?q=x").status_code == 200
    assert client.get("/changes").status_code == 200
    assert client.get("/about").status_code == 200
    assert client.get("/assets/NO-1/edit").status_code == 404


def test_pages_stay_under_100_kb_with_two_hundred_rows(office, add):
    site, client = office
    add(
        site,
        *(f"TS-{n:04}" for n in range(250)),
        room="Phòng họp tầng 1",
        custodian="Nguyễn Văn An",
    )
    for path in ("/assets?size=200", "/changes", "/assets/bulk?all=1"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert int(answer.headers.get("content-length", len(answer.content))) < 100_000, path


def test_similar_assets_and_parts_are_named(office, add):
    site, client = office
    add(site, "TS-1", "TS-2", vendor="HPE", model="DL380")
    add(site, "TS-3", parent="TS-1")
    page = text_of(client.get("/assets/TS-1"))
    assert "Cùng hãng và kiểu máy TS-2" in page
    assert "Các bộ phận TS-3" in page


def test_money_is_shown_with_wear_and_residual_value(office, add):
    site, client = office
    add(site, "TS-1", price_vnd=20_000_000, in_use_since="2020-01-01")
    page = text_of(client.get("/assets/TS-1"))
    assert "tài sản cố định (TSCĐ)" in page
    assert "Giá trị còn lại" in page


def test_a_page_of_an_asset_that_is_not_looked_at_yet_shows_the_register(office, add):
    site, client = office
    add(site, "TS-1", note="mới về")
    assert "TS-1" not in site.snapshot.assets
    assert "mới về" in text_of(client.get("/assets/TS-1"))


def test_an_edit_shows_before_the_daemon_has_followed(office, add):
    site, client = office
    add(site, "TS-1")
    view = replace(site.snapshot.assets["PC-1"], registered=site.register.get("TS-1").asset)
    site.snapshot.assets["TS-1"] = view
    site.register.edit("TS-1", {"room": "P. 77"}, LAN)
    assert "P. 77" in text_of(client.get("/assets/TS-1"))


def test_fields_of_ones_own_are_asked_for_and_checked(office):
    site, client = office
    fields_of(site).create(Field("Số mực", FieldKind.NUMBER, (AssetClass.PRINTER,)), LAN)
    data = form_of(client, "/assets/new?class=printer", tag="MI-1", name="Máy in", commune="22849")
    assert data["custom.Số mực"] == ""
    data |= {"class": "printer", "custom.Số mực": "nhiều"}
    answer = client.post("/assets/new", data=data)
    assert answer.status_code == 422
    assert 'value="nhiều"' in answer.text
    assert client.post("/assets/new", data=data | {"custom.Số mực": "3"}).status_code == 303
    assert site.register.get("MI-1").asset.custom == {"Số mực": "3"}
