from earmark.engine.diagnosis import CODECS, PACKAGES, diagnose


def test_the_report_is_of_this_machine_and_model(model):
    report = diagnose("tiny", model)
    assert list(report) == ["system", "packages", "codecs", "training", "model", "speed"]
    assert report["model"] | {"path": ""} == {
        "name": "tiny", "id": "tiny", "version": "1", "path": "", "tags": 5, "bytes": model.path.stat().st_size,
    }  # fmt: skip
    assert all(report["packages"][name] for name in PACKAGES)
    assert all(report["codecs"][name] for name in CODECS)
    assert report["speed"]["decode_x_real_time"] >= report["speed"]["analyze_x_real_time"] > 1
