from earmark.audio.discover import SoundFile
from earmark.audio.fileinfo import FileInfo, checksum
from earmark.catalogue.files import FileState
from earmark.engine import sampling
from earmark.engine.plan import Known
from earmark.engine.sampling import find_altered


def setting(tmp_path, n=6):
    """n files that are known, and those found now, of the same size and time."""
    found, states = [], {}
    for i in range(n):
        path = tmp_path / f"{i}.mp3"
        path.write_bytes(bytes(100))
        found.append(SoundFile(str(path), 100, 5))
        info = FileInfo(checksum=checksum(path))
        states[str(path)] = FileState(str(path), 100, 5, "", "t", info=info)
    return found, Known(states)


def test_a_file_with_other_bytes_is_found_and_no_other(tmp_path):
    found, known = setting(tmp_path)
    assert find_altered(found, known) == frozenset()
    (tmp_path / "3.mp3").write_bytes(bytes(99) + b"x")
    assert find_altered(found, known) == {str(tmp_path / "3.mp3")}


def test_a_file_that_cannot_be_read_is_not_altered(tmp_path):
    found, known = setting(tmp_path)
    (tmp_path / "3.mp3").unlink()
    assert find_altered(found, known) == frozenset()


def test_each_scan_looks_at_some_files_and_in_time_at_all(tmp_path, monkeypatch):
    found, known = setting(tmp_path)
    monkeypatch.setattr(sampling, "SAMPLE", 2)
    for file in found:
        (tmp_path / file.path).write_bytes(b"other")
    seen = [find_altered(found, known) for _ in range(60)]
    assert {len(some) for some in seen} == {2}
    assert frozenset().union(*seen) == {file.path for file in found}
