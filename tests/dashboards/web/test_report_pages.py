"""The page of reports: what it makes, for whom, and what it says of a wish that cannot be."""

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest

from config.reports import Reports
from inventory.store.rows import Batch, ProfileRow
from inventory.store.writer import Writer

DAY = 86_400.0
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def told(site, tmp_path):
    """A site with results of today and of ten days ago, and a folder of monthly reports."""
    found = site()
    known, profile = found.snapshot.communes["22849"].evaluation, found.profile
    writer = Writer(found.database)
    row = ProfileRow(profile.digest, profile.id, profile.version, profile.body())
    other = replace(known, commune="22840")
    past = [replace(one, at_s=known.at_s - 10 * DAY) for one in (known, other)]
    writer.write(Batch(known.at_s, evaluations=[known, other, *past], profiles=[row]))
    writer.close(clean=True)
    folder = tmp_path / "monthly"
    folder.mkdir()
    (folder / "readiness-2025-11-30-from-2025-10-31-vi.pdf").write_bytes(b"%PDF-1.4 november")
    (folder / "readiness-2025-10-31-vi.xlsx").write_bytes(b"october")
    (folder / "secret.pdf").write_bytes(b"no report")
    reports = Reports(folder=folder)
    found.settings = found.settings.model_copy(update={"reports": reports})
    return found


def day(site, ago=0):
    today = dt.datetime.fromtimestamp(site.clock.wall(), site.settings.zone).date()
    return (today - dt.timedelta(days=ago)).isoformat()


FORMS = {
    "pdf": ("application/pdf", b"%PDF"),
    "xlsx": (XLSX, b"PK"),
    "csv": ("text/csv; charset=utf-8", b"\xef\xbb\xbfas_of,"),
    "json": ("application/json", b"{"),
}


def test_a_report_is_made_in_each_form(told, client_of):
    client = client_of(told)
    for form, (kind, begins) in FORMS.items():
        asked = {"as_of": day(told), "compare": day(told, 10), "format": form, "language": "en"}
        answer = client.get("/reports/file", params=asked)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == kind
        assert answer.content.startswith(begins)
        name = f"readiness-{day(told)}-from-{day(told, 10)}-en.{form}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_the_day_that_is_offered_first_is_one_that_something_is_known_of(told, site, client_of):
    assert f'value="{day(told, 1)}"' in client_of(told).get("/reports").text
    writer = Writer((fresh := site()).database)
    writer.write(Batch(1.0, evaluations=[fresh.snapshot.communes["22849"].evaluation]))
    writer.close(clean=True)
    client = client_of(fresh)
    assert f'value="{day(fresh)}"' in client.get("/reports").text
    asked = {"as_of": day(fresh, 5), "lang": "en"}
    refused = client.get("/reports/file", params=asked)
    assert refused.status_code == 422
    assert "nothing is known of this day; the first results are of" in refused.text


def test_somebody_of_one_commune_gets_a_report_of_it_alone(told, client_of, log_in):
    client = log_in(client_of(told), told, "planner", ["22840"])
    answer = client.get("/reports/file", params={"as_of": day(told), "format": "csv"})
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert {row["commune"] for row in rows} == {"22840"}
    assert (
        client.get("/reports/file", params={"as_of": day(told), "scope": "c:22849"}).status_code
        == 403
    )
    page = client.get("/reports").text
    assert "readiness-2025" not in page
    assert client.get("/reports/monthly/readiness-2025-10-31-vi.xlsx").status_code == 403


def test_monthly_files_are_listed_the_newest_first_and_nothing_else_is_served(told, client_of):
    client = client_of(told)
    page = client.get("/reports?lang=en").text
    assert page.index("readiness-2025-11-30") < page.index("readiness-2025-10-31-vi.xlsx")
    assert "secret.pdf" not in page
    file = client.get("/reports/monthly/readiness-2025-11-30-from-2025-10-31-vi.pdf")
    assert file.content == b"%PDF-1.4 november"
    assert file.headers["content-type"] == "application/pdf"
    for name in ("secret.pdf", "..%2Fsecret.pdf", "readiness-2025-12-31-vi.pdf"):
        assert client.get(f"/reports/monthly/{name}").status_code == 404


WRONG = (
    ({"as_of": ""}, "as_of", "must be a day"),
    ({"as_of": "2026-02-30"}, "as_of", "must be a day"),
    ({"as_of": "2099-01-01"}, "as_of", "has not come yet"),
    ({"as_of": "2020-01-01"}, "as_of", "nothing is known of this day"),
    ({"compare": "2099-01-01"}, "compare", "must be before the other day"),
    ({"compare": "2020-01-01"}, "compare", "nothing is known of this day"),
    ({"format": "exe"}, "format", "must be one of the list"),
    ({"scope": "x:1"}, "scope", "must be one of the list"),
    ({"language": "fr"}, "language", "must be one of the list"),
)


def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_is_kept(told, client_of):
    client = client_of(told)
    for asked, field, said in WRONG:
        wish = {"as_of": day(told), "format": "pdf", "language": "en"} | asked
        answer = client.get("/reports/file", params=wish | {"lang": "en"})
        assert answer.status_code == 422
        error = answer.text.partition(f'id="e-{field}">')[2].partition("</p>")[0]
        assert said in error, asked
        before = "h-compare " if field == "compare" else ""
        assert f'aria-describedby="{before}e-{field}"' in answer.text.replace('=" e', '="e')
        if asked.get("as_of"):
            assert f'value="{asked["as_of"]}"' in answer.text
