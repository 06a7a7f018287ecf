"""The content of profiles is kept beside the results that rest on it, for good and unchanged."""

import sqlite3

import pytest

from config.profile import load_profile
from inventory.store.errors import StoreError
from inventory.store.reader import Reader
from inventory.store.rows import Batch, ProfileRow
from inventory.store.writer import Writer


def row(profile):
    return ProfileRow(profile.digest, profile.id, profile.version, profile.body())


@pytest.fixture
def profile():
    return load_profile("commune-2026")


@pytest.fixture
def edited(profile):
    assert profile.digest
    first = profile.requirements[0].model_copy(update={"weight": 9.0})
    return profile.model_copy(update={"requirements": (first, *profile.requirements[1:])})


def test_the_same_content_has_the_same_digest_and_other_content_another(profile, edited):
    assert profile.digest == load_profile("commune-2026").digest
    assert profile.digest != edited.digest


def test_an_edited_profile_is_kept_beside_the_one_that_it_was(tmp_path, profile, edited):
    writer = Writer(tmp_path / "hatang.db")
    writer.write(Batch(5.0, profiles=[row(profile)], groups="[1]"))
    writer.write(Batch(6.0, profiles=[row(edited), row(profile)], groups="[1]"))
    writer.write(Batch(7.0, groups="[2]"))
    writer.close(clean=True)
    with Reader(tmp_path / "hatang.db") as reader:
        assert reader.profile_body(profile.digest) == profile.body()
        assert reader.profile_body(edited.digest) == edited.body()
        assert reader.profile_body("0" * 64) is None
        # The version was not raised: the first content is the one that old results mean.
        assert reader.profile_body_named(profile.id, profile.version) == profile.body()
        assert [reader.groups(at) for at in (4.0, 5.0, 6.9, 7.0)] == [None, "[1]", "[1]", "[2]"]


def test_a_damaged_profile_is_noticed_by_its_digest(tmp_path, profile):
    writer = Writer(tmp_path / "hatang.db")
    writer.write(Batch(5.0, profiles=[row(profile)]))
    writer.close(clean=True)
    with sqlite3.connect(tmp_path / "hatang.db") as other:
        other.execute("UPDATE readiness_profiles SET body = replace(body, 'mandatory', 'x')")
    other.close()
    with Reader(tmp_path / "hatang.db") as reader, pytest.raises(StoreError, match="digest"):
        reader.profile_body(profile.digest)
