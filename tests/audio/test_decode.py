import hashlib
import os
import shutil
import sys

import av
import numpy as np
import pytest

from earmark.audio.decode import content_hash, load_audio
from earmark.audio.features import log_mel
from earmark.audio.incomplete import CANCELLING
from earmark.audio.marks import is_audio
from earmark.errors import AudioError
from odd_sounds import pcm_wav, scrambled
from sounds import FORMATS, chord, tone, write_sound


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_decodes_to_the_same_sound(tmp_path, suffix):
    sr = FORMATS[suffix][2]
    path = write_sound(tmp_path / f"chord.{suffix}", chord(3.0, sr))

    audio = load_audio(path)

    assert audio.y.dtype == np.float32
    assert audio.y.ndim == 1
    assert audio.sr == 16_000
    assert audio.duration == pytest.approx(3.0, abs=0.12)  # lossy encoders pad both ends
    reference = load_audio(write_sound(tmp_path / "reference.wav", chord(3.0)))
    heard, expected = log_mel(audio.y).mean(axis=0), log_mel(reference.y).mean(axis=0)
    assert np.corrcoef(heard, expected)[0, 1] > 0.97


@pytest.mark.parametrize("sr", [8000, 11_025, 12_345, 22_050, 48_000, 96_000, 192_000])
def test_odd_rates_keep_pitch_and_length(tmp_path, sr):
    t = np.arange(2 * sr) / sr
    path = write_sound(tmp_path / "a.wav", 0.5 * np.sin(2 * np.pi * 1000 * t), sr, "pcm_f32le", "flt")

    audio = load_audio(path)

    assert audio.y.size == pytest.approx(32_000, abs=40)
    spectrum = np.abs(np.fft.rfft(audio.y[8000:24_000]))
    assert spectrum.argmax() == 1000  # 1 Hz a bin
    assert np.abs(audio.y).max() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("encoder", "sample_format"),
    [("pcm_u8", "u8"), ("pcm_s16le", "s16"), ("pcm_s24le", "s32"), ("pcm_f32le", "flt"), ("pcm_f64le", "dbl")],
)
def test_channels_are_averaged_in_every_sample_format(tmp_path, encoder, sample_format):
    left, right = 0.5 * np.ones(16_000, np.float32), np.zeros(16_000, np.float32)
    path = write_sound(tmp_path / "a.wav", np.stack([left, right]), 16_000, encoder, sample_format)

    y = load_audio(path).y

    assert y[2000:14_000].mean() == pytest.approx(0.25, abs=0.005)


def test_six_channels_are_averaged_alike(tmp_path):
    channels = np.zeros((6, 16_000), np.float32)
    channels[3] = 0.6  # the bass channel counts like any other
    path = write_sound(tmp_path / "a.wav", channels, 16_000, "pcm_f32le", "flt")

    assert load_audio(path).y[2000:14_000].mean() == pytest.approx(0.1, abs=0.002)


def test_a_cover_is_ignored(tmp_path):
    from mutagen.flac import FLAC, Picture

    path = write_sound(tmp_path / "a.flac", chord(1.0))
    before = load_audio(path)
    flac, picture = FLAC(path), Picture()
    picture.mime, picture.data = "image/png", b"\x89PNG\r\n\x1a\n" + bytes(200)
    flac.add_picture(picture)
    flac["title"] = "With a cover"
    flac.save()

    after = load_audio(path)

    assert after.track_id == before.track_id  # tags and covers are not the recording
    np.testing.assert_array_equal(after.y, before.y)


def test_the_hash_is_that_of_the_sound(tmp_path):
    first = write_sound(tmp_path / "a.mp3", chord(1.0), tags={"title": "one"})
    retagged = write_sound(tmp_path / "b.mp3", chord(1.0), tags={"title": "two", "artist": "someone"})
    other = write_sound(tmp_path / "c.mp3", chord(1.0, root=225.0))

    assert content_hash(first) == load_audio(first).track_id == content_hash(retagged)
    assert content_hash(other) != content_hash(first)


def test_a_long_file_is_cut_and_says_so(tmp_path):
    path = write_sound(tmp_path / "a.flac", chord(5.0))

    audio = load_audio(path, max_seconds=2.0)

    assert audio.truncated
    assert audio.y.size == 32_000
    assert audio.duration == pytest.approx(5.0, abs=0.05)
    assert audio.track_id == content_hash(path)
    assert not load_audio(path).truncated


def test_decoding_has_a_time_limit(tmp_path):
    path = write_sound(tmp_path / "a.flac", chord(2.0))

    with pytest.raises(AudioError, match="decoding took longer than 0 s"):
        load_audio(path, time_limit=0.0)


