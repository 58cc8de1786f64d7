import json
import tracemalloc
import zipfile

import numpy as np
import pytest

from earmark.analysis import analyze
from earmark.audio.config import FeatureConfig
from earmark.audio.earprint import earprint_name, read_earprint, write_earprint
from earmark.audio.listen import listen
from earmark.errors import AudioError
from earmark.tagger.model import load_model
from earprints import change_earprint
from sounds import chord, write_sound
from tiny_model import write_tiny_model


@pytest.fixture
def sound(tmp_path):
    return write_sound(tmp_path / "chord.flac", chord(4.0), tags={"title": "A chord", "artist": "sines"})


def test_gives_the_same_tags_as_the_audio(tmp_path, sound):
    model = load_model(write_tiny_model(tmp_path / "m.onnx"))
    path = write_earprint(listen(sound, model.info.features), tmp_path / "chord.earprint")

    from_audio, from_print = analyze(sound, model), analyze(path, model)

    assert from_print.track_id == from_audio.track_id
    assert from_print.duration == from_audio.duration
    assert from_print.file_tags == from_audio.file_tags
    for group, hits in from_audio.tags.items():
        again = {hit.tag: hit.probability for hit in from_print.tags[group]}
        assert all(again[hit.tag] == pytest.approx(hit.probability, abs=0.01) for hit in hits)
    assert np.dot(from_print.embedding, from_audio.embedding) > 0


def test_is_small_and_within_half_a_step(tmp_path, sound):
    heard = listen(sound, FeatureConfig())

    path = write_earprint(heard, tmp_path / "a.earprint")

    assert np.abs(read_earprint(path).S - heard.S).max() <= heard.S.max() / 255 / 2 + 1e-6
    assert path.stat().st_size < heard.S.size * 1.1


def test_negative_values_of_other_front_ends_survive(tmp_path, sound):
    features = FeatureConfig(22_050, 2048, 1024, 128, 0.0, 11_025.0, "ln_floor_1e-6")
    heard = listen(sound, features)

    again = read_earprint(write_earprint(heard, tmp_path / "a.earprint"))

    assert heard.S.min() < -5
    np.testing.assert_allclose(again.S, heard.S, atol=0.06)
    assert again.features == features


def test_one_front_end_is_not_taken_for_another(tmp_path, sound):
    model = load_model(write_tiny_model(tmp_path / "m.onnx"))
    heard = listen(sound, FeatureConfig(sr=8000, fmax=4000.0))

    with pytest.raises(AudioError, match="that model 'tiny' cannot read"):
        analyze(write_earprint(heard, tmp_path / "a.earprint"), model)


def save(path, **arrays):
    with open(path, "wb") as file:
        np.savez(file, **arrays)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"PK not really"),
        lambda path: path.write_bytes(path.read_bytes()[:-200]),
        lambda path: save(path, mel=np.zeros((5, 96), np.uint8)),
        lambda path: save(path, head=np.array("{}"), mel=np.zeros((5, 96), np.uint8)),
        lambda path: save(path, head=np.array("not json"), mel=np.zeros((5, 96), np.uint8)),
        lambda path: save(path, head=np.array([{"a": 1}], dtype=object), mel=np.zeros((5, 96), np.uint8)),
    ],
)
def test_a_damaged_one_is_refused(tmp_path, sound, damage):
    path = write_earprint(listen(sound, FeatureConfig()), tmp_path / "a.earprint")
    damage(path)

    with pytest.raises(AudioError, match="a.earprint: not a readable earprint"):
        read_earprint(path)


def test_a_newer_version_says_so(tmp_path):
    path = tmp_path / "a.earprint"
    save(path, head=np.array('{"format": "earprint", "version": 99}'), mel=np.zeros((5, 96), np.uint8))

    with pytest.raises(AudioError, match="version 99 is newer"):
        read_earprint(path)


def test_a_setting_of_a_newer_earmark_is_an_error_that_names_the_file(tmp_path, sound):
    path = write_earprint(listen(sound, FeatureConfig()), tmp_path / "new.earprint")
    change_earprint(path, lambda head, arrays: head["features"].update(window="hann"))

    with pytest.raises(AudioError, match=r"new\.earprint: .*\(features: unknown settings \[.window.\]"):
        read_earprint(path)


@pytest.fixture
def kept(tmp_path, sound):
    """An earprint of 4 s, to be damaged."""
    return write_earprint(listen(sound, FeatureConfig()), tmp_path / "a.earprint")


def head_of(path) -> dict:
    with np.load(path) as file:
        return json.loads(str(file["head"]))


