"""The pages of planning over HTTP: gaps, forecast, findings; numbers lead to what is behind."""

import csv
import io
import re

import pytest


@pytest.fixture
def client(client_of, site):
    """A client of the plain site, which speaks English."""
    found = client_of(site())
    found.headers["Accept-Language"] = "en"
    return found


def gaps_of(client, query=""):
    """The rows of the exported gap list."""
    answer = client.get(f"/plan/gaps.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def dong(text):
    return int(re.sub(r"\D", "", text) or 0)


def figure(page, label):
    return dong(re.search(rf"<dt>{label}</dt><dd>([^<]*)</dd>", page)[1])


def test_the_gap_list_adds_up_from_rows_to_commune_to_province(client):
    page = client.get("/plan").text
    rows = gaps_of(client)
    total = sum(int(row["Cost"] or 0) for row in rows)
    assert total > 0
    assert figure(page, "Cost") == total
    sums = re.search(r'<table class="cards sums">.*?</table>', page, re.S)[0]
    for name in ("Tỉnh Khánh Hòa", "Xã Thuận Bắc"):
        row = re.search(rf"{name}.*?</tr>", sums, re.S)[0]
        assert total in {dong(cell) for cell in re.findall(r'data-label="Cost">([^<]*)<', row)}


def test_the_five_costliest_gaps_stand_first_and_lead_to_their_evidence(client):
    page = client.get("/plan").text
    top = re.search(r'<ol class="costliest">.*?</ol>', page, re.S)[0]
    costs = [dong(cost) for cost in re.findall(r'class="cost">([^<]*)<', top)]
    most = sorted((int(row["Cost"] or 0) for row in gaps_of(client)), reverse=True)
    assert costs == most[:5]
    commune, anchor = re.search(r'href="(/communes/22849)#(r-[a-z0-9-]+)"', top).groups()
    assert f'id="{anchor}"' in client.get(commune).text


def test_filters_leave_out_what_is_not_asked_for_on_the_page_and_in_the_sheet(client):
    everything, must = gaps_of(client), gaps_of(client, "?level=mandatory")
    assert {row["Level"] for row in must} == {"mandatory"}
    assert 0 < len(must) < len(everything)
    one = gaps_of(client, "?requirement=firewall")
    assert {row["Document"] for row in one} == {"TCVN 14423:2026"}
    assert not gaps_of(client, "?place=22840")
    assert "Nothing fits" in client.get("/plan?place=22840").text


def test_the_sheet_for_excel_is_one_and_another_kind_is_not_there(client):
    answer = client.get("/plan/gaps.xlsx")
    assert answer.content.startswith(b"PK")
    assert client.get("/plan/gaps.pdf").status_code == 404


def test_a_number_of_the_forecast_leads_to_exactly_that_many_assets(client):
    page = client.get("/plan/forecast").text
    links = re.findall(r'href="(/plan/forecast\?[^"#]*kind=[^"#]*)#list">([0-9]+)<', page)
    assert len(links) >= 3
    for address, count in links:
        listed = client.get(address.replace("&amp;", "&")).text
        section = re.search(r'<h2 id="list">.*?</table>', listed, re.S)[0]
        assert section.count('<th scope="row">') == int(count), address


def test_the_forecast_says_what_is_over_with_the_price_and_its_day(client):
    page = client.get("/plan/forecast?kind=life&when=overdue").text
    assert "PC-1" in page
    assert "price of 10 Aug 2026" in page
    assert "The same as a table" in page


def test_a_time_in_which_nothing_ends_says_so(client):
    page = client.get("/plan/forecast").text
    ends = re.search(r'<table class="cards ends">.*?</table>', page, re.S)[0]
    rows = re.findall(r"<tr>.*?</tr>", ends[ends.index("<tbody>") :], re.S)
    empty = [row for row in rows if "<a " not in row]
    assert empty
    assert all(">nothing</td>" in row for row in empty)


def test_a_forecast_of_what_makes_no_sense_is_the_plain_one(client):
    odd = client.get("/plan/forecast?kind=x&when=y&from=tomorrow&to=2026-13-01&by=week&place=../x")
    assert odd.status_code == 200
    assert "Nothing is registered there" in odd.text


def test_findings_lead_to_the_inbox_and_say_what_to_do(client):
    page = client.get("/plan/findings").text
    address = re.search(r'href="(/inbox/[0-9]+)"', page)[1]
    assert client.get(address).status_code == 200
    assert "What to do" in page
    only = client.get("/plan/findings?kind=never_seen").text
    assert "/inbox/" not in re.sub(r"<header>.*?</header>", "", only, flags=re.S)


def test_somebody_limited_to_a_commune_sees_nothing_of_another(client_of, site, log_in):
    found = site()
    found.settings = found.settings.model_copy(
        update={"web": found.settings.web.model_copy(update={"reading": "login"})}
    )
    client = log_in(client_of(found), found, "planner", communes=["22840"])
    for path in ("/plan", "/plan/forecast", "/plan/findings", "/plan/gaps.csv"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "22849" not in answer.text, path
        assert "PC-1" not in answer.text, path
