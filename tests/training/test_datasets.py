"""Every loader on small files in the exact layout of its set."""

import csv
from dataclasses import replace

import h5py
import numpy as np
import pytest
import typer
from scipy.sparse import csr_matrix
from typer.testing import CliRunner

from datafiles import write_rows
from earmark.cli import data as commands
from earmark.data import sets as datasets
from earmark.data.read import read_manifest, write_manifest
from earmark.data.sets import load_set
from earmark.data.sets.mirdata_sets import manifest_rows
from earmark.data.sets.msd import load_msd_compact, save_msd_compact
from earmark.data.sets.msd_files import load_msd
from earmark.data.splits import split_of
from earmark.data.targets import read_targets
from earmark.errors import DataError


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


@pytest.mark.parametrize("name", sorted(datasets.LOADERS))
def test_every_loader_is_headed_by_citation_version_licence_and_source(name):
    text = __import__(f"earmark.data.sets.{datasets.LOADERS[name]}", fromlist=["x"]).__doc__
    for word in ("Citation", "ersion", "Licence"):
        assert word in text
    assert "Get it from" in text or "user's own files" in text


@pytest.mark.parametrize("name", sorted(datasets.LOADERS))
def test_every_loader_refuses_an_empty_folder_with_a_remedy(name, tmp_path):
    (tmp_path / "x").mkdir()
    with pytest.raises(DataError) as caught:
        load_set(name, tmp_path / "x")
    assert caught.value.remedy


def test_an_unknown_set_lists_the_known_ones(tmp_path):
    with pytest.raises(DataError, match="Known are folders, playlists, gtzan"):
        load_set("gztan", tmp_path)
    with pytest.raises(DataError, match="no such folder"):
        load_set("gtzan", tmp_path / "none")


# ---------------------------------------------------------------- GTZAN


def gtzan(tmp_path):
    audio = [f"genres_original/{g}/{g}.{i:05d}.wav" for g in ("blues", "rock") for i in range(4)]
    touch(tmp_path / "g", *audio)
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "train_filtered.txt").write_text("blues/blues.00000.wav\nrock/rock.00003.wav\n")
    (lists / "valid_filtered.txt").write_text("blues/blues.00001.wav\nrock/rock.00000.wav\n")
    (lists / "test_filtered.txt").write_text("blues/blues.00002.wav\n")
    return tmp_path / "g", lists


def test_gtzan_in_its_fault_filtered_split(tmp_path):
    folder, lists = gtzan(tmp_path)
    manifest = load_set("gtzan", folder, lists)
    assert {row["song"]: row["split"] for row in manifest.rows} == {
        "blues.00000": "train", "rock.00003": "train", "blues.00001": "valid", "rock.00000": "valid",
        "blues.00002": "test",
    }  # fmt: skip
    assert manifest.rows[0]["genre"] == "blues"
    assert all(path.is_file() for path in manifest.paths())
    assert split_of(manifest).source == "manifest split"


def test_gtzan_without_lists_has_every_clip_and_no_split(tmp_path):
    folder, _ = gtzan(tmp_path)
    manifest = load_set("gtzan", folder)
    assert len(manifest) == 8
    assert "split" not in manifest.columns


def test_gtzan_with_holes_in_the_split_is_refused(tmp_path):
    folder, lists = gtzan(tmp_path)
    (folder / "genres_original/rock/rock.00003.wav").unlink()
    with pytest.raises(DataError, match="1 listed clips are not in the data: rock.00003"):
        load_set("gtzan", folder, lists)
    (lists / "test_filtered.txt").unlink()
    with pytest.raises(DataError, match="test_filtered.txt: no such file"):
        load_set("gtzan", folder, lists)


# ---------------------------------------------------------------- FMA


