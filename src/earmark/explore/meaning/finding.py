"""Answers to a question in words: tracks that it names, then tracks that sound as it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np

from earmark.catalogue.filters import Filter, OneOf, both
from earmark.catalogue.query import MAX_HITS, Likeness, Query
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit, ModelRef
from earmark.errors import QueryError
from earmark.explore import lyrics
from earmark.explore.distinct import ONE_OF_EACH, Variety, answers_to, choose, hits_of
from earmark.explore.distinct import Answer as Chosen
from earmark.explore.meaning import sung
from earmark.explore.meaning.encoder import INSTALL, TextEncoder
from earmark.explore.meaning.facts import at_tempo
from earmark.explore.meaning.grammar import Chip
from earmark.explore.meaning.names import is_named, names_query
from earmark.explore.meaning.passages import Fitting, best_passage
from earmark.explore.meaning.soundmap import SoundMap, map_of, with_own
from earmark.explore.meaning.understanding import Understood, understand
from earmark.explore.songs import Songs

By = Literal["both", "sound", "words"]
MOST_PASSAGES = 100  # that are looked for: each is read from disk
TOP = 3  # concepts that are told of a hit
FACTS = ("tempo", "key", "length", "year")
OCTAVES = {"double": 2.0, "half": 0.5}
NAMES = 50  # tracks that are looked at for names


@dataclass(frozen=True)
class Found:
    """One answer.

    Attributes
    ----------
    hit : the track
    by : ``sound``, ``words`` where its names or tags fit, ``lyrics`` where its words mean what was asked, or
        ``filter`` where nothing else was asked
    score : cosine of the embedding with the direction asked for, -1..1; of words their relevance; of lyrics the cosine
        of their vector with that of what was asked; None for a filter
    chance : whether it is below the line that 95 in 100 tracks stay below, whatever they are
    concepts : the three that count most, with their weight and how far they are heard (standard deviations)
    passage : the one that fits best, of the first `MOST_PASSAGES` answers
    octave : ``half`` or ``double``: its tempo is so much of the one asked for; empty for most
    """

    hit: Hit
    by: str = "sound"
    score: float | None = None
    chance: bool = False
    concepts: tuple[tuple[str, float, float], ...] = ()
    passage: Fitting | None = None
    octave: str = ""

    def to_dict(self, language: str | None = None) -> dict:
        """The JSON object of ``search --json``: the track's, and why it is an answer."""
        values = self.hit.to_dict(language) | {"by": self.by}
        if self.score is not None:
            values["score"] = round(self.score, 4)
        if self.by in ("sound", "lyrics") and self.score is not None:
            values["chance"] = self.chance
        if self.by == "sound" and self.score is not None:
            values["concepts"] = [
                {"name": name, "weight": round(weight, 3), "heard": round(heard, 2)}
                for name, weight, heard in self.concepts
            ]
        values |= {"octave": self.octave} if self.octave else {}
        return values | ({"passages": [self.passage.to_dict()]} if self.passage else {})


@dataclass(frozen=True)
class Answer:
    """What was understood, and what was found.

    missed : the facts that nothing fits and that the hits therefore miss; empty where they hold
    """

    understood: Understood
    hits: list[Found] = field(default_factory=list)
    missed: tuple[str, ...] = ()

    def to_dict(self) -> dict:
        """The first line of ``search --explain --json``."""
        missed = {"missed": list(self.missed)} if self.missed else {}
        return {"understood": self.understood.to_dict() | missed}


@dataclass(frozen=True)
class Wish:
    """How many answers of what kind are wanted.

    Attributes
    ----------
    n : answers at most
    where : a filter of the user's own, which holds whatever the text says
    by : ``words`` of names and tags alone, ``sound`` alone, or ``both``
    variety : as in `earmark.explore.distinct`
    passages : look for the best passage of each
    octaves : where fewer tracks than wanted have the tempo asked for, those at half or double of it follow

    Raises
    ------
    QueryError : another kind
    """

    n: int = 10
    where: Filter | None = None
    by: By = "both"
    variety: Variety = ONE_OF_EACH
    passages: bool = True
    octaves: bool = True

    def __post_init__(self) -> None:
        if self.by not in get_args(By):
            raise QueryError(self.by, "no way to search", f"Search by {', '.join(get_args(By))}.")


