"""What machines read: the metrics in parts and commune by commune, and where the pages are."""

from __future__ import annotations

import pytest


@pytest.fixture
def series(client):
    """series(path) -> the names of the series of a page and the communes that they name."""

    def read(path):
        answer = client.get(path)
        assert answer.status_code == 200
        lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
        names = {line.split("{")[0].split(" ")[0] for line in lines}
        communes = {
            line.split('commune="')[1].split('"')[0] for line in lines if "commune=" in line
        }
        return names, communes

    return read


def test_the_page_is_served_whole_in_parts_and_commune_by_commune(client, series):
    whole, _ = series("/metrics")
    communes, _ = series("/metrics?collect[]=communes")
    assert "hatang_commune_readiness_ratio" in communes
    assert not {name for name in communes if name.startswith(("hatang_asset", "process"))}
    both, _ = series("/metrics?collect[]=communes&collect[]=requirements")
    assert both - communes == {name for name in whole if name.startswith("hatang_requirement_")} - {
        "hatang_requirement_title_info"
    }
    names, where = series("/metrics/communes/22849")
    assert where == {"22849"}
    assert {"hatang_asset_info", "hatang_requirement_state"} <= names
    assert client.get("/metrics/communes/00000").status_code == 404
    wrong = client.get("/metrics?collect[]=asets")
    assert (wrong.status_code, "assets" in wrong.text) == (400, True)


def test_prometheus_finds_a_page_for_each_commune_and_each_is_an_instance_of_its_own(client):
    found = client.get("/sd").json()
    paths = [group["labels"]["__metrics_path__"] for group in found]
    assert paths == ["/metrics/communes/22840", "/metrics/communes/22849"]
    assert len({group["labels"]["instance"] for group in found}) == len(found)
    for group in found:
        (target,) = group["targets"]
        assert target == client.base_url.netloc.decode()
        assert client.get(group["labels"]["__metrics_path__"]).status_code == 200
