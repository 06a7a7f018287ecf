"""What devices and registers say is text and stays text: nothing runs, loads or turns around."""

import html.parser
import itertools
from urllib.parse import quote

import pytest

PATHS = (
    *("/", "/communes/22849", "/communes/22840", "/assets/RT-1", "/assets/SW-1", "/assets/PC-1"),
    *("/plan", "/plan/forecast?kind=life&when=overdue", "/plan/findings"),
)

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</table></main><script src=http://127.0.0.9/x.js></script>",
    "{{7*7}}{% raw %}{{config}}",
    "${alert(1)}#{alert(1)}<%= 7*7 %>",
    "{whole}{0}{__class__}%(day)s%s",
    "<iframe src=http://127.0.0.9/></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<img src=http://127.0.0.9/x.png>",
    "<img srcset='http://127.0.0.9/x.png 1x'>",
    "<style>@import 'http://127.0.0.9/x.css'</style>",
    "<link rel=stylesheet href=http://127.0.0.9/x.css>",
    '" style="background:url(http://127.0.0.9/x)',
    "' onmouseover='alert(1)' x='",
    '" autofocus onfocus=alert(1) x="',
    "\u202egnp.exe\u2066\u200e\u061c",
    "\x00\x1b[31m\x07\x7f\x9b",
    "a\r\nSet-Cookie: x=1\r\n\r\n<script>alert(1)</script>",
    "<base href=http://127.0.0.9/>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.9/'>",
    "<form action=http://127.0.0.9/><input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<object data=http://127.0.0.9/></object><embed src=http://127.0.0.9/>",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a><animate onbegin=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#x3C;script&#x3E;",
    "<math><mtext></mtext><mglyph><svg><mtext><style><img src=x onerror=alert(1)>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") + "<b>bold</b>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "W" * 190,
]

OURS = {
    *("html", "head", "meta", "title", "link", "body", "a", "header", "div", "img", "nav", "aside"),
    *("p", "strong", "code", "main", "h1", "h2", "h3", "small", "dl", "dt", "dd", "span", "svg"),
    *("rect", "ul", "li", "section", "details", "summary", "table", "caption", "thead", "tbody"),
    *("tr", "th", "td", "br", "footer", "ol", "article", "figure", "figcaption", "form", "label"),
    *("select", "option", "button", "desc", "defs", "pattern", "g", "path", "circle", "line"),
    "text",
}


class Marks(html.parser.HTMLParser):
    """The elements of a page, with what would run or load from elsewhere."""

    def __init__(self):
        super().__init__()
        self.names, self.wrong = set(), []

    def handle_starttag(self, tag, attrs):
        if tag != "script" or not dict(attrs).get("src", "").startswith("/static/hatang.js?"):
            self.names.add(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcset", "srcdoc", "xlink:href"):
                self.wrong.append((tag, name, value))
            if name in ("href", "src") and not (value or "").startswith(("/", "#")):
                self.wrong.append((tag, name, value))

    def handle_comment(self, data):
        self.wrong.append(("comment", data, ""))


EACH = 3
"""Attacks in one text: it has all of them in a third of the rounds."""


def attack(number, each=EACH):
    """Texts of which every one carries `each` attacks, over the rounds all of them in turn."""
    at = iter(range(number * each, 10**6))

    def texts(text):
        found = " ".join(ATTACKS[next(at) % len(ATTACKS)] for _ in range(each))
        return f"{found} {text}"[:190]

    return texts


def test_every_attack_in_every_text_is_text(site, client_of, snapshot_of):
    found = site()
    client = client_of(found)
    for number in range(-(-len(ATTACKS) // EACH)):
        found.settings, found.snapshot = snapshot_of(attack(number))
        begins = ("/", "/assets/", "/communes/")
        odd = [
            begin + quote(text, safe="")
            for begin, text in zip(itertools.cycle(begins), ATTACKS[number * EACH :][:EACH])
        ]
        for path in (*PATHS, *odd):
            answer = client.get(path)
            assert answer.status_code == (200 if path in PATHS else 404)
            marks = Marks()
            marks.feed(answer.text)
            assert marks.names <= OURS, (path, number)
            assert marks.wrong == [], (path, number)
            bad = [c for c in answer.text if not (c.isprintable() or c in "\n\xa0")]
            assert bad == [], (path, number)


@pytest.mark.browser
def test_hostile_texts_do_nothing_in_a_browser(browser, serve, site, snapshot_of):
    found = site()
    address = serve(found)
    page = browser.new_page(locale="vi-VN", viewport={"width": 360, "height": 740})
    dialogs, foreign, errors = [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda r: None if r.url.startswith(address) else foreign.append(r.url))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    for number in range(-(-len(ATTACKS) // EACH)):
        found.settings, found.snapshot = snapshot_of(attack(number))
        for path in PATHS[:5]:
            page.goto(address + path)
            assert page.url == address + path
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, (path, number)
    assert (dialogs, foreign, errors) == ([], [], [])
    page.close()
