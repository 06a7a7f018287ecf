"""Values that no database can take must not end the recording."""

import pytest

from inventory.observation import InterfaceReading
from inventory.store.errors import StoreError
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, Batch, FactRow
from inventory.store.writer import Writer

NOT_UTF8 = b"m\xe1y 1".decode("utf-8", "surrogateescape")
TOO_LARGE = 2**70


def _batch(value):
    fact = FactRow(1, "name", "measured", value, 1.0)
    return Batch(1.0, assets=[AssetRow(1, "A", "22849", "{}", 1.0)], facts=[fact])


def test_text_that_is_not_utf_8_is_kept_with_its_odd_bytes_replaced(start, database):
    run = start()
    run.see(
        facts={"sys_location": NOT_UTF8},
        interfaces=(InterfaceReading(1, NOT_UTF8, alias=NOT_UTF8, speed_bps=TOO_LARGE),),
    )
    assert run.step()
    with Reader(database) as reader:
        assert [f.value for f in reader.facts() if f.name == "sys_location"] == ["m?y 1"]
        (port,) = reader.interfaces()
    assert (port.name, port.alias, port.speed_bps) == ("m?y 1", "m?y 1", None)


@pytest.mark.parametrize("value", [NOT_UTF8, TOO_LARGE], ids=["text", "integer"])
def test_a_value_that_sqlite_cannot_take_is_an_error_of_the_store_and_leaves_no_transaction(
    database, value
):
    writer = Writer(database)
    with pytest.raises(StoreError) as caught:
        writer.write(_batch(value))
    assert caught.value.kind == "other"
    writer.write(_batch("tốt"))
    writer.close(clean=True)
    with Reader(database) as reader:
        assert [f.value for f in reader.facts()] == ["tốt"]
