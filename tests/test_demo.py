"""The composed pieces keep what is written of them: tempo, key, length; and their files are whole."""

import csv

import numpy as np
import pytest
from scipy import signal

from earmark.audio.decode import load_audio
from earmark.audio.filetags import read_file_tags
from earmark.data.read import read_manifest
from earmark.data.splits import split_of
from earmark.data.targets import read_targets
from earmark.demo import PIECES, SR, files, instruments, render, score, synth
from earmark.demo.mix import TAIL
from earmark.demo.pieces import BEATS
from earmark.descriptors.key.names import key_number
from earmark.errors import DataError

each_piece = pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)


@pytest.fixture(scope="module")
def sounds():
    return {piece.name: render(piece) for piece in PIECES}


@pytest.fixture(scope="module")
def written(sounds, tmp_path_factory):
    return files.write(tmp_path_factory.mktemp("demo"), lambda piece: sounds[piece.name])


def refuse(piece):
    raise AssertionError(f"{piece.name} was rendered again")


# ---------------------------------------------------------------- the music


@each_piece
def test_a_piece_is_whole(piece, sounds):
    y = sounds[piece.name]

    assert y.dtype == np.float32
    assert y.shape == (round(piece.seconds * SR), 2)
    assert 16 <= piece.seconds <= 24.2
    assert np.abs(y).max() == pytest.approx(0.89, abs=1e-3)
    seconds = y[: int(piece.seconds - TAIL) * SR].reshape(-1, SR * 2)
    assert np.sqrt((seconds**2).mean(axis=1)).min() > 0.01  # it plays all the time
    assert np.abs(y[-1]).max() < 1e-4  # and does not break off
    assert y[:, 0].std() == pytest.approx(y[:, 1].std(), rel=0.3)  # neither side is left out


@each_piece
def test_its_notes_fill_its_bars(piece):
    ends = [note.start + note.length for part in piece.compose() for note in part.notes]
    beats = piece.n_bars * BEATS[piece.metre]

    assert sum(abs(end - beats) < 0.01 for end in ends) >= 1
    assert max(note.start for part in piece.compose() for note in part.notes) < beats


@each_piece
def test_its_tempo_is_the_stated_one(piece, sounds):
    onsets, rate = onset_strength(sounds[piece.name])
    acf = np.correlate(onsets, onsets, "full")[len(onsets) - 1 :]
    bpm = np.arange(40, 240, 0.25)
    # Multiples of a beat up to eight seconds, read between the lags; a wrong tempo drifts off them.
    lags = [np.arange(1, 1 + int(8 * b / 60)) * 60 / b * rate for b in bpm]
    salience = np.array([np.interp(lag, np.arange(len(acf)), acf).mean() for lag in lags]) / acf[0]

    near = np.abs(bpm / piece.bpm - 1) < 0.1
    assert bpm[near][salience[near].argmax()] == pytest.approx(piece.bpm, rel=0.01)
    assert salience[near].max() > np.percentile(salience, 90)


@each_piece
def test_its_pitches_are_of_the_stated_key(piece, sounds):
    chroma = pitch_classes(sounds[piece.name])
    fits = [np.corrcoef(chroma, np.roll(PROFILES[mode], tonic))[0, 1] for mode in (0, 1) for tonic in range(12)]

    assert int(np.argmax(fits)) == key_number(*piece.key.split())


def test_a_piece_is_the_same_each_time(sounds):
    for name in ("musette", "metal"):  # with loose hands, noise and a room
        piece = next(piece for piece in PIECES if piece.name == name)
        assert render(piece).tobytes() == sounds[name].tobytes()


def test_the_pieces_differ():
    assert len({piece.name for piece in PIECES}) == len(PIECES) == 16
    assert len({piece.genre for piece in PIECES}) >= 14
    assert len({piece.key for piece in PIECES}) >= 12
    assert {piece.metre for piece in PIECES} == set(BEATS)
    assert len({name for piece in PIECES for name in piece.instruments}) >= 12


