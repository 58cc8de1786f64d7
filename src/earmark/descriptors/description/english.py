"""English: words and phrasings."""

from earmark.descriptors.description.language import Language, Noun

SOURCES = {
    "drums": Noun("drums", "p"),
    "strings": Noun("strings", "p"),
    "percussion": Noun("percussion"),
    "brass": Noun("brass"),
    "bass": Noun("bass"),
    "synthesizer": Noun("synthesizers", "p"),
    "guitar": Noun("guitar"),
    "vocals": Noun("vocals", "p"),
    "vocal": Noun("vocals", "p"),
    "voice": Noun("vocals", "p"),
    "female voice": Noun("female vocals", "p"),
    "male voice": Noun("male vocals", "p"),
    "choir": Noun("choir", oblique="a choir"),
    "rap": Noun("rap vocals", "p"),
}
STYLES = {
    "classical": Noun("music", adjective="classical", short="classical"),
    "electronic": Noun("music", adjective="electronic", short="electronic music"),
    "indian classical": Noun("Indian classical music"),
    "choral": Noun("choral music"),
    "dance": Noun("dance music"),
    "ambient": Noun("ambient music", short="ambient"),
    "new age": Noun("new-age music"),
    "disco": Noun("disco"),
    "experimental": Noun("experimental music"),
    "hiphop": Noun("hip hop"),
    "hip hop": Noun("hip hop"),
    "r&b": Noun("R&B"),
    "rnb": Noun("R&B"),
    "drum and bass": Noun("drum and bass"),
} | {
    name: Noun(name) for name in (
        "blues", "country", "jazz", "metal", "pop", "reggae", "rock", "folk", "soul", "funk", "punk", "house", "techno",
        "electro", "electronica", "chillout", "easy listening", "opera", "alternative rock", "classic rock",
        "hard rock", "heavy metal", "indie pop", "indie rock", "progressive rock", "bossa nova", "trip hop",
    )
}  # fmt: skip
ADJECTIVES = {
    "amazement": ("wondrous", "enchanting"),
    "solemnity": ("solemn", "stately"),
    "tenderness": ("tender", "gentle"),
    "nostalgia": ("nostalgic", "wistful"),
    "calmness": ("calm", "peaceful"),
    "power": ("powerful",),
    "joyful activation": ("joyful", "lively"),
    "tension": ("tense", "edgy"),
    "sadness": ("sad", "melancholy"),
    "happy": ("happy", "cheerful"),
    "chill": ("laid-back", "relaxed"),
    "mellow": ("mellow",),
    "party": ("party-ready",),
    "sexy": ("sensual",),
    "acoustic": ("acoustic",),
    "heavy": ("heavy",),
}
ERAS = {
    "60s or older": "the 60s or earlier",
    **{f"{decade}0s": f"the {decade}0s" for decade in ("6", "7", "8", "9")},
    "00s": "the 2000s",
}
USES: dict[str, str] = {}
WORDS = {
    "slow": "slow",
    "fast": "fast",
    "instrumental": "instrumental",
    "music": "music",
    "or": " or ",
    "too short": "Too short to say.",
    "silence": "Silence.",
}
PHRASINGS = {
    "sound": ("{head} with {sources}", "{head} featuring {sources}"),
    "sound_of_many": ("{head} with {sources}", "{head} featuring {sources}", "{head}: {sources}"),
    "head": ("{head}",),
    "sources": ("{sources}",),
    "between": ("{music} between {first} and {second}",),
    "era": (", in the sound of {era}",),
    "use": (", good for {use}",),
    "pulse_key": ("{pulse} {key}", "{pulse}, {key}"),
    "key_pulse": ("{key}, {pulse}",),
    "pulse": ("{pulse}",),
    "key_alone": ("{key}",),
    "pace_metre_bpm": ("a {pace} {metre} at {bpm} BPM", "{pace}, {metre} at {bpm} BPM"),
    "pace_bpm": ("a {pace} {bpm} BPM", "{pace}, at {bpm} BPM"),
    "metre_bpm": ("{metre} at {bpm} BPM", "{metre}, {bpm} BPM"),
    "bpm": ("{bpm} BPM",),
    "metre": ("{metre} time",),
    "later_pace_metre_bpm": ("a {pace} {metre} at {bpm} BPM",),
    "later_pace_bpm": ("a {pace} {bpm} BPM", "{pace}, at {bpm} BPM"),
    "later_metre_bpm": ("{metre} at {bpm} BPM",),
    "later_bpm": ("at {bpm} BPM",),
    "later_metre": ("{metre} time",),
    "key": ("in {key}",),
    "low": ("low energy", "low in energy"),
    "high": ("high energy", "full of energy"),
    "opening": ("begins with {with}", "opens with {with}", "starts out with {with}"),
    "solo": ("begins with solo {what}", "opens with solo {what}", "starts with {what} alone"),
    "opening_quietly": ("begins quietly with {with}", "opens softly with {with}"),
    "solo_quietly": ("begins quietly with solo {what}", "opens softly with {what} alone"),
    "quietly": ("begins quietly", "opens softly"),
    "and_until": (" until {end}",),
    "from": ("{what} from {start}", "{what} [comes|come] in at {start}", "{what} [joins|join] at {start}"),
    "until": ("{what} until {end}", "{what} [drops|drop] out at {end}"),
    "from_until": ("{what} from {start} to {end}", "{what} between {start} and {end}"),
    "fullest": ("fullest from {start} to {end}", "at its fullest from {start} to {end}"),
    "ends_quietly": ("ends quietly", "comes to a quiet end"),
    "fades": ("fades away at the end", "fades out"),
}


def _strange_source(tag: str) -> Noun:
    """An instrument by its tag, which is plural where it ends so."""
    return Noun(tag.replace("_", " "), "p" if tag.endswith("s") and not tag.endswith("ss") else "n")


ENGLISH = Language(
    code="en",
    sources=SOURCES,
    styles=STYLES,
    adjectives=ADJECTIVES,
    eras=ERAS,
    uses=USES,
    words=WORDS,
    phrasings=PHRASINGS,
    music_gender="n",
    join_moods=(", ", " and "),
    last=" and ",
    inflect=lambda adjective, gender: adjective,
    spell_key=lambda key: key,
    strange_style=lambda tag: Noun(f"{tag.replace('_', ' ')} music", short=tag.replace("_", " ")),
    strange_source=_strange_source,
)
