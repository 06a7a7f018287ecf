"""Books of a commune and hand-over minutes, by their pages."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from config.assets import Asset
from inventory.register.entry import Actor
from inventory.register.moves import Move, MoveKind

WHO = Actor("lan", "web")
DAY = dt.date(2026, 2, 5)


def texts(data):
    book = load_workbook(io.BytesIO(data))
    return [str(v) for sheet in book for row in sheet.values for v in row if v is not None]


@pytest.fixture
def office(site, client_of):
    """(site, its client): two computers that went to Công Hải by one document, one that stayed."""
    found = site()
    for tag in ("MV-1", "MV-2", "MV-3"):
        values = {
            "tag": tag,
            "name": f"Máy vi tính {tag}",
            "class": "desktop",
            "commune": "22849",
            "price_vnd": 15_000_000,
            "in_use_since": "2025-03-01",
            "custodian": "Trần Văn Đức",
        }
        found.register.create(Asset.model_validate(values), WHO)
    for tag in ("MV-1", "MV-2"):
        move = Move(MoveKind.TRANSFERRED, DAY, "QĐ 9", to_commune="22840", to_person="Lê Thị Hồng")
        found.register.move(tag, move, WHO)
    return found, client_of(found)


def minutes_of(found, tag):
    (recorded,) = found.register.moves(found.register.get(tag).id)
    return f"/assets/{tag}/moves/{recorded.id}/minutes"


def test_s24h_of_both_communes_shows_what_left_the_one_and_came_to_the_other(office):
    _, client = office
    answer = client.get("/forms/book.xlsx?book=s24h&commune=22849&year=2026")
    assert 'filename="S24-H-22849-2026.xlsx"' in answer.headers["content-disposition"]
    left = texts(answer.content)
    assert {"MV-1", "MV-2", "MV-3", "Điều chuyển đến Xã Công Hải", "QĐ 9"} <= set(left)
    came = texts(client.get("/forms/book.xlsx?book=s24h&commune=22840&year=2026").content)
    assert {"MV-1", "MV-2", "QĐ 9", "05/02/2026"} <= set(came)
    assert "MV-3" not in came


def test_s26h_is_made(office):
    _, client = office
    answer = client.get("/forms/book.xlsx?book=s26h&commune=22849&year=2026")
    assert "Mẫu số S26-H" in texts(answer.content)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("book=s24h&commune=99999&year=2026", "commune"),
        ("book=s24h&commune=22849&year=1066", "year"),
        ("book=s24h&commune=22849&year=9999", "year"),
        ("book=s24h&commune=22849&year=²", "year"),
        ("book=s99&commune=22849&year=2026", "book"),
        ("", "commune"),
    ],
)
def test_what_is_wrong_with_a_book_stands_beside_its_field(office, query, field):
    answer = office[1].get(f"/forms/book.xlsx?{query}")
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text


def test_the_page_names_every_norm_with_its_source(office):
    page = office[1].get("/forms").text
    assert "Thông tư 23/2023/TT-BTC, Điều 3" in page
    assert "10.000.000" in page


def test_minutes_hold_all_that_moved_by_the_same_document(office):
    found, client = office
    page = client.get(minutes_of(found, "MV-1")).text
    assert "MV-1" in page
    assert "MV-2" in page
    assert "MV-3" not in page
    assert "Ủy ban nhân dân xã Công Hải" in page
    assert "ngày 05 tháng 02 năm 2026" in page
    assert "12.000.000" in page
    sheet = texts(client.get(minutes_of(found, "MV-1") + ".xlsx").content)
    assert {"MV-1", "MV-2", "Số: QĐ 9"} <= set(sheet)


def test_there_are_no_minutes_of_a_move_that_was_taken_back_or_is_another_assets(office):
    found, client = office
    address = minutes_of(found, "MV-1")
    assert client.get(address.replace("MV-1", "MV-3")).status_code == 404
    assert client.get(address.replace("MV-1", "NO-1")).status_code == 404
    found.register.undo(found.register.changes("MV-1")[0].id, WHO)
    assert client.get(address).status_code == 404


def test_a_loss_has_no_minutes_of_a_hand_over(office):
    found, client = office
    found.register.move("MV-3", Move(MoveKind.LOST, DAY), WHO)
    assert client.get(minutes_of(found, "MV-3")).status_code == 404


def test_what_is_received_comes_from_its_supplier(office):
    found, client = office
    values = {"tag": "NEW-1", "name": "Máy", "class": "printer", "commune": "22849"}
    asset = Asset.model_validate(values | {"supplier": "Công ty A", "status": "planned"})
    found.register.create(asset, WHO)
    found.register.move("NEW-1", Move(MoveKind.RECEIVED, DAY, to_person="Lan"), WHO)
    page = client.get(minutes_of(found, "NEW-1")).text
    assert "BÊN GIAO (Bên A): Công ty A" in page
    assert "BÊN NHẬN (Bên B): Ủy ban nhân dân xã Thuận Bắc" in page


def test_books_and_minutes_are_for_those_who_may_read_the_commune(office, log_in):
    found, client = office
    minutes = minutes_of(found, "MV-1")
    log_in(client, found, "viewer", communes=["22840"])
    assert client.get("/forms/book.xlsx?book=s24h&commune=22849&year=2026").status_code == 403
    assert client.get("/forms/book.xlsx?book=s24h&commune=22840&year=2026").status_code == 200
    assert "Xã Thuận Bắc" not in client.get("/forms").text
    # The asset is there now; MV-3 never was.
    assert client.get(minutes).status_code == 200
    log_in(client, found, "viewer", communes=["22849"])
    assert client.get(minutes).status_code == 200


def test_a_database_that_is_gone_is_said_and_is_no_defect(office, caplog):
    found, client = office
    found.database.unlink()
    answer = client.get("/forms/book.xlsx?book=s24h&commune=22849&year=2026")
    assert answer.status_code == 503
    assert "Hiện không dùng được cơ sở dữ liệu" in answer.text
    assert str(found.database) not in answer.text
    assert str(found.database) in caplog.text
