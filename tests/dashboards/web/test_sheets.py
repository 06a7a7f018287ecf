"""Import and export pages: preview first, all or nothing, undone as one."""

import csv
import io
import time

import openpyxl
import pytest

HEADER = ["Mã tài sản", "Tên tài sản", "Loại tài sản", "Mã xã", "Nguyên giá"]


def sheet(*rows, header=HEADER):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


@pytest.fixture
def here(site):
    return site()


@pytest.fixture
def registrar(client_of, here, log_in):
    return log_in(client_of(here), here, "registrar", communes=["22849"])


@pytest.fixture
def upload(registrar):
    """Hands a sheet in and waits for what becomes of it; (address, page)."""

    def take(content, name="danh sách.csv", client=registrar):
        answer = client.post("/imports", files={"sheet": (name, content)})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"], settled(client, answer.headers["location"])

    return take


def settled(client, address):
    ends_s = time.monotonic() + 60
    while 'http-equiv="refresh"' in (page := client.get(address).text):
        assert time.monotonic() < ends_s, "it did not come to an end"
        time.sleep(0.05)
    return page


def test_a_sheet_is_looked_at_taken_over_and_undone(upload, registrar, here):
    rows = [["PR-9", "Máy in <b>", "Máy in", "22849", "4.800.000 đ"]]
    address, page = upload(sheet(*rows, ["", "=cmd|x", "PC", "22849", ""]))
    assert "Nhận: 2 mới, 0 thay đổi" in page
    assert "Máy in &lt;b&gt;" in page
    assert "mã do Hatang đặt" in page
    assert "PC-22849-001" in page
    assert "<ins>4.800.000 ₫</ins>" in page
    assert here.register.get("PR-9") is None
    assert registrar.post(f"{address}/apply").status_code == 303
    assert "Đã nhận bảng tính" in settled(registrar, address)
    assert here.register.get("PR-9").asset.price_vnd == 4_800_000
    assert {c.via for c in here.register.changes("PR-9")} == {"import"}
    assert "Sổ tài sản đã có tất cả" in upload(sheet(*rows))[1]
    assert registrar.post(f"{address}/undo").status_code == 303
    assert "Đã hoàn tác lần nhập" in registrar.get(address).text
    assert here.register.get("PR-9") is None
    assert "danh sách.csv" in registrar.get("/imports").text


def test_one_wrong_row_holds_up_all_and_the_error_file_says_why(upload, registrar, here):
    address, page = upload(
        sheet(["PR-9", "Máy in", "Máy in", "22849", "-1"], ["PR-8", "Máy", "Máy in", "22849", ""])
    )
    assert "1 dòng không nhận được" in page
    assert "nhỏ hơn không" in page
    assert "cột E" in page
    assert "Nhận:" not in page
    registrar.post(f"{address}/apply")
    assert here.register.get("PR-8") is None
    file = registrar.get(f"{address}/errors.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content)).active.values)
    assert rows[0] == (*HEADER, "Chỗ cần sửa")
    assert "nhỏ hơn không" in rows[1][5]
    assert rows[2][5] is None


def test_what_is_wrong_in_many_rows_is_said_once_with_its_rows(upload):
    wrong = [["", f"Máy {n}", "Điện thoại bàn quay số", "22849", ""] for n in range(3)]
    page = upload(sheet(*wrong, ["PC-1", "Máy", "PC", "22849", "-1"]))[1]
    faults = page[page.index('<section class="faults"') : page.index("</section>")]
    assert faults.count("Điện thoại bàn quay số") == 1
    assert "3 dòng: 2, 3, 4" in faults
    assert faults.index("2, 3, 4") < faults.index("1 dòng: 5")


def test_a_registrar_of_one_commune_takes_over_nothing_for_another(upload):
    assert "bạn chỉ được đăng ký ở" in upload(sheet(["X-1", "Máy", "PC", "22840", ""]))[1]


def test_columns_are_said_and_remembered(upload, registrar):
    content = sheet(["X-1", "Máy", "PC", "22849"], header=["tag", "Name", "Kiểu loại", "Nơi"])
    address, page = upload(content)
    assert "không được để trống" in page
    chosen = {"column_0": "tag", "column_1": "name", "column_2": "class", "column_3": "commune"}
    assert "Kiểu loại" in registrar.get(f"{address}/columns").text
    assert registrar.post(f"{address}/columns", data=chosen).status_code == 303
    assert "Nhận: 1 mới" in settled(registrar, address)
    assert "Nhận: 1 mới" in upload(content)[1]


def test_whoever_points_at_a_header_of_other_names_can_say_what_they_are(upload, registrar):
    address, page = upload(sheet(["Máy", "PC", "22849"], header=["Cái gì", "Kiểu loại", "Ở đâu"]))
    assert "Tệp không có dòng tên cột" in page
    page = settled(
        registrar, registrar.post(f"{address}/columns", data={"row": "9"}).headers["location"]
    )
    assert "Tệp không có gì ở dòng 9." in page
    assert 'value="9"' in page
    registrar.post(f"{address}/columns", data={"row": "1"})
    assert "Chưa nhận ra tên cột nào." in settled(registrar, address)
    assert "Ở đâu" in registrar.get(f"{address}/columns").text
    chosen = {"row": "1", "column_0": "name", "column_1": "class", "column_2": "commune"}
    registrar.post(f"{address}/columns", data=chosen)
    assert "Nhận: 1 mới" in settled(registrar, address)


def test_a_sheet_without_assets_says_so(upload):
    page = upload(sheet(["", "Tổng cộng", "", "", "1000"]))[1]
    assert "Không dòng nào là tài sản" in page
    assert "Sổ tài sản đã có tất cả" not in page


def test_what_is_no_sheet_is_refused_in_words(upload, registrar):
    page = upload(b"PK\3\4half", "a.xlsx")[1]
    assert "Tệp bị hỏng hoặc chỉ có một nửa; hãy chép hoặc gửi lại." in page
    assert "sổ tài sản vẫn như cũ" in page
    assert 'name="row"' not in page
    assert registrar.post("/imports").status_code == 422
    assert registrar.get("/imports/none").status_code == 404


def test_readers_export_and_do_not_import(client, here, client_of, log_in):
    assert client.get("/exports").status_code == 200
    viewer = log_in(client_of(here), here, "viewer")
    assert viewer.get("/imports").status_code == 403
    assert viewer.post("/imports", files={"sheet": ("a.csv", sheet())}).status_code == 403


def test_somebody_elses_import_is_not_shown(upload, here, client_of, log_in):
    address, _ = upload(sheet(["X-1", "Máy", "PC", "22849", ""]))
    other = log_in(client_of(here), here, "registrar", communes=["22840"])
    assert other.get(address).status_code == 403
    assert other.post(f"{address}/apply").status_code == 403


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_an_export_comes_back_the_same(upload, registrar, here, suffix):
    address, _ = upload(sheet(["X-1", "=1+1", "PC", "22849", "1000"]))
    registrar.post(f"{address}/apply")
    settled(registrar, address)
    file = registrar.get(f"/exports/assets.{suffix}?language=vi")
    assert file.status_code == 200
    _, page = upload(file.content, f"assets.{suffix}")
    assert "Sổ tài sản đã có tất cả" in page, page
    assert registrar.get("/exports/assets.xlsx?as_of=x").status_code == 422
    before = registrar.get("/exports/assets.csv?as_of=2020-01-01&language=en")
    assert len(before.text.splitlines()) == 1
