"""Reports through the API: of the communes of who asks, in each form, and what is refused."""

import datetime as dt
from dataclasses import replace

import pytest

from dashboards.reports.as_json import ReportJson
from inventory.people.roles import Role
from inventory.store.rows import Batch, ProfileRow
from inventory.store.writer import Writer


@pytest.fixture
def today(site):
    """The day of a result of both communes, kept with its profile."""
    known, profile = site.snapshot.communes["22849"].evaluation, site.profile
    row = ProfileRow(profile.digest, profile.id, profile.version, profile.body())
    writer = Writer(site.database)
    found = [replace(known, commune=code) for code in ("22849", "22840")]
    writer.write(Batch(known.at_s, evaluations=found, profiles=[row]))
    writer.close(clean=True)
    return dt.datetime.fromtimestamp(known.at_s, site.settings.zone).date()


def codes(answer):
    return {c.unit.code for c in ReportJson.model_validate_json(answer.content).communes}


def test_a_report_is_of_the_communes_of_who_asks(client, today):
    asked = {"as_of": today.isoformat()}
    assert codes(client().get("/reports", params=asked)) == {"22849", "22840"}
    clerk = client(Role.VIEWER, ["22849"])
    assert codes(clerk.get("/reports", params=asked)) == {"22849"}
    assert clerk.get("/reports", params=asked | {"commune": "22840"}).status_code == 403
    one = client().get("/reports", params=asked | {"commune": "22840", "format": "csv"})
    assert one.headers["content-type"] == "text/csv; charset=utf-8"
    assert one.content.count(b"22840,") == len(one.content.splitlines()) - 1


WRONG = (
    ({"as_of": "2099-01-01"}, "as_of"),
    ({"as_of": "0001-01-01"}, "as_of"),
    ({"compare": "2099-01-01"}, "compare"),
    ({"compare": "2001-01-01"}, "compare"),
    ({"commune": "22849", "group": "x"}, "group"),
    ({"group": "x"}, "as_of"),
)


def test_what_cannot_be_is_a_problem_of_its_field(client, today):
    api = client()
    for more, field in WRONG:
        answer = api.get("/reports", params={"as_of": today.isoformat()} | more)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
