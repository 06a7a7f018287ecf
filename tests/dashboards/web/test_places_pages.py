"""Places, the catalogue, own fields, identity and attachments, over real HTTP."""

import io
import re

import pytest
from PIL import Image

from config.assets import Asset
from inventory.register.entry import SYSTEM

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def wanted(tag, **more):
    values = {"tag": tag, "name": tag, "class": "switch", "commune": "22849", **more}
    return Asset.model_validate(values)


def words(answer):
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def photo(kind="JPEG"):
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "blue").save(file, kind)
    return file.getvalue()


@pytest.fixture
def there(site):
    found = site()
    for asset in (
        wanted("SW-8", site="Tru so", room="Một cửa", serial="A8", vendor="HP"),
        wanted("SW-9", name="SW-8", custodian="Lan"),
    ):
        found.register.create(asset, SYSTEM)
    return found


@pytest.fixture
def client(enter_as_admin, there):
    return enter_as_admin(there)


def test_places_are_listed_entered_renamed_and_undone(client, there):
    assert "Xã Thuận Bắc" in words(client.get("/places"))
    place = {"kind": "site", "name": "Trụ sở", "note": "<i>2 tầng</i>"}
    assert client.post("/places/22849", data=place).status_code == 303
    page = client.get("/places/22849")
    assert "&lt;i&gt;2 tầng&lt;/i&gt;" in page.text
    sent = {"kind": "site", "name": "Tru so", "to": "UBND"}
    answer = client.post("/places/22849/rename", data=sent)
    assert answer.status_code == 303
    assert there.register.get("SW-8").asset.site == "UBND"
    batch = answer.headers["location"].partition("batch=")[2]
    assert f'value="{batch}"' in client.get(answer.headers["location"]).text
    assert client.post("/places/22849/undo", data={"batch": batch}).status_code == 303
    assert there.register.get("SW-8").asset.site == "Tru so"
    assert client.post("/places/22840/undo", data={"batch": batch}).status_code == 404


def test_what_is_wrong_with_a_place_is_beside_its_field(client):
    answer = client.post("/places/22849?lang=en", data={"kind": "room", "name": "", "note": "x"})
    assert answer.status_code == 422
    assert 'aria-describedby="name-wrong" aria-invalid="true"' in answer.text
    assert 'name="note" value="x"' in answer.text


def test_a_commune_is_shown_as_of_a_day_before_anything_was_registered(client):
    assert "SW-8" not in words(client.get("/places/22849?day=2020-01-01"))
    assert client.get("/places/22849?day=yesterday").status_code == 422
    assert client.get("/places/99999").status_code == 404


def test_a_batch_of_something_else_is_not_undone_as_a_place(client, there):
    entry = there.register.edit("SW-8", {"name": "khác"}, SYSTEM)
    (change, *_) = there.register.changes("SW-8")
    assert client.post("/places/22849/undo", data={"batch": change.batch}).status_code == 404
    assert there.register.get("SW-8").version == entry.version


def test_a_model_is_entered_with_what_the_register_offers(client):
    sent = {
        "class": "switch", "vendor": "HP", "model": "1920", "life_years": "8",
        "price_vnd": "12.500.000 đ", "price_day": "2026-01-31",
    }  # fmt: skip
    assert client.post("/catalogue", data=sent).status_code == 303
    assert "HP 1920" in words(client.get("/catalogue"))
    assert "12.500.000" in words(client.get("/catalogue"))
    assert '<option value="switch" selected>' in client.get("/catalogue/1").text
    wrong = client.post("/catalogue?lang=en", data={**sent, "model": "x", "price_day": ""})
    assert wrong.status_code == 422
    assert "say of which day the price is" in words(wrong)
    assert client.post("/catalogue/1/remove").status_code == 303
    assert "HP 1920" not in words(client.get("/catalogue"))
    assert client.post("/catalogue/1/restore").status_code == 303
    assert client.get("/catalogue/9").status_code == 404


def test_of_two_who_edit_a_model_the_second_one_is_told(client):
    sent = {"class": "switch", "vendor": "HP", "model": "1920"}
    client.post("/catalogue", data=sent)
    assert client.post("/catalogue/1", data={**sent, "note": "a", "version": "1"}).is_redirect
    late = client.post("/catalogue/1?lang=en", data={**sent, "note": "b", "version": "1"})
    assert "somebody has changed it since" in words(late)


