"""Fields of one's own: of some classes, of a kind, and what may stand in them."""

import pytest

from config.assets import AssetClass
from inventory.custom_field import Field, FieldKind
from inventory.custom_fields import CustomFields, problem
from inventory.register.problems import Refused

INK = Field("Mã mực", classes=(AssetClass.PRINTER,))


@pytest.fixture
def fields(registry):
    return CustomFields(registry.register, registry.desk, registry.clock)


def test_a_class_has_its_fields_and_those_of_all(fields, who):
    fields.create(INK, who)
    fields.create(Field("Mã kế toán"), who)
    names = {c: [f.name for f in fields.custom_fields(AssetClass(c))] for c in ("printer", "ups")}
    assert names == {"printer": ["Mã kế toán", "Mã mực"], "ups": ["Mã kế toán"]}


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        (FieldKind.TEXT, "=cmd|x", True),
        (FieldKind.NUMBER, "12,5", True),
        (FieldKind.NUMBER, "1e999999", True),
        (FieldKind.NUMBER, "NaN", False),
        (FieldKind.NUMBER, "mười", False),
        (FieldKind.DATE, "2026-01-31", True),
        (FieldKind.DATE, "31/01/2026", False),
        (FieldKind.CHOICE, "đen", True),
        (FieldKind.CHOICE, "Đen", False),
    ],
)
def test_a_value_fits_its_kind_or_is_refused(kind, value, right):
    found = problem(Field("Màu", kind, choices=("đen", "trắng")), value)
    assert (found is None) is right


def test_an_asset_is_checked_by_its_class_and_blanks_are_right(fields, who):
    fields.create(Field("Số", FieldKind.NUMBER, (AssetClass.UPS,)), who)
    assert [p.field for p in fields.check(AssetClass.UPS, {"Số": "x"})] == ["custom.Số"]
    assert fields.check(AssetClass.UPS, {"Số": ""}) == []
    assert fields.check(AssetClass.PRINTER, {"Số": "x"}) == []


def test_a_field_is_removed_and_comes_back(fields, who):
    id_ = fields.create(INK, who)
    fields.remove(id_, who)
    assert fields.fields() == []
    fields.restore(id_, who)
    assert [f.name for f in fields.fields()] == ["Mã mực"]


@pytest.mark.parametrize(
    ("field", "where"),
    [
        (Field(" "), "name"),
        (Field("x" * 65), "name"),
        (Field("Màu", FieldKind.CHOICE, choices=("đen", " đen ")), "choices"),
    ],
)
def test_what_is_no_field_is_refused(fields, who, field, where):
    with pytest.raises(Refused) as refused:
        fields.create(field, who)
    assert [p.field for p in refused.value.problems] == [where]


def test_two_fields_of_one_name_are_refused(fields, who):
    fields.create(INK, who)
    with pytest.raises(Refused):
        fields.create(Field("MÃ MỰC"), who)
