"""The tagset of the starter model: what each tag means and where its supervision comes from."""

from dataclasses import dataclass

import numpy as np

from earmark.tagger.tagset import TagGroup, Tagset

MSD = (
    "rock,pop,alternative,indie,electronic,female vocalists,dance,00s,alternative rock,jazz,beautiful,metal,chillout,"
    "male vocalists,classic rock,soul,indie rock,Mellow,electronica,80s,folk,90s,chill,instrumental,punk,oldies,blues,"
    "hard rock,ambient,acoustic,experimental,female vocalist,guitar,Hip-Hop,70s,party,country,easy listening,sexy,"
    "catchy,funk,electro,heavy metal,Progressive rock,60s,rnb,indie pop,sad,House,happy"
).split(",")
MTT = (
    "guitar,classical,slow,techno,strings,drums,electronic,rock,fast,piano,ambient,beat,violin,vocal,synth,female,"
    "indian,opera,male,singing,vocals,no vocals,harpsichord,loud,quiet,flute,woman,male vocal,no vocal,pop,soft,sitar,"
    "solo,man,classic,choir,voice,new age,dance,male voice,female vocal,beats,harp,cello,no voice,weird,country,metal,"
    "female voice,choral"
).split(",")
TEACHERS = ("MSD_vgg", "MSD_musicnn", "MTT_musicnn")

GENRES = ("blues", "classical", "country", "disco", "electronic", "hiphop", "jazz", "metal", "pop", "reggae", "rock")
FEELINGS = (
    "amazement", "solemnity", "tenderness", "nostalgia", "calmness", "power", "joyful_activation", "tension",
    "sadness",
)  # fmt: skip
VALUES = ("energy", "valence", "danceability")
VALUE_DEFINITIONS = (
    "0 calm to 1 driving: listeners felt power, joy or tension rather than calm, tenderness or sadness",
    "0 dark to 1 bright: listeners felt joy rather than sadness or tension",
    "0 to 1: called dance, beat and kin rather than ambient, slow and kin",
)


@dataclass(frozen=True, slots=True)
class Derived:
    """A tag whose target is a teacher's probability.

    Attributes
    ----------
    group, name, definition : as shown
    positive : teacher tags that mean it, ``mtt:piano``; several are synonyms of which a listener writes one, so their
        probabilities are added
    negative : teacher tags that mean the opposite; where there are any, the target is positive / (positive + negative)
    """

    group: str
    name: str
    definition: str
    positive: tuple[str, ...]
    negative: tuple[str, ...] = ()


def _tags(prefix: str, names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}:{name.strip()}" for name in names.split(","))


VOICE = _tags("mtt", "vocal,vocals,singing,voice,female,male,woman,man,male vocal,female vocal,male voice,female voice")
NO_VOICE = _tags("mtt", "no vocals,no vocal,no voice")
FEMALE = _tags("mtt", "female,woman,female vocal,female voice")
MALE = _tags("mtt", "male,man,male vocal,male voice")

DERIVED = (
    Derived("instrument", "guitar", "a guitar, acoustic or electric, is heard", _tags("mtt", "guitar")),
    Derived("instrument", "piano", "a piano is heard", _tags("mtt", "piano")),
    Derived("instrument", "strings", "bowed strings are heard", _tags("mtt", "strings,violin,cello")),
    Derived("instrument", "violin", "a violin stands out", _tags("mtt", "violin")),
    Derived("instrument", "cello", "a cello stands out", _tags("mtt", "cello")),
    Derived("instrument", "flute", "a flute is heard", _tags("mtt", "flute")),
    Derived("instrument", "harp", "a harp is heard", _tags("mtt", "harp")),
    Derived("instrument", "harpsichord", "a harpsichord is heard", _tags("mtt", "harpsichord")),
    Derived("instrument", "sitar", "a sitar or kindred Indian instrument is heard", _tags("mtt", "sitar,indian")),
    Derived("instrument", "drums", "drums or a drum machine carry a beat", _tags("mtt", "drums,beat,beats")),
    Derived("instrument", "synthesizer", "synthesizers are heard", _tags("mtt", "synth,electronic,techno")),
    Derived("voice", "vocals", "somebody sings or raps", VOICE, NO_VOICE),
    Derived("voice", "female voice", "a female voice leads", FEMALE),
    Derived("voice", "male voice", "a male voice leads", MALE),
    Derived("voice", "choir", "several voices sing together", _tags("mtt", "choir,choral")),
    Derived("voice", "opera", "a trained operatic voice sings", _tags("mtt", "opera")),
    Derived("era", "60s or older", "sounds like the 1960s or before", _tags("msd", "60s,oldies")),
    Derived("era", "70s", "sounds like the 1970s", _tags("msd", "70s")),
    Derived("era", "80s", "sounds like the 1980s", _tags("msd", "80s")),
    Derived("era", "90s", "sounds like the 1990s", _tags("msd", "90s")),
    Derived("era", "00s", "sounds like the 2000s", _tags("msd", "00s")),
    Derived("character", "acoustic", "played on acoustic instruments", _tags("msd", "acoustic,folk")),
    Derived("character", "ambient", "texture without a beat", ("msd:ambient", "mtt:ambient", "mtt:new age")),
    Derived("character", "mellow", "gentle, easy to listen to", _tags("msd", "Mellow,easy listening,chill,chillout")),
    Derived("character", "heavy", "distorted, hard and dense", _tags("msd", "metal,heavy metal,hard rock")),
    Derived("character", "fast", "listeners call it fast rather than slow", _tags("mtt", "fast"), _tags("mtt", "slow")),
    Derived("character", "loud", "listeners call it loud rather than quiet or soft", _tags("mtt", "loud"),
            _tags("mtt", "quiet,soft")),
    Derived("character", "party", "made for a party", _tags("msd", "party,dance,House")),
    Derived("character", "experimental", "odd, outside the usual forms", ("msd:experimental", "mtt:weird")),
)  # fmt: skip