def test_the_observer_sees_the_native_sound(tmp_path):
    stereo = np.stack([chord(1.0), 0.5 * chord(1.0)])
    path = write_sound(tmp_path / "a.flac", stereo)
    seen = []

    audio = load_audio(path, observer=lambda block, sr, layout: seen.append((block, sr, layout)))

    blocks = np.concatenate([block for block, _, _ in seen], axis=1)
    assert {(sr, layout) for _, sr, layout in seen} == {(44_100, "stereo")}
    np.testing.assert_allclose(blocks, stereo, atol=1e-4)
    assert audio.warnings == ()


@pytest.mark.parametrize("name", ["a:b.flac", "concat:x.flac", "-.flac", "%41.flac", "a?b#c.flac", " lead.flac"])
def test_names_that_ffmpeg_could_misread(tmp_path, name):
    path = write_sound(tmp_path / "plain.flac", chord(0.5)).rename(tmp_path / name)

    assert load_audio(path).duration == pytest.approx(0.5, abs=0.01)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_a_name_that_is_not_utf8(tmp_path):
    plain = write_sound(tmp_path / "plain.flac", chord(0.5))
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.flac")
    shutil.copy(plain, path)

    assert load_audio(path).track_id == load_audio(plain).track_id


def test_a_playlist_cannot_reach_other_files(tmp_path):
    write_sound(tmp_path / "secret.mp3", chord(1.0))
    path = tmp_path / "song.mp3"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.mp3\n#EXT-X-ENDLIST\n")

    with pytest.raises(AudioError, match=r"song\.mp3"):
        load_audio(path)


@pytest.mark.parametrize("suffix", FORMATS)
def test_sound_is_known_by_its_first_bytes(tmp_path, suffix):
    path = write_sound(tmp_path / f"a.{suffix}", chord(0.5)).rename(tmp_path / "a.dat")

    assert is_audio(path) == (suffix != "aac")  # raw AAC has no mark of its own
    assert not is_audio(tmp_path / "missing")


def test_tags_that_are_not_utf8_do_not_refuse_a_file(tmp_path):
    path = write_sound(tmp_path / "a.flac", chord(0.5), tags={"title": "plain"})
    data = path.read_bytes()
    path.write_bytes(data.replace(b"TITLE=plain", b"TITLE=pl\xffin").replace(b"title=plain", b"title=pl\xffin"))
    assert path.read_bytes() != data

    assert load_audio(path).duration == pytest.approx(0.5, abs=0.01)


# track_ids as catalogues in the field hold them: of files that are made in the same way on every machine
KEPT_IDS = {
    ("wav", 1): "f8ba2081139a7c0cc2e5", ("wav", 2): "7700a6fbdecb75b60914", ("aiff", 1): "4d4dba36b6e9d4271b45",
}  # fmt: skip


@pytest.mark.parametrize(("suffix", "n_channels"), KEPT_IDS)
def test_ids_stay_what_they_are(tmp_path, suffix, n_channels):
    t = np.arange(44_100)
    ramp = ((t % 100 - 50) / 128).astype(np.float32)  # exact in 16 bits
    path = write_sound(tmp_path / f"a.{suffix}", np.stack([ramp, -0.5 * ramp][:n_channels]))

    assert load_audio(path).track_id == content_hash(path) == KEPT_IDS[suffix, n_channels]


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_id_is_a_hash_of_codec_rate_channels_and_packets(tmp_path, suffix):
    path = write_sound(tmp_path / f"a.{suffix}", chord(1.0, FORMATS[suffix][2]))
    with av.open(str(path)) as container:
        stream = container.streams.best("audio")
        context = stream.codec_context
        digest = hashlib.blake2b(f"{context.name} {context.rate} {context.layout.nb_channels}".encode(), digest_size=10)
        for packet in container.demux(stream):
            digest.update(bytes(packet))

    assert load_audio(path).track_id == content_hash(path) == digest.hexdigest()


@pytest.mark.parametrize("n_channels", [7, 8, 9, 16, 32, 64])
@pytest.mark.parametrize(
    ("suffix", "encoder", "container"),
    [
        ("wav", None, None), ("w64", "pcm_s16le", "w64"), ("caf", "pcm_s16be", "caf"), ("mka", "pcm_s16le", "matroska"),
        ("aiff", "pcm_s16be", "aiff"),
    ],
)  # fmt: skip
def test_up_to_64_channels_are_heard(tmp_path, suffix, encoder, container, n_channels):
    x = np.stack([tone(300 + 20 * i, 1.0, gain=0.4) for i in range(n_channels)])
    path = pcm_wav(tmp_path / "a.wav", x)
    if encoder:
        path = remuxed(path, tmp_path / f"b.{suffix}", encoder, container)
    seen = []

    audio = load_audio(path, observer=lambda block, sr, layout: seen.append(block))

    assert audio.n_channels == n_channels
    np.testing.assert_allclose(np.concatenate(seen, axis=1), x, atol=1e-4)
    np.testing.assert_allclose(audio.y, x.mean(axis=0), atol=1e-3)
    assert audio.warnings == ()


