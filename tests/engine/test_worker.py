import pytest
from mutagen.flac import FLAC

from earmark.analysis import versions
from earmark.audio.earprint import read_earprint
from earmark.catalogue.steps import pack_activations
from earmark.descriptors import DESCRIPTORS
from earmark.engine import worker
from earmark.engine.limits import Limits
from earmark.engine.protocol import Analyse, Analysed, Failed, Heard, Identified, Identify, Opened
from earmark.engine.worker import _reply, handle
from earmark.errors import AudioError
from earprints import change_earprint


@pytest.fixture
def task(music, model):
    def make(name="low.flac", parts=None, **fields):
        return Analyse(str(music / name), frozenset(versions(model) if parts is None else parts), **fields)

    return make


def test_a_file_is_identified_as_its_analysis_says(model, task):
    analysed = handle(task(), model, Limits())
    assert isinstance(analysed, Analysed)
    track_id = analysed.analysis.track_id
    assert handle(Identify(analysed.path), model, Limits()) == Identified(analysed.path, track_id, analysed.info)
    assert handle(Identify(analysed.path, "known"), model, Limits()) == Identified(
        analysed.path, "known", analysed.info
    )


def test_what_was_heard_is_packed_for_the_catalogue(model, task):
    heard = handle(task(), model, Limits()).analysis.activations
    assert heard.packed == pack_activations(heard, model.tagset)


def test_the_length_that_a_file_claims_is_told_before_it_is_decoded(model, task, monkeypatch):
    told, given = [], []
    real = worker.listen

    def listen(path, features, max_seconds, time_limit, needs):
        given.append((time_limit, list(told)))
        return real(path, features, max_seconds, time_limit, needs)

    monkeypatch.setattr(worker, "listen", listen)
    one, limits = task(), Limits()
    handle(one, model, limits, told.append)
    assert told == [Opened(one.path, pytest.approx(1.5)), Heard(one.path)]
    assert given == [(limits.time_limit, told[:1])]


def test_a_file_that_does_not_tell_its_length(tmp_path):
    path = tmp_path / "a.aac"
    path.write_bytes(b"")
    with pytest.raises(AudioError, match="empty"):
        worker._claimed_seconds(str(path))
    assert worker._claimed_seconds("some.earprint") is None


def test_only_the_parts_that_were_asked_for_are_computed(model, task, monkeypatch):
    def refuse(*_):
        raise AssertionError("not asked for")

    for name, module in DESCRIPTORS.items():
        if name != "tempo":
            monkeypatch.setattr(module, "estimate", refuse)
    monkeypatch.setattr("earmark.audio.listen.chroma", refuse)
    monkeypatch.setattr("earmark.audio.listen.LoudnessMeter", refuse)
    monkeypatch.setattr(type(model), "run", refuse)
    analysis = handle(task(parts={"tempo"}), model, Limits()).analysis
    assert (list(analysis.descriptors), analysis.tags, list(analysis.versions)) == (["tempo"], {}, ["tempo"])


def test_a_kept_earprint_is_whole_and_is_read_in_place_of_the_audio(model, task, tmp_path, monkeypatch):
    folder = str(tmp_path / "earprints")
    first = handle(task(parts={"energy"}, earprints=folder), model, Limits()).analysis
    kept = read_earprint(tmp_path / "earprints" / f"{first.track_id}.earprint")
    assert kept.chroma is not None
    assert kept.loudness is not None

    monkeypatch.setattr("earmark.audio.listen.load_audio", None)
    again = handle(task(track_id=first.track_id, earprints=folder), model, Limits()).analysis
    assert again.track_id == first.track_id


def test_tags_are_read_from_the_file_and_not_from_a_kept_earprint(model, task, music, tmp_path):
    folder = str(tmp_path / "earprints")
    first = handle(task(earprints=folder), model, Limits())
    tags = FLAC(music / "low.flac")
    tags["title"] = "Lower"
    tags.save()
    again = handle(task(track_id=first.analysis.track_id, earprints=folder), model, Limits())
    assert (first.info.tags.title, again.info.tags.title) == ("Low", "Lower")


@pytest.mark.parametrize(
    "change",
    [
        lambda head, arrays: head["features"].update(window="hann"),  # of a newer earmark
        lambda head, arrays: head["features"].update(fmax=4000.0),
        lambda head, arrays: head.update(loudness=None),
        lambda head, arrays: arrays.pop("chroma"),
    ],
)
def test_an_earprint_that_does_not_do_is_made_again_from_the_audio(model, task, tmp_path, change):
    folder = tmp_path / "earprints"
    first = handle(task(earprints=str(folder)), model, Limits()).analysis
    path = folder / f"{first.track_id}.earprint"
    change_earprint(path, change)

    again = handle(task(track_id=first.track_id, earprints=str(folder)), model, Limits()).analysis

    assert again.to_dict() == first.to_dict()
    assert read_earprint(path).features == model.info.features


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (AudioError("a", "the file is empty", "Copy it again."), "the file is empty"),
        (MemoryError(), "not enough memory to analyse it"),
        (ZeroDivisionError("by design"), "a fault in the analysis (ZeroDivisionError: by design)"),
    ],
)
def test_whatever_goes_wrong_is_the_failure_of_one_file(model, error, problem):
    def fail(task, model, limits, tell):
        raise error

    reply = _reply(fail, Identify("/a.flac"), model, Limits(), lambda news: None)
    assert isinstance(reply, Failed)
    assert (reply.path, reply.problem) == ("/a.flac", problem)
    assert reply.remedy.endswith(".")