# change of the head, what the message must say
WRONG = {
    "an id that is SQL": (lambda h: h.update(track_id="x' OR '1'='1"), "track_id: .* is not an id of 20 hex"),
    "an id that is a path": (lambda h: h.update(track_id="../../escaped/song"), "track_id: '../../escaped/song' is"),
    "an id in capitals": (lambda h: h.update(track_id="9B0594AC3F8684807F32"), "track_id"),
    "an id with a line end": (lambda h: h.update(track_id="9b0594ac3f8684807f32\n"), "track_id"),
    "an id that is a number": (lambda h: h.update(track_id=5), "track_id: 5"),
    "an artist that is a number": (lambda h: h["tags"].update(artist=5), "tags: artist: 5 is not a text"),
    "a genre that is a list": (lambda h: h["tags"].update(genre=[]), "tags: genre: a list"),
    "a year that is a text": (lambda h: h["tags"].update(year="x"), "tags: year: 'x' is not a whole number"),
    "tags that are a text": (lambda h: h.update(tags="none"), "tags: 'none' is not an object"),
    "a duration that is NaN": (lambda h: h.update(duration=float("nan")), "duration: NaN or infinity is not"),
    "a duration without end": (lambda h: h.update(duration=float("inf")), "duration"),
    "a duration below zero": (lambda h: h.update(duration=-4.0), "duration: -4.0 is not a number from 0"),
    "a duration that is true": (lambda h: h.update(duration=True), "duration: True"),
    "a duration that mel does not fit": (lambda h: h.update(duration=40.0), "mel is 4.0 s long, the track 40.0 s"),
    "more mel than track": (lambda h: h.update(duration=2.0, truncated=True), "mel is 4.0 s long, the track 2.0 s"),
    "a step that is NaN": (lambda h: h.update(mel_step=float("nan")), "mel_step"),
    "an offset that is huge": (lambda h: h.update(mel_low=1e300), "mel_low"),
    "truncated as a text": (lambda h: h.update(truncated="no"), "truncated: 'no' is neither true nor false"),
    "no duration": (lambda h: h.pop("duration"), "duration is missing"),
    "a version below 1": (lambda h: h.update(version=0), "0 is not a whole number"),
    "a version that is a text": (lambda h: h.update(version="2"), "'2' is not a whole number"),
    "bands without number": (lambda h: h["features"].update(n_mels=10**9), "features: n_mels: 1000000000"),
    "a hop of nothing": (lambda h: h["features"].update(hop_length=0), "features: hop_length: 0"),
    "a rate that is a text": (lambda h: h["features"].update(sr="16000"), "features: sr: '16000'"),
    "a frame a sample": (lambda h: h["features"].update(sr=384_000, hop_length=16), "24000 frames a second"),
    "bands above the rate": (lambda h: h["features"].update(fmax=9000.0), "0 to 9000 Hz at 16000 Hz"),
    "an unknown compression": (lambda h: h["features"].update(compression="zip"), "features: compression: 'zip'"),
    "a loudness that is infinite": (lambda h: h["loudness"].update(range_lu=float("inf")), "loudness: range_lu"),
    "a curve of texts": (lambda h: h["loudness"].update(curve=["x"]), "loudness: curve: 'x' is not a number"),
    "a loudness without its curve's list": (lambda h: h["loudness"].update(curve=5), "loudness: curve: 5"),
    "a loudness that lacks a figure": (lambda h: h["loudness"].pop("range_lu"), "loudness: range_lu is missing"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_head_that_breaks_a_rule_is_refused_with_the_reason(kept, kind):
    change, problem = WRONG[kind]
    change_earprint(kept, lambda head, arrays: change(head))

    with pytest.raises(AudioError, match=problem) as caught:
        read_earprint(kept)

    assert str(caught.value).startswith(f"{kept}: not a readable earprint (")
    assert "\n" not in str(caught.value)


# change of the arrays, what the message must say
UNFIT = {
    "an object array": (lambda a: a.update(mel=np.array([{}], object)), "mel is of type object"),
    "mel as floats": (lambda a: a.update(mel=a["mel"].astype(np.float32)), "mel is of type float32"),
    "mel of other bands": (lambda a: a.update(mel=a["mel"][:, :50]), r"mel is \(251, 50\) for 96 bands"),
    "mel of one axis": (lambda a: a.update(mel=a["mel"].ravel()), r"mel is \(24096,\)"),
    "no frame of mel": (lambda a: a.update(mel=a["mel"][:0]), r"mel is \(0, 96\)"),
    "chroma of another length": (lambda a: a.update(chroma=np.tile(a["chroma"], (3, 1))), "chroma has 33 rows for 4"),
    "chroma of other columns": (lambda a: a.update(chroma=a["chroma"][:, :10]), r"chroma is \(11, 10\)"),
    "chroma as doubles": (lambda a: a.update(chroma=a["chroma"].astype(float)), "chroma is of type float64"),
    "chroma that is NaN": (lambda a: a.update(chroma=a["chroma"] * np.float16("nan")), "no magnitudes"),
    "chroma below zero": (lambda a: a.update(chroma=a["chroma"] - np.float16(1)), "no magnitudes"),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNFIT)
def test_arrays_that_do_not_fit_are_refused_with_the_reason(kept, kind):
    change, problem = UNFIT[kind]
    change_earprint(kept, lambda head, arrays: change(arrays))

    with pytest.raises(AudioError, match=problem):
        read_earprint(kept)


def test_harmless_oddities_are_mended(kept):
    odd = {"title": "\x1b]0;pwned\x07 A\nB\u202e", "artist": "x" * 3000, "year": 123456, "album": "\ud800"}
    change_earprint(kept, lambda head, arrays: head["tags"].update(odd, mood="new") or head.update(key_of_later=[1]))

    tags = read_earprint(kept).tags

    assert (tags.title, tags.artist, tags.year) == ("]0;pwned  A B", "x" * 500, None)
    assert tags.album.encode() == b"\\ud800"


def test_a_chroma_made_in_another_way_is_left_out(kept):
    change_earprint(kept, lambda head, arrays: head["chroma"].update(version=2, colour="red"))

    assert read_earprint(kept).chroma is None


def test_more_sound_than_is_wanted_is_refused_before_it_is_read(kept):
    with pytest.raises(AudioError, match=r"it holds 4 s of sound, more than 2 s\. Analyse it with a larger"):
        read_earprint(kept, max_seconds=2)


def bomb(path, head: dict, shape: tuple, n_zeros: int) -> None:
    """An archive of a few kilobytes whose mel is said to have `shape`, and unpacks to so many zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        with out.open("head.npy", "w") as member:
            np.save(member, np.array(json.dumps(head)))
        with out.open("mel.npy", "w", force_zip64=True) as member:
            np.lib.format.write_array_header_1_0(member, {"descr": "|u1", "fortran_order": False, "shape": shape})
            for _ in range(n_zeros // 2**20):
                member.write(bytes(2**20))


@pytest.mark.parametrize(
    ("shape", "n_zeros"), [((10**9, 96), 0), ((2**21, 96), 192 * 2**20), ((251, 96), 192 * 2**20), ((-1, -96), 0)]
)
def test_an_archive_that_would_fill_the_memory_is_refused_unread(kept, shape, n_zeros):
    bomb(kept, head_of(kept), shape, n_zeros)
    tracemalloc.start()

    with pytest.raises(AudioError):
        read_earprint(kept)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kept.stat().st_size < 300_000
    assert peak < 4 * 2**20


def test_only_an_id_becomes_the_name_of_a_file():
    assert earprint_name("9b0594ac3f8684807f32") == "9b0594ac3f8684807f32.earprint"
    for wrong in ("", "../x", "9b0594ac3f8684807f3", "9b0594ac3f8684807f32/..", "9B0594AC3F8684807F32", None):
        with pytest.raises(AudioError, match="not the id of a track"):
            earprint_name(wrong)


@pytest.mark.parametrize("name", ["id", "inject", "nan", "obj", "poison", "traverse", "wipe"])
def test_earprints_that_once_did_harm(shared_data, name):
    with pytest.raises(AudioError, match="not a readable earprint"):
        read_earprint(shared_data.parent / "cases" / "hostile" / f"{name}.earprint")


def test_no_change_of_a_byte_is_more_than_one_error(kept, rng):
    data, refused = kept.read_bytes(), 0
    for _ in range(300):
        changed = bytearray(data)
        for place in rng.integers(0, len(data), 3):
            changed[place] = rng.integers(256)
        kept.write_bytes(changed)
        try:
            read_earprint(kept)
        except AudioError:
            refused += 1
    assert refused > 250  # a few bytes say nothing, such as times in the archive


def test_what_was_missing_of_the_file_is_kept(tmp_path, sound):
    sound.write_bytes(sound.read_bytes()[: sound.stat().st_size // 2])
    heard = listen(sound, FeatureConfig())

    path = write_earprint(heard, tmp_path / "a.earprint")

    assert heard.incomplete.expected == pytest.approx(4.0)
    assert read_earprint(path).incomplete == heard.incomplete
    assert read_earprint(path).warnings == heard.warnings != ()
    change_earprint(path, lambda head, arrays: (head.pop("incomplete"), head.pop("warnings")))  # an older earmark's
    assert read_earprint(path).incomplete is None
    assert read_earprint(path).warnings == ()