def test_a_picture_of_a_model_is_shown_and_is_only_a_picture(client):
    client.post("/catalogue", data={"class": "switch", "vendor": "HP", "model": "1920"})
    sent = client.post("/catalogue/1/picture", files={"file": ("a.jpg", photo(), "image/jpeg")})
    assert sent.status_code == 303
    got = client.get("/catalogue/1/picture")
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["x-content-type-options"] == "nosniff"
    svg = {"file": ("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")}
    assert client.post("/catalogue/1/picture", files=svg).status_code == 422


def test_fields_of_ones_own_come_and_go(client):
    sent = {"name": "Mã mực", "kind": "choice", "choices": "đen\nvàng", "classes": ["printer"]}
    assert client.post("/fields", data=sent).status_code == 303
    assert "đen, vàng" in words(client.get("/fields"))
    assert client.post("/fields", data={"name": "", "kind": "text"}).status_code == 422
    client.post("/fields/1/remove")
    assert "Mã mực" not in words(client.get("/fields"))
    client.post("/fields/1/restore")
    assert "Mã mực" in words(client.get("/fields"))
    assert client.post("/fields/1/burn").status_code == 404


def test_two_entries_are_merged_and_taken_apart(client, there):
    page = client.get("/assets/SW-9/identity?lang=en")
    assert "SW-8" in words(page)
    assert '<option value="in_repair">' in page.text
    answer = client.post("/assets/SW-9/merge", data={"gone": "SW-8", "reason": "nhập trùng"})
    assert answer.status_code == 303
    assert there.register.get("SW-8") is None
    assert there.register.get("SW-9").asset.serial == "A8"
    page = client.get("/assets/SW-9/identity?lang=en")
    assert "SW-8 went up in SW-9" in words(page)
    assert client.post("/assets/SW-9/decisions/1/undo").status_code == 303
    assert there.register.get("SW-9").asset.serial == ""
    assert there.register.get("SW-8").asset.serial == "A8"
    again = client.post("/assets/SW-9/decisions/1/undo?lang=en")
    assert "undone already" in words(again)
    assert client.post("/assets/RT-1/decisions/1/undo").status_code == 404


def test_a_box_is_replaced_and_a_stack_split(client, there):
    sent = {"new_tag": "SW-10", "new_serial": "B1", "status": "in_repair", "why": "RMA"}
    assert client.post("/assets/SW-8/replace", data=sent).is_redirect
    assert there.register.get("SW-8").asset.status == "in_repair"
    assert there.register.get("SW-10").asset.room == "Một cửa"
    wrong = client.post("/assets/SW-8/replace", data={**sent, "new_tag": "a b"})
    assert 'aria-describedby="new_tag-wrong"' in wrong.text
    parts = {"tag_1": "SW-9-1", "name_1": "Một", "serial_1": "C1", "tag_2": "SW-9-2"}
    assert client.post("/assets/SW-9/split", data=parts).is_redirect
    assert there.register.get("SW-9-2").asset.parent == "SW-9"
    assert client.post("/assets/SW-9/split", data={}).status_code == 422


def test_what_the_files_register_is_not_merged_here(client):
    page = client.get("/assets/RT-1/identity?lang=en")
    assert "It is kept in hatang.yaml" in words(page)
    answer = client.post("/assets/RT-1/merge?lang=en", data={"gone": "SW-8"})
    assert answer.status_code == 422


def test_a_file_is_attached_given_back_removed_and_restored(client):
    sent = {"file": ("hoá đơn 1.pdf", PDF, "text/html")}
    answer = client.post("/assets/SW-8/files", files=sent, data={"kind": "invoice"})
    assert answer.status_code == 303
    assert "hoá đơn 1.pdf" in words(client.get("/assets/SW-8/files"))
    got = client.get("/assets/SW-8/files/1")
    assert (got.content, got.headers["content-type"]) == (PDF, "application/pdf")
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert client.get("/assets/SW-9/files/1").status_code == 404
    client.post("/assets/SW-8/files/1/remove")
    assert client.get("/assets/SW-8/files/1").status_code == 404
    client.post("/assets/SW-8/files/1/restore")
    assert client.get("/assets/SW-8/files/1").status_code == 200


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<script>alert(1)</script>"),
        ("a.png", PDF),
        ("a.jpg", photo("PNG")),
        ("", b""),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused(client, name, data):
    answer = client.post("/assets/SW-8/files", files={"file": (name, data, "image/png")})
    assert answer.status_code == 422
    assert 'id="file-wrong"' in answer.text


