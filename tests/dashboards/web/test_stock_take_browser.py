"""Counting in a real Chromium: by ticking, with the camera, and while the line is down."""

import shutil
from urllib.parse import urlsplit

import httpx
import pytest
import segno

from config.assets import Asset
from dashboards.web.stock_take import stock_takes_of
from inventory.register.entry import Actor
from inventory.stock_take.opening import Opening
from inventory.stock_take.report import How, Result
from tests.dashboards.web.line import Line

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
TAGS = tuple(f"PC-{number:04}" for number in range(1, 9))
LAN = Actor("lan", "web", "127.0.0.1")


@pytest.fixture
def counting(site, serve):
    """counting() -> (address of a stock-take's page, its number, its site)."""

    def start():
        found = site(seen=False)
        for number, tag in enumerate(TAGS):
            found.register.create(
                Asset.model_validate(
                    {
                        "tag": tag,
                        "name": f"Máy vi tính {number}",
                        "class": "desktop",
                        "commune": "22849",
                        "site": "Trụ sở",
                        "serial": f"SN-{tag}",
                    }
                ),
                LAN,
            )
        works = stock_takes_of(found)
        now = found.clock.wall()
        day = works.day_of(now)
        take = works.open(Opening("22849", "Trụ sở", day, "Kiểm kê"), "Xã Thuận Bắc", LAN)
        return f"{serve(found)}/stock-takes/{take.id}", take.id, found

    return start


@pytest.fixture
def line():
    """line(address) -> (the same address at the other end of a line, the line)."""
    lines = []

    def start(address):
        parts = urlsplit(address)
        lines.append(Line(f"http://{parts.netloc}"))
        return lines[-1].address + parts.path, lines[-1]

    yield start
    for one in lines:
        one.close()


@pytest.fixture
def enter(log_in):
    """enter(context, site): log a browser in as an administrator."""

    def start(context, address, found):
        with httpx.Client(trust_env=False, timeout=60) as client:
            log_in(client, found)
            cookies = [
                {"name": c.name, "value": c.value, "url": address} for c in client.cookies.jar
            ]
        context.add_cookies(cookies)

    return start


@pytest.fixture
def phone(browser, enter):
    """phone(address, site) -> a page of a phone of its own, logged in, that notes its errors."""
    contexts = []

    def start(address, found, **options):
        options = {"locale": "vi-VN", "viewport": PHONE, "service_workers": "allow"} | options
        context = browser.new_context(**options)
        contexts.append(context)
        enter(context, address, found)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(address)
        return page

    yield start
    for context in contexts:
        context.close()


def counted(found, id):
    return {line.tag: line.how for line in stock_takes_of(found).report(id).lines if line.times}


def wait_sent(page, number=1):
    """Until as many counts have been sent and none waits."""
    page.wait_for_function(
        "number => { const line = document.getElementById('line').dataset;"
        " return line.waiting === '0' && line.sent === String(number); }",
        arg=number,
    )


def mend(page, line):
    line.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")


def count_by_hand(page, tag):
    page.fill("#label", tag)
    page.press("#label", "Enter")


def test_ticking_works_without_any_script(counting, phone):
    address, id, found = counting()
    page = phone(address, found, java_script_enabled=False)
    for tag in TAGS[:2]:
        page.get_by_role("checkbox", name=f"Máy vi tính {TAGS.index(tag)}").check()
    page.get_by_role("button", name="Ghi nhận").click()
    assert counted(found, id) == dict.fromkeys(TAGS[:2], How.TICK)
    page.get_by_role("link", name="Đã đếm (2)").click()
    page.get_by_role("button", name="Thực ra chưa thấy: Máy vi tính 0").click()
    assert counted(found, id) == {TAGS[1]: How.TICK}


