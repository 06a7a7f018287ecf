"""`hatang user`, with and without a daemon, and the login that it leads to."""

import json
import re

import httpx


def set_password(link, password):
    with httpx.Client(trust_env=False, timeout=60) as client:
        page = client.get(link)
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
        return client.post(link, data={"csrf": token, "password": password, "again": password})


def test_users_are_made_with_and_without_a_daemon(hatang, daemon, district, host_asset):
    config = district(host_asset)
    first = hatang("user", "add", "quan.tri", "--role", "administrator", "-c", config)
    assert "/first/" in first.stdout
    run = daemon(config)
    second = hatang("user", "add", "lan", "--role", "registrar", "--commune", "22849", "-c", config)
    link = f"{run.url}/first/{second.stdout.strip().rpartition('/')[2]}"
    again = hatang("user", "add", "lan", "-c", config)
    assert (again.returncode, again.stderr) == (1, "name: there is a user of this name\n")
    assert set_password(link, "ghế đá, mưa rào, 7 con vịt").status_code == 303
    assert run.get("/first/" + "x" * 22)[0] == 410
    listed = json.loads(hatang("user", "list", "-c", config, "--format", "json").stdout)
    assert {u["name"]: (u["role"], u["state"], u["communes"]) for u in listed} == {
        "lan": ("registrar", "active", "22849"),
        "quan.tri": ("administrator", "invited", "all"),
    }
    assert hatang("user", "disable", "lan", "-c", config).returncode == 0
    assert run.stop() == 0
    listed = json.loads(hatang("user", "list", "-c", config, "--format", "json").stdout)
    assert [u["state"] for u in listed] == ["disabled", "invited"]


def test_the_secret_of_a_link_is_nowhere_on_the_disk(hatang, district, host_asset, tmp_path):
    config = district(host_asset)
    made = hatang("user", "add", "quan.tri", "--role", "administrator", "-c", config)
    secret = made.stdout.strip().rpartition("/")[2].encode()
    assert len(secret) == 22
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(secret in path.read_bytes() for path in files)


def test_an_unknown_commune_is_refused(hatang, district, host_asset):
    config = district(host_asset)
    wrong = hatang("user", "add", "lan", "--commune", "1", "-c", config)
    assert wrong.returncode == 2
    assert "not among" in wrong.stderr
