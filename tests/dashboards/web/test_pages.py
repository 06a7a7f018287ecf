"""What the pages say, in both languages."""

import os
import re
from dataclasses import replace

import pytest

from config.sections import Settings, Web
from dashboards.web.overview import overview
from inventory.judgement import Judge
from inventory.observation import InterfaceReading
from inventory.profile_set import ProfileSet
from inventory.snapshot import InterfaceView, Snapshot
from inventory.uptime import Interval, State

PATHS = ("/", "/communes/22849", "/communes/22840", "/assets/RT-1", "/assets/SW-1", "/assets/PC-1")
DAY = 86_400.0


def said(client, path, language="vi"):
    """A page's text without its marks, blanks made one."""
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])
    return re.sub(r" ([,.;])", r"\1", " ".join(text.replace("\xa0", " ").split()))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_answers_in_both_languages(client, path, language):
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert "set-cookie" not in answer.headers
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")


def test_the_first_page_ranks_communes_and_shows_gaps_with_their_cost(site, client_of):
    found = site()
    text = said(client_of(found), "/")
    assert text.index("Xã Thuận Bắc") < text.index("Xã Công Hải")
    firewall = found.profile.requirement("firewall")
    assert firewall.title.vi in text
    assert f"{firewall.remedy.price_vnd:,}".replace(",", ".") + " ₫" in text
    assert "chưa đánh giá" in text
    assert firewall.title.en not in text


def test_the_first_page_counts_devices_in_all_five_states(client):
    text = said(client, "/", "en")
    for words in ("● up 1", "✕ down 0", "◌ unreachable 1", "⚒ maintenance 0", "? unknown 0"):
        assert words in text


def test_the_worst_gaps_weigh_most_for_the_score(site):
    found = site()
    row = next(row for row in overview(found).rows if row.code == "22849")
    lost = [r.weight * (1 - (r.share or 0.0)) for r in row.worst]
    assert len(lost) == 3
    assert lost == sorted(lost, reverse=True)
    results = found.snapshot.communes["22849"].evaluation.results
    rest = [r for r in results if r.verdict in ("unmet", "partly") and r not in row.worst]
    assert all(r.weight * (1 - r.share) <= lost[-1] for r in rest)


def test_the_first_page_names_what_is_down_the_latest_first_and_not_all(site, client_of):
    found = site()
    one = found.snapshot.assets["RT-1"]
    for number in range(12):
        tag = f"DEAD-{number:02}"
        entry = one.registered.model_copy(update={"tag": tag, "edge": False})
        found.snapshot.assets[tag] = replace(
            one, registered=entry, state=State.DOWN, state_since_s=one.state_since_s - number
        )
    text = said(client_of(found), "/", "en")
    down = text.partition("Down now")[2]
    assert down.index("DEAD-00") < down.index("DEAD-09")
    assert "DEAD-10" not in down
    assert "2 more are down" in down


def test_a_commune_says_where_it_lies_and_what_it_came_from(client):
    text = said(client, "/communes/22849")
    assert "Tỉnh Khánh Hòa" in text
    assert "Thành lập ngày 01/07/2025 từ: Xã Phước Kháng (22843)" in text
    assert "Xã Lợi Hải (22849), Xã Bắc Phong (22856) – Huyện Thuận Bắc (cũ)" in text
    assert "Huyện Thuận Bắc (cũ), Tỉnh Ninh Thuận (cũ)." in text


def test_a_commune_shows_requirements_with_basis_evidence_and_unknown_as_such(client):
    text = said(client, "/communes/22849")
    assert "15/2025/QĐ-TTg" in text
    assert "Hatang đề xuất" in text
    assert "chưa có số liệu" in text
    assert "nằm sau RT-1" in text
    english = said(client, "/communes/22849", "en")
    assert "no data" in english
    assert "chosen by Hatang" in english


def test_devices_for_posts_are_counted_and_not_shown_as_a_share(client):
    text = said(client, "/communes/22849", "en")
    assert re.search(r"One computer for each post 1 / ≥ 20", text)
    assert re.search(r"1 for 20 posts", text)


def test_evidence_speaks_the_language_of_the_page(client):
    text = said(client, "/communes/22849")
    assert "Số vị trí việc làm: 20" in text
    assert "trong giờ làm việc: hoạt động 4 ngày 4 giờ, mất kết nối 2 giờ 30 phút" in text
    assert "MSI, sử dụng từ 01/06/2014" in text
    assert "posts" not in text