def test_a_tag_is_counted_without_any_script(counting, phone):
    address, id, found = counting()
    page = phone(f"{address}/count", found, java_script_enabled=False)
    count_by_hand(page, f"http://127.0.0.1/a/{TAGS[3]}")
    assert page.get_by_text(f"Đã đếm: {TAGS[3]}").is_visible()
    assert counted(found, id) == {TAGS[3]: How.TYPED}


def test_the_list_on_the_phone_is_ticked_off(counting, phone):
    address, id, found = counting()
    page = phone(f"{address}/count", found)
    page.fill("#find", "may vi tinh 2")
    page.get_by_role("button", name="Đã thấy: Máy vi tính 2").click()
    wait_sent(page)
    assert counted(found, id) == {TAGS[2]: How.TICK}
    assert page.get_by_role("button", name="Đã thấy: Máy vi tính 2").count() == 0
    assert page.errors == []


def test_counts_made_without_a_line_survive_a_reload_and_are_sent_once(counting, phone, line):
    address, id, found = counting()
    address, wire = line(address)
    page = phone(f"{address}/count", found)
    page.wait_for_selector("#counting[data-kept=yes]")
    wire.cut()
    count_by_hand(page, TAGS[0])
    page.wait_for_function("() => document.getElementById('line').dataset.waiting === '1'")
    page.reload()
    page.wait_for_function("() => document.getElementById('line').dataset.waiting === '1'")
    page.wait_for_selector("#counting[data-kept=yes]")
    page.wait_for_selector("#book li")
    assert page.locator(f"#book li:has-text('{TAGS[0]}')").count() == 0
    assert page.locator(f"#book li:has-text('{TAGS[1]}')").count() == 1
    count_by_hand(page, TAGS[1].lower())
    count_by_hand(page, f"SN-{TAGS[2]}")
    page.wait_for_function("() => document.getElementById('line').dataset.waiting === '3'")
    assert "3 lượt đếm đang chờ gửi" in page.inner_text("#line")
    assert counted(found, id) == {}
    mend(page, wire)
    wait_sent(page, 3)
    assert counted(found, id) == dict.fromkeys(TAGS[:3], How.TYPED)
    lines = stock_takes_of(found).report(id).of(Result.COUNTED)
    assert [line.times for line in lines] == [1, 1, 1]
    page.reload()
    wait_sent(page, 3)
    assert sum(line.times for line in stock_takes_of(found).report(id).lines) == 3
    assert page.errors == []


