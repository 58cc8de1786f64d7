import json

import pytest

from commandline import invoke
from earmark import library
from earmark.cli import doctor


@pytest.fixture
def report(monkeypatch):
    """The report that the command is given; the measurement itself is tested in tests/engine."""
    found = {
        "system": {"earmark": "0.1.0"}, "packages": {"av": "14"}, "codecs": {"mp3": True}, "training": "torch 2",
        "model": {"id": "tiny"}, "speed": {"decode_x_real_time": 900},
    }  # fmt: skip
    for module in (library, library.sound):  # the command's own, and that of a report for others
        monkeypatch.setattr(module, "diagnose", lambda model: found)
    return found


def test_for_people_and_for_machines(report):
    shown = invoke(doctor, "doctor")
    assert shown.exit_code == 0
    assert {"  decode_x_real_time   900", "  mp3                  yes"} <= set(shown.stdout.splitlines())
    assert json.loads(invoke(doctor, "doctor", "--json").stdout) == report


@pytest.mark.parametrize(("part", "missing"), [("codecs", {"mp3": False}), ("packages", {"av": None})])
def test_what_is_missing_makes_the_exit_status_1(report, part, missing):
    report[part] = missing
    result = invoke(doctor, "doctor")
    assert result.exit_code == 1
    assert "MISSING" in result.stdout


def test_a_report_for_others_has_no_paths(report, tmp_path):
    report["system"]["executable"] = str(tmp_path)
    result = invoke(doctor, "doctor", "--report")
    found = json.loads(result.stdout)
    assert str(tmp_path) not in result.stdout
    assert found["system"]["earmark"] == "0.1.0"
    assert found["catalogue"] is None


def test_a_report_about_a_catalogue_that_is_not_there_says_so(report, tmp_path):
    assert "no catalogue" in str(invoke(doctor, "doctor", "--report", "--catalogue", str(tmp_path)).exception)
