from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config import cross_rules
from config.errors import MAX_PROBLEMS, ConfigError
from config.load import load
from config.scalars import Section
from config.sections import Settings


@pytest.fixture
def everything(gallery, env):
    return load(gallery / "right" / "everything.yaml", env)


def test_relative_paths_are_taken_from_the_files_folder(gallery, env, monkeypatch):
    monkeypatch.chdir(gallery)
    settings = load(Path("right/everything.yaml"), env)
    folder = gallery / "right"
    assert settings.data_dir == folder / "data"
    assert settings.units == folder / "units.csv"
    assert settings.readiness.profile == (str(folder / "profiles/ours.yaml"),)
    assert settings.readiness.layers == (folder / "profiles/khanh-hoa.yaml",)
    assert settings.backup.folder == Path("/srv/backup")
    assert settings.register_files == (
        folder / "registers/semicolons.csv",
        folder / "registers/commas.csv",
    )


def test_a_shipped_profile_keeps_its_name(loaded):
    assert loaded("").readiness.profile == ("commune-2026",)


def test_assets_of_registers_follow_those_of_the_file(everything):
    tags = [asset.tag for asset in everything.assets]
    assert tags == ["RT-1", "ONT-1", "SRV-1", "SW-1", "SW-2", "DVC-1", "PC-1"]


def test_what_is_set_is_what_holds(everything):
    router = everything.assets[0]
    times = everything.watch(router.endpoints[0])
    assert (times.interval, times.timeout, times.deadline) == (30.0, 1.0, 20.0)
    assert everything.watch(router.endpoints[1]).timeout == 2.5
    assert everything.credentials["lan"].community.reveal() == "canary-6f1d-community"
    assert everything.credentials["secure"].auth_key.reveal() == "canary-5a5a-passphrase"
    assert everything.web.listen == ("::1", 8650)
    assert everything.maintenance[0].reason == "Thay nguồn"


def test_settings_cannot_be_changed(everything):
    with pytest.raises(ValidationError):
        everything.web.language = "vi"


def test_texts_from_the_environment_are_plain_texts(gallery, env):
    asset = load(gallery / "right" / "environment.yaml", env).assets[0]
    assert asset.name == "Trụ sở UBND (${NAME})"
    assert (type(asset.name), type(asset.address)) == (str, str)
    assert asset.endpoints[0].port == 10161
    assert asset.edge is True


def keys_of(model, prefix=""):
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        yield key
        for kind in sections_in(field.annotation):
            yield from keys_of(kind, f"{key}.")


def sections_in(annotation):
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return {annotation}
    inner = getattr(annotation, "__args__", ())
    return {kind for argument in inner for kind in sections_in(argument)}


def keys_in(data, model, prefix=""):
    for key, value in data.items():
        yield f"{prefix}{key}"
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                named = prefix + key in ("credentials", "communes.declared")
                for child in item.values() if named else [item]:
                    yield from keys_in(child, model, f"{prefix}{key}.")


def test_every_setting_stands_in_the_file_with_everything(gallery):
    data = yaml.safe_load((gallery / "right" / "everything.yaml").read_text(encoding="utf-8"))
    shown = {key for key in keys_in(data, Settings) if not key.endswith(".file")}
    assert shown == set(keys_of(Settings))


def test_all_problems_are_told_at_once_in_the_order_of_the_file(problems):
    told = problems("wbe: {}\npolling: {retry: 5}\nunits: ~\nnode: 7\nregister: [none.csv]\n")
    assert [line.partition(":")[0] for line in told[:3]] == ["1", "2", "4"]
    assert told[3].endswith("/none.csv: cannot be read: No such file or directory")
    assert len(told) == 4


def test_more_problems_than_anybody_reads_are_counted(problems):
    told = problems("assets:\n" + "  - {}\n" * MAX_PROBLEMS)
    assert len(told) == MAX_PROBLEMS + 1
    assert told[-1] == f"… and {3 * MAX_PROBLEMS} more problems"


def test_a_file_that_is_not_there_is_one_line(tmp_path, env):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "none.yaml", env)
    assert str(caught.value) == f"{tmp_path}/none.yaml: cannot be read: No such file or directory"


def test_a_folder_is_no_configuration(tmp_path, env):
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path, env)


def test_a_register_of_slips_is_refused_with_hints_for_the_first(tmp_path, env):
    register = tmp_path / "register.csv"
    rows = (f"T-{n},Thing,other,3{n:04},T-{n + 1}" for n in range(2000))
    register.write_text("tag,name,class,commune,upstream\n" + "\n".join(rows))
    path = tmp_path / "hatang.yaml"
    path.write_text('communes: [{code: "22849"}]\nregister: [register.csv]\n')
    with pytest.raises(ConfigError) as caught:
        load(path, env)
    assert caught.value.problems[0] == (
        f"{register}:2: commune: 30000 is not one of `communes`; known: 22849"
    )
    assert caught.value.problems[-1] == f"… and {2001 - MAX_PROBLEMS} more problems"


def circles_by_brute_force(above):
    found = set()
    for start in above:
        way = [start]
        while way[-1] in above and way[-1] not in way[:-1]:
            way.append(above[way[-1]])
        if way[-1] in way[:-1]:
            found.add(frozenset(way[way.index(way[-1]) :]))
    return found


TAGS = st.sampled_from("abcdefgh")


@given(st.dictionaries(TAGS, TAGS))
def test_every_circle_is_found_once(above):
    found = cross_rules._circles(above)
    assert {frozenset(circle) for circle in found} == circles_by_brute_force(above)
    assert len(found) == len({frozenset(circle) for circle in found})
    for circle in found:
        assert all(above[tag] in circle for tag in circle)
