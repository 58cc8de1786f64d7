import os
import shutil

import pytest

from damage import cut, flip, newest_data
from earmark.catalogue.checksums import (
    bytes_of,
    damage,
    glance,
    read_sums,
    sum_of,
    table_files,
    update_sums,
    write_sums,
)


def test_every_file_of_a_tidied_catalogue_has_its_sum(scanned):
    scanned.tidy()
    sums = read_sums(scanned.path)
    assert sorted(sums) == list(table_files(scanned.path))
    assert any("/_indices/" in name for name in sums)
    assert any(name.endswith(".manifest") for name in sums)
    assert all(damage(scanned.path / name, known) is None for name, known in sums.items())


def test_the_sum_is_blake2b_of_the_content(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    found = sum_of(tmp_path / "x")
    assert found.size == 3
    assert found.blake2b == "cf4ab791c62b8d2b2109c90275287816"  # b2sum --length 128


@pytest.mark.parametrize("n", [1, 2000])
def test_flipped_bits_are_damage(scanned, n):
    path = newest_data(scanned.path)
    known = sum_of(path)
    flip(path, n)
    assert damage(path, known) == "was changed after it was written"
    cut(path)
    assert "in place of" in damage(path, known)
    path.unlink()
    assert damage(path, known) == "is missing"


def test_only_new_files_are_read_and_vanished_ones_forgotten(scanned, monkeypatch):
    update_sums(scanned.path)
    scanned.correct(sorted(scanned.track_ids())[0], "tempo", "99")
    read = []
    monkeypatch.setattr("earmark.catalogue.checksums.sum_of", lambda path: read.append(path) or sum_of(path))
    before = set(read_sums(scanned.path))
    n_new = update_sums(scanned.path)
    assert n_new == len(read) == len(set(read_sums(scanned.path)) - before) > 0
    scanned.sweep()
    assert sorted(read_sums(scanned.path)) == list(table_files(scanned.path))


def test_damage_is_never_summed_anew(scanned):
    update_sums(scanned.path)
    path = newest_data(scanned.path)
    known = read_sums(scanned.path)[path.relative_to(scanned.path).as_posix()]
    flip(path)
    update_sums(scanned.path)
    assert read_sums(scanned.path)[path.relative_to(scanned.path).as_posix()] == known


def test_a_glance_reads_what_was_touched_and_compares_the_size_of_the_rest(scanned):
    update_sums(scanned.path)
    path = newest_data(scanned.path)
    name = path.relative_to(scanned.path).as_posix()
    assert glance(scanned.path, [name]) is None
    before = path.stat()
    flip(path)
    assert glance(scanned.path, [name]) == (name, "was changed after it was written")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert glance(scanned.path, [name]) is None, "rot that leaves the time alone is for `check` to find"


def test_a_copy_with_other_times_is_whole_and_its_sums_follow(scanned, tmp_path):
    update_sums(scanned.path)
    copy = shutil.copytree(scanned.path, tmp_path / "copy", copy_function=shutil.copyfile)
    assert glance(copy, table_files(copy)) is None
    assert update_sums(copy) == 0
    sums = read_sums(copy)
    assert all(sums[name].mtime_ns == (copy / name).stat().st_mtime_ns for name in sums)


def test_damaged_lines_are_passed_over(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    write_sums(tmp_path, {"a": sum_of(tmp_path / "a")})
    with open(tmp_path / "checksums.jsonl", "ab") as file:
        file.write(b'{"file": "b"}\n\xff\xfe{\n[1]\n')
    assert list(read_sums(tmp_path)) == ["a"]
    assert bytes_of(tmp_path) > 1
