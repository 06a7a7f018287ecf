"""The main story of somebody who registers equipment, in a real Chromium."""

import pytest

from dashboards.web.gate import SESSION
from inventory.register.entry import Actor

pytestmark = pytest.mark.browser

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture
def desk_of(browser, serve, site, client_of, log_in):
    """desk_of(**options) -> (site, address, page of somebody who is logged in)."""
    contexts = []
    found = site()
    address = serve(found)

    def start(**options):
        secret = log_in(client_of(found), found).cookies[SESSION]
        context = browser.new_context(**{"locale": "vi-VN", "viewport": DESKTOP} | options)
        context.add_cookies([{"name": SESSION, "value": secret, "url": address}])
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        return found, address, page

    yield start
    for context in contexts:
        context.close()


def fits(page):
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_ten_assets_are_registered_found_edited_and_changed_together(desk_of):
    site, address, page = desk_of()
    page.goto(address + "/assets/new")
    page.get_by_label("Tên bắt buộc").fill("Máy chủ hồ sơ")
    page.get_by_label("Loại").select_option("server")
    page.get_by_label("Xã bắt buộc").select_option("22849")
    page.get_by_text("Nhiều tài sản giống nhau").click()
    page.get_by_label("Số lượng").fill("10")
    page.get_by_label("Số sê-ri, mỗi dòng một số").fill("\n".join(f"SN{n}" for n in range(10)))
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Đã đăng ký 10 tài sản.").wait_for()

    page.goto(address + "/assets")
    page.get_by_role("searchbox").fill("may chu ho so")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_text("Tìm thấy 10").wait_for()
    assert fits(page)

    page.get_by_label("Tất cả trên trang này").check()
    page.get_by_role("button", name="Sửa các tài sản đã chọn").click()
    page.get_by_label("Phòng", exact=True).fill("Phòng máy")
    page.get_by_role("button", name="Xem trước thay đổi").click()
    page.get_by_text("10 trong 10 tài sản sẽ thay đổi. Hiện chưa sửa gì.").wait_for()
    assert site.register.get("SRV-22849-001").asset.room == ""
    page.get_by_role("button", name="Sửa 10 tài sản").click()
    page.get_by_role("button", name="Hoàn tác cả đợt").wait_for()
    assert site.register.get("SRV-22849-010").asset.room == "Phòng máy"
    assert page.errors == []


def test_somebody_elses_change_is_shown_and_both_are_kept(desk_of):
    site, address, page = desk_of(viewport=PHONE)
    page.goto(address + "/assets/new?name=May&class=server&commune=22849&tag=TS-1")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("link", name="Sửa", exact=True).click()
    page.get_by_label("Phòng", exact=True).fill("P. 9")
    page.get_by_label("Hãng sản xuất").fill("HPE")
    site.register.edit("TS-1", {"room": "P. 2", "custodian": "An"}, Actor("minh", "web"))
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Người khác vừa sửa tài sản này").wait_for()
    assert fits(page)
    assert page.get_by_label("Phòng", exact=True).input_value() == "P. 9"
    assert page.get_by_label("Người quản lý, sử dụng").input_value() == "An"
    page.get_by_label("lấy của họ: P. 2").check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Đã lưu.").wait_for()
    saved = site.register.get("TS-1").asset
    assert (saved.room, saved.vendor, saved.custodian) == ("P. 2", "HPE", "An")


def test_what_was_typed_and_not_saved_is_back_after_the_page_was_left(desk_of):
    _, address, page = desk_of()
    page.goto(address + "/assets/new")
    page.get_by_label("Tên bắt buộc").fill("Máy in kế toán")
    page.goto(address + "/about")
    page.goto(address + "/assets/new")
    page.get_by_text("Phần đã nhập trước đó").wait_for()
    assert page.get_by_label("Tên bắt buộc").input_value() == "Máy in kế toán"
    page.get_by_role("button", name="Bỏ phần này").click()
    assert page.get_by_label("Tên bắt buộc").input_value() == ""
    page.goto(address + "/assets/new")
    assert not page.get_by_text("Phần đã nhập trước đó").is_visible()
    page.get_by_label("Tên bắt buộc").fill("Máy in")
    page.get_by_label("Loại").select_option("printer")
    page.get_by_label("Xã bắt buộc").select_option("22849")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Đã đăng ký.").wait_for()
    page.goto(address + "/assets/new")
    assert page.get_by_label("Tên bắt buộc").input_value() == ""


def test_everything_works_without_scripts_on_a_phone(desk_of):
    site, address, page = desk_of(viewport=PHONE, java_script_enabled=False)
    page.goto(address + "/")
    page.get_by_text("Trình đơn", exact=True).click()
    page.get_by_role("link", name="Tài sản", exact=True).click()
    page.get_by_text("Trình đơn", exact=True).click()
    page.get_by_role("link", name="Nhật ký thay đổi").click()
    page.goto(address + "/assets/new")
    page.get_by_label("Tên bắt buộc").fill("Máy quét")
    page.get_by_role("button", name="Lưu", exact=True).click()
    assert page.get_by_label("Tên bắt buộc").input_value() == "Máy quét"
    assert page.locator("#class-wrong").is_visible()
    page.get_by_label("Loại").select_option("scanner")
    page.get_by_label("Xã bắt buộc").select_option("22840")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Đã đăng ký.").wait_for()
    assert site.register.get("SC-22840-001").asset.name == "Máy quét"
