"""The inbox page: what waits, why it may be something registered, and how to begin."""

import html.parser
import re
from dataclasses import replace

import pytest

from config.discovery import Discovery
from inventory.sighting import How, ScanState, Thing


def words(answer):
    assert answer.status_code == 200
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
def empty(site):
    """A site whose inbox holds nothing and where nobody has swept."""
    return site(seen=False)


def test_each_thing_is_named_with_what_it_is_and_what_it_may_be(client):
    text = words(client.get("/inbox?lang=en"))
    assert "10.20.0.7, 10.20.1.7 sw-03 #1 switch Ruijie S2910 Serial number SN-9" in text
    assert "SW-1 same address, but another serial number" in text
    assert "LLDP neighbour of RT-1 on ether2" in text
    assert "no SNMP agent" in text
    assert "10.20.0.9 #3 : máy của khách" in text
    assert "new 2 ignored 1 registered 0" in text


def test_it_is_in_vietnamese_and_linked_from_every_page(client):
    text = words(client.get("/inbox"))
    assert "trùng địa chỉ, nhưng khác số sê-ri" in text
    assert "cạnh RT-1, cổng ether2 (LLDP)" in text
    assert "dò quét, SNMP trap" in text
    assert '<a href="/inbox">Chưa đăng ký</a>' in client.get("/").text
    assert 'href="/inbox" aria-current="page"' in client.get("/inbox").text


def test_the_match_and_the_commune_are_links(client):
    page = client.get("/inbox").text
    assert '<a href="/assets/SW-1">SW-1</a>' in page
    assert '<a href="/communes/22849">Xã Thuận Bắc</a>' in page


def test_the_last_sweeps_say_how_far_they_came(client):
    assert "Xã Thuận Bắc finished" in words(client.get("/inbox?lang=en"))
    assert "254 of 254 2 33 s" in words(client.get("/inbox?lang=en"))


def test_an_empty_inbox_says_how_to_begin(client_of, empty):
    client = client_of(empty)
    assert "ranges: [10.20.0.0/24]" in words(client.get("/inbox"))
    sweep = {"communes": [{"code": "22849", "ranges": ["10.20.0.0/24"]}]}
    swept = {"discovery": Discovery.model_validate(sweep)}
    empty.settings = empty.settings.model_copy(update=swept)
    text = words(client.get("/inbox?lang=en"))
    assert "Nobody has looked yet" in text
    assert "hatang scan 22849" in text


def test_a_sweep_that_found_nothing_is_told_from_none(client_of, empty, see):
    see(empty, [], [ScanState("22849", 1.0, "d", 1.0, "finished", 9, 9, 0, "hand")])
    text = words(client_of(empty).get("/inbox?lang=en"))
    assert "Nothing waits here" in text
    assert "Nobody has looked yet" not in text


def test_a_thousand_things_make_no_heavy_page(client_of, site, see):
    found = site()
    see(found, [Thing(n, (How.TRAP,), (f"10.9.{n % 256}.1",), n, n) for n in range(10, 1010)])
    answer = client_of(found).get("/inbox?lang=en")
    assert "702 more are listed by:" in words(answer)
    assert answer.num_bytes_downloaded < 60_000


def test_without_a_readable_database_the_page_says_so(client_of, site):
    found = site()
    found.database.write_bytes(b"rubbish" * 1000)
    assert "The inbox cannot be read now." in words(client_of(found).get("/inbox?lang=en"))


class Marks(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.wrong = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "img", "iframe", "svg", "style", "object", "base"):
            self.wrong.append((tag, attrs))
        if tag == "form" and not dict(attrs)["action"].startswith("/inbox"):
            self.wrong.append((tag, attrs))
        for name, value in attrs:
            if name.startswith("on") or (name in ("href", "src") and value[:1] not in "/#"):
                self.wrong.append((tag, name, value))


ATTACKS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "{{7*7}}{0}{asset}%s",
    "\u202egnp.exe\x1b[31m",
    "javascript:alert(1)",
    "</table></main><iframe src=http://127.0.0.9/>",
    "x" * 1024,
    "nguyên" * 150,
)


@pytest.fixture
def hostile(site, see):
    """An inbox in which every text is an attack, as it would stand in a database."""
    found = site()
    things = [
        Thing(
            n,
            (How.TRAP,),
            (attack,),
            1.0,
            1.0,
            mac=attack[:12],
            facts=dict.fromkeys(("vendor", "model", "sys_name", "serial", "sys_descr"), attack),
            asset_class=attack,
            commune=attack[:16],
            note=f"LLDP neighbour of {attack} on {attack}",
        )
        for n, attack in enumerate(ATTACKS, 100)
    ]
    scans = [ScanState(a, n, "d", 2e9, a, 1, 1, 1, a) for n, a in enumerate(ATTACKS)]
    see(found, [*things, *(replace(t, id=t.id + 100, note=t.name) for t in things)], scans)
    return found


def test_what_devices_call_themselves_stays_text(client_of, hostile):
    for language in ("vi", "en"):
        answer = client_of(hostile).get(f"/inbox?lang={language}")
        marks = Marks()
        marks.feed(answer.text.partition("<main")[2].partition("</main>")[0])
        assert marks.wrong == []
        assert [c for c in answer.text if not (c.isprintable() or c in "\n\xa0")] == []
        assert "49" not in words(answer)


@pytest.mark.browser
def test_hostile_names_do_nothing_and_fit_a_phone(browser, serve, hostile):
    address = serve(hostile)
    page = browser.new_page(viewport={"width": 360, "height": 740})
    dialogs, foreign = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda r: None if r.url.startswith(address) else foreign.append(r.url))
    page.goto(address + "/inbox")
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert (dialogs, foreign, wide) == ([], [], 0)
    page.close()