def fma(tmp_path):
    columns = [("album", "id"), ("artist", "id"), ("artist", "name"), ("set", "split"), ("set", "subset"),
               ("track", "genre_top"), ("track", "license"), ("track", "title")]  # fmt: skip
    tracks = {
        2: ["1", "7", "AWOL", "training", "small", "Hip-Hop", "CC BY-NC-SA 3.0", "Food"],
        5: ["1", "7", "AWOL", "validation", "small", "Hip-Hop", "CC BY-NC-SA 3.0", "Two\nlines"],
        140: ["61", "54", "Blah", "test", "small", "Folk", "CC0", "Queen, of"],
        148: ["62", "55", "No", "training", "full", "", "CC0", "Untitled"],
        150: ["62", "55", "Gone", "training", "small", "Rock", "CC0", "Not here"],
    }
    table = tmp_path / "fma_metadata" / "tracks.csv"
    table.parent.mkdir()
    with open(table, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["", *(a for a, _ in columns)])
        writer.writerow(["", *(b for _, b in columns)])
        writer.writerow(["track_id", *[""] * len(columns)])
        writer.writerows([track, *cells] for track, cells in tracks.items())
    touch(tmp_path / "fma_small", "000/000002.mp3", "000/000005.mp3", "000/000140.mp3", "000/000148.mp3")
    return tmp_path / "fma_small"


def test_fma_in_its_own_split_with_a_licence_each(tmp_path):
    manifest = load_set("fma", fma(tmp_path))
    got = [(row["path"], row["split"], row["genre"], row["artist"], row["licence"]) for row in manifest.rows]
    assert got == [
        ("000/000002.mp3", "train", "Hip-Hop", "7", "CC BY-NC-SA 3.0"),
        ("000/000005.mp3", "valid", "Hip-Hop", "7", "CC BY-NC-SA 3.0"),
        ("000/000140.mp3", "test", "Folk", "54", "CC0"),
    ]


def test_fma_with_a_foreign_table_is_refused(tmp_path):
    folder = fma(tmp_path)
    with pytest.raises(DataError, match=r"no columns \['set.split'"):
        load_set("fma", folder, write_rows(tmp_path / "other.csv", [{"track_id": 1, "title": 2}]))


# ---------------------------------------------------------------- MagnaTagATune

CLIPS = {
    "2": "f/american_bach-j_s__bach-01-gott-30-59.mp3",
    "6": "0/artist_a-album-01-song-0-29.mp3",
    "10": "0/artist_a-album-01-song-29-58.mp3",
    "11": "c/artist_b-album-02-tune-0-29.mp3",
}