def test_an_answer_that_gets_lost_on_the_way_counts_nothing_twice(counting, phone):
    address, id, found = counting()
    # What a service worker lets pass is seen by no route of the page.
    page = phone(f"{address}/count", found, service_workers="block")
    lost = []

    def lose(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    page.route("**/counts", lose)
    count_by_hand(page, TAGS[0])
    page.wait_for_function("() => document.getElementById('line').dataset.waiting === '1'")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_sent(page)
    assert [r.status for r in lost] == [200]
    (line,) = stock_takes_of(found).report(id).of(Result.COUNTED)
    assert line.times == 1


def test_a_line_that_comes_back_during_a_try_is_used_at_once(counting, phone):
    address, id, found = counting()
    page = phone(address, found, service_workers="block")
    page.add_init_script("window.setInterval = () => 0")  # no later try by itself
    page.goto(f"{address}/count")
    page.wait_for_selector("#book li")
    tries = []

    def lose_the_first(route):
        tries.append(route)
        if len(tries) > 1:
            route.continue_()
        else:
            page.evaluate("window.dispatchEvent(new Event('online'))")
            route.abort()

    page.route("**/counts", lose_the_first)
    count_by_hand(page, TAGS[0])
    wait_sent(page)
    assert len(tries) == 2
    assert counted(found, id) == {TAGS[0]: How.TYPED}


def test_two_phones_that_count_the_same_asset_count_it_once(counting, phone):
    address, id, found = counting()
    phones = [phone(f"{address}/count", found) for _ in range(2)]
    for page in phones:
        count_by_hand(page, TAGS[0])
    for page in phones:
        wait_sent(page)
    report = stock_takes_of(found).report(id)
    assert [(line.tag, line.times) for line in report.of(Result.COUNTED)] == [(TAGS[0], 2)]
    assert report.counted.quantity == 1


def test_counts_that_come_after_the_closing_stay_in_the_phone_and_are_told(counting, phone, line):
    address, id, found = counting()
    address, wire = line(address)
    page = phone(f"{address}/count", found)
    page.wait_for_selector("#counting[data-kept=yes]")
    wire.cut()
    count_by_hand(page, TAGS[0])
    page.wait_for_function("() => document.getElementById('line').dataset.waiting === '1'")
    stock_takes_of(found).close(id, "", LAN)
    mend(page, wire)
    page.wait_for_function("() => document.getElementById('line').textContent.includes('quá muộn')")
    assert page.evaluate("document.getElementById('line').dataset.waiting") == "1"
    assert counted(found, id) == {}


def test_what_is_no_label_is_told_and_a_text_of_others_is_only_text(counting, phone):
    address, id, found = counting()
    page = phone(f"{address}/count", found)
    count_by_hand(page, "<img src=x onerror=alert(1)>")
    wait_sent(page)
    assert page.locator("#mine img").count() == 0
    assert stock_takes_of(found).report(id).of(Result.SURPLUS)[0].tag.startswith("<img")
    page.goto(f"{address}?show=surplus")
    assert page.locator("main img").count() == 0


def _film(path, text):
    """A film in which a label stands before the camera (YUV4MPEG2, grey)."""
    width, height, scale = 640, 480, 8
    code = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(scale=scale, border=4)]
    top, left = (height - len(code)) // 2, (width - len(code[0])) // 2
    plane = bytearray(b"\xc8" * width * height)
    for y, row in enumerate(code):
        at = (top + y) * width + left
        plane[at : at + len(row)] = bytes(16 if dark else 235 for dark in row)
    frame = b"FRAME\n" + bytes(plane) + b"\x80" * (width * height // 2)
    head = f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + frame * 10)


def test_the_camera_reads_a_label(counting, browser, tmp_path, enter):
    address, id, found = counting()
    film = tmp_path / "label.y4m"
    _film(film, f"https://hatang.example/a/{TAGS[4]}")
    opened = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=[
            *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
            f"--use-file-for-fake-video-capture={film}",
        ],
    )
    context = opened.new_context(locale="vi-VN", viewport=PHONE)
    enter(context, address, found)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/count")
    page.click("#scan")
    wait_sent(page)
    page.click("#scan")
    page.wait_for_selector("#video", state="hidden")
    opened.close()
    assert counted(found, id) == {TAGS[4]: How.SCAN}
    assert stock_takes_of(found).report(id).of(Result.COUNTED)[0].times == 1
    own = address.partition("/stock-takes")[0]
    assert [url for url in asked if not url.startswith((own, "blob:"))] == []


def test_a_photo_of_a_label_is_read_where_the_camera_cannot_be_used(counting, phone, tmp_path):
    address, id, found = counting()
    photo = tmp_path / "label.png"
    segno.make_qr(TAGS[5], error="m").save(str(photo), scale=10, border=6)
    page = phone(f"{address}/count", found)
    page.set_input_files("#photo", str(photo))
    wait_sent(page)
    assert counted(found, id) == {TAGS[5]: How.SCAN}


def test_pages_fit_a_phone_and_load_nothing_from_elsewhere(counting, phone):
    address, _, found = counting()
    page = phone(address, found)
    for path in ("", "/count", "/minutes", "?show=counted", "/../../stock-takes"):
        page.goto(address + path)
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, path
        assert page.locator("h1").count() == 1
        unlabelled = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
            ".filter(e => !e.labels.length).map(e => e.outerHTML)"
        )
        assert unlabelled == [], path
    assert page.errors == []