# Krumhansl and Kessler 1982, probe-tone ratings: major, minor.
PROFILES = np.array([
    [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
])  # fmt: skip


def onset_strength(y):
    """Positive changes of a log spectrogram, smoothed mean removed; and their rate in Hz."""
    mono = signal.resample_poly(y.mean(axis=1), 1, 2)
    power = np.abs(signal.stft(mono, SR / 2, nperseg=1024, noverlap=1024 - 256, padded=False)[2])
    flux = np.maximum(np.diff(np.log1p(1000 * power), axis=1), 0).sum(axis=0)
    return flux - signal.convolve(flux, np.ones(86) / 86, "same"), SR / 2 / 256


def pitch_classes(y):
    """Magnitude of the spectral peaks of each moment in twelve pitch classes, C first, 100-1000 Hz: float [12]."""
    mono = signal.resample_poly(y.mean(axis=1), 1, 8)
    hz, _, spectrum = signal.stft(mono, SR / 8, nperseg=8192, noverlap=6144)
    heard = (hz > 100) & (hz < 1000)
    hz, power = hz[heard], np.abs(spectrum[heard])
    peaks = (power >= np.roll(power, 1, axis=0)) & (power >= np.roll(power, -1, axis=0))
    pitch = np.round(69 + 12 * np.log2(hz / 440)).astype(int)
    return np.bincount(pitch % 12, (power * peaks).sum(axis=1), 12)


# ---------------------------------------------------------------- notes and sounds


def test_a_line_is_read_as_written():
    notes = score.line("A4:1 C#5:.5 Eb5 | - C4+E4:2")

    assert [(n.start, n.length, n.pitch) for n in notes] == [
        (0, 1, 69), (1, 0.5, 73), (1.5, 0.5, 75), (2.5, 2, 60), (2.5, 2, 64),
    ]  # fmt: skip


def test_chords_lie_in_the_octave_asked_for():
    assert score.chord("C", 60) == [60, 64, 67]
    assert score.chord("Am7", 60) == [60, 64, 67, 69]
    assert score.chord("F#m", 60) == [61, 66, 69]


@pytest.mark.parametrize("wrong", ["H4", "A", "C##4"])
def test_a_wrong_pitch_is_named(wrong):
    with pytest.raises(DataError, match=f"{wrong}: not the name of a pitch"):
        score.pitch(wrong)


def test_swing_delays_the_off_beat_only():
    swung = score.swing([score.Note(k / 2, 0.5) for k in range(4)], 2 / 3)

    assert [n.start for n in swung] == pytest.approx([0, 2 / 3, 1, 5 / 3])
    assert [n.length for n in swung] == pytest.approx([2 / 3, 1 / 3, 2 / 3, 1 / 3])


def test_ringing_is_the_sum_of_its_sines():
    t = synth.times(0.5)
    y = synth.ringing([200, 431.5], [1, 0.5], [0.3, 0.1], 0.5)

    wanted = np.sin(2 * np.pi * 200 * t) * np.exp(-t / 0.3) + 0.5 * np.sin(2 * np.pi * 431.5 * t) * np.exp(-t / 0.1)
    np.testing.assert_allclose(y, wanted, atol=1e-9)


def test_a_table_plays_its_harmonics():
    t = synth.times(0.1)
    y = synth.read_table(synth.wave_table(np.array([1, 0, 0.25])), 220 * t)

    wanted = np.sin(2 * np.pi * 220 * t) + 0.25 * np.sin(2 * np.pi * 660 * t)
    np.testing.assert_allclose(y, wanted, atol=1e-4)


def test_a_room_dies_away_in_its_time():
    click = np.zeros(SR * 2)
    click[0] = 1
    level = 10 * np.log10((synth.reverb(click, 1.0) ** 2).mean(axis=0)[: SR // 9 * 9].reshape(9, -1).mean(axis=1))

    assert (level[1] - level[7]) / 6 * 9 == pytest.approx(60, abs=8)  # noise, so not to the decibel


PITCHED = ["piano", "steel_guitar", "nylon_guitar", "harpsichord", "bass_guitar", "double_bass", "electric_piano",
           "strings", "choir", "flute", "accordion", "organ", "synth_bass", "reese_bass", "pad", "stab", "lead",
           "pulse_lead", "pulse_arpeggio", "chip_triangle", "bell"]  # fmt: skip


@pytest.mark.parametrize("name", PITCHED)
@pytest.mark.parametrize("hz", [110.0, 440.0])
def test_an_instrument_is_in_tune(name, hz):
    y = getattr(instruments, name)(hz, 1.5, 0.8)[: SR * 3 // 2]
    spectrum = np.abs(np.fft.rfft(y * np.hanning(len(y)), 1 << 19))
    bins = np.arange(round(hz * 0.94 * 2**19 / SR), round(hz * 1.06 * 2**19 / SR))
    found = (spectrum[bins] ** 2 @ bins) / (spectrum[bins] ** 2).sum() * SR / 2**19

    assert 1200 * np.log2(found / hz) == pytest.approx(0, abs=12)  # cents; the players' mean
    assert spectrum[bins].max() > 0.05 * spectrum.max()


# ---------------------------------------------------------------- the files


def test_the_files_are_of_many_formats_and_carry_their_tags(written):
    for piece, path in zip(PIECES, written, strict=True):
        tags = read_file_tags(path)
        found = (tags.title, tags.artist, tags.album, tags.year, tags.genre)
        assert found == (piece.title, "earmark demo", "Sixteen pieces", 2026, piece.genre)

    suffixes = {path.suffix for path in written}
    assert suffixes == {".flac", ".mp3", ".ogg", ".m4a", ".wav", ".opus", ".aiff"}


LOSSLESS = (".flac", ".wav", ".aiff")


@each_piece
def test_a_file_decodes_to_what_was_composed(piece, sounds, written):
    path = written[PIECES.index(piece)]
    audio = load_audio(path, sr=SR)
    wanted = sounds[piece.name].mean(axis=1)

    assert audio.n_channels == 2
    assert audio.duration == pytest.approx(piece.seconds, abs=0.03)
    n = min(len(wanted), len(audio.y))
    error = 10 * np.log10(np.square(wanted[:n] - audio.y[:n]).sum() / np.square(wanted).sum())
    assert error < (-70 if path.suffix in LOSSLESS else -15)


def test_a_second_write_renders_nothing(written):
    before = [path.stat().st_mtime_ns for path in written]

    assert files.write(written[0].parent, refuse) == written
    assert [path.stat().st_mtime_ns for path in written] == before


def test_only_harmed_files_are_made_again(written, sounds):
    names = []

    def noted(piece):
        names.append(piece.name)
        return sounds[piece.name]

    written[4].write_bytes(written[4].read_bytes()[:-100])
    written[7].unlink()
    files.write(written[0].parent, noted)
    assert names == [PIECES[4].name, PIECES[7].name]


def test_changed_code_makes_all_again(written, monkeypatch):
    monkeypatch.setattr(files, "_code_digest", lambda: "other")
    with pytest.raises(AssertionError, match="nocturne was rendered again"):
        files.write(written[0].parent, refuse)


def test_a_damaged_record_counts_as_none(tmp_path, written):
    (tmp_path / files.RECORD).write_text("[1, 2")
    with pytest.raises(AssertionError, match="nocturne was rendered again"):
        files.write(tmp_path, refuse)


def test_without_an_encoder_a_piece_becomes_flac(monkeypatch):
    monkeypatch.setattr(files, "FORMATS", (files.FORMATS[0], files.Format("xyz", "xyz", ("no-such-encoder",))))

    assert files.format_of(PIECES[1]).suffix == "flac"


def test_the_manifest_states_the_facts_and_divides_each_mood(written):
    manifest = read_manifest(written[0].parent)
    with open(written[0].parent / "tracks.csv", encoding="utf-8", newline="") as file:
        row = list(csv.DictReader(file))[11]

    assert row == {
        "path": "jazz-trio.wav", "title": "Three and Two", "artist": "earmark demo", "genre": "jazz", "mood": "calm",
        "tempo_bpm": "168", "metre": "5/4", "key": "G minor", "instruments": "piano|double bass|drums",
        "song": "jazz-trio", "split": "test",
    }  # fmt: skip
    targets = read_targets(manifest, ["mood"])
    for part, n in zip(split_of(manifest, targets).parts().values(), (2, 1, 1), strict=True):
        assert np.bincount(targets.index[part]).tolist() == [n] * 4
