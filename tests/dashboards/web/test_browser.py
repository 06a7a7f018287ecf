"""The pages in a real Chromium: at phone and desktop width, by keyboard, and under attack."""

import pytest

pytestmark = pytest.mark.browser

PATHS = ("/", "/communes/22849", "/communes/22840", "/assets/RT-1", "/assets/PC-1", "/nowhere")

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "{{7*7}}{% raw %}",
    "<iframe src=http://127.0.0.9/></iframe>",
    "<img src=http://127.0.0.9/x.png>",
    "<style>@import 'http://127.0.0.9/x.css'</style>",
    "<link rel=stylesheet href=http://127.0.0.9/x.css>",
    "\u202egnp.exe\u2066",
    "\x00\x1b[31m\x07",
    "<base href=http://127.0.0.9/>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.9/'>",
    "<form action=http://127.0.0.9/><input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "A" * 150,
    "<a href='javascript:alert(1)'>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext></mtext><mglyph><svg><mtext><style><img src=x onerror=alert(1)>",
]


def visit(browser, address, size, paths=PATHS):
    """Every page with what it did: (path, page, dialogs, foreign requests, console errors)."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN")
    for path in paths:
        page = context.new_page()
        dialogs, foreign, errors = [], [], []
        page.on("dialog", lambda d, seen=dialogs: (seen.append(d.message), d.dismiss()))
        page.on(
            "request",
            lambda r, seen=foreign: None if r.url.startswith(address) else seen.append(r.url),
        )
        page.on(
            "console", lambda m, seen=errors: seen.append(m.text) if m.type == "error" else None
        )
        page.goto(address + path)
        yield path, page, dialogs, foreign, errors
        page.close()
    context.close()


@pytest.mark.parametrize("size", [(360, 740), (1280, 900)], ids=["phone", "desktop"])
def test_pages_fit_load_nothing_from_elsewhere_and_raise_no_error(browser, serve, site, size):
    address = serve(site())
    for path, page, _, foreign, errors in visit(browser, address, size):
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, path
        assert foreign == [], path
        assert [e for e in errors if "404" not in e] == [], path
        assert page.locator("h1").count() == 1
        assert page.locator("main").count() == 1
        assert page.locator("html").get_attribute("lang") == "vi"


def test_the_keyboard_reaches_the_content_and_every_requirement(browser, serve, site):
    address = serve(site())
    page = browser.new_page(locale="en-GB")
    page.goto(address + "/communes/22849?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    assert page.locator("details[open] .inside").first.is_visible()
    page.close()


def test_states_and_verdicts_are_legible_without_colour(browser, serve, site):
    address = serve(site())
    page = browser.new_page(locale="en-GB")
    page.goto(address + "/communes/22849?lang=en")
    for mark in page.locator(".mark").all():
        assert len(mark.inner_text().split()) >= 2
    assert page.locator("svg.days").first.get_attribute("aria-label")
    page.close()


def test_hostile_texts_do_nothing_on_any_page(browser, serve, site):
    at = iter(range(10**6))
    address = serve(site(lambda text: f"{ATTACKS[next(at) % len(ATTACKS)]} {text}"[:190]))
    for path, page, dialogs, foreign, _ in visit(browser, address, (1280, 900), PATHS[:5]):
        page.wait_for_load_state("networkidle")
        assert dialogs == [], path
        assert foreign == [], path
        assert page.url == address + path
        assert page.locator("iframe, base, form, object, embed, script").count() == 0, path