def test_what_went_up_in_an_asset_brings_its_files(client):
    client.post("/assets/SW-8/files", files={"file": ("a.jpg", photo(), "image/jpeg")})
    client.post("/assets/SW-9/merge", data={"gone": "SW-8"})
    assert "a.jpg" in words(client.get("/assets/SW-9/files"))
    assert client.get("/assets/SW-9/files/1").headers["content-type"] == "image/jpeg"
    assert client.post("/assets/SW-9/files/1/remove").status_code == 404


POSTS = (
    ("/inbox", {"thing": "1", "do": "ignore", "reason": "x"}),
    ("/inbox/1/register", {"tag": "SW-77", "name": "x", "class": "switch", "commune": "22849"}),
    ("/inbox/1/attach", {"to": "SW-8"}),
    ("/inbox/3/back", {}),
    ("/inbox/settle", {"tag": "SW-8", "what": "serial", "measured": "x"}),
    ("/places/22849", {"kind": "site", "name": "x"}),
    ("/places/22849/rename", {"kind": "site", "name": "Tru so", "to": "x"}),
    ("/catalogue", {"class": "ups", "vendor": "x", "model": "y"}),
    ("/fields", {"name": "x", "kind": "text"}),
    ("/assets/SW-8/merge", {"gone": "SW-9"}),
    ("/assets/SW-8/replace", {"new_tag": "SW-78"}),
    ("/assets/SW-8/split", {"tag_1": "SW-79"}),
    ("/assets/SW-8/files", {"kind": "other"}),
)


@pytest.mark.parametrize(
    ("role", "communes"),
    [("viewer", None), ("planner", None), ("registrar", ["22840"])],
    ids=["viewer", "planner", "registrar elsewhere"],
)
def test_who_may_not_changes_nothing(client_of, log_in, there, role, communes):
    client = log_in(client_of(there), there, role, communes)
    before = len(there.register.changes(kind="asset", limit=None))
    for path, form in POSTS:
        answer = client.post(path, data=form)
        assert answer.status_code in (403, 404), path
    assert len(there.register.changes(kind="asset", limit=None)) == before
    assert there.register.changes(kind="place") == []
    assert 'method="post" action="/inbox' not in client.get("/inbox").text or role == "registrar"


def test_somebody_of_one_commune_sees_what_is_there_and_decides_there(client_of, log_in, there):
    client = log_in(client_of(there), there, "operator", ["22849"])
    page = client.get("/inbox").text
    assert "10.20.0.7" in page
    assert "10.20.0.8" not in page  # in no commune
    assert client.get("/inbox/2").status_code == 404
    sent = {"thing": "1", "do": "ignore", "reason": "khách"}
    assert client.post("/inbox", data=sent).status_code == 303
    assert client.post("/assets/SW-8/merge", data={"gone": "SW-9"}).status_code == 403


def test_the_form_of_an_asset_asks_for_own_fields_and_offers_what_was_entered(client, there):
    client.post("/fields", data={"name": "Số cổng", "kind": "number", "classes": ["switch"]})
    client.post("/fields", data={"name": "Mã mực", "kind": "text", "classes": ["printer"]})
    client.post("/places/22849", data={"kind": "site", "name": "Nhà văn hoá"})
    page = client.get("/assets/SW-8/edit")
    assert 'name="custom.Số cổng"' in page.text
    assert 'name="custom.Mã mực"' not in page.text
    assert '<option value="Nhà văn hoá">' in page.text
    form = {"tag": "SW-8", "name": "SW-8", "class": "switch", "commune": "22849"}
    sent = {**form, "status": "in_use", "version": "1", "custom.Số cổng": "nhiều"}
    wrong = client.post("/assets/SW-8/edit?lang=en", data=sent)
    assert wrong.status_code == 422
    assert "is no number" in words(wrong)
    assert client.post("/assets/SW-8/edit", data={**sent, "custom.Số cổng": "24"}).is_redirect
    assert there.register.get("SW-8").asset.custom == {"Số cổng": "24"}
