import io
import re
import wave
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import msgpack
import numpy as np
import pytest

import earmark.engine
from earmark.analysis import versions
from earmark.audio.decode import SoundFormat
from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.catalogue.steps import _squeezed, pack_activations
from earmark.descriptors import DESCRIPTORS, Descriptor
from earmark.engine import wire
from earmark.engine.limits import Limits
from earmark.engine.protocol import Analyse, Analysed, Failed, Heard, Identified, Identify, Opened, Ready
from earmark.engine.wire import WireError, decode_answer, decode_task, encode, receive, send
from earmark.engine.worker import handle
from hostile_worker import LIES

ID = "0123456789abcdef0123"
INFO = FileInfo(FileTags("A", year=1999), SoundFormat("mp3", 320_000, 44_100, 2), b"12345678")
ODD = "/caf\udce9 \U0001f3b5\n.flac"  # a byte that is not UTF-8


def same(a, b) -> bool:
    """Equal in type and value, arrays included."""
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b)
    if is_dataclass(a):
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, tuple | list):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


@pytest.fixture
def analysed(model, music):
    """The task, and the reply of a worker to it."""
    task = Analyse(str(music / "low.flac"), frozenset(versions(model)))
    return task, handle(task, model, Limits())


@pytest.mark.parametrize(
    "task",
    [
        Identify("/a.flac"),
        Identify(ODD, ID),
        Analyse("/a.flac", frozenset({"key", "tags"}), ID, "/c/earprints"),
        Analyse(ODD, frozenset()),
    ],
)
def test_tasks_survive(task):
    assert decode_task(encode(task)) == task


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        (None, Ready()),
        (Identify(ODD), Identified(ODD, ID, INFO)),
        (Identify("/a"), Identified("/a", ID, FileInfo())),
        (Identify("/a"), Failed("/a", "the file is empty", "Copy it again.", True)),
        (Analyse(ODD, frozenset()), Opened(ODD, 12.5)),
        (Analyse("/a", frozenset()), Opened("/a", None)),
        (Analyse("/a", frozenset()), Heard("/a")),
    ],
)
def test_answers_survive(model, task, answer):
    assert same(decode_answer(encode(answer), task, model), answer)


@pytest.mark.parametrize(("seconds", "level"), [(0.3, 0.5), (5.0, 0.0)])
def test_what_is_too_short_or_silent_has_no_tags_on_the_other_side_either(model, tmp_path, seconds, level):
    path = tmp_path / "sound.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        tone = level * np.sin(np.arange(round(seconds * 16_000)) / 5)
        file.writeframes((32767 * tone).astype("<i2").tobytes())
    task = Analyse(str(path), frozenset(versions(model)))
    reply = handle(task, model, Limits())
    assert not any(reply.analysis.tags.values())
    assert same(decode_answer(encode(reply), task, model), reply)


def test_an_analysis_is_the_same_on_the_other_side(model, analysed):
    task, reply = analysed
    assert reply.analysis.descriptors.keys() == DESCRIPTORS.keys()
    assert same(decode_answer(encode(reply), task, model), reply)


def test_an_analysis_of_some_parts_is_too(model, music):
    task = Analyse(str(music / "low.flac"), frozenset({"energy", "tempo"}))
    reply = handle(task, model, Limits())
    assert same(decode_answer(encode(reply), task, model), reply)


def test_every_descriptor_has_a_class_that_can_be_sent():
    for name, module in DESCRIPTORS.items():
        kind = wire._returned(module.from_dict)
        assert kind in Descriptor.__args__, name
        assert wire._hints(kind)


def test_text_that_is_not_unicode_is_made_so(model):
    sent = Identified("/a", ID, replace(INFO, tags=FileTags("lone \ud800", "byte \udce9")))
    tags = decode_answer(encode(sent), Identify("/a"), model).info.tags
    assert (tags.title, tags.artist) == (r"lone \ud800", r"byte \udce9")


def test_messages_follow_each_other_in_a_stream():
    stream = io.BytesIO()
    for task in (Identify("/a"), Identify("/b")):
        send(stream, task)
    stream.seek(0)
    assert [decode_task(receive(stream)).path for _ in "ab"] == ["/a", "/b"]
    with pytest.raises(EOFError):
        receive(stream)


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"nan"}))
def test_lies_about_a_file_are_found_out(model, lie):
    reply = Identified(f"/{lie}.flac", ID, INFO)
    with pytest.raises((WireError, EOFError)):
        decode_answer(receive(io.BytesIO(LIES[lie](reply))), Identify(reply.path), model)


@pytest.mark.parametrize(
    "change",
    [
        {"duration": float("nan")},
        {"duration": float("inf")},
        {"duration": "long"},
        {"duration": True},
        {"track_id": "../../../etc"},
        {"track_id": ID + "0"},
        {"track_id": None},
        {"versions": {"tags": "1 tempo:2"}},
        {"versions": {}},
        {"descriptors": {"tempo": {}}},
        {"descriptors": {"unknown": {}}},
        {"descriptors": []},
        {"activations": None},
        {"file_tags": FileTags(title=5)},
        {"file_tags": FileTags(year=2**64 - 1)},
        {"file_tags": FileTags(title="x" * 20_000)},
    ],
    ids=str,
)
def test_an_analysis_with_one_wrong_field_is_refused(model, analysed, change):
    task, reply = analysed
    with pytest.raises(WireError):
        decode_answer(encode(replace(reply, analysis=replace(reply.analysis, **change))), task, model)