def magnatagatune(folder):
    folder.mkdir(parents=True, exist_ok=True)
    tags = {"guitar": "1110", "no vocals": "0000", "sitar": "1000", "piano": "0101"}
    with open(folder / "annotations_final.csv", "w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL)
        writer.writerow(["clip_id", *tags, "mp3_path"])
        for k, (clip, path) in enumerate(CLIPS.items()):
            writer.writerow([clip, *(bits[k] for bits in tags.values()), path])
    with open(folder / "clip_info_final.csv", "w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL)
        writer.writerow(["clip_id", "track_number", "title", "artist", "album", "url", "mp3_path"])
        for clip, path in CLIPS.items():
            writer.writerow([clip, "1", "t", f"Artist {path[2:10]}", "al", "http", path])
    return folder


def test_magnatagatune_in_the_original_split(tmp_path):
    from earmark.data.sets.magnatagatune import load

    manifest = load(magnatagatune(tmp_path / "m"), n_tags=2)
    assert manifest.column("split") == ["test", "train", "train", "valid"]
    assert manifest.columns[-2:] == ["tag---guitar", "tag---piano"]  # the two most frequent
    assert manifest.rows[1]["song"] == manifest.rows[2]["song"] != manifest.rows[3]["song"]
    targets = read_targets(manifest, ["tag---*"])
    assert targets.kind == "independent"
    assert targets.values.tolist() == [[1, 0], [1, 1], [1, 0], [0, 1]]


@pytest.mark.parametrize("form", ["npy", "tsv", "txt"])
def test_magnatagatune_in_a_cleaned_split(tmp_path, form):
    folder, lists = magnatagatune(tmp_path / "m"), tmp_path / "lists"
    lists.mkdir()
    for part, clip in (("train", "2"), ("valid", "10"), ("test", "6")):
        if form == "npy":  # "number<TAB>path", as in the lists of Won et al.
            np.save(lists / f"{part}.npy", np.array([f"{clip}\t{CLIPS[clip]}"]))
        elif form == "tsv":  # "id<TAB>[0, 1, ...]", as in those of Pons et al.
            (lists / f"{part}_gt_mtt.tsv").write_text(f"{clip}\t[0.0, 1.0]\n")
        else:
            (lists / f"{part}.txt").write_text(CLIPS[clip] + "\n")
    manifest = load_set("magnatagatune", folder, lists)
    assert {row["path"]: row["split"] for row in manifest.rows} == {
        CLIPS["2"]: "train", CLIPS["10"]: "valid", CLIPS["6"]: "test",
    }  # fmt: skip


# ---------------------------------------------------------------- MTG-Jamendo


def test_mtg_jamendo_in_a_published_split(tmp_path):
    header = "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS\n"
    lines = {
        "train": "track_0000214\tartist_000014\talbum_000031\t14/214.mp3\t124.6\tgenre---punk\tmood/theme---happy\n",
        "validation": "track_0000215\tartist_000015\talbum_000031\t15/215.mp3\t151.4\tgenre---metal\n",
        "test": "track_0000216\tartist_000016\talbum_000032\t16/216.mp3\t234.9\tmood/theme---happy\n",
    }
    split = tmp_path / "splits" / "split-0"
    split.mkdir(parents=True)
    for part, line in lines.items():
        (split / f"autotagging_top50tags-{part}.tsv").write_text(header + line)
    touch(tmp_path / "audio", "14/214.mp3", "15/215.low.mp3", "16/216.low.mp3")
    manifest = load_set("mtg-jamendo", tmp_path / "audio", split)
    assert manifest.column("split") == ["train", "valid", "test"]
    assert manifest.column("path") == ["14/214.mp3", "15/215.low.mp3", "16/216.low.mp3"]
    assert manifest.column("artist") == ["artist_000014", "artist_000015", "artist_000016"]
    targets = read_targets(manifest, ["genre---*", "mood/theme---*"], for_training=False)
    assert targets.names == ("genre---metal", "genre---punk", "mood/theme---happy")
    assert targets.values.tolist() == [[0, 1, 1], [1, 0, 0], [0, 0, 1]]
    (split / "autotagging_top50tags-test.tsv").write_text("id,tags\n")
    with pytest.raises(DataError, match="its first line is not TRACK_ID"):
        load_set("mtg-jamendo", tmp_path / "audio", split)


# ---------------------------------------------------------------- Emotify


def test_emotify_becomes_the_share_of_listeners_that_felt_each_emotion(tmp_path):
    emotions = "amazement, solemnity, tenderness, nostalgia, calmness, power, joyful_activation, tension, sadness"
    (tmp_path / "data.csv").write_text(
        f"track id, genre, {emotions}, mood, liked, disliked, age, gender, mother tongue\n"
        "1,classical,0,1,0,0,1,0,0,0,0,3,1,0,21,1,English\n"
        "1,classical,0,1,0,0,0,0,0,0,1,3,0,0,30,0,Dutch\n"
        "101,rock,1,0,0,0,0,1,1,0,0,4,1,0,21,1,English\n"
        "400,pop,0,0,0,0,1,0,0,0,0,4,0,1,21,1,English\n"
    )
    manifest = load_set("emotify", tmp_path)
    assert manifest.column("path") == ["classical/1.mp3", "rock/1.mp3", "pop/100.mp3"]
    assert manifest.column("n_raters") == ["2", "1", "1"]
    targets = read_targets(manifest, ["solemnity", "calmness", "sadness"])
    assert targets.kind == "independent"
    assert targets.values.tolist() == [[1, 0.5, 0.5], [0, 0, 0], [0, 1, 0]]
    (tmp_path / "data.csv").write_text("track id, genre\n1,pop\n")
    with pytest.raises(DataError, match="no columns"):
        load_set("emotify", tmp_path)


# ---------------------------------------------------------------- Million Song Dataset


def write_h5(path, songs):
    """One song file, or an aggregate of several: (track_id, song_id, artist_id, n_segments)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    n = len(songs)
    texts = [("artist_id", "S32"), ("artist_name", "S1024"), ("song_id", "S32"), ("title", "S1024")]
    metadata = np.zeros(n, [*texts, ("song_hotttnesss", "f8")])
    analysis = np.zeros(n, [("idx_segments_pitches", "i4"), ("idx_segments_timbre", "i4"), ("tempo", "f8"),
                            ("track_id", "S32")])  # fmt: skip
    year = np.zeros(n, [("idx_artist_mbtags", "i4"), ("year", "i4")])
    start, timbre, chroma = 0, [], []
    for i, (track, song, artist, length) in enumerate(songs):
        metadata[i] = (artist, "Beyoncé".encode(), song, "T", np.nan if i else 0.6)
        analysis[i] = (start, start, 120.5, track)
        year[i]["year"] = 0 if i else 1999
        timbre.append(np.arange(length * 12).reshape(length, 12) / 7 + i)
        chroma.append(np.tile(np.linspace(0, 1, 12), (length, 1)))
        start += length
    with h5py.File(path, "w") as file:
        file["metadata/songs"], file["analysis/songs"], file["musicbrainz/songs"] = metadata, analysis, year
        file["analysis/segments_timbre"], file["analysis/segments_pitches"] = (
            np.concatenate(timbre),
            np.concatenate(chroma),
        )


def msd(tmp_path):
    write_h5(tmp_path / "data/A/A/TRA.h5", [(b"TRA", b"SOA", b"ARA", 310)])
    write_h5(tmp_path / "data/A/B/TRB.h5", [(b"TRB", b"SOB", b"ARB", 299)])  # too short
    write_h5(tmp_path / "aggregate.h5", [(b"TRC", b"SOC", b"ARC", 305), (b"TRD", b"SOD", b"ARD", 400)])
    (tmp_path / "aggregate.h5").rename(tmp_path / "data" / "aggregate.h5")
    (tmp_path / "mxm_train.txt").write_text("# musiXmatch\n%i,the,love\nTRA,4623710,1:2,3:4\nTRB,1,1:1\n")
    (tmp_path / "mxm_test.txt").write_text("%i,the,love\nTRC,7,2:5\nTRD,8,3:1\n")
    (tmp_path / "cd2.cls").write_text("# tagtraum\nTRA\tRock\tPop\nTRC\tJazz\n")
    (tmp_path / "glove.txt").write_text("the 1 0\nlove 0 2\nother 9 9\n")
    lyrics = [tmp_path / "mxm_train.txt", tmp_path / "mxm_test.txt"]
    return load_msd(tmp_path / "data", lyrics, tmp_path / "cd2.cls", tmp_path / "glove.txt")


def test_the_million_song_files(tmp_path):
    songs = msd(tmp_path)
    assert songs.track_id.tolist() == ["TRA", "TRC", "TRD"]  # TRB has too few segments
    assert songs.genre.tolist() == ["Rock", "Jazz", ""]
    assert songs.artist_name[0] == "Beyoncé"
    assert songs.timbre.shape == (3, 300, 12)
    np.testing.assert_allclose(songs.timbre[0, 1], np.arange(12, 24) / 7, rtol=1e-6)
    np.testing.assert_allclose(songs.timbre[2, 0], np.arange(12) / 7 + 1, rtol=1e-6)  # its own part of the aggregate
    assert songs.bow.toarray().tolist() == [[2, 0, 4], [0, 5, 0], [0, 0, 1]]
    assert songs.popularity[0] == pytest.approx(0.6)
    assert np.isnan(songs.popularity[2])
    assert [songs.year[0], np.isnan(songs.year[2])] == [1999, True]
    assert songs.labelled(1).track_id.tolist() == ["TRA", "TRC"]


def test_an_artist_with_two_ids_stays_in_one_group(tmp_path):
    songs = msd(tmp_path)
    assert len(set(songs.artist)) == 3
    named = replace(songs, artist_name=np.array(["Harry Connick_ Jr.", "Free", "Harry Connick_ Jr."]))
    first, second, third = named.manifest().groups()
    assert first == third != second


def test_lyrics_are_the_weighted_mean_of_known_words(tmp_path):
    songs = msd(tmp_path)
    np.testing.assert_allclose(songs.lyrics(), [[0, 2], [1, 0], [0, 2]])  # "i" has no vector and does not count
    some = songs.subset([0, 0, 1])
    some = replace(some, bow=csr_matrix([[2, 4, 4], [2, 0, 4], [0, 5, 0]], dtype=np.uint16))  # 4 x the, 4 x love
    np.testing.assert_allclose(some.lyrics()[0], [0.5, 1.0])
    the, love = np.log(4 / 3), np.log(4 / 3)
    np.testing.assert_allclose(some.lyrics("tfidf")[0], np.array([the, 2 * love]) / (the + love), rtol=1e-5)
    with pytest.raises(DataError, match="Use count or tfidf"):
        songs.lyrics("bm25")


def test_the_compact_form_keeps_everything(tmp_path):
    songs = msd(tmp_path)
    save_msd_compact(songs, tmp_path / "compact")
    again = load_msd_compact(tmp_path / "compact")
    np.testing.assert_allclose(again.timbre, songs.timbre, atol=5e-4)
    np.testing.assert_allclose(again.chroma, songs.chroma, atol=5e-4)
    assert (again.bow != songs.bow).nnz == 0
    np.testing.assert_array_equal(again.popularity, songs.popularity)
    for name in ("track_id", "artist", "artist_name", "title", "genre", "words"):
        assert getattr(again, name).tolist() == getattr(songs, name).tolist()
    (tmp_path / "compact" / "tracks.csv").unlink()
    with pytest.raises(DataError, match=r"tracks.csv: no such file"):
        load_msd_compact(tmp_path / "compact")


def test_the_command_brings_them_into_the_compact_form(tmp_path):
    songs = msd(tmp_path)
    app = typer.Typer()
    commands.register(app)
    app.callback()(lambda: None)
    lists = [x for name in ("mxm_train.txt", "mxm_test.txt") for x in ("--lyrics", str(tmp_path / name))]
    options = ["--genres", tmp_path / "cd2.cls", "--vectors", tmp_path / "glove.txt", "--out", tmp_path / "compact"]
    done = CliRunner().invoke(app, ["data", "songs", str(tmp_path / "data"), *lists, *map(str, options)])
    assert "3 songs, 2 with a genre" in done.output
    np.testing.assert_allclose(load_msd_compact(tmp_path / "compact").lyrics(), songs.lyrics())


def test_foreign_million_song_files_are_refused(tmp_path):
    msd(tmp_path)
    (tmp_path / "data" / "bad.h5").write_bytes(b"not hdf5")
    with pytest.raises(DataError, match="bad.h5: not a song file"):
        load_msd(tmp_path / "data", [tmp_path / "mxm_train.txt"], tmp_path / "cd2.cls")
    with pytest.raises(DataError, match="a line without a genre"):
        load_msd(tmp_path / "data", [tmp_path / "mxm_train.txt"], tmp_path / "mxm_test.txt")


def test_the_real_lyrics_part(shared_data):
    songs = load_msd_compact(shared_data / "msd_lyrics").labelled(10)
    assert songs.timbre.shape == (len(songs), 300, 12)
    assert 1200 < len(songs) < 1271
    manifest = songs.manifest()
    targets = read_targets(manifest, ["genre"])
    split = split_of(manifest, targets)
    assert not set(songs.artist[split.train]) & set(songs.artist[split.test])
    assert np.isfinite(songs.lyrics("tfidf")).all()


# ---------------------------------------------------------------- mirdata and round trips


def test_a_mirdata_track_becomes_a_row(tmp_path):
    class Track:
        def __init__(self, i):
            self.track_id, self._cache, self.genre, self.bpm = f"t{i}", {}, "techno", 120 + i
            self.audio_path, self.beats_path = str(tmp_path / f"{i}.wav"), "beats.txt"
            self.beats = object()

    touch(tmp_path, "0.wav", "1.wav")
    assert manifest_rows([Track(i) for i in range(3)], tmp_path) == [
        {"path": "0.wav", "song": "t0", "genre": "techno", "bpm": "120"},
        {"path": "1.wav", "song": "t1", "genre": "techno", "bpm": "121"},
    ]


def test_a_loaded_set_survives_its_manifest(tmp_path):
    folder, lists = gtzan(tmp_path)
    manifest = load_set("gtzan", folder, lists)
    write_manifest(manifest, tmp_path / "out.csv")
    again = read_manifest(tmp_path / "out.csv")
    assert again.column("split") == manifest.column("split")
    assert [path.resolve() for path in again.paths()] == [path.resolve() for path in manifest.paths()]
