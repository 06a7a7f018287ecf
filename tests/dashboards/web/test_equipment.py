"""What an asset's page shows of its parts and surroundings, and what it leaves out."""

import re
from dataclasses import replace

import pytest

from dashboards.web.equipment import MOST_ROWS, equipment_page
from inventory.equipment import ModuleReading, SensorReading, SupplyReading
from inventory.known_equipment import Equipment


@pytest.fixture
def said(client_of):
    """The text of RT-1's page of a site, blanks made one."""

    def read(found, language="vi", tag="RT-1"):
        answer = client_of(found).get(f"/assets/{tag}", headers={"Accept-Language": language})
        assert answer.status_code == 200
        text = re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])
        return " ".join(text.replace("\xa0", " ").split())

    return read


HEADINGS = {
    "en": (
        "Power supply",
        "Consumables",
        "Sensors",
        "Power over Ethernet",
        "Neighbours",
        "Parts",
        "Addresses",
        "VLANs",
        "Seen on the network",
    ),
    "vi": (
        "Nguồn điện",
        "Vật tư tiêu hao",
        "Cảm biến",
        "Cấp nguồn qua cáp mạng (PoE)",
        "Thiết bị đấu nối",
        "Bộ phận",
        "Địa chỉ IP",
        "VLAN",
        "Thấy trên mạng",
    ),
}


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_table_is_shown_with_its_age(said, site, language):
    text = said(site(), language)
    ago = "read 2 min" if language == "en" else "đọc cách đây 2 phút"
    for heading in HEADINGS[language]:
        assert f"{heading} {ago}" in text


def test_what_a_device_does_not_have_is_not_shown(said, site):
    text = said(site(), "en", "SW-1")
    assert not [heading for heading in HEADINGS["en"] if f"{heading} read" in text]
    assert "Duplex" not in text


def test_figures_are_in_the_units_of_people(said, site):
    text = said(site(), "en")
    assert "Phòng máy temperature 31.5 °C ● good ≤ 40" in text
    assert "Mực đen toner 4% ◌ low" in text
    assert "Source of power ✕ battery Charge 42% Load 33% Would last 10 min" in text
    assert "Source 1 41 W of 370 W" in text
    assert "ether2 LLDP SW tầng 2 Cisco IOS Gi1/0/24 10.0.0.2 switch" in text
    assert "10.0.0.1/24" in text
    assert "VLANs read 2 min" in text
    assert "20 Một cửa Seen" in text
    assert "half gives power class 3 20 +2 7" in text


def test_what_is_wrong_stands_first(site):
    asset = site().snapshot.assets["RT-1"]
    assert equipment_page(asset).sensors[0].name == "PSU 1"


def test_long_tables_are_cut_and_say_so(said, site):
    found = site()
    asset = found.snapshot.assets["RT-1"]
    sensors = tuple(SensorReading("count", f"s{n:05}", float(n)) for n in range(5_000))
    supplies = tuple(SupplyReading(f"t{n}", "toner", 5.0) for n in range(MOST_ROWS + 1))
    changed = Equipment(sensors=sensors, supplies=supplies)
    found.snapshot.assets["RT-1"] = replace(asset, equipment=changed)
    text = said(found, "en")
    assert text.count(" count ") == MOST_ROWS
    assert "4,800 more are not shown." in text
    assert "1 more are not shown." in text


def test_a_tree_that_bites_its_tail_is_shown_once(site):
    asset = site().snapshot.assets["RT-1"]
    parts = (
        ModuleReading(1, 0, "chassis", "a"),
        ModuleReading(2, 3, "module", "b"),
        ModuleReading(3, 2, "module", "c"),
        ModuleReading(4, 1, "fan", "d"),
    )
    page = equipment_page(replace(asset, equipment=Equipment(modules=parts)))
    assert [(branch.module.name, branch.depth) for branch in page.modules] == [
        ("a", 0),
        ("d", 1),
        ("b", 0),
        ("c", 1),
    ]
