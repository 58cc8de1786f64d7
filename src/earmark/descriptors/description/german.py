"""German: words and phrasings, the endings of adjectives, and the names of keys."""

from earmark.descriptors.description.language import Language, Noun

SOURCES = {
    "piano": Noun("Klavier"),
    "electric piano": Noun("E-Piano"),
    "guitar": Noun("Gitarre", "f"),
    "acoustic guitar": Noun("Akustikgitarre", "f"),
    "electric guitar": Noun("E-Gitarre", "f"),
    "strings": Noun("Streicher", "p", "Streichern"),
    "violin": Noun("Geige", "f"),
    "cello": Noun("Cello"),
    "double bass": Noun("Kontrabass", "m"),
    "bass": Noun("Bass", "m"),
    "harp": Noun("Harfe", "f"),
    "flute": Noun("Flöte", "f"),
    "clarinet": Noun("Klarinette", "f"),
    "oboe": Noun("Oboe", "f"),
    "saxophone": Noun("Saxophon"),
    "trumpet": Noun("Trompete", "f"),
    "trombone": Noun("Posaune", "f"),
    "horn": Noun("Horn"),
    "brass": Noun("Blechbläser", "p", "Blechbläsern"),
    "harpsichord": Noun("Cembalo"),
    "organ": Noun("Orgel", "f"),
    "accordion": Noun("Akkordeon"),
    "sitar": Noun("Sitar", "f"),
    "banjo": Noun("Banjo"),
    "bell": Noun("Glocken", "p"),
    "drums": Noun("Schlagzeug"),
    "percussion": Noun("Perkussion", "f"),
    "synthesizer": Noun("Synthesizer", "p", "Synthesizern"),
    "vocals": Noun("Gesang", "m"),
    "vocal": Noun("Gesang", "m"),
    "voice": Noun("Gesang", "m"),
    "female voice": Noun("Frauenstimme", "f"),
    "male voice": Noun("Männerstimme", "f"),
    "choir": Noun("Chor", "m"),
    "rap": Noun("Rap", "m"),
}
STYLES = {
    "classical": Noun("Musik", "f", adjective="klassisch", short="Klassik"),
    "electronic": Noun("Musik", "f", adjective="elektronisch", short="elektronischer Musik"),
    "indian classical": Noun("Musik", "f", adjective="klassisch indisch", short="indischer Klassik"),
    "choral": Noun("Chormusik", "f"),
    "dance": Noun("Tanzmusik", "f"),
    "experimental": Noun("Musik", "f", adjective="experimentell", short="experimenteller Musik"),
    "disco": Noun("Disco-Musik", "f", short="Disco"),
    "country": Noun("Country", "m"),
    "new age": Noun("New-Age-Musik", "f", short="New Age"),
    "opera": Noun("Opernmusik", "f", short="Oper"),
    "ambient": Noun("Ambient-Musik", "f", short="Ambient"),
    "chillout": Noun("Chillout-Musik", "f", short="Chillout"),
    "easy listening": Noun("Unterhaltungsmusik", "f"),
    "electronica": Noun("Electronica-Musik", "f", short="Electronica"),
    "hiphop": Noun("Hip-Hop", "m"),
    "hip hop": Noun("Hip-Hop", "m"),
    "r&b": Noun("R&B", "m"),
    "rnb": Noun("R&B", "m"),
    "alternative rock": Noun("Alternative Rock", "m"),
    "indie rock": Noun("Indie-Rock", "m"),
    "indie pop": Noun("Indie-Pop", "m"),
    "classic rock": Noun("Classic Rock", "m"),
    "hard rock": Noun("Hardrock", "m"),
    "heavy metal": Noun("Heavy Metal", "m"),
    "progressive rock": Noun("Progressive Rock", "m"),
    "drum and bass": Noun("Drum and Bass", "m"),
    "bossa nova": Noun("Bossa nova", "m"),
} | {
    name.lower(): Noun(name, "m") for name in (
        "Blues", "Jazz", "Metal", "Pop", "Reggae", "Rock", "Folk", "Soul", "Funk", "Punk", "House", "Techno", "Electro",
    )
}  # fmt: skip
ADJECTIVES = {
    "amazement": ("zauberhaft",),
    "solemnity": ("feierlich", "ernst"),
    "tenderness": ("zart", "sanft"),
    "nostalgia": ("nostalgisch", "wehmütig"),
    "calmness": ("ruhig", "friedlich"),
    "power": ("kraftvoll", "energisch"),
    "joyful activation": ("fröhlich", "lebhaft"),
    "tension": ("spannungsvoll", "unruhig"),
    "sadness": ("traurig", "melancholisch"),
    "happy": ("heiter", "vergnügt"),
    "sad": ("traurig", "melancholisch"),
    "chill": ("entspannt", "lässig"),
    "mellow": ("weich",),
    "party": ("ausgelassen",),
    "beautiful": ("schön",),
    "sexy": ("sinnlich",),
    "catchy": ("eingängig",),
    "acoustic": ("akustisch",),
    "heavy": ("schwer",),
}
ERAS = {
    "60s or older": "der 60er Jahre oder früher",
    **{f"{decade}0s": f"der {decade}0er Jahre" for decade in ("6", "7", "8", "9")},
    "00s": "der 2000er Jahre",
}
USES = {"dancing": "Tanzen", "relaxing": "Entspannen"}
WORDS = {
    "slow": "langsam",
    "fast": "schnell",
    "instrumental": "instrumental",
    "music": "Musik",
    "or": " oder ",
    "too short": "Zu kurz für eine Aussage.",
    "silence": "Stille.",
}
PHRASINGS = {
    "sound": ("{head} mit {sources}",),
    "sound_of_many": ("{head} mit {sources}",),
    "head": ("{head}",),
    "sources": ("mit {sources}",),
    "between": ("{music} zwischen {first} und {second}",),
    "era": (", im Klang {era}",),
    "use": (", gut zum {use}",),
    "pulse_key": ("{pulse}, {key}", "{pulse} {key}"),
    "key_pulse": ("{key}, {pulse}",),
    "pulse": ("{pulse}",),
    "key_alone": ("{key}",),
    "pace_metre_bpm": ("{pace}er {metre}-Takt mit {bpm} BPM", "{pace}, {bpm} BPM im {metre}-Takt"),
    "pace_bpm": ("{pace}, {bpm} BPM", "{pace} mit {bpm} BPM"),
    "metre_bpm": ("{metre}-Takt mit {bpm} BPM", "{bpm} BPM im {metre}-Takt"),
    "bpm": ("{bpm} BPM",),
    "metre": ("im {metre}-Takt",),
    "later_pace_metre_bpm": ("{pace}er {metre}-Takt mit {bpm} BPM", "{pace} im {metre}-Takt mit {bpm} BPM"),
    "later_pace_bpm": ("{pace} mit {bpm} BPM", "{pace}, {bpm} BPM"),
    "later_metre_bpm": ("{bpm} BPM im {metre}-Takt",),
    "later_bpm": ("{bpm} BPM",),
    "later_metre": ("im {metre}-Takt",),
    "key": ("in {key}",),
    "low": ("wenig Energie",),
    "high": ("viel Energie", "voller Energie"),
    "opening": ("beginnt mit {with}", "zu Beginn {what}"),
    "solo": ("beginnt mit {with} solo", "zu Beginn nur {what}"),
    "opening_quietly": ("beginnt leise mit {with}", "leiser Anfang mit {with}"),
    "solo_quietly": ("beginnt leise mit {with} solo", "leiser Anfang nur mit {with}"),
    "quietly": ("beginnt leise", "setzt leise ein"),
    "and_until": (" bis {end}",),
    "from": ("{what} ab {start}", "ab {start} [kommt|kommen] {what} hinzu"),
    "until": ("{what} bis {end}", "{what} [verstummt|verstummen] bei {end}"),
    "from_until": ("{what} von {start} bis {end}",),
    "fullest": ("am vollsten von {start} bis {end}", "von {start} bis {end} am dichtesten"),
    "ends_quietly": ("endet leise", "schließt leise"),
    "fades": ("verklingt am Ende", "klingt langsam aus"),
}
ENDINGS = {"m": "er", "f": "e", "n": "es", "p": "e"}
TONICS = {"C": "C", "Db": "Des", "C#": "Cis", "D": "D", "Eb": "Es", "D#": "Dis", "E": "E", "F": "F", "F#": "Fis",
          "Gb": "Ges", "G": "G", "Ab": "As", "G#": "Gis", "A": "A", "Bb": "B", "A#": "Ais", "B": "H"}  # fmt: skip