DANCEABILITY = Derived("scale", "danceability", "how strongly it asks for dancing, 0-1",
                       _tags("msd", "dance,House,party,funk,electro,Hip-Hop,rnb") + _tags("mtt", "dance,beat,techno"),
                       _tags("msd", "ambient,acoustic,Mellow,sad,beautiful") +
                       _tags("mtt", "slow,ambient,quiet,soft"))  # fmt: skip


def teacher_columns(tags: tuple[str, ...]) -> list[list[int]]:
    """For each of ``msd:x`` or ``mtt:x``, its columns 0-149 in the concatenated teacher tags (MSD tags have two)."""
    offset = {"msd": (0, 50), "mtt": (100,)}
    names = {"msd": MSD, "mtt": MTT}
    pairs = [tag.split(":", 1) for tag in tags]
    return [[start + names[prefix].index(name) for start in offset[prefix]] for prefix, name in pairs]


def derived_target(tag: Derived, probabilities: np.ndarray) -> np.ndarray:
    """Soft target [n] of one derived tag.

    Parameters
    ----------
    probabilities : float32 [n, 150], the tags of the three `TEACHERS` side by side
    """
    positive = _sum(tag.positive, probabilities)
    if not tag.negative:
        return np.clip(positive, 0.0, 1.0)
    return positive / (positive + _sum(tag.negative, probabilities) + 1e-3)


def _sum(tags: tuple[str, ...], probabilities: np.ndarray) -> np.ndarray:
    return sum(probabilities[:, columns].mean(axis=1) for columns in teacher_columns(tags))


def emotion_values(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Energy and valence [n], 0-1, from the shares of raters [n, 9] who felt each of `FEELINGS`."""
    share = dict(zip(FEELINGS, shares.T, strict=True))
    high = share["power"] + share["joyful_activation"] + share["tension"]
    low = share["calmness"] + share["tenderness"] + share["sadness"]
    bright = share["joyful_activation"] + 0.5 * share["tenderness"] + 0.5 * share["amazement"]
    dark = share["sadness"] + share["tension"]
    return np.clip(0.5 + 0.5 * (high - low), 0, 1), np.clip(0.5 + 0.5 * (bright - dark), 0, 1)


def starter_tagset() -> Tagset:
    """Every tag of the starter model, uncalibrated, in the order of the network's outputs."""
    called = tuple(f"called {genre} by its listeners" for genre in GENRES)
    groups = [
        TagGroup("genre", GENRES, "exclusive", definition=called),
        TagGroup("mood", FEELINGS, definition=tuple(f"share of listeners who feel {name}" for name in FEELINGS)),
    ]
    for name in ("instrument", "voice", "era", "character"):
        chosen = [tag for tag in DERIVED if tag.group == name]
        groups.append(TagGroup(name, tuple(t.name for t in chosen), definition=tuple(t.definition for t in chosen)))
    groups.append(TagGroup("content", ("music",), definition=("music rather than noise, speech, a tone or silence",)))
    groups.append(TagGroup("scale", VALUES, "share", definition=VALUE_DEFINITIONS))
    return Tagset(tuple(groups))
