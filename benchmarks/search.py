"""Search by meaning: captions find their own clip, short questions their concept, questions are read in full; and cost.

    python benchmarks/search.py --data ../shared/data --catalogue GTZAN.earmark

The catalogue is made by ``earmark scan ../shared/data/gtzan_partial``. Captions are by people (brain2music, of no
stated licence: they measure, and nothing was fitted to them). A clip a song; each caption is asked of a third of the
songs, no artist in two thirds. The heads that tell genres were fitted on GTZAN's train split, so `valid` is the honest
column.
Names are left out (`by="sound"`): the files are called by their genre.
"""

import argparse
import csv
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from earmark.catalogue.filters import filter_to_text
from earmark.catalogue.store import Store
from earmark.explore.meaning.encoder import SentenceEncoder, load_encoder
from earmark.explore.meaning.grammar import read_question
from earmark.explore.meaning.soundmap import SoundMap, load_map
from earmark.explore.meaning.sung import vector_of
from earmark.explore.meaning.understanding import understand
from grammar_questions import QUESTIONS
from short_queries import QUERIES
from verses import ABOUT, VERSES

FOLDS = 3
SENTENCE = re.compile(r"(?<=[.!?])\s+")


def clips(manifest: Path) -> dict[str, dict]:
    """Song -> the row of its longest clip, of songs that have a caption."""
    best: dict[str, dict] = {}
    with open(manifest, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known = best.get(row["song"])
            if row["caption"] and (known is None or float(row["seconds"]) > float(known["seconds"])):
                best[row["song"]] = row
    return best


def embeddings_of(store: Store, manifest: Path, rows: list[dict]) -> np.ndarray:
    """float64 [n, dim] of unit length, of each row's file."""
    tracks = [store.resolve(str(manifest.parent / row["path"])) for row in rows]
    vectors = store.embeddings("earmark", tracks)
    found = np.array([vectors[track] for track in tracks], np.float64)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def folds_of(rows: list[dict]) -> np.ndarray:
    """int [n]: the third that each row's artist is in."""
    artists = sorted({row["artist"] or row["song"] for row in rows})
    order = np.random.default_rng(0).permutation(len(artists))
    third = {artist: int(i) % FOLDS for artist, i in zip(artists, order, strict=True)}
    return np.array([third[row["artist"] or row["song"]] for row in rows])


def ranks(texts: list[str], clip: np.ndarray, fold: np.ndarray, sound: SoundMap, encoder) -> np.ndarray:
    """int [n]: the place of each text's own clip among those of its fold."""
    weights = [understand(text, sound, encoder).weights for text in texts]
    vectors = np.array([sound.vector(w) if w else np.zeros(clip.shape[1]) for w in weights])
    cosine = vectors @ clip.T
    cosine[fold[:, None] != fold[None, :]] = -np.inf
    own = np.diag(cosine)[:, None]
    ahead = (cosine > own).sum(axis=1) + (cosine == own).sum(axis=1) - 1  # equals count as ahead
    return ahead + 1


def captions(data: Path, catalogue: Path, sound: SoundMap, encoder: SentenceEncoder) -> None:
    """R@10 and MRR, with the encoder and by names of concepts alone; bootstrap intervals over captions."""
    manifest = data / "gtzan_partial" / "tracks.csv"
    rows = list(clips(manifest).values())
    clip, fold = embeddings_of(Store(catalogue), manifest, rows), folds_of(rows)
    split = np.array([row["split"] for row in rows])
    chance = np.mean([10 / (fold == k).sum() for k in fold])
    print(f"{len(rows)} captions, chance R@10 {chance:.3f}; before (word search, other gallery): .34 / .28")
    wholes = [row["caption"] for row in rows]
    for length, texts in (("whole", wholes), ("first sentence", [SENTENCE.split(text)[0] for text in wholes])):
        for name, used in (("encoder and names", encoder), ("names alone", None)):
            place = ranks(texts, clip, fold, sound, used)
            parts = {"all": place, **{part: place[split == part] for part in ("train", "valid")}}
            told = [f"{part} ({len(x)}) {recall(x)} MRR {np.mean(1 / x):.3f}" for part, x in parts.items()]
            print(f"  {length:<15} {name:<18} " + "; ".join(told))


def recall(place: np.ndarray) -> str:
    """R@10 with its 95 % interval."""
    drawn = np.random.default_rng(0).choice(place <= 10, (2000, len(place))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"R@10 {np.mean(place <= 10):.3f} ({low:.2f}..{high:.2f})"


def short_queries(sound: SoundMap, encoder: SentenceEncoder, tell: bool) -> None:
    """How often the first concept, or one of the first three, is one that is meant."""
    for name, used in (("encoder and names", encoder), ("names alone", None)):
        first, three = [], []
        for language, text, gold in QUERIES:
            top = list(understand(text, sound, used).weights)[:3]
            first.append(bool(top) and top[0] in gold)
            three.append(any(concept in gold for concept in top))
            if tell and used and not first[-1]:
                print(f"    {language} {text!r}: {', '.join(top)}")
        languages = {language: [] for language, _, _ in QUERIES}
        for (language, _, _), right in zip(QUERIES, first, strict=True):
            languages[language].append(right)
        by_language = " ".join(f"{language} {np.mean(right):.1f}" for language, right in languages.items())
        figures = f"hit@1 {np.mean(first):.3f}, @3 {np.mean(three):.3f}"
        print(f"  {len(QUERIES)} short questions, {name}: {figures}; {by_language}")


def grammar() -> None:
    """How many questions are read in full: filter, what is denied, what is left."""
    asked = [(read_question(question.text), question) for question in QUESTIONS]
    right = sum(
        (filter_to_text(a.where) if a.where else "", a.not_wanted, a.text) == (q.where, q.denied, q.rest)
        for a, q in asked
    )
    print(f"  grammar: {right} of {len(QUESTIONS)} questions read in full")


def lyrics(encoder: SentenceEncoder) -> None:
    """Questions in eight languages find the verse that is about what they ask, among twelve."""
    vectors, names = np.array([vector_of(text, encoder) for text in VERSES.values()]), list(VERSES)
    places, others = [], []
    for name, questions in ABOUT.items():
        for question in questions:
            cosines = vectors @ encoder.encode([question])[0]
            places.append(int((cosines > cosines[names.index(name)]).sum()) + 1)
            others += np.delete(cosines, names.index(name)).tolist()
    first, three = (np.mean(np.array(places) <= k) for k in (1, 3))
    line = np.percentile(others, 95)
    print(f"  lyrics: {len(places)} questions of {len(names)} verses, hit@1 {first:.3f}, @3 {three:.3f}; "
          f"95 % of other verses below {line:.2f}")  # fmt: skip


def cost() -> None:
    """CPU seconds of loading the unpacked encoder, CPU milliseconds of a question, memory that both take."""
    unpack = "from earmark.explore.meaning.encoder import load_encoder; load_encoder()"
    subprocess.run([sys.executable, "-c", unpack], check=True)  # unpacks where it was never used
    process = psutil.Process()
    before, start = process.memory_info().rss, time.process_time()
    encoder = load_encoder()
    loading, spent = time.process_time() - start, []
    for _, text, _ in QUERIES:
        start = time.process_time()
        encoder.encode([text])
        spent.append(time.process_time() - start)
    memory = (process.memory_info().rss - before) / 1e6
    middle, slow = np.percentile(spent, [50, 95]) * 1000
    print(f"  encoder: load {loading:.3f} s, question {middle:.1f} ms (95 %: {slow:.1f}), memory {memory:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("--tell", action="store_true", help="list the short questions whose first concept is wrong")
    args = parser.parse_args()
    cost()
    sound, encoder = load_map(), load_encoder()
    grammar()
    short_queries(sound, encoder, args.tell)
    lyrics(encoder)
    captions(args.data, args.catalogue, sound, encoder)


if __name__ == "__main__":
    main()
