"""axe-core, with every rule it has by default, finds nothing on any page of the web application."""

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from config.assets import Asset
from config.sections import Web
from dashboards.web.stock_take import stock_takes_of
from inventory.register.entry import Actor
from inventory.stock_take.opening import Opening

pytestmark = pytest.mark.browser

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
LAN = Actor("lan", "web", "127.0.0.1")
PATHS = (
    *("/", "/communes/22849", "/assets/RT-1", "/assets/PC-0001", "/assets", "/assets/new"),
    *("/inbox", "/imports", "/exports", "/labels", "/forms", "/stock-takes", "/places"),
    *("/catalogue", "/fields", "/users", "/tokens", "/sessions", "/account", "/changes"),
    *("/about", "/api/v1", "/readiness", "/readiness/requirements/pc-per-post"),
    *("/readiness/trend?commune=22849", "/readiness/compare"),
    *("/profiles", "/profiles/commune-2026"),
    *("/indicators", "/indicators/communes/22849", "/indicators/import"),
    *("/indicators/names/staff-trained", "/indicators/communes/22849/posts"),
    *("/plan", "/plan/forecast?kind=life&when=overdue", "/plan/findings"),
    "/plan/scenarios",
    "/reports",
    *(f"/assets/PC-0001/{part}" for part in ("copy", "moves", "files", "identity", "remove")),
    "/places/22849",
)
WRONG_SHEET = "Tên tài sản,Loại tài sản,Mã xã\nA,máy lạ,22849\nB,máy lạ,22849\n".encode()
NO_PRAISE = {"resultTypes": ["violations"]}
"""Every rule is applied; of those that are kept, axe need not list each element."""
OPEN_ALL = "for (const one of document.querySelectorAll('main details')) one.open = true"


@pytest.fixture
def district(site):
    """A site whose register holds a computer that is being counted."""
    found = site()
    found.register.create(
        Asset.model_validate(
            {
                "tag": "PC-0001",
                "name": "Máy vi tính",
                "class": "desktop",
                "commune": "22849",
                "site": "Trụ sở",
            }
        ),
        LAN,
    )
    return found


@pytest.fixture
def visit(browser, serve, log_in, district):
    """visit(viewport, known=True) -> a Vietnamese page, of an administrator if known."""
    contexts = []
    address = serve(district)

    def start(viewport, known=True):
        context = browser.new_context(locale="vi-VN", viewport=viewport, base_url=address)
        contexts.append(context)
        if known:
            with httpx.Client(trust_env=False, timeout=60) as client:
                log_in(client, district)
                cookies = [
                    {"name": c.name, "value": c.value, "url": address} for c in client.cookies.jar
                ]
            context.add_cookies(cookies)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()


def violations(page, path):
    """What axe holds against the page that is open: rule, address, element."""
    page.evaluate(OPEN_ALL)
    return [
        f"{rule['id']} {path} {node['target'][0]}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in Axe().run(page, options=NO_PRAISE).response["violations"]
        for node in rule["nodes"]
    ]


def opened(page, path):
    """Violations of the page at an address, which is there."""
    assert page.goto(path).status == 200, path
    return violations(page, path)


def refused(page):
    """Violations of an edit form that came back with errors."""
    page.goto("/assets/PC-0001/edit")
    page.evaluate(OPEN_ALL)
    page.fill("#price_vnd", "twelve")
    page.fill("#purchased", "hôm qua")
    page.click("main form.entry button[type=submit]")
    assert page.locator("[aria-invalid]").count() == 2
    return violations(page, "/assets/PC-0001/edit with errors")


def test_axe_finds_nothing_on_any_page(visit, district):
    works = stock_takes_of(district)
    day = works.day_of(district.clock.wall())
    take = works.open(Opening("22849", "Trụ sở", day, "Kiểm kê"), "Xã Thuận Bắc", LAN)
    counted = f"/stock-takes/{take.id}"
    page = visit(DESKTOP)
    stock_take = (counted, f"{counted}/count", f"{counted}/minutes")
    found = [line for path in (*PATHS, *stock_take) for line in opened(page, path)]
    found += refused(page)
    page.goto("/imports")
    sheet = {"name": "a.csv", "mimeType": "text/csv", "buffer": WRONG_SHEET}
    page.set_input_files("#f-sheet", files=[sheet])
    page.click("main form button[type=submit]")
    page.wait_for_selector("#faults")  # the page renews itself until then
    found += violations(page, "a sheet with two wrong rows")
    assert page.locator("html").get_attribute("lang") == "vi"
    found += opened(visit(DESKTOP, known=False), "/login")
    assert not found, "\n".join(found)


def test_axe_finds_nothing_while_a_question_is_solved_and_on_its_answer(visit):
    page = visit(PHONE)
    page.goto("/plan/scenarios")
    page.fill("#f-budget", "500")
    page.click("main form.question button")
    found = violations(page, "/plan/scenarios with errors")
    page.fill("#f-budget", "100 triệu")
    page.click("main form.question button")
    page.wait_for_selector("#keep", timeout=60_000)  # the page renews itself until then
    found += violations(page, "an answer")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_the_list_and_the_form_of_a_phone(visit):
    page = visit(PHONE)
    found = [line for path in ("/assets", "/assets/new") for line in opened(page, path)]
    found += refused(page)
    assert not found, "\n".join(found)


def test_the_overview_is_renewed_but_never_under_the_hands_of_somebody(visit):
    page = visit(DESKTOP)
    page.clock.install()
    page.goto("/")
    asked = []
    page.on("request", lambda r: asked.append(r.url) if r.is_navigation_request() else None)
    page.keyboard.press("Tab")
    page.clock.run_for(61_000)
    page.evaluate("document.activeElement.blur()")
    with page.expect_navigation():
        page.clock.run_for(61_000)
    assert len(asked) == 1


def test_axe_finds_nothing_in_the_opened_menu(visit):
    page = visit(DESKTOP)
    page.goto("/about")
    page.locator("header summary").click()
    assert violations(page, "the menu") == []
    page.set_viewport_size(PHONE)
    assert violations(page, "the menu of a phone") == []


def test_the_header_of_a_phone_is_one_line_whose_menu_leads_everywhere_by_keyboard(visit):
    page = visit(PHONE)
    page.goto("/assets?q=m%C3%A1y&sort=name")
    assert page.locator("header").bounding_box()["height"] < 60
    at_side = page.locator("header nav a:visible")
    assert at_side.count() == 0
    page.locator("header summary").focus()
    page.keyboard.press("Enter")
    shown = at_side.all_inner_texts()
    assert len(shown) == len(set(shown))
    assert {"Tổng quan", "Tài sản", "Nhật ký thay đổi", "English"} <= set(shown)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for _ in range(len(shown) - 1):  # the last but one is English
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**lang=en")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("input[name=q]").input_value() == "máy"
    page.set_viewport_size(DESKTOP)
    wide = page.locator("header nav a:visible").all_inner_texts()
    assert "Overview" in wide
    assert "Changes" not in wide


def test_the_menu_of_a_phone_hangs_below_the_head_for_whoever_is_not_known(visit, district):
    district.settings = district.settings.model_copy(update={"web": Web(reading="login")})
    page = visit(PHONE, known=False)
    page.goto("/login")
    page.locator("header summary").click()
    head = page.locator("header").bounding_box()
    assert page.locator("header .inside").bounding_box()["y"] > head["height"] - 8
    assert "English" in page.locator("header nav a:visible").all_inner_texts()