def find(
    store: Store,
    text: str,
    keywords: Mapping[str, float] | None = None,
    wish: Wish | None = None,
    load_encoder: Callable[[], TextEncoder | None] = lambda: None,
) -> Answer:
    """The tracks that a text names, then those that sound most as it and the weighted keywords say, best first.

    Parameters
    ----------
    keywords : tag -> weight, below 0 for what is not wanted
    load_encoder : of texts, asked for where it is needed; without it concepts are found by name alone

    Raises
    ------
    QueryError : the words or a keyword cannot be understood, or the catalogue's model has no map for keywords
    """
    wish, model = wish or Wish(), store.model()
    if model is None:
        return Answer(Understood(text))
    rest, sought = lyrics.split(text)
    if sought:
        return _Sung(store, rest, sought, wish, load_encoder, keywords or {}).find()
    search = _Search(store, model, wish)
    sound = map_of(model.id, model.version)
    sound = sound and with_own(sound, store.taught().values())
    if sound is None or (wish.by == "words" and not keywords):
        return search.by_words(text, keywords, sound)
    encoder = load_encoder() if text.strip() else None
    return search.by_meaning(text, understand(text, sound, encoder, keywords), sound)


class _Sung:
    """A question with ``lyrics:"..."``: the tracks that sing these words, then those whose words mean the same.

    Parameters
    ----------
    rest : of the question, with blanks in place of what is sought
    """

    def __init__(self, store: Store, rest: str, sought: list[lyrics.Sought], wish: Wish, load_encoder: Callable,
                 keywords: Mapping[str, float]) -> None:  # fmt: skip
        self._store, self._rest, self._sought, self._wish = store, rest, sought, wish
        self._load_encoder, self._keywords = load_encoder, keywords

    def find(self) -> Answer:
        """Those that sing it first, in the order of the rest of the question."""
        answer = self._found(replace(self._wish, where=lyrics.sung(self._store, self._sought, self._wish.where)))
        chips = [Chip("lyrics", f'lyrics "{one.words}"', one.start, one.end) for one in self._sought]
        chips = sorted((*chips, *answer.understood.chips), key=lambda chip: chip.start)
        answer = replace(answer, understood=replace(answer.understood, chips=tuple(chips)))
        if self._wish.by != "both" or len(answer.hits) >= self._wish.n:
            return answer
        encoder = self._load_encoder()
        if encoder is None:
            note = "" if answer.hits else f"no song sings this; by meaning it is not looked for. {INSTALL}"
            return replace(answer, understood=replace(answer.understood, note=answer.understood.note or note))
        known = {i for found in answer.hits for i in (found.hit.track.track_id, *found.hit.versions)}
        return replace(answer, hits=(answer.hits + self._meant(encoder, known))[: self._wish.n])

    def _found(self, wish: Wish) -> Answer:
        return find(self._store, self._rest, self._keywords, wish, self._load_encoder)

    def _meant(self, encoder: TextEncoder, known: set[str]) -> list[Found]:
        """The tracks whose words mean what is sought; where the question says more, those above the line of chance."""
        cosines = sung.nearest(self._store, " ".join(one.words for one in self._sought), encoder)
        cosines = {i: cosine for i, cosine in cosines.items() if i not in known}
        if not (self._rest.strip() or self._keywords):
            return self._nearest(cosines)
        ids = tuple(i for i, cosine in cosines.items() if cosine >= sung.CHANCE)[:MAX_HITS]
        return self._found(replace(self._wish, where=both(self._wish.where, OneOf("track_id", ids or ("",))))).hits

    def _nearest(self, cosines: dict[str, float]) -> list[Found]:
        if self._wish.where is not None:
            fit = set(self._store.columns(["track_id"], self._wish.where)["track_id"].to_pylist())
            cosines = {i: cosine for i, cosine in cosines.items() if i in fit}
        ids, model_id = list(cosines), self._store.scanned_model().id

        def first(n: int) -> list:
            where = OneOf("track_id", tuple(ids[:n]) or ("",))
            return sorted(self._store.find(Query(where, limit=n), model_id), key=lambda one: -cosines[one.track_id])

        chosen = choose(first, self._wish.n, self._wish.variety, Songs(self._store, model_id))
        scored = [(hit, cosines[hit.track.track_id]) for hit in hits_of(self._store, chosen)]
        return [Found(hit, "lyrics", cosine, cosine < sung.CHANCE) for hit, cosine in scored]