def test_what_is_above_the_norm_is_said_beside_the_verdict(site, client_of):
    found = site()
    view = found.snapshot.communes["22849"]
    first = replace(view.evaluation.results[0], above_norm=True)
    results = (first, *view.evaluation.results[1:])
    found.snapshot.communes["22849"] = replace(
        view, evaluation=replace(view.evaluation, results=results)
    )
    text = said(client_of(found), "/communes/22849")
    assert text.count("vượt định mức") == 1
    assert "Số lượng vượt mức tối đa của định mức." in text


def test_help_norm_and_notes_of_the_profile_are_in_the_readers_language(site, client_of):
    found = site()
    help = found.profile.requirement("antivirus").help
    client = client_of(found)
    text, english = said(client, "/communes/22849"), said(client, "/communes/22849", "en")
    assert help.vi in text
    assert help.en in english
    assert "Định mức Quyết định 15/2025/QĐ-TTg, Phụ lục II tiêu chuẩn, định mức" in text
    assert "Chưa tìm thấy định mức." in text
    assert "No norm was found." in english


def test_a_result_of_a_requirement_that_the_profile_has_no_more_is_still_shown(site, client_of):
    found = site()
    bare = found.profile.model_copy(update={"requirements": (), "pillars": ()})
    found.profiles = ProfileSet.alone(bare)
    text = said(client_of(found), "/communes/22849", "en")
    assert "firewall" in text
    assert "not met" in text


def test_an_asset_shows_facts_with_source_and_age_interfaces_and_outages(client):
    text = said(client, "/assets/RT-1", "en")
    assert "2 h 1 min" in text
    assert "RouterOS 7 measured 1 min" in text
    assert "MikroTik registered –" in text
    assert "ether1 uplink WAN ● up 1 Gbit/s 42 Mbit/s 1 Mbit/s 0 / 0" in text
    assert "ether1 WAN no link" in text
    assert "no answer in time timeout 2 times in a row" in text
    assert "flash disk 512 MiB 1 GiB 50%" in text
    assert "No outage was seen" not in text
    assert "12,000,000" in text
    assert "99.53%" in text


def test_an_outage_that_goes_on_is_told_from_one_that_is_over(site, client_of):
    going_on = site(
        line=lambda now_s: [
            Interval(State.UP, now_s - 20 * DAY, now_s - 3600),
            Interval(State.DOWN, now_s - 3600),
        ]
    )
    assert "still down 1 h" in said(client_of(going_on), "/assets/RT-1", "en")
    over = site()
    over.snapshot.assets["RT-1"] = replace(over.snapshot.assets["RT-1"], state=State.DOWN)
    assert "still down" not in said(client_of(over), "/assets/RT-1", "en")


def test_what_is_only_registered_says_so_and_claims_no_uptime(client):
    text = said(client, "/assets/PC-1", "en")
    assert "Registered and not watched" in text
    assert "Uptime" not in text
    assert "desktop" in text


def test_long_texts_of_devices_are_cut_with_the_whole_in_the_title(site, client_of):
    found = site()
    router = found.snapshot.assets["RT-1"]
    long = "Cisco IOS " + "x" * 200
    endless = "y" * 1_000_000
    found.snapshot.assets["RT-1"] = replace(
        router,
        facts=(replace(router.facts[0], value=long), replace(router.facts[1], value=endless)),
    )
    answer = client_of(found).get("/assets/RT-1")
    assert f'title="{long}"' in answer.text
    assert f">{long}<" not in answer.text
    assert len(answer.text) < 60_000


@pytest.mark.parametrize(
    "path", ["/communes/00000", "/assets/NOBODY", "/nowhere", "/static/no", "/communes/22849/"]
)
def test_what_is_not_there_is_404_in_the_readers_language(client, path):
    answer = client.get(path, headers={"Accept-Language": "vi"})
    assert answer.status_code == 404
    assert "Không tìm thấy" in answer.text


@pytest.mark.parametrize("path", ["//evil.example/x", "/%5C/evil.example", "/a%22onclick=x"])
def test_the_links_of_a_page_stay_on_this_site(client, path):
    url = client.base_url.copy_with(raw_path=path.encode())
    text = client.get(url).text
    assert "Không tìm thấy" in text
    links = re.findall(r'href="([^"]*)"', text)
    assert [link for link in links if not re.match(r"#|/(?![/\\])", link)] == []