def remuxed(source, path, encoder, container):
    """The same samples in another container."""
    with av.open(str(source)) as before, av.open(str(path), "w", container) as after:
        stream = before.streams.audio[0]
        out = after.add_stream(encoder, rate=stream.rate, layout=stream.layout)
        for frame in before.decode(stream):
            after.mux(out.encode(frame))
        after.mux(out.encode(None))
    return path


@pytest.mark.parametrize("mask", [0x63F, 0xFF, 0])
def test_a_mask_of_speakers_changes_nothing(tmp_path, mask):
    x = np.stack([tone(300 + 20 * i, 1.0, gain=0.4) for i in range(8)])

    audio = load_audio(pcm_wav(tmp_path / "a.wav", x, mask=mask), observer=lambda *block: None)

    np.testing.assert_allclose(audio.y, x.mean(axis=0), atol=1e-3)


@pytest.mark.parametrize("suffix", ["flac", "m4a", "opus"])
def test_surround_of_eight_in_every_codec(tmp_path, suffix):
    sr = FORMATS[suffix][2]
    path = write_sound(tmp_path / f"a.{suffix}", np.stack([tone(60, 1.0, sr, 0.3)] * 8))  # the bass effects hear it too
    seen = []

    audio = load_audio(path, observer=lambda block, rate, layout: seen.append(layout))

    assert (audio.n_channels, set(seen)) == (8, {"7.1"})
    assert np.abs(np.fft.rfft(audio.y[2000:14_000])).argmax() == 45  # 60 Hz, in bins of 4/3 Hz


@pytest.mark.parametrize("suffix", ["flac", "mp3", "wav", "opus"])
def test_opposite_channels_are_heard(tmp_path, suffix):
    sr = FORMATS[suffix][2]
    y = chord(3.0, sr)
    straight = load_audio(write_sound(tmp_path / f"in.{suffix}", np.stack([y, y]), sr))
    seen = []

    turned = load_audio(
        write_sound(tmp_path / f"out.{suffix}", np.stack([y, -y]), sr),
        observer=lambda block, rate, layout: seen.append(block),
    )

    assert turned.warnings == (CANCELLING,)
    assert straight.warnings == ()
    assert turned.duration == straight.duration
    difference = np.abs(np.abs(turned.y) - np.abs(straight.y))
    assert difference.max() < (1e-3 if suffix in ("flac", "wav") else 0.02)
    blocks = np.concatenate(seen, axis=1)
    assert blocks.shape[1] == pytest.approx(3 * sr, abs=3000)  # it was shown once
    np.testing.assert_allclose(blocks[0], -blocks[1], atol=0.02)


def test_a_cut_of_long_opposite_channels(tmp_path):
    y = chord(5.0)

    audio = load_audio(write_sound(tmp_path / "a.flac", np.stack([y, -y])), max_seconds=2.0)

    assert (audio.y.size, audio.truncated, audio.warnings) == (32_000, True, (CANCELLING,))


def test_a_damaged_packet_costs_itself(tmp_path):
    path = write_sound(tmp_path / "a.ac3", chord(3.0), 44_100, "ac3", "fltp", "ac3")
    whole = load_audio(path)

    audio = load_audio(scrambled(path, 0.5, 0.55))

    assert 2.7 < audio.duration < whole.duration
    assert audio.incomplete.damaged_packets > 0
    assert audio.incomplete.expected == pytest.approx(whole.duration, abs=0.1)
    assert audio.warnings[1].startswith("damaged: ")
    assert audio.track_id == content_hash(path)


@pytest.mark.parametrize("suffix", ["flac", "mp3", "wv", "tta", "m4a"])
def test_a_hole_is_told(tmp_path, suffix):
    encoder = {"wv": ("wavpack", "s16p", "wv"), "tta": ("tta", "s16", "tta")}.get(suffix, (None, None, None))
    noise = np.random.default_rng(0).normal(0, 0.1, 6 * 44_100).astype(np.float32)
    path = scrambled(write_sound(tmp_path / f"a.{suffix}", noise, 44_100, *encoder), 0.5, 0.7)

    audio = load_audio(path)

    assert 1.0 < audio.duration < 6.1
    assert audio.warnings
    assert audio.track_id == content_hash(path)


def test_next_to_nothing_of_a_damaged_file_is_an_error(tmp_path):
    path = scrambled(write_sound(tmp_path / "a.ac3", chord(3.0), 44_100, "ac3", "fltp", "ac3"), 0.08, 1.0)

    with pytest.raises(AudioError, match=r"a\.ac3: damaged: only 0\.\d s of it can be heard"):
        load_audio(path)
