"""Labels: chosen on the page, printed as PDF, scanned, and the asset's page is there."""

import httpx
import pypdfium2
import pytest
import zxingcpp

from config.assets import Asset
from config.sections import Web
from inventory.register.entry import Actor

WHO = Actor("lan", "web")


def codes(pdf):
    """What a phone reads from the pages of a PDF, in order of pages."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        image = page.render(scale=300 / 72).to_pil()
        found += [code.text for code in zxingcpp.read_barcodes(image)]
    return found


@pytest.fixture
def labels(site, client_of, log_in):
    """A client of a site with the three assets of the files and two of the register."""
    found = site()
    web = Web(listen="127.0.0.1:8650", reading="open", public_url="https://hatang.example.vn")
    found.settings = found.settings.model_copy(update={"web": web})
    for tag, name, commune in (("MI-1", "Máy in", "22849"), ("MI-2", "Máy in", "22840")):
        values = {"tag": tag, "name": name, "class": "printer", "commune": commune}
        found.register.create(Asset.model_validate(values), WHO)
    return log_in(client_of(found), found)


def test_what_is_ticked_is_printed_and_scans_to_the_short_address(labels):
    answer = labels.get("/labels.pdf?tag=PC-1&tag=MI-1&sheet=a4-3x7&start=4")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert set(codes(answer.content)) == {
        "https://hatang.example.vn/a/PC-1",
        "https://hatang.example.vn/a/MI-1",
    }


def test_the_text_of_a_label_is_the_assets_and_its_communes(labels):
    pdf = labels.get("/labels.pdf?tag=MI-1&sheet=62x29").content
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split()
    assert " ".join(text) == "MI-1 Máy in UBND xã Thuận Bắc"


def test_all_that_a_filter_finds_is_printed(labels):
    assert len(codes(labels.get("/labels.pdf?all=1").content)) == 5
    found = codes(labels.get("/labels.pdf?all=1&q=mi-&class=printer").content)
    assert {address[-4:] for address in found} == {"MI-1", "MI-2"}
    assert len(codes(labels.get("/labels.pdf?all=1&q=may%20in&commune=22840").content)) == 1


def test_tags_may_be_pasted_or_scanned_and_unknown_ones_are_named(labels):
    tags = "PC-1,%20MI-2%0Ahttps://hatang.example.vn/a/MI-1%20NO-1"
    page = labels.get(f"/labels?tags={tags}").text
    assert all(f'value="{tag}"' in page for tag in ("PC-1", "MI-2", "MI-1"))
    assert 'value="RT-1"' not in page
    assert "NO-1" in page


def test_the_list_of_the_page_is_that_of_the_filter(labels):
    page = labels.get("/labels?class=printer").text
    assert 'value="MI-1"' in page
    assert 'value="PC-1"' not in page


def test_measures_of_ones_own_are_taken(labels):
    own = "sheet=own&page_width=100&page_height=60&columns=1&rows=2&width=80&height=25,5"
    pdf = labels.get(f"/labels.pdf?{own}&left=10&top=2&gap_x=0&gap_y=2&tag=PC-1&tag=MI-1").content
    (page,) = pypdfium2.PdfDocument(pdf)
    assert page.get_size() == pytest.approx((100 * 72 / 25.4, 60 * 72 / 25.4), abs=1)
    assert len(codes(pdf)) == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sheet=nothing", "sheet"),
        ("start=0", "start"),
        ("start=25", "start"),
        ("start=one", "start"),
        ("shift_x=99", "shift_x"),
        ("sheet=own&width=wide", "width"),
        ("sheet=own&width=500", "page_width"),
        ("sheet=own&columns=0", "columns"),
        ("sheet=own&width=10", "width"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(labels, query, field):
    answer = labels.get(f"/labels.pdf?tag=PC-1&{query}")
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert f'aria-describedby="e-{field}"' in answer.text
    typed = query.rpartition("=")[2]
    assert f'value="{typed}"' in answer.text or field == "sheet" or field == "page_width"


def test_nothing_ticked_is_said_and_nothing_is_printed(labels):
    answer = labels.get("/labels.pdf?tags=NO-1")
    assert answer.status_code == 422
    assert "Nobody has these asset tags" in answer.text or "Không có tài sản nào" in answer.text


def test_too_many_for_one_file_are_refused_with_a_hint(labels, monkeypatch):
    monkeypatch.setattr("dashboards.web.labels.MOST_LABELS", 4)
    answer = labels.get("/labels.pdf?all=1")
    assert (answer.status_code, 'id="e-tag"' in answer.text) == (422, True)
    assert labels.get("/labels.pdf?all=1&class=printer").status_code == 200


def test_without_a_public_address_the_page_says_so(site, client_of, log_in, labels):
    plain = site()
    assert "web.public_url" in log_in(client_of(plain), plain).get("/labels").text
    assert "web.public_url" not in labels.get("/labels").text


def test_a_scanned_label_leads_to_the_page_of_its_asset(labels):
    answer = labels.get("/a/PC-1")
    assert (answer.status_code, answer.headers["location"]) == (302, "/assets/PC-1")
    assert labels.get("/a/PC-1", follow_redirects=True).status_code == 200
    assert labels.get("/a/NO-1").status_code == 404


@pytest.mark.parametrize("tag", ["..%2f..%2fevil", "%2f%2fevil.example", "a%0d%0ax:1"])
def test_a_short_address_leads_nowhere_else(labels, tag):
    answer = labels.get(f"/a/{tag}")
    assert answer.status_code == 404


def test_hostile_texts_are_printed_as_texts(site, client_of, log_in):
    def bad(text):
        return f"<script>{text}\u202e\x07=1+1"

    found = site(texts=bad)
    client = log_in(client_of(found), found)
    answer = client.get("/labels.pdf?tag=RT-1")
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    assert "<script>Router" in text
    assert "\u202e" not in text
    assert "<script>Router" not in client.get("/labels").text


def test_the_pdf_runs_nothing(labels):
    pdf = labels.get("/labels.pdf?tag=RT-1").content
    assert all(word not in pdf for word in (b"/JavaScript", b"/Launch", b"/OpenAction", b"/URI"))


def test_labels_are_for_those_who_register_and_only_of_their_communes(site, client_of, log_in):
    found = site()
    client = client_of(found)
    assert client.get("/labels").status_code == 303
    assert log_in(client, found, "viewer").get("/labels.pdf?tag=PC-1").status_code == 403
    log_in(client, found, "registrar", communes=["22840"])
    assert "PC-1" not in client.get("/labels").text
    assert client.get("/labels.pdf?tag=PC-1").status_code == 422
    assert client.get("/labels.pdf?all=1&commune=22849").status_code == 422
    assert client.get("/a/PC-1").status_code == 403
    log_in(client, found, "registrar", communes=["22849"])
    assert client.get("/labels.pdf?tag=PC-1").status_code == 200
    assert client.get("/a/PC-1").status_code == 302


def test_a_head_request_is_answered(labels):
    assert isinstance(labels.head("/labels"), httpx.Response)
    assert labels.head("/labels").status_code == 200
