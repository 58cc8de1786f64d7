from damage import flip, newest_data, newest_manifest
from earmark.catalogue.places import table_path
from earmark.catalogue.probe import probe


def test_a_whole_table_is_read_to_its_end(scanned):
    scanned.tidy()
    found = probe(table_path(scanned.path, "tracks"))
    assert found.is_whole
    assert found.n_readable == sum(found.n_rows.values()) == 5
    assert len(found.indices) == 2
    assert found == probe(table_path(scanned.path, "tracks"), apart=False)


def test_what_needs_a_damaged_file_is_bad_without_reading(scanned):
    scanned.sweep()  # one fragment, in however many parts a slow machine has written them
    name = newest_data(scanned.path).name
    found = probe(table_path(scanned.path, "tracks"), damaged={f"data/{name}": "was changed"})
    assert found.bad_fragments == list(found.n_rows)
    assert (found.n_readable, found.n_lost) == (0, 5)
    assert found.bad_indices == []


def test_a_file_that_ends_the_process_is_bad_and_the_rest_is_read(scanned):
    scanned.tidy()
    for seed in range(3):  # some of it aborts, some of it raises
        flip(newest_data(scanned.path), 300, seed)
    found = probe(table_path(scanned.path, "tracks"))
    assert found.bad_fragments
    assert found.bad_indices == []


def test_a_manifest_that_is_noise_is_a_fault(scanned):
    newest_manifest(scanned.path).write_bytes(b"")
    assert "cannot be read" in probe(table_path(scanned.path, "tracks")).fault
    assert probe(table_path(scanned.path, "none")).fault
