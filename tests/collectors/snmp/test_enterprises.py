"""IANA's numbers: whose they are, and how the file of them is made."""

from __future__ import annotations

import pytest

from collectors.snmp.enterprises import cleaned, registered_name, write_file


@pytest.mark.parametrize(
    ("number", "name"),
    [(9, "ciscoSystems"), (16215, "Elbit Systems"), (58132, "xFusion Digital Technologies")],
)
def test_a_number_tells_who_registered_it(number, name):
    assert registered_name((1, 3, 6, 1, 4, 1, number, 7)) == name


@pytest.mark.parametrize("number", [8072, 2021, 12325, 4413, 2**32 - 1])
def test_a_number_of_agent_software_or_of_nobody_tells_no_maker(number):
    assert registered_name((1, 3, 6, 1, 4, 1, number, 1)) == ""


@pytest.mark.parametrize("object_id", [None, b"1.3.6.1.4.1.9", (1, 3, 6, 1, 4, 1), (1, 3)])
def test_what_is_no_object_id_of_an_enterprise_tells_no_maker(object_id):
    assert registered_name(object_id) == ""


@pytest.mark.parametrize(
    ("registered", "name"),
    [
        ("Made Networks Co., Ltd.", "Made Networks"),
        ("Made Gerätebau GmbH & Co. KG", "Made Gerätebau"),
        ("Made, Inc. (formerly Old Made)", "Made"),
        ("Made https://made.example", "Made"),
        ("University of Made", ""),
        ("Reserved", ""),
        ("---none---", ""),
        ("AG", "AG"),
    ],
)
def test_a_registrants_name_loses_its_legal_form_and_schools_are_left_out(registered, name):
    assert cleaned(registered) == name


def test_the_file_is_made_of_a_copy_of_the_registry(tmp_path):
    copy, target = tmp_path / "copy.tsv", tmp_path / "made.csv"
    copy.write_text("# comment\n\n7\tMade AG\n8\tMade College\n8072\tnet-snmp\nno\tnumber\n")
    assert write_file(copy, target) == 1
    assert target.read_text() == "number,name\n7,Made\n"
