"""A singing voice made of a speaking one: flite speaks the words, a vocoder gives them other pitches and lengths.

The spectral envelope of speech (true envelope, Roebel & Rodet 2005) is played at the pitches of a melody: a train of
pulses, each with the minimum-phase response of the envelope at its time, and noise where speech has no pitch.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.io import wavfile
from scipy.ndimage import uniform_filter1d

from earmark.audio.chroma import hertz
from earmark.errors import DataError
from earmark_research.music.programs import run_program

SR = 16_000  # Hz
HOP = 80  # samples, 5 ms
N_FFT = 1024
WINDOW = np.hanning(513)[:512].astype(np.float32)
LIFTER = 45  # samples of quefrency that the envelope keeps: 2.8 ms
VOWELS = {"aa", "ae", "ah", "ao", "aw", "ax", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw"}
NO_PITCH = {"ch", "f", "hh", "k", "p", "s", "sh", "t", "th", "pau"}
HALF_PITCH = {"z", "zh", "v", "dh", "jh"}

FAINTEST = -7.0  # natural log of the loudest bin of a frame; softer ones are left out


class SungNote(NamedTuple):
    """`start` and `length` in seconds, `pitch` a MIDI number that need not be whole."""

    start: float
    length: float
    pitch: float


@dataclass(frozen=True)
class Speech:
    """Spoken words, analysed.

    Attributes
    ----------
    envelope : float32 [n_frames, N_FFT // 2 + 1], natural log of the magnitude, every 5 ms
    pitched : float32 [n_frames], 1 where the phone has a pitch, 0 where it is noise
    syllables : (first frame, first frame of the vowel, end) of each
    """

    envelope: np.ndarray
    pitched: np.ndarray
    syllables: list[tuple[int, int, int]]


@dataclass(frozen=True)
class Singer:
    """How a voice sounds.

    Attributes
    ----------
    tract : length of the vocal tract beside the speaker's; above 1 sounds larger
    presence : gain in dB around 3 kHz
    breath : share of noise in what has a pitch, 0 to 1
    vibrato : depth in semitones; rate : its frequency in Hz
    glide : seconds from one pitch to the next
    rough : jitter of the pulses, 0 to 1
    """

    tract: float = 1.0
    presence: float = 3.0
    breath: float = 0.05
    vibrato: float = 0.4
    rate: float = 5.5
    glide: float = 0.07
    rough: float = 0.0


def speak(text: str, voice: str, folder: Path) -> Speech:
    """`text` spoken by a voice of flite and analysed; scratch files go to `folder`. DataError where that fails."""
    path = folder / "speech.wav"
    printed = run_program(["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(path)])
    sr, y = wavfile.read(path)
    ends = [(name, float(end)) for name, end in re.findall(r"(\w+):([\d.]+)", printed)]
    speech = analyse_speech(y.astype(np.float32) / 32768, sr, ends)
    if not speech.syllables:
        raise DataError("flite", f"found no syllable in {text!r}", "Give words to say.")
    return speech


def analyse_speech(y: np.ndarray, sr: int, ends: Sequence[tuple[str, float]]) -> Speech:
    """Envelope, voicing and syllables of recorded speech.

    Parameters
    ----------
    y : float32 [n_samples], full scale 1
    sr : Hz; DataError unless 16000
    ends : (phone, its end in seconds) of each, in order
    """
    if sr != SR:
        raise DataError("flite", f"speaks at {sr} Hz", f"Name a voice of {SR} Hz.")
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(y, 256), len(WINDOW))[::HOP]
    envelope = true_envelope(np.log(np.abs(np.fft.rfft(frames * WINDOW, N_FFT)) + 1e-5))
    times = [0.0, *(end for _, end in ends)]
    bounds = [min(round(t * SR / HOP), len(frames) - 1) for t in times]
    phones = [(name, a, b) for (name, _), a, b in zip(ends, bounds, bounds[1:], strict=False)]
    pitched = np.ones(len(frames), np.float32)
    for name, a, b in phones:
        pitched[a:b] = 0.0 if name in NO_PITCH else 0.5 if name in HALF_PITCH else 1.0
    return Speech(envelope.astype(np.float32), uniform_filter1d(pitched, 3), find_syllables(phones))


def find_syllables(phones: Sequence[tuple[str, int, int]]) -> list[tuple[int, int, int]]:
    """(phone, first frame, end) of each -> (first frame, first frame of the vowel, end) of each syllable.

    A syllable ends with its vowel; the consonants after it begin the next one, unless a pause comes between.
    """
    syllables, begin = [], None
    for name, a, b in phones:
        if name == "pau":
            begin = None
        elif name in VOWELS and b > a:
            syllables.append((a if begin is None else begin, a, b))
            begin = None
        elif begin is None:
            begin = a
    return syllables


def true_envelope(log_magnitude: np.ndarray, rounds: int = 10) -> np.ndarray:
    """Smooth curves over the peaks: cepstral smoothing of the larger of spectrum and last curve.

    Natural logs [n_frames, N_FFT // 2 + 1] in and out.
    """
    curve = log_magnitude
    for _ in range(rounds):
        cepstrum = np.fft.irfft(np.maximum(curve, log_magnitude), axis=1)
        cepstrum[:, LIFTER : N_FFT - LIFTER + 1] = 0
        curve = np.fft.rfft(cepstrum, axis=1).real
    return curve


def sing(rng: np.random.Generator, speech: Speech, notes: Sequence[SungNote], singer: Singer) -> np.ndarray:
    """float32 [n_samples] at 16 kHz, a syllable a note; after the last one the words begin anew."""
    n = int((notes[-1][0] + notes[-1][1] + 0.3) * SR / HOP)
    place, loud, pitch = lay_out(speech, notes, n)
    low = np.minimum(np.floor(place).astype(int), len(speech.envelope) - 2)
    part = (place - low)[:, None]
    envelope = (1 - part) * speech.envelope[low] + part * speech.envelope[low + 1]
    envelope = colour_envelope(envelope, singer) + np.log(np.maximum(loud, 1e-4))[:, None]
    voiced = speech.pitched[low] * (1 - singer.breath)
    hz = hertz(pitch_contour(rng, pitch, loud, singer))
    y = sum_pulses(rng, envelope, hz, voiced, singer.rough) + sum_noise(rng, envelope, 1 - voiced)
    return y.astype(np.float32)


def lay_out(speech: Speech, notes: Sequence[SungNote], n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each of n frames: which frame of the speech sounds, how loud, and the pitch of the note; float [n] each."""
    place, loud, pitch = np.zeros(n), np.zeros(n), np.full(n, float(notes[0][2]))
    for number, (start, length, midi) in enumerate(notes):
        first, vowel, end = speech.syllables[number % len(speech.syllables)]
        a, b = round(start * SR / HOP), min(round((start + length) * SR / HOP), n)
        if b - a < 4:
            continue
        consonant = min(vowel - first, max(1, int(0.4 * (b - a))))
        place[a : a + consonant] = np.linspace(first, vowel, consonant, endpoint=False)
        place[a + consonant : b] = np.linspace(vowel, end - 1, b - a - consonant)
        edge = np.minimum(np.arange(b - a) / 2, np.arange(b - a)[::-1] / 6) + 0.1
        loud[a:b] = np.minimum(edge, 1)
        pitch[a:] = midi
    return place, loud, pitch


def pitch_contour(rng: np.random.Generator, pitch: np.ndarray, loud: np.ndarray, singer: Singer) -> np.ndarray:
    """The written pitch [n] with glides, vibrato in long notes and a slow drift: MIDI numbers, float64 [n].

    `loud` [n] is 0 between notes.
    """
    frames = np.arange(len(pitch))
    seconds = frames * HOP / SR
    begins = (np.diff(pitch, prepend=pitch[0]) != 0) | (np.diff(loud > 0, prepend=loud[0] > 0) & (loud > 0))
    since = seconds - seconds[np.maximum.accumulate(np.where(begins, frames, 0))]  # the note began
    glided = uniform_filter1d(pitch, max(1, round(singer.glide * SR / HOP)))
    grown = np.clip((since - 0.15) / 0.3, 0, 1)
    drift = uniform_filter1d(rng.normal(0, 1, len(pitch)), 60) * 1.2
    return glided + singer.vibrato * grown * np.sin(2 * np.pi * singer.rate * seconds) + drift


def colour_envelope(envelope: np.ndarray, singer: Singer) -> np.ndarray:
    """The envelope [n_frames, bins] of a vocal tract of another length, with the singer's presence."""
    bins = np.arange(envelope.shape[1])
    source = np.clip(bins * singer.tract, 0, len(bins) - 1)
    low = np.minimum(source.astype(int), len(bins) - 2)
    warped = envelope[:, low] + (source - low) * (envelope[:, low + 1] - envelope[:, low])
    hz = bins * SR / N_FFT
    return warped + singer.presence * np.log(10) / 20 * np.exp(-(((hz - 3000) / 900) ** 2))


def sum_pulses(
    rng: np.random.Generator, envelope: np.ndarray, hz: np.ndarray, gain: np.ndarray, rough: float
) -> np.ndarray:
    """The part with a pitch: float64 [n_frames * HOP + N_FFT].

    `envelope` [n_frames, bins], pitch `hz` [n_frames], `gain` [n_frames] 0-1; `rough` as in `Singer`.
    """
    y = np.zeros(len(envelope) * HOP + N_FFT)
    per_sample = np.repeat(hz / SR, HOP) * (1 + 0.15 * rough * np.repeat(rng.normal(0, 1, len(hz)), HOP))
    phase = np.cumsum(per_sample)
    marks = np.flatnonzero(np.diff(np.floor(phase)))
    frame = marks // HOP
    audible = (gain[frame] > 0.01) & (envelope[frame].max(axis=1) > FAINTEST)
    marks, frame = marks[audible], frame[audible]
    late = (np.ceil(phase[marks]) - phase[marks]) / per_sample[marks + 1]  # samples after the mark: 0 to 1
    response = minimum_phase_responses(envelope[frame], late) * (gain[frame] * SR / hz[frame] / WINDOW.sum())[:, None]
    response *= 1 - rough * rng.random((len(marks), 1))
    for mark, part in zip(marks, response, strict=True):
        y[mark : mark + N_FFT] += part
    return y


def minimum_phase_responses(envelope: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Log magnitudes [n, bins] -> responses [n, N_FFT] (cepstrum folded forward) that begin `late` [n] samples on."""
    cepstrum = np.fft.irfft(envelope, axis=1)
    cepstrum[:, 1 : N_FFT // 2] *= 2
    cepstrum[:, N_FFT // 2 + 1 :] = 0
    delay = -2j * np.pi * np.arange(envelope.shape[1]) / N_FFT * late[:, None]
    return np.fft.irfft(np.exp(np.fft.rfft(cepstrum, axis=1) + delay), axis=1)


def sum_noise(rng: np.random.Generator, envelope: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """The part without a pitch, of the same shapes as `sum_pulses`."""
    y = np.zeros(len(envelope) * HOP + N_FFT)
    frames = np.flatnonzero((gain > 0.02) & (envelope.max(axis=1) > FAINTEST))
    grains = rng.normal(0, 1, (len(frames), 2 * HOP)) * np.hanning(2 * HOP)
    spectrum = np.fft.rfft(grains, N_FFT, axis=1) * np.exp(envelope[frames]) * gain[frames, None]
    size = 1.8 * np.sqrt(np.square(WINDOW).sum())  # the envelope lies over the peaks of noise
    for frame, part in zip(frames, np.fft.irfft(spectrum, axis=1) / size, strict=True):
        y[frame * HOP : frame * HOP + N_FFT] += part
    return y