def test_the_language_can_be_chosen_and_is_remembered(client):
    chosen = client.get("/?lang=en", headers={"Accept-Language": "vi"})
    assert '<html lang="en">' in chosen.text
    assert "samesite=lax" in chosen.headers["set-cookie"].lower()
    assert "httponly" in chosen.headers["set-cookie"].lower()
    again = client.get("/", headers={"Accept-Language": "vi"})
    assert '<html lang="en">' in again.text
    assert "set-cookie" not in again.headers
    assert '<html lang="en">' in client.get("/?lang=xx", headers={"Accept-Language": "vi"}).text


def test_metrics_are_text_or_openmetrics_as_asked(client):
    plain = client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'hatang_asset_up{asset="RT-1",commune="22849"} 1.0' in plain.text
    modern = client.get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert modern.headers["content-type"].startswith("application/openmetrics-text")
    assert modern.text.endswith("# EOF\n")


def test_trouble_is_on_every_page_and_in_the_health(site, client_of):
    found = site()
    client = client_of(found)
    assert client.get("/healthz").json() == {"status": "ok", "problems": {}}
    found.snapshot.problems |= {
        "store": "full: database or disk is full",
        "config": "hatang.yaml:3: web.port: is not a setting",
    }
    degraded = client.get("/healthz")
    assert (degraded.status_code, degraded.json()["status"]) == (503, "degraded")
    assert degraded.json()["problems"] == found.snapshot.problems
    for path in (*PATHS, "/nowhere"):
        text = client.get(path, headers={"Accept-Language": "vi"}).text
        assert "Không ghi được cơ sở dữ liệu" in text
        assert "database or disk is full" in text
        assert "Cấu hình mới bị từ chối" in text
        assert "web.port" in text


@pytest.mark.parametrize("damage", ["gone", "rubbish", "a folder"])
def test_without_a_database_the_present_is_still_shown(site, client_of, damage):
    found = site()
    os.remove(found.database)
    if damage == "rubbish":
        found.database.write_bytes(b"\x07" * 5000)
    elif damage == "a folder":
        found.database.mkdir()
    client = client_of(found)
    for path in PATHS:
        assert client.get(path).status_code == 200
    assert "History cannot be read now" in said(client, "/communes/22849", "en")
    assert "History cannot be read now" in said(client, "/assets/RT-1", "en")
    assert "No outage was seen" not in said(client, "/assets/RT-1", "en")


def test_an_empty_configuration_says_what_to_do_first(site, client_of):
    found = site()
    found.settings = Settings(web=Web(reading="open"))
    found.judge = Judge.of(found.settings)
    found.snapshot = Snapshot()
    text = said(client_of(found), "/", "en")
    assert "Add the codes of your communes" in text
    assert "hatang communes --parent 56" in text


def test_communes_without_assets_or_evaluation_say_what_comes_next(site, client_of):
    found = site()
    found.snapshot.assets.clear()
    for code, view in found.snapshot.communes.items():
        found.snapshot.communes[code] = replace(view, evaluation=None)
    client = client_of(found)
    first = said(client, "/", "en")
    assert "Nothing is registered yet" in first
    assert "Nothing is evaluated yet" in first
    commune = said(client, "/communes/22849", "en")
    assert "Not evaluated yet" in commune
    assert "Nothing is registered for this commune" in commune


def wire_size(client, path):
    """Bytes of a page's body as they travel."""
    with client.stream("GET", path) as answer:
        assert answer.status_code == 200
        return sum(map(len, answer.iter_raw()))


def test_pages_of_a_big_district_stay_below_100_kb_on_the_wire(site, client_of):
    found = site()
    router, computer = found.snapshot.assets["RT-1"], found.snapshot.assets["PC-1"]
    view = found.snapshot.communes["22849"]
    for number in range(60):
        for kind, asset in (("DEV", router), ("PC", computer)):
            tag = f"{kind}-{number}"
            entry = asset.registered.model_copy(update={"tag": tag, "edge": False})
            found.snapshot.assets[tag] = replace(asset, registered=entry)
        code = f"3{number:04}"
        unit = replace(view.unit, code=code, name=f"Xã thứ {number}")
        found.snapshot.communes[code] = replace(view, unit=unit)
    ports = tuple(
        InterfaceView(InterfaceReading(n, f"GigabitEthernet1/0/{n}", f"phong {n}"))
        for n in range(1000)
    )
    found.snapshot.assets["RT-1"] = replace(router, interfaces=ports)
    client = client_of(found)
    for path in ("/", "/communes/22849", "/assets/RT-1"):
        assert wire_size(client, path) < 100_000, path
    assert "500 more are not shown" in said(client, "/assets/RT-1", "en")
