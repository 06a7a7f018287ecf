"""A small district with a history: units, profile, register and results on several days."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.reports import Reports
from dashboards.reports.make import Asked, gather_report, make_report
from hatang.assessment import Assessor
from hatang.plan import read_plan
from inventory.clock import SystemClock
from inventory.groups import groups_body
from inventory.readiness.frozen import EVERYTHING
from inventory.register.register import Register
from inventory.store.desk import direct_desk
from inventory.store.reader import Reader
from inventory.store.rows import Batch, ProfileRow
from inventory.store.writer import Writer

UNITS = """code,level,name,parent,valid_from,valid_to,successors
56,province,Tỉnh Khánh Hòa,,,,
00101,commune,Xã An Bình,56,2025-07-01,,
00102,commune,Xã Bình Minh,56,2025-07-01,,
00103,commune,Xã Cát Sơn,56,2025-07-01,,
"""

MERGED = """code,level,name,parent,valid_from,valid_to,successors
56,province,Tỉnh Khánh Hòa,,,,
00101,commune,Xã An Bình,56,2025-07-01,2026-11-09,00101
00102,commune,Xã Bình Minh,56,2025-07-01,2026-11-09,00101
00101,commune,Xã An Bình Minh,56,2026-11-10,,
00103,commune,Xã Cát Sơn,56,2025-07-01,,
"""

PROFILE = """id: ours
version: "1"
title: {vi: Bộ tiêu chí thử, en: Trial requirements}
valid_from: 2026-01-01
pillars:
  - {id: devices, title: {vi: Thiết bị, en: Devices}}
requirements:
  - id: computers
    pillar: devices
    title: {vi: Có 4 máy vi tính, en: Four computers}
    basis: {kind: ours, document: Quyết định 1/QĐ, article: Điều 2}
    level: mandatory
    weight: 3
    measure: {measure: asset_count, of: {classes: [desktop]}}
    at_least: 4
    remedy:
      name: {vi: Máy vi tính, en: Computer}
      price_vnd: 15000000
      price_date: 2026-08-01
      source: Bảng giá
  - id: ups
    pillar: devices
    title: {vi: Có bộ lưu điện, en: A UPS}
    basis: {kind: ours, document: Quyết định 1/QĐ}
    level: desirable
    measure: {measure: asset_count, of: {classes: [ups]}}
    at_least: 1
    remedy:
      name: {vi: Bộ lưu điện, en: UPS}
      price_vnd: 9000000
      price_date: 2026-08-01
      source: Bảng giá
  - id: line
    pillar: devices
    title: {vi: Đường Internet 200 Mbit/s, en: An Internet line of 200 Mbit/s}
    basis: {kind: aim, document: Kế hoạch 9}
    level: desirable
    measure: {measure: line_bandwidth}
    at_least: 200000000
    unit: bps
"""


def computer(tag, commune, name="Máy vi tính"):
    entry = {"tag": tag, "name": name, "class": "desktop", "commune": commune}
    return f"  - {json.dumps(entry, ensure_ascii=False)}\n"


CONFIG = """data_dir: data
units: units.csv
readiness: {profile: ours.yaml}
communes: [{code: "00101", internet_bps: 100000000}, {code: "00102"}, {code: "00103"}]
groups: [{id: coast, title: {vi: Ven biển, en: Coast}, communes: ["00101", "00102"]}]
assets:
""" + "".join(
    computer(f"{prefix}-{number}", commune, "=1+1; ' <b>Máy</b> & 🖨")
    for prefix, commune, count in (("A", "00101", 4), ("B", "00102", 1))
    for number in range(1, count + 1)
)


@dataclass
class District:
    """Files of a configuration and its database, which may be edited between two evaluations."""

    folder: Path

    @property
    def plan(self):
        return read_plan(self.folder / "hatang.yaml", dt.date(2026, 11, 20))

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def moment(self, day, hour=18):
        zone = self.plan.settings.zone
        return dt.datetime.combine(day, dt.time(hour), zone).timestamp()

    def evaluate(self, day, hour=18):
        """What the daemon does: evaluate and keep results, the profile's content and groups."""
        plan, at_s = self.plan, self.moment(day, hour)
        plan.database.parent.mkdir(exist_ok=True)
        writer = Writer(plan.database)
        found = Assessor(plan).of(list(plan.communes), at_s)
        profile = plan.profiles.base_on(day)
        row = ProfileRow(profile.digest, profile.id, profile.version, profile.body())
        groups = groups_body(plan.settings.groups, plan.table, plan.communes)
        writer.write(Batch(at_s, evaluations=found, profiles=[row], groups=groups))
        writer.close(clean=True)

    def apply(self, *steps, actor):
        plan = self.plan
        with direct_desk(plan.database) as desk:
            Register(desk, plan.rules, SystemClock()).apply(steps, actor)

    def report(self, day, compare=None, scope=EVERYTHING, language="vi"):
        plan = self.plan
        asked = Asked(day, compare, scope, language)
        with Reader(plan.database) as reader:
            return gather_report(reader, plan.table, plan.settings.zone, asked)

    def file(self, form, day, compare=None, scope=EVERYTHING, language="vi"):
        found = self.report(day, compare, scope, language)
        return make_report(found, form, language, Reports(), self.moment(dt.date(2027, 1, 1)))


def make_district(folder):
    found = District(folder)
    found.write("units.csv", UNITS)
    found.write("ours.yaml", PROFILE)
    found.write("hatang.yaml", CONFIG)
    return found


@pytest.fixture
def district(tmp_path):
    return make_district(tmp_path)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A district with results of two days, between which the profile asked for more."""
    found = make_district(tmp_path_factory.mktemp("known"))
    found.evaluate(dt.date(2026, 10, 31))
    found.write("ours.yaml", PROFILE.replace("at_least: 4", "at_least: 5"))
    found.evaluate(dt.date(2026, 11, 5))
    return found


@pytest.fixture
def merged():
    """The units after a merge on 10 November 2026."""
    return MERGED


@pytest.fixture
def profile_text():
    return PROFILE


@pytest.fixture
def config_text():
    return CONFIG


@pytest.fixture
def computer_line():
    return computer