class _Search:
    """One question to a catalogue."""

    def __init__(self, store: Store, model: ModelRef, wish: Wish) -> None:
        self._store, self._model, self._wish = store, model, wish
        self._songs = Songs(store, model.id)

    def by_words(self, text: str, keywords: Mapping[str, float] | None, sound: SoundMap | None) -> Answer:
        """By names and tags alone."""
        if sound is None and (keywords or self._wish.by == "sound"):
            known = f"model {self._model.id!r}, version {self._model.version}"
            raise QueryError(known, "no map of what it hears", "Scan with the bundled model to search by sound.")
        hits = self._select(Query(self._wish.where, text, limit=self._wish.n))
        by = "words" if text.strip() else "filter"
        return Answer(Understood(text, where=self._wish.where), [Found(hit, by, hit.relevance) for hit in hits])

    def by_meaning(self, text: str, understood: Understood, sound: SoundMap) -> Answer:
        """By names first, where the text is one; then by the sound, within the facts."""
        named = self._named(text) if self._wish.by == "both" else []
        own, quoted = self._wish.where, self._quoted(understood.quotes)
        facts, understood = understood.where, replace(understood, where=both(own, understood.where))
        sounding, missed = [], ()
        if not named or understood.named or facts is not None:
            sounding = self._sounding(understood, both(understood.where, quoted), sound)
            if self._wish.octaves and len(named) + len(sounding) < self._wish.n:
                sounding += self._octaves_apart(understood, facts, both(own, quoted), sound)
        if facts is not None and not sounding and not named:
            sounding = self._sounding(understood, both(own, quoted), sound)
            missed = tuple(chip.label for chip in understood.chips if chip.kind in FACTS)
        if named and not sounding:
            understood = replace(understood, weights={}, note="")
        known = {hit.hit.track.track_id for hit in named} | {i for hit in named for i in hit.hit.versions}
        hits = named + [hit for hit in sounding if hit.hit.track.track_id not in known]
        return Answer(understood, hits[: self._wish.n], missed if hits else ())

    def _octaves_apart(
        self, understood: Understood, facts: Filter | None, where: Filter | None, sound: SoundMap
    ) -> list[Found]:
        """The tracks that would fit at double or half the tempo asked for: what people count, and estimates confuse."""
        found = []
        for octave, factor in OCTAVES.items():
            moved = facts and at_tempo(facts, factor)
            if moved:
                hits = self._sounding(understood, both(moved, where), sound)
                found += [replace(hit, octave=octave) for hit in hits]
        return sorted(found, key=lambda hit: -(hit.score or 0.0))

    def _answers(self, query: Query) -> list[Chosen]:
        return answers_to(self._store, query, self._wish.variety, self._songs)

    def _select(self, query: Query) -> list[Hit]:
        return hits_of(self._store, self._answers(query))

    def _named(self, text: str) -> list[Found]:
        """The tracks whose title, artist or album the whole question is."""
        if not names_query(text):
            return []
        query = Query(self._wish.where, names_query(text), limit=max(NAMES, self._wish.n))
        answers = [one for one in self._answers(query) if is_named(one.one.row, text)]
        return [Found(hit, "words", hit.relevance) for hit in hits_of(self._store, answers)]

    def _quoted(self, quotes: tuple[str, ...]) -> Filter | None:
        """The tracks that have all the names in quotes."""
        if not quotes:
            return None
        words = " ".join(f'"{name}"' for name in quotes)
        hits = self._store.select(Query(self._wish.where, words, limit=MAX_HITS))
        return OneOf("track_id", tuple(hit.track.track_id for hit in hits) or ("",))

    def _sounding(self, understood: Understood, where: Filter | None, sound: SoundMap) -> list[Found]:
        if not understood.weights:
            unknown = understood.text and not understood.chips
            hits = [] if unknown else self._select(Query(where, limit=self._wish.n))
            return [Found(hit, "filter") for hit in hits]
        vector = sound.vector(understood.weights)
        answers = self._answers(Query(where, like=Likeness(vector.tolist(), self._model.id), limit=self._wish.n))
        line, hits = sound.chance_line(vector), hits_of(self._store, answers)
        explained = [self._explained(hit, answer.one.vector, understood, sound, line)
                     for hit, answer in zip(hits, answers, strict=True)]  # fmt: skip
        return self._with_passages(explained, vector) if self._wish.passages else explained

    def _explained(
        self, hit: Hit, embedding: np.ndarray, understood: Understood, sound: SoundMap, line: float
    ) -> Found:
        names = list(understood.weights)
        heard = sound.heard(embedding.astype(np.float32), names)
        parts = sorted(zip(names, understood.weights.values(), heard.tolist(), strict=True),
                       key=lambda part: -part[1] * part[2])  # fmt: skip
        score = hit.similarity
        return Found(replace(hit, similarity=None), "sound", score, score < line, tuple(parts[:TOP]))

    def _with_passages(self, found: list[Found], vector: np.ndarray) -> list[Found]:
        """The best passage of each of the first `MOST_PASSAGES`, where it is kept what they are over time."""
        first = {one.hit.track.track_id: one.hit.track.analysis.analysed for one in found[:MOST_PASSAGES]}
        courses = self._store.courses(list(first), self._model.id)
        best = {i: best_passage(*course, vector, first[i]) for i, course in courses.items()}
        return [replace(one, passage=best.get(one.hit.track.track_id)) for one in found]
