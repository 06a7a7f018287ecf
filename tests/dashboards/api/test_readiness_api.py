"""Readiness through the API: ranked, one commune with its evidence, one requirement over all."""

from dataclasses import replace

import pytest

from inventory.people.roles import Role
from inventory.readiness.result import Evidence

HERE, THERE = "22849", "22840"


@pytest.fixture
def get(client):
    """get(path, **parameters) -> the body of an answer to an administrator."""
    api = client()

    def read(path, **parameters):
        answer = api.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


def test_communes_are_ranked_and_what_is_not_known_comes_last_either_way(get, site):
    first, last = get("/readiness")
    evaluation = site.snapshot.communes[HERE].evaluation
    assert (first["commune"], last["commune"]) == (HERE, THERE)
    assert first["total"]["ratio"] == evaluation.total.ratio
    assert first["cost_vnd"] == evaluation.cost_vnd > 0
    assert sum(first["verdicts"].values()) == len(evaluation.results)
    assert first["ready"] is False
    assert (last["total"], last["ready"], last["evaluated_at"]) == (None, None, None)
    assert [c["commune"] for c in get("/readiness", sort="-ratio")] == [HERE, THERE]
    assert [c["commune"] for c in get("/readiness", sort="commune")] == [THERE, HERE]
    assert [c["commune"] for c in get("/readiness", sort="-cost")] == [HERE, THERE]


def test_the_ranking_is_filtered_by_what_is_known_and_how_ready_and_where(get, site):
    ratio = site.snapshot.communes[HERE].evaluation.total.ratio

    def codes(**parameters):
        return [c["commune"] for c in get("/readiness", **parameters)]

    assert codes(known="true") == [HERE]
    assert codes(known="false") == [THERE]
    assert codes(below=ratio) == []
    assert codes(above=ratio) == [HERE]
    assert codes(below=1) == [HERE]
    parent = site.snapshot.communes[HERE].unit.parent
    assert codes(parent=parent) == [HERE, THERE]
    assert codes(parent="00") == codes(group="none") == []
    assert codes(pillar="no-such-pillar", known="true") == []


def test_a_ranking_comes_in_pieces(client):
    answer = client().get("/readiness", params={"limit": 1, "sort": "commune", "known": "true"})
    assert answer.headers["x-total-count"] == "1"
    answer = client().get("/readiness", params={"limit": 1, "sort": "commune"})
    assert [c["commune"] for c in answer.json()] == [THERE]
    assert 'offset=1&limit=1>; rel="next"' in answer.headers["link"]
    assert "sort=commune" in answer.headers["link"]


def test_a_commune_has_its_results_with_evidence_by_tag(get, site):
    view = site.snapshot.communes[HERE]
    first, *others = view.evaluation.results
    seen = Evidence("measured", "Máy in <b>", 1_790_000_000.0, "PR-1")
    shown = replace(first, evidence=(seen, Evidence("declared", "posts: 30")), above_norm=True)
    evaluation = replace(view.evaluation, results=(shown, *others))
    site.snapshot.communes[HERE] = replace(view, evaluation=evaluation)
    site.snapshot.forecast[HERE] = {("life", "year"): 5, ("life", "overdue"): 7}
    found = get(f"/readiness/{HERE}")
    assert found["profile_digest"] == evaluation.profile_digest
    assert found["forecast_vnd"] == {"life": {"year": 5, "overdue": 7}}
    assert [r["requirement"] for r in found["results"]] == [
        r.requirement for r in evaluation.results
    ]
    assert found["results"][0]["above_norm"] is True
    measured, declared = found["results"][0]["evidence"]
    assert (measured["asset"], measured["text"]) == ("PR-1", "Máy in <b>")
    assert measured["at"] == "2026-09-21T14:13:20Z"
    assert (declared["asset"], declared["at"]) == (None, None)
    assert get("/readiness")[0]["above_norm"] == 1


def test_a_requirement_is_read_over_all_communes_and_by_verdict(get, site):
    asked = {a["requirement"]: a for a in get("/readiness/requirements")}
    (result, *_) = site.snapshot.communes[HERE].evaluation.results
    one = asked[result.requirement]
    assert one["title"]["vi"]
    assert one["verdicts"][result.verdict] == sum(one["verdicts"].values()) == 1
    (standing,) = get(f"/readiness/requirements/{result.requirement}")
    assert (standing["commune"], standing["result"]["verdict"]) == (HERE, result.verdict)
    others = [v for v in ("met", "unmet", "unknown") if v != result.verdict]
    assert get(f"/readiness/requirements/{result.requirement}", verdict=others[0]) == []


@pytest.mark.parametrize("path", ["/readiness", f"/readiness/{HERE}", "/readiness/requirements"])
def test_whoever_knows_the_answer_is_told_so_until_it_changes(client, site, path):
    api = client()
    answer = api.get(path)
    tag = {"If-None-Match": answer.headers["etag"]}
    again = api.get(path, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == answer.headers["etag"]
    assert api.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    del site.snapshot.communes[THERE]
    view = site.snapshot.communes.pop(HERE)
    assert api.get(path, headers=tag).status_code in (200, 404)
    site.snapshot.communes[HERE] = view


def test_what_is_not_there_is_not_found_and_what_cannot_be_asked_is_refused(client):
    api = client()
    for path in (f"/readiness/{THERE}", "/readiness/00000", "/readiness/requirements/no-such"):
        answer = api.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
    for parameters in ({"sort": "posts"}, {"below": 2}, {"limit": 0}, {"verdict": "met"}):
        assert api.get("/readiness", params=parameters).status_code == 422


def test_somebody_for_one_commune_is_told_of_no_other(client):
    api = client(Role.VIEWER, [THERE])
    assert [c["commune"] for c in api.get("/readiness").json()] == [THERE]
    assert api.get(f"/readiness/{HERE}").status_code == 404
    asked = api.get("/readiness/requirements").json()
    assert {sum(a["verdicts"].values()) for a in asked} == {0}
    assert api.get(f"/readiness/requirements/{asked[0]['requirement']}").status_code == 404
