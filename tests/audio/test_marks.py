import pytest

from earmark.audio.marks import is_audio

MARKS = {
    "flac": b"fLaC", "ogg": b"OggS", "mp3 with tags": b"ID3\x04", "mp3": b"\xff\xfb\x90", "mp2": b"\xff\xfd\x80",
    "wma": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wv": b"wvpk", "ape": b"MAC ", "caf": b"caff", "tta": b"TTA1",
    "dsf": b"DSD ", "dff": b"FRM8" + bytes(8) + b"DSD ", "amr": b"#!AMR\n", "mpc": b"MP+\x07", "mpc8": b"MPCK",
    "au": b".snd", "voc": b"Creative Voice File\x1a", "shn": b"ajkg", "tak": b"tBaK", "oma": b"EA3\x01",
    "qoa": b"qoaf", "sphere": b"NIST_1A\n", "w64": b"riff\x2e\x91\xcf\x11", "ac3": b"\x0b\x77\x12\x34",
    "dts": b"\x7f\xfe\x80\x01", "truehd": b"\x12\x34\x56\x78\xf8\x72\x6f\xba", "8svx": b"FORM\0\0\0\0008SVX",
    "wav": b"RIFF\0\0\0\0WAVE", "aifc": b"FORM\0\0\0\0AIFC", "m4a": b"\0\0\0\x20ftypM4A ",
    "mka": b"\x1a\x45\xdf\xa3" + bytes(60) + b"A_FLAC",
}  # fmt: skip
OTHERS = {
    "avi": b"RIFF\0\0\0\0AVI ", "webp": b"RIFF\0\0\0\0WEBP", "picture": b"FORM\0\0\0\0ILBM",
    "mp4": b"\0\0\0\x20ftypisom",
    "mkv": b"\x1a\x45\xdf\xa3" + bytes(60) + b"V_VP9" + bytes(9) + b"A_OPUS", "utf-16": b"\xff\xfeW\0o\0", "none": b"",
    "jpeg": b"\xff\xd8\xff\xe0", "png": b"\x89PNG\r\n",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "head"), MARKS.items())
def test_sound_is_known(tmp_path, kind, head):
    path = tmp_path / "a.bin"
    path.write_bytes(head + bytes(100))
    assert is_audio(path)


@pytest.mark.parametrize(("kind", "head"), OTHERS.items())
def test_other_kinds_are_not_taken_for_it(tmp_path, kind, head):
    path = tmp_path / "a.mp3"
    path.write_bytes(head + bytes(100))
    assert not is_audio(path)


def test_what_cannot_be_read_is_no_sound(tmp_path):
    assert not is_audio(tmp_path / "missing")
    assert not is_audio(tmp_path)
