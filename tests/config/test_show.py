import json

import pytest

from config.load import load
from config.show import effective


@pytest.fixture
def found(gallery, env):
    return effective(load(gallery / "right" / "everything.yaml", env))


def test_every_endpoint_is_shown_with_the_times_that_hold(found):
    endpoints = {endpoint.pop("id"): endpoint for endpoint in found["endpoints"]}
    assert endpoints["RT-1/snmp"] == {
        "kind": "snmp",
        "address": "10.0.0.1:161",
        "interval": "30s",
        "timeout": "1s",
        "credential": "lan",
    }
    assert endpoints["RT-1/ping"] == {
        "kind": "ping",
        "address": "10.0.0.1",
        "interval": "1m",
        "timeout": "2s500ms",
        "credential": None,
    }
    assert endpoints["SRV-1/host"]["address"] is None
    assert endpoints["PC-1/tcp"]["address"] == "[2001:db8::5]:3389"
    assert found["counts"] == {"snmp": 2, "ping": 2, "tcp": 2, "http": 2, "host": 1}
    assert (found["assets"], found["communes"]) == (7, ["22849"])


def test_it_is_plain_data_without_secrets(found):
    text = json.dumps(found)
    assert "canary" not in text
    assert found["settings"]["credentials"]["lan"]["community"] == "<secret>"
    assert found["settings"]["credentials"]["secure"]["auth_key"] == "<secret>"


ASSET = 'communes: [{code: "22849"}]\nassets:\n  - {tag: A, name: x, class: other, commune: "22849"'


def test_the_query_of_an_address_is_not_shown(loaded):
    settings = loaded(
        ASSET + ', endpoints: [{kind: http, url: "https://x.vn/a?token=canary#b"}]}\n'
    )
    assert effective(settings)["endpoints"][0]["address"] == "https://x.vn/a"


@pytest.mark.parametrize("status", ["planned", "in_stock", "in_repair", "lost", "retired"])
def test_what_is_not_in_use_is_not_looked_at(loaded, status):
    settings = loaded(ASSET + f", status: {status}, endpoints: [{{kind: host}}]}}\n")
    found = effective(settings)
    assert (found["endpoints"], found["counts"], found["assets"]) == ([], {}, 1)
