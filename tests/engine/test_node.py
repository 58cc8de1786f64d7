import pytest

from earmark.engine.limits import Limits
from earmark.engine.node import NodeWorker, fingerprint
from earmark.engine.protocol import Failed, Identified, Identify
from earmark.engine.wire import decode_answer, encode


@pytest.fixture
def worker(model):
    made = NodeWorker(str(model.path), "tiny", fingerprint(model), Limits())
    yield made
    if made._worker:
        made._worker.close()


def test_it_does_what_a_local_worker_does(worker, model, music):
    assert worker.ready() == ""
    for name, kind in (("low.flac", Identified), ("none.flac", Failed)):
        task = Identify(str(music / name))
        assert isinstance(decode_answer(worker.ask(encode(task)), task, model), kind)


def test_a_model_of_another_path_is_found_by_its_name(model):
    elsewhere = NodeWorker("/not/here.onnx", str(model.path), fingerprint(model), Limits())
    assert elsewhere.ready() == ""


def test_a_machine_without_the_model_says_so(model):
    problem = NodeWorker("/not/here.onnx", "no-such-model", fingerprint(model), Limits()).ready()
    assert "no-such-model" in problem


def test_a_machine_with_another_release_says_so(model, monkeypatch):
    other = NodeWorker(str(model.path), "tiny", fingerprint(model), Limits())
    monkeypatch.setattr("earmark.__version__", "0.0.9")
    assert "Install the same release" in other.ready()