def inflect(adjective: str, gender: str) -> str:
    """``ruhig`` before a feminine noun without article: ``ruhige``; of several words each has the ending."""
    return " ".join(word + ENDINGS[gender] for word in adjective.split())


def spell_key(name: str) -> str:
    """``B minor`` -> ``h-Moll``, ``Eb major`` -> ``Es-Dur``: minor keys are written small."""
    tonic, mode = name.split()
    return f"{TONICS[tonic]}-Dur" if mode == "major" else f"{TONICS[tonic].lower()}-Moll"


def _hyphenate(tag: str) -> str:
    """A tag as the first part of a German word: ``deep house`` -> ``Deep-House``."""
    return "-".join(word[:1].upper() + word[1:] for word in tag.replace("_", " ").split())


GERMAN = Language(
    code="de",
    sources=SOURCES,
    styles=STYLES,
    adjectives=ADJECTIVES,
    eras=ERAS,
    uses=USES,
    words=WORDS,
    phrasings=PHRASINGS,
    music_gender="f",
    join_moods=(", ", " und "),
    last=" und ",
    inflect=inflect,
    spell_key=spell_key,
    strange_style=lambda tag: Noun(f"{_hyphenate(tag)}-Musik", "f", short=_hyphenate(tag)),
    strange_source=lambda tag: Noun(_hyphenate(tag)),
)
