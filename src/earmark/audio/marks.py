"""Sound files known by their first bytes, whatever they are called."""

from pathlib import Path

from earmark.audio.opening import open_file

STARTS = (
    b"fLaC", b"OggS", b"ID3", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"wvpk", b"MAC ", b"caff", b"TTA1", b"DSD ",
    b"#!AMR", b"MPCK", b"MP+", b".snd", b"Creative Voice File", b"ajkg", b"tBaK", b"EA3\x01", b"ea3\x03", b"qoaf",
    b".ra\xfd", b"NIST_1A", b"riff\x2e\x91\xcf\x11", b"\x0b\x77", b"\x7f\xfe\x80\x01",
    *(bytes([0xFF, second]) for second in (0xFB, 0xF3, 0xF2, 0xFA, 0xFD, 0xFC, 0xF5, 0xF4)),  # MPEG layers III and II
)  # fmt: skip
"""In order: flac, ogg, mp3 with tags, wma, WavPack, ape, caf, tta, dsf, amr, Musepack 8 and 7, au, voc, Shorten, tak,
oma (with and without a tag), qoa, RealAudio, sphere, w64, ac3, dts, and frames of MPEG audio."""
FORMS = {b"AIFF", b"AIFC", b"8SVX", b"16SV"}
MATROSKA = b"\x1a\x45\xdf\xa3"
ENOUGH = 8192  # bytes of a Matroska file, within which its tracks are listed


def is_audio(path: Path) -> bool:
    """Whether a file begins like a sound file, whatever its name is; False where it cannot be read.

    Kinds without a mark of their own, such as raw AAC, are not known by this.
    """
    try:
        with open_file(path) as file:
            head = file.read(32)
            return _is_sound(head) or (head.startswith(MATROSKA) and _is_sound_alone(head + file.read(ENOUGH)))
    except OSError:
        return False


def _is_sound(head: bytes) -> bool:
    return (
        head.startswith(STARTS)
        or (head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE")
        or (head[:4] == b"FORM" and head[8:12] in FORMS)
        or (head[:4] == b"FRM8" and head[12:16] == b"DSD ")
        or (head[4:8] == b"ftyp" and head[8:11] in (b"M4A", b"M4B"))
        or head[4:8] in (b"\xf8\x72\x6f\xba", b"\xf8\x72\x6f\xbb")  # TrueHD and MLP
    )


def _is_sound_alone(head: bytes) -> bool:
    """Whether a Matroska or WebM file lists tracks of sound and none of pictures."""
    return b"A_" in head and b"V_" not in head
