"""What stands in the files of a report, read back as programs and people read them."""

import csv
import datetime as dt
import io
import json
import re
from dataclasses import replace

import openpyxl
import pypdfium2
import pytest
from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from config.reports import Reports
from dashboards.reports.as_json import ReportJson
from dashboards.reports.letterhead import letterhead
from dashboards.reports.make import make_report, report_pieces
from dashboards.reports.pdf_frame import TEXT, document, end, para
from dashboards.reports.phrases import phrases
from dashboards.reports.words import catalogue
from inventory.readiness.frozen import Scope
from inventory.readiness.kept_profile import KeptMeasure, KeptText
from inventory.readiness.result import Evidence

BEFORE, DAY = dt.date(2026, 10, 31), dt.date(2026, 11, 5)


def text_of(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(p.get_textpage().get_text_range() for p in pages).split())


def books(data):
    read = io.BytesIO(data)
    return openpyxl.load_workbook(read, data_only=True), openpyxl.load_workbook(read)


def test_the_workbook_carries_values_with_its_formulas(known):
    values, formulas = books(known.file("xlsx", DAY, BEFORE, language="en"))
    assert values.sheetnames == [
        *("Summary", "Ranking", "Requirements", "Gaps", "Evidence", "Changes", "How to read it"),
    ]
    found = {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert len(found) > 25
    assert all(isinstance(value, int | float) for value in found.values())
    gaps = list(values["Gaps"].iter_rows(min_row=3, values_only=True))
    cost = sum(row[9] for row in gaps)
    assert cost > 0
    assert values["Gaps"]["J1"].value == cost
    assert formulas["Gaps"]["J1"].value == f"=SUBTOTAL(109,J3:J{len(gaps) + 2})"
    summary = {row[0]: row[1] for row in values["Summary"].iter_rows(values_only=True)}
    assert summary["Communes"] == 3
    assert summary["Cost of gaps (VND)"] == cost
    mandatory = sum(row[9] for row in gaps if row[4] == "mandatory")
    assert summary["of it mandatory (VND)"] == mandatory
    for row in gaps:
        assert row[9] == (row[6] or 0) * (row[7] or 0)


def test_what_people_wrote_is_never_a_formula(known):
    _, formulas = books(known.file("xlsx", DAY))
    evidence = [row[4] for row in formulas["Căn cứ"].iter_rows(min_row=3)]
    hostile = [cell for cell in evidence if "=1+1" in str(cell.value)]
    assert hostile
    assert {cell.data_type for cell in hostile} == {"s"}
    assert all(cell.quotePrefix for cell in hostile)
    read = csv.DictReader(io.StringIO(known.file("csv", DAY).decode("utf-8-sig")))
    cells = [row["evidence"] for row in read if "=1+1" in row["evidence"]]
    assert cells
    assert all(cell.startswith("'=") for cell in cells)


def test_the_csv_has_a_row_for_each_requirement_of_each_commune(known):
    rows = list(csv.DictReader(io.StringIO(known.file("csv", DAY, BEFORE).decode("utf-8-sig"))))
    assert len(rows) == 9
    first = next(r for r in rows if (r["commune"], r["requirement"]) == ("00101", "computers"))
    assert (first["value"], first["threshold"]) == ("4.0", "5.0")
    assert (first["verdict"], first["verdict_before"]) == ("unmet", "met")
    assert (first["pieces"], first["price_vnd"], first["cost_vnd"]) == ("1", "15000000", "15000000")
    unknown = next(r for r in rows if (r["commune"], r["requirement"]) == ("00103", "line"))
    assert (unknown["verdict"], unknown["value"], unknown["share"]) == ("unknown", "", "")


def test_the_json_is_what_its_schema_says(known):
    data = known.file("json", DAY, BEFORE, Scope(group="coast"))
    read = ReportJson.model_validate_json(data)
    assert read.as_of == DAY
    assert read.group == "coast"
    assert [c.unit.code for c in read.communes] == ["00102", "00101"]
    assert json.loads(data)["timezone"] == "Asia/Ho_Chi_Minh"


SAID = {
    "vi": (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN TỈNH KHÁNH HÒA",
        "Số: ……/BC-UBND",
        "Khánh Hòa, ngày …… tháng …… năm ……",
        "BÁO CÁO",
        "(Số liệu tính đến hết ngày 05/11/2026)",
        "Nơi nhận:",
        "PHỤ LỤC I",
        "=1+1; ' <b>Máy</b> & □",
    ),
    "en": (
        "SOCIALIST REPUBLIC OF VIET NAM",
        "IV. CHANGES SINCE 31 Oct 2026",
        "Four computers: met → not met",
    ),
}


@pytest.mark.parametrize("language", SAID)
def test_the_pdf_is_set_as_an_official_document(known, language):
    text = text_of(known.file("pdf", DAY, BEFORE, language=language))
    assert [said for said in SAID[language] if said not in text] == []


@pytest.mark.parametrize("filled_mm", [190, 205, 220, 235])
def test_nobody_signs_a_page_that_holds_nothing_else(known, filled_mm):
    letter = letterhead(Reports(), known.report(DAY).now, "vi")
    story = [Spacer(1, filled_mm * mm), end(letter, "vi", [para("Câu cuối cùng.", TEXT)])]
    pages = pypdfium2.PdfDocument(document(story, "x", "vi"))
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert ["Câu cuối" in text for text in texts] == ["Nơi nhận" in text for text in texts]


def test_the_pdf_is_a4_numbered_from_its_second_page_on(known):
    pages = pypdfium2.PdfDocument(known.file("pdf", DAY, BEFORE))
    assert [round(side) for side in pages[0].get_size()] == [595, 842]
    first, second = (pages[n].get_textpage().get_text_range().split()[0] for n in (0, 1))
    assert first != "1"
    assert second == "2"


def test_the_settings_say_who_reports_and_signs(known):
    settings = Reports(
        superior="Ủy ban nhân dân tỉnh Khánh Hòa",
        agency="Sở Khoa học và Công nghệ",
        symbol="BC-SKHCN",
        place="Nha Trang",
        signer=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        signer_name="Nguyễn <b>Văn</b> A & B",
        recipients=("UBND tỉnh",),
    )
    pdf = make_report(known.report(DAY), "pdf", "vi", settings, 2e9)
    text = text_of(pdf)
    for said in (
        *("SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: ……/BC-SKHCN", "Nha Trang, ngày", "KT. GIÁM ĐỐC"),
        *("PHÓ GIÁM ĐỐC", "Nguyễn <b>Văn</b> A & B", "- UBND tỉnh;"),
    ):
        assert said in text


def test_a_commune_reports_for_itself_below_its_province(known):
    found = known.report(DAY, scope=Scope(commune="00102"))
    letter = letterhead(Reports(), found.now, "vi")
    assert letter.superior.replace("\xa0", " ") == "Ủy ban nhân dân tỉnh Khánh Hòa"
    assert letter.agency.replace("\xa0", " ") == "Ủy ban nhân dân xã Bình Minh"
    assert letter.place == "Bình Minh"


def test_a_pdf_in_hindi_joins_its_letters_and_keeps_names_in_vietnamese(known):
    pdf = known.file("pdf", DAY, language="hi")
    assert b"NotoSerifDevanagari" in pdf
    assert b"NotoSerifDevanagari" not in known.file("pdf", DAY)
    text = text_of(pdf)
    assert "Xã Bình Minh (15.0%), Xã An Bình (58.0%)" in text
    assert "36.0%।" in text
    assert "तत्परता" in str(books(known.file("xlsx", DAY, language="hi"))[0]["क्रम"]["D2"].value)


def test_the_pieces_of_a_json_are_the_file_that_its_model_would_be(known):
    found = known.report(DAY, BEFORE)
    pieces = list(report_pieces(found, "json", "vi", Reports(), 2e9))
    assert len(pieces) == len(found.ranking) + 2
    data = b"".join(pieces)
    again = ReportJson.model_validate_json(data).model_dump(mode="json")
    assert data.decode() == json.dumps(again, ensure_ascii=False, indent=1) + "\n"
    nobody = replace(found, ranking=(), lines=())
    assert b'\n "communes": [],\n "unknown"' in make_report(nobody, "json", "vi", Reports(), 2e9)


def test_a_day_that_goes_on_says_so(known):
    report = known.report(DAY)
    going_on = make_report(report, "json", "vi", Reports(), known.moment(DAY, 20))
    assert json.loads(going_on)["day_was_over"] is False
    text = text_of(make_report(report, "pdf", "en", Reports(), known.moment(DAY, 20)))
    assert "The day was not over" in text


def test_every_word_is_there_in_each_language_with_the_same_values():
    names = re.compile(r"\{[a-z]*\}")
    vi, hi = catalogue("vi"), catalogue("hi")
    assert set(vi) == set(hi)
    for message in vi:
        assert vi[message], message
        assert hi[message], message
        for said in (vi[message], hi[message]):
            assert sorted(names.findall(said)) == sorted(names.findall(message)), message


def test_whatever_is_called_however_fits_on_its_page(known):
    """A row that is higher than a page would be a defect, and no report at all."""
    found = known.report(DAY, BEFORE)
    long = "W" * 3_000 + " <b>&amp;\u202e\x00 " + "ऐ🖨 " * 900
    proof = tuple(Evidence("measured", f"{n} {long}", 1e9, f"{n}{long}") for n in range(9))
    lines = []
    for line in found.lines:
        remedy = line.requirement.remedy
        said = KeptText(vi=long, en=long)
        other = remedy and remedy.model_copy(update={"name": said, "source": long})
        basis = line.requirement.basis.model_copy(update={"document": long})
        update = {"title": said, "remedy": other, "basis": basis}
        unit = replace(line.commune.unit, name=long)
        lines.append(
            replace(
                line,
                commune=replace(line.commune, unit=unit),
                result=replace(line.result, evidence=proof),
                requirement=line.requirement.model_copy(update=update),
            )
        )
    gaps = tuple(line for line in lines if line.is_gap)
    hostile = replace(found, lines=tuple(lines), gaps=gaps)
    for form in ("pdf", "xlsx", "csv", "json"):
        assert make_report(hostile, form, "vi", Reports(agency=long[:120]), 2e9)


def test_an_exception_is_told_with_its_reason_and_its_end(district, profile_text):
    exempt = {"requirement": "ups", "commune": "00103", "reason": "Trụ sở tạm"}
    exempt |= {"document": "QĐ 7/2026", "until": "2026-12-31"}
    district.write(
        "ours.yaml", f"{profile_text}exceptions: [{json.dumps(exempt, ensure_ascii=False)}]\n"
    )
    district.evaluate(DAY)
    said = json.loads(district.file("json", DAY, scope=Scope(commune="00103")))
    ups = next(r for r in said["communes"][0]["requirements"] if r["requirement"] == "ups")
    assert (ups["verdict"], ups["cost_vnd"]) == ("exempt", 0)
    assert ups["exemption"]["until"] == "2026-12-31"
    text = text_of(district.file("pdf", DAY, scope=Scope(commune="00103")))
    assert "Trụ sở tạm (QĐ 7/2026)" in text
    assert "được miễn" in text


def test_devices_for_posts_are_whole_numbers_as_on_the_page(known):
    report = known.report(DAY)
    line = next(one for one in report.lines if one.result.requirement == "ups")
    share = replace(
        line,
        result=replace(
            line.result,
            value=0.0,
            threshold=1 / 15,
            unit="ratio",
            evidence=(Evidence("declared", "posts_group_8: 30, QĐ 12"),),
        ),
    )
    said = phrases("vi", report.now)
    assert (said.value(share), said.asked(share)) == ("0,0%", "≥ 6,67%")
    measure = KeptMeasure(measure="assets_per_post", posts="posts_group_8")
    asked = share.requirement.model_copy(update={"measure": measure})
    counted = replace(share, requirement=asked)
    assert (said.value(counted), said.asked(counted)) == ("0", "≥ 2")
