"""Words that clerks write for a class, with marks and without, together and apart."""

import pytest

from config.assets import AssetClass
from dashboards.forms.words import CLASSES
from dashboards.web.languages import messages
from dashboards.web.words import word
from inventory.alphabet import folded
from inventory.sheets.class_words import class_of

USUAL = {
    AssetClass.ROUTER: "modem, bộ định tuyến, Router Wi-Fi",
    AssetClass.SWITCH: "bộ chia mạng, Switch, thiết bị chuyển mạch",
    AssetClass.ACCESS_POINT: "wifi, Wi-Fi, bộ phát wifi, AP, điểm truy cập không dây (Wi-Fi)",
    AssetClass.ONT: "modem quang, ONU, bộ chuyển đổi quang điện",
    AssetClass.SERVER: "máy chủ, Máy chủ (server)",
    AssetClass.DESKTOP: "PC, máy tính để bàn, Máy tính để bàn (PC), bộ máy vi tính, All-in-One",
    AssetClass.LAPTOP: "laptop, máy xách tay, máy tính bảng, Laptop/máy tính bảng",
    AssetClass.PRINTER: "máy in, máy photo, máy phô-tô-cóp-pi, máy photo copy, Máy in/Photocopy",
    AssetClass.SCANNER: "máy quét, máy scan, scan",
    AssetClass.UPS: "UPS, bộ lưu điện, UPS (bộ lưu điện), bộ lưu điện UPS",
    AssetClass.CAMERA: "camera, đầu ghi, đầu ghi hình camera, camera quan sát",
    AssetClass.VIDEO_CONFERENCE: "họp trực tuyến, camera hội nghị",
    AssetClass.PHONE: "Điện thoại IP, tổng đài, điện thoại để bàn",
    AssetClass.OTHER: "màn hình, ti vi, Tivi, máy chiếu, máy lấy số thứ tự, máy quét mã vạch",
}


@pytest.mark.parametrize("asset_class", USUAL, ids=lambda c: c.value)
def test_what_clerks_write_for_a_class_is_understood(asset_class):
    for text in USUAL[asset_class].split(", "):
        for written in (text, text.upper(), folded(text), f"  {text} *"):
            assert class_of(written) is asset_class, written


@pytest.mark.parametrize("asset_class", AssetClass, ids=lambda c: c.value)
def test_what_pages_and_forms_call_a_class_is_understood(asset_class):
    vietnamese, english = messages("vi"), word(asset_class.value)
    for text in (asset_class.value, english, vietnamese[english], CLASSES[asset_class]):
        assert class_of(text) is asset_class, text


@pytest.mark.parametrize(
    "text", ["", "-", "/", "thiết bị mạng", "máy in, máy quét", "PC và máy in"]
)
def test_a_word_of_no_class_or_of_two_is_none(text):
    assert class_of(text) is None
