import pytest

from commandline import invoke
from earmark.cli import demo

pytestmark = pytest.mark.usefixtures("in_this_process")


def test_on_ones_own_folder(place, tmp_path):
    result = invoke(
        demo, "demo", "--music", place / "music", "--catalogue", tmp_path / "c", "--model", place / "tiny.onnx"
    )
    assert result.exit_code == 0, result.output
    shown = result.stdout
    assert shown.startswith("5 files: 5 listened to")
    assert shown.count("\n  0.") + shown.count("\n  -0.") + shown.count("\n  1.") == 4  # neighbours with a similarity
    assert f"The catalogue is in {tmp_path / 'c'}. Ask it more:" in shown


def test_a_folder_without_music_is_an_error(tmp_path, place):
    (tmp_path / "empty").mkdir()
    result = invoke(
        demo, "demo", "--music", tmp_path / "empty", "--catalogue", tmp_path / "c", "--model", place / "tiny.onnx"
    )
    assert result.exit_code == 1
    assert "No track in" in result.stderr


def test_one_bad_file_is_told_and_the_demo_goes_on(tmp_path, place):
    from catalogues import write_music

    music = write_music(tmp_path / "m", ["low", "top"])
    (music / "words.mp3").write_text("words")
    result = invoke(demo, "demo", "--music", music, "--catalogue", tmp_path / "c", "--model", place / "tiny.onnx")
    assert result.exit_code == 0
    assert "1 files failed" in result.stdout
    assert "What sounds most like it:" in result.stdout
