"""The pieces by name, with what is known of each because it was written so."""

from collections.abc import Callable
from dataclasses import dataclass, field

from earmark.demo import acoustic, electric
from earmark.demo.mix import TAIL, Part

ARTIST = "earmark demo"
ALBUM = "Sixteen pieces"
YEAR = 2026
BEATS = {"3/4": 3, "4/4": 4, "5/4": 5, "6/8": 2}  # that a foot taps in a bar


@dataclass(frozen=True)
class Piece:
    """One piece and its facts.

    Attributes
    ----------
    name : short, unique, fit for a file name
    title, genre, mood, artist : as in the manifest and the file's tags
    bpm : beats a minute as a foot taps them: quarters, in 6/8 dotted quarters
    metre : one of `BEATS`
    key : as musicians write it, such as "F# minor"
    instruments : all that play, percussion included
    n_bars : length, bars; the last bar is followed by `TAIL` seconds of dying away
    room_seconds : reverberation time, seconds until 60 dB less
    split : part in the manifest; each mood has two pieces to train, one to choose and one to test on
    compose : returns the parts
    """

    name: str
    title: str
    genre: str
    mood: str
    bpm: float
    metre: str
    key: str
    instruments: tuple[str, ...]
    n_bars: int
    room_seconds: float
    split: str
    compose: Callable[[], list[Part]] = field(repr=False)
    artist: str = ARTIST

    @property
    def seconds(self) -> float:
        """Length of the rendered piece."""
        return self.n_bars * BEATS[self.metre] * 60 / self.bpm + TAIL


PIECES = (
    Piece("nocturne", "Nocturne in A Minor", "classical", "sad", 72, "3/4", "A minor",
          ("piano",), 8, 1.8, "train", acoustic.nocturne),
    Piece("chorale", "Chorale for Strings", "classical", "calm", 66, "4/4", "G major",
          ("strings",), 6, 2.2, "train", acoustic.chorale),
    Piece("invention", "Invention in D Minor", "baroque", "energetic", 96, "4/4", "D minor",
          ("harpsichord",), 8, 1.2, "train", acoustic.invention),
    Piece("house", "Four on the Floor", "house", "energetic", 124, "4/4", "F minor",
          ("synthesizer", "bass", "drums"), 10, 1.2, "train", electric.house),
    Piece("drum-and-bass", "Broken at 172", "drum and bass", "energetic", 172, "4/4", "F# minor",
          ("synthesizer", "bass", "drums", "bell"), 14, 1.5, "valid", electric.drum_and_bass),
    Piece("ambient", "Drone and Bells", "ambient", "calm", 60, "4/4", "B major",
          ("synthesizer", "bell"), 5, 4.0, "train", electric.ambient),
    Piece("blues", "Twelve Bars in E", "blues", "happy", 126, "4/4", "E major",
          ("guitar", "bass", "drums"), 12, 0.9, "train", acoustic.blues),
    Piece("bossa-nova", "Bossa by the Lake", "bossa nova", "calm", 132, "4/4", "F major",
          ("guitar", "flute", "double bass", "percussion"), 10, 1.3, "valid", acoustic.bossa_nova),
    Piece("reggae", "One Drop", "reggae", "happy", 76, "4/4", "D major",
          ("organ", "guitar", "bass", "synthesizer", "drums"), 6, 1.0, "train", electric.reggae),
    Piece("metal", "Double Kick", "metal", "energetic", 160, "4/4", "E minor",
          ("electric guitar", "bass", "drums"), 13, 0.8, "test", electric.metal),
    Piece("chiptune", "Level One", "chiptune", "happy", 150, "4/4", "C major",
          ("synthesizer", "drums"), 12, 0.5, "valid", electric.chiptune),
    Piece("jazz-trio", "Three and Two", "jazz", "calm", 168, "5/4", "G minor",
          ("piano", "double bass", "drums"), 10, 1.0, "test", acoustic.jazz_trio),
    Piece("boom-bap", "Dust on the Needle", "hip hop", "sad", 88, "4/4", "C minor",
          ("electric piano", "bass", "drums"), 8, 0.8, "valid", electric.boom_bap),
    Piece("musette", "Waltz for Two Reeds", "waltz", "happy", 180, "3/4", "A major",
          ("accordion", "double bass", "drums"), 16, 1.0, "test", acoustic.musette),
    Piece("ballad", "Ballad in Six", "folk", "sad", 60, "6/8", "B minor",
          ("guitar", "flute", "percussion"), 10, 1.5, "train", acoustic.ballad),
    Piece("choir", "Voices on Ah", "choral", "sad", 72, "4/4", "C# minor",
          ("choir", "percussion"), 6, 3.5, "test", acoustic.choir),
)  # fmt: skip