def test_a_descriptor_under_another_name_is_refused(model, analysed):
    task, reply = analysed
    found = reply.analysis.descriptors
    swapped = replace(reply.analysis, descriptors=found | {"tempo": found["energy"]})
    with pytest.raises(WireError, match="tempo of another type"):
        decode_answer(encode(replace(reply, analysis=swapped)), task, model)


@pytest.mark.parametrize(
    "change",
    [
        lambda a: replace(a, logits=a.logits[:, :-1]),
        lambda a: replace(a, logits=a.logits[:-1]),
        lambda a: replace(a, embedding=a.embedding[0]),
        lambda a: replace(a, times=a.times.astype(np.float64)),
        lambda a: replace(a, times=a.times * np.float32("nan")),
        lambda a: replace(a, times=a.times.astype(np.int32)),
        lambda a: replace(a, times=a.times.reshape(1, 1, 1, -1)),
        lambda a: replace(a, times=a.times[:0], logits=a.logits[:0], embedding=a.embedding[:0]),
    ],
)
def test_activations_of_another_shape_or_type_are_refused(model, analysed, change):
    task, reply = analysed
    wrong = replace(reply.analysis, activations=change(reply.analysis.activations))
    with pytest.raises(WireError):
        decode_answer(encode(replace(reply, analysis=wrong)), task, model)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda packed: b"",
        lambda packed: packed[:-9],
        lambda packed: b"x" + packed[1:],
        lambda packed: "text",
        lambda packed: packed[:1] + msgpack.packb(msgpack.unpackb(packed[1:]) | {"mean": b""}),
        lambda packed: (
            packed[:1] + msgpack.packb(msgpack.unpackb(packed[1:]) | {"weights": {"scale": b"", "rows": b""}})
        ),
        lambda packed: packed[:1] + msgpack.packb(msgpack.unpackb(packed[1:]) | {"logits": _squeezed(bytes(1 << 24))}),
        lambda packed: packed[:1] + msgpack.packb([]),
    ],
)
def test_packed_activations_that_cannot_be_unpacked_are_refused(model, analysed, spoil):
    task, reply = analysed
    heard = reply.analysis.activations
    packed = pack_activations(heard, model.tagset)

    def answer(packed):
        told = replace(reply.analysis, activations=replace(heard, packed=packed))
        return decode_answer(encode(replace(reply, analysis=told)), task, model)

    assert answer(packed).analysis.activations.packed == packed
    with pytest.raises(WireError):
        answer(spoil(packed))


def test_parts_that_nobody_asked_for_are_refused(model, analysed):
    task, reply = analysed
    with pytest.raises(WireError, match="nobody asked"):
        decode_answer(encode(reply), replace(task, parts=frozenset({"tags"})), model)
    with pytest.raises(WireError, match="nobody asked"):
        decode_answer(encode(reply), Identify(task.path), model)


@pytest.mark.parametrize(
    "place",
    [
        ["<f4", [2**40], 0],
        ["<f4", [-1, -4], 0],
        ["<f4", [4], 2**62],
        ["<f4", [4], -4],
        ["<f4", [True], 0],
        ["|O", [1], 0],
        ["<f4", [1] * 40, 0],
        [["<f4"], [1], 0],
        5,
    ],
    ids=str,
)
def test_an_array_that_is_not_in_the_message_is_refused(place):
    head = msgpack.packb(["Ready", {"x": msgpack.ExtType(wire.ARRAY, msgpack.packb(place))}])
    with pytest.raises(WireError):
        decode_answer(wire.LENGTH.pack(len(head)) + head + bytes(16), None, None)


def test_many_small_things_are_refused_before_they_are_made():
    head = msgpack.packb([[]]) * (wire.MOST_HEAD + 1)
    with pytest.raises(WireError, match="head"):
        decode_task(wire.LENGTH.pack(len(head)) + head)
    head = b"\xdd" + wire.LENGTH.pack(wire.MOST_ITEMS + 1) + b"\xc0" * (wire.MOST_ITEMS + 1)
    with pytest.raises(WireError, match="no message"):
        decode_task(wire.LENGTH.pack(len(head)) + head)


def test_anything_at_all_is_a_message_or_a_wire_error(model, analysed):
    """Bytes changed at random in a true reply."""
    task, reply = analysed
    body, rng = encode(reply), np.random.default_rng(3)
    for _ in range(300):
        changed = bytearray(body)
        for place in rng.integers(0, 2500, 3):
            changed[place % len(changed)] = rng.integers(256)
        try:
            found = decode_answer(bytes(changed), task, model)
        except WireError:
            continue
        assert isinstance(found, Analysed)
        assert found.analysis.to_dict()


def test_a_reply_takes_less_than_a_millisecond(model, analysed):
    import time

    task, reply = analysed
    durations = []
    for _ in range(20):
        began = time.perf_counter()
        decode_answer(encode(reply), task, model)
        durations.append(time.perf_counter() - began)
    assert min(durations) < 1e-3


def test_the_engine_does_not_pickle():
    for path in Path(earmark.engine.__file__).parent.glob("*.py"):
        assert not re.search(r"\b(pickle|marshal|shelve|eval|exec)\b", path.read_text(encoding="utf-8")), path
