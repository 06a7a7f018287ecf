"""Memory and disks of HOST-RESOURCES-MIB and UCD-SNMP-MIB: what is one, and how big."""

from __future__ import annotations

from collectors.snmp.knowledge.host import disks_of, memory_of, ucd_memory, ucd_processors

DISK, OTHER, RAM = 4, 1, 2


def rows(*areas):
    """Rows of hrStorageTable: (type, name, size, used) in units of one byte."""
    found = {}
    for index, (kind, name, size, used) in enumerate(areas, start=1):
        cells = {
            "hrStorageType": (1, 3, 6, 1, 2, 1, 25, 2, 1, kind),
            "hrStorageDescr": name.encode(),
            "hrStorageAllocationUnits": 1,
            "hrStorageSize": size,
            "hrStorageUsed": used,
        }
        for column, value in cells.items():
            found.setdefault(column, {})[(index,)] = value
    return found


def test_places_where_the_kernel_shows_itself_are_no_disks():
    hidden = ("/dev", "/proc", "/sys/fs/cgroup", "/run/user/1000", "/packages", "devfs: dev file")
    names = ["/", *hidden, "/dev/md0.uzip, mounted on: /", "x, mounted on: /packages/mnt/y"]
    found = disks_of(rows(*((DISK, name, 100 + at, 50) for at, name in enumerate(names))))
    assert [disk.name for disk in found] == ["/", "/packages"]


def test_one_file_system_in_very_many_places_is_listed_once():
    many = [(DISK, f"/etc/file{at}", 1000, 10) for at in range(9)]
    few = [(DISK, f"/data{at}", 2000, 10) for at in range(8)]
    found = disks_of(rows(*many, *few))
    assert [disk.name for disk in found] == ["/etc/file0", *(f"/data{at}" for at in range(8))]


def test_buffers_and_cache_are_shares_of_all_memory():
    found = memory_of(
        rows(
            (RAM, "Physical memory", 1000, 700),
            (OTHER, "Memory buffers", 1000, 100),
            (OTHER, "Cached memory", 200, 205),
            (OTHER, "Available memory", 500, 0),
        )
    )
    assert [(pool.name, pool.size_bytes, pool.used_percent) for pool in found] == [
        ("Physical memory", 1000, 50.0),
        ("Memory buffers", 1000, 10.0),
        ("Cached memory", 1000, 20.5),
    ]


def test_buffers_beyond_all_memory_are_rubbish_and_take_nothing_from_what_is_used():
    found = memory_of(
        rows((RAM, "Physical memory", 1000, 700), (OTHER, "Memory buffers", 9000, 9000))
    )
    assert [(pool.name, pool.used_percent) for pool in found] == [("Physical memory", 70.0)]


def test_ucd_memory_counts_what_could_be_had_again_as_free():
    values = {"memTotalReal": 100, "memAvailReal": 10, "memBuffer": 20, "memCached": 30}
    found = ucd_memory({**values, "memTotalSwap": 50, "memAvailSwap": 40})
    assert [(pool.name, pool.size_bytes, pool.used_percent) for pool in found] == [
        ("Physical memory", 102400, 40.0),
        ("Memory buffers", 102400, 20.0),
        ("Cached memory", 102400, 30.0),
        ("Swap space", 51200, 20.0),
    ]


def test_ucd_memory_needs_both_sizes_and_believes_no_negative_one():
    assert ucd_memory({}) == ()
    assert ucd_memory({"memTotalReal": 100}) == ()
    assert ucd_memory({"memTotalReal": 100, "memAvailReal": -1}) == ()


def test_ucd_idle_time_gives_one_processor_within_bounds():
    assert [cpu.usage_percent for cpu in ucd_processors({"ssCpuIdle": 88})] == [12.0]
    assert ucd_processors({"ssCpuIdle": 101}) == ()
    assert ucd_processors({}) == ()
