"""The pages in a real Chromium: at phone and desktop width, by keyboard, in the dark, on paper."""

import itertools

import pytest

pytestmark = pytest.mark.browser

PATHS = (
    *("/", "/communes/22849", "/communes/22840", "/assets/RT-1", "/assets/PC-1", "/inbox"),
    "/nowhere",
)
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}

OPEN_ALL = "for (const one of document.querySelectorAll('details')) one.open = true"

TOO_PALE = """
() => {
  const parts = c => (c.match(/[0-9.]+/g) || []).map(Number);
  const light = c => parts(c).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor, alpha = parts(colour)[3];
      if (alpha === undefined || alpha > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = getComputedStyle(element);
    if (!walker.currentNode.data.trim() || !element.getClientRects().length) continue;
    const [a, b] = [light(style.color), light(ground(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), bold = parseInt(style.fontWeight) >= 700;
    const needed = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    if ((a + 0.05) / (b + 0.05) < needed)
      found.push(`${walker.currentNode.data.trim().slice(0, 30)}: ${(a + .05) / (b + .05)}`);
  }
  return found;
}
"""


@pytest.fixture
def visit(browser, serve, site):
    """visit(**context) -> (address, a page that notes what it asked for and what went wrong)."""
    contexts = []

    def start(**options):
        address = serve(site())
        context = browser.new_context(**{"locale": "vi-VN", "viewport": DESKTOP} | options)
        contexts.append(context)
        page = context.new_page()
        page.foreign, page.errors = [], []
        page.on(
            "request",
            lambda r: None if r.url.startswith(address) else page.foreign.append(r.url),
        )
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        return address, page

    yield start
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP, {"width": 1440, "height": 900}], ids=str)
def test_pages_fit_load_nothing_from_elsewhere_and_raise_no_error(visit, size):
    address, page = visit(viewport=size)
    for path in PATHS:
        page.goto(address + path)
        page.evaluate(OPEN_ALL)
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, path
        assert page.foreign == [], path
        assert [error for error in page.errors if "404" not in error] == [], path


def test_pages_work_without_any_script(visit):
    address, page = visit(java_script_enabled=False)
    page.goto(address + "/")
    page.get_by_role("table").get_by_role("link", name="Xã Thuận Bắc").click()
    page.locator("summary").first.click()
    assert page.locator("details[open] .inside").first.is_visible()
    assert page.locator("script").count() == 0


def test_headings_and_landmarks_lead_through_a_page(visit):
    address, page = visit()
    for path in PATHS:
        page.goto(address + path)
        for landmark in ("banner", "main", "contentinfo", "navigation"):
            assert page.get_by_role(landmark).count() == 1, (path, landmark)
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
        )
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        assert page.locator("html").get_attribute("lang") == "vi"
        assert page.locator("table:not(:has(th[scope=col]))").count() == 0


def test_tabs_reach_every_link_and_every_requirement_in_order(visit):
    address, page = visit()
    for path in ("/", "/communes/22849"):
        page.goto(address + path)
        wanted = page.evaluate(
            "[...document.querySelectorAll('a, summary')].filter(e => e.checkVisibility({"
            "contentVisibilityAuto: true}) && !e.closest('details:not([open]) > .inside'))"
            ".map(e => e.outerHTML)"
        )
        reached = []
        for _ in wanted:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.outerHTML"))
        assert reached == wanted
    page.goto(address + "/communes/22849?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


def test_states_verdicts_and_bars_are_legible_without_colour(visit):
    address, page = visit(locale="en-GB")
    page.goto(address + "/communes/22849")
    for mark in page.locator(".mark").all():
        assert len(mark.inner_text().split()) >= 2
    told = page.locator("svg.days").first.get_attribute("aria-label")
    assert told == "30 days: 20 without an outage, 1 with one, 9 without data"
    page.goto(address + "/")
    for sign in page.locator(".gaps li > span:first-child").all():
        assert sign.locator(".heard").inner_text().strip() in ("not met:", "partly met:")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_text_has_the_contrast_of_wcag_aa(visit, scheme, size):
    address, page = visit(color_scheme=scheme, viewport=size)
    for path in PATHS:
        page.goto(address + path)
        page.evaluate(OPEN_ALL)
        assert page.evaluate(TOO_PALE) == [], path


def test_paper_shows_what_is_folded_on_the_screen(visit):
    address, page = visit()
    page.goto(address + "/communes/22849")
    inside = page.locator("main details .inside").first
    assert not inside.is_visible()
    page.emulate_media(media="print")
    assert inside.is_visible()
    assert inside.bounding_box()["height"] > 50
    assert not page.get_by_role("navigation").is_visible()


def test_a_visit_costs_less_than_100_kb(visit):
    address, page = visit()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    loaded = []
    wire.on("Network.loadingFinished", lambda done: loaded.append(done["encodedDataLength"]))
    for path in PATHS:
        loaded.clear()
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        assert 500 < sum(loaded) < 100_000, path
