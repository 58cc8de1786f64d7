import csv
import json
import shutil

import pytest
import typer

from catalogues import write_music
from commandline import invoke
from earmark.cli import playlist, scan
from earmark.cli.playlist import read_curve, read_move
from earmark.errors import ConfigError, NotFound
from tiny_model import write_tiny_model


@pytest.fixture
def run(place):
    return lambda command, *words: invoke(playlist, command, *words, "--catalogue", place / "catalogue")


@pytest.fixture(scope="module")
def lists(place, tmp_path_factory):
    """The runner on a catalogue of its own, whose lists are changed."""
    root = shutil.copytree(place / "catalogue", tmp_path_factory.mktemp("lists") / "catalogue")
    return lambda *words: invoke(playlist, *words, "--catalogue", root)


def test_a_list_of_tracks_keeps_their_order(run, tmp_path):
    done = run("playlist", "write", tmp_path / "my.m3u8", "top", "low", "middle")
    assert "3 of 3 found there" in done.stdout
    titles = [line.split(" - ")[1] for line in (tmp_path / "my.m3u8").read_text().splitlines() if "EXTINF" in line]
    assert titles == ["Top", "Low", "Middle"]
    assert isinstance(run("playlist", "write", tmp_path / "my.m3u8", "none").exception, NotFound)


def test_who_forgets_the_recipe_is_told_what_one_is(lists):
    done = lists("playlist", "make", "calm piano for tonight", "--dry-run")
    assert done.exit_code == 0
    assert "0 tracks, 0:00.\nIt is to be filled by hand. A recipe fills it by itself, such as --search" in done.stdout
    assert "--search" not in lists("playlist", "make", "one", "top", "--dry-run").stdout


def test_the_former_command_is_understood(run, tmp_path):
    assert "1 of 1 found there" in run("playlist", tmp_path / "my.m3u8", "top").stdout
    assert "1 of 1 found there" in run("playlist", "--where", "title = 'Low'", tmp_path / "low.csv").stdout
    assert "1 of 1 found there" in run("playlist", tmp_path / "plain", "top", "--format", "xspf").stdout
    assert run("playlist", "mkae", "x").exit_code == 2


def test_what_sounds_like_a_track_begins_with_it(run, tmp_path, json_lines):
    (told,) = json_lines(run("playlist", "write", tmp_path / "like.xspf", "--like", "low", "-n", 2, "--json"))
    assert (told["tracks"], told["found"], told["missing"]) == (3, 3, [])
    assert (tmp_path / "like.xspf").read_text().index("<title>Low") > 0


def test_files_that_a_map_does_not_reach_are_named(run, tmp_path, place):
    done = run("playlist", "write", tmp_path / "my.m3u8", "--where", "title = 'Low'", "--root", "/elsewhere=/data")
    assert "0 of 1 found there" in done.stdout
    assert f"not found there: {place / 'music' / 'low.flac'}" in done.stderr
    done = run("playlist", "write", tmp_path / "my.m3u8", "--root", f"{place / 'music'}=/data/music")
    assert "5 of 5 found there" in done.stdout
    assert "\n/data/music/low.flac\n" in (tmp_path / "my.m3u8").read_text()


def test_one_way_of_choosing_at_a_time(run, tmp_path):
    assert run("playlist", "write", tmp_path / "my.m3u8", "low", "--search", "low").exit_code == 2
    assert run("playlist", "write", tmp_path / "my.m3u8", "--search", "low", "--like", "low").exit_code == 2


def test_a_list_from_recipe_to_file(lists, tmp_path, json_lines):
    (tmp_path / "late.toml").write_text('like = ["low"]\n[rules]\ntracks = 5\n[order]\nby = "rank"\n')
    done = lists("playlist", "make", "Late drive", "--recipe", tmp_path / "late.toml", "-n", 3)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Late drive  [")
    assert lines[2].split()[:2] == ["1", "Low"]
    assert lines[-1].startswith("3 tracks, 0:04, ")
    assert "of neighbours mix." in lines[-1]

    (listed,) = json_lines(lists("playlist", "list", "--json"))
    assert (listed["name"], listed["tracks"], listed["recipe"]["rules"]) == ("Late drive", 3, {"tracks": 3})
    assert "Late drive\t3 tracks\t0:04\trank" in lists("playlist", "list").stdout

    done = lists("playlist", "edit", "late drive", "--lock", 1, "--move", "3=2", "--rename", "Later")
    assert done.stdout.splitlines()[2].startswith("  1* Low")
    (shown,) = json_lines(lists("playlist", "show", listed["id"], "--json"))
    assert (shown["name"], shown["rows"][0]["locked"], shown["undo"]) == ("Later", True, ["move 1, lock 1, rename"])
    assert {row["missing"] for row in shown["rows"]} == {False}

    dry = lists("playlist", "refresh", "Later", "--dry-run")
    assert "1 moved" in dry.stdout
    assert "leave --dry-run out" in dry.stdout
    (told,) = json_lines(lists("playlist", "refresh", "Later", "--json"))
    assert (len(told["moved"]), told["added"]) == (1, [])
    assert "0 added, 0 removed, 0 moved" in lists("playlist", "refresh", "Later").stdout
    assert lists("playlist", "edit", "Later", "--undo").exit_code == 0

    for suffix in ("m3u8", "csv", "json"):
        assert "3 of 3 found there" in lists("playlist", "export", "Later", tmp_path / f"out.{suffix}").stdout
    assert "#PLAYLIST:Later" in (tmp_path / "out.m3u8").read_text()
    written = json.loads((tmp_path / "out.json").read_text())
    with open(tmp_path / "out.csv", encoding="utf-8") as file:
        assert [row["title"] for row in csv.DictReader(file)] == [track["title"] for track in written["tracks"]]
    assert written["name"] == "Later"

    assert "deleted" in lists("playlist", "delete", "Later").stdout
    assert isinstance(lists("playlist", "show", "Later").exception, NotFound)
    assert "no playlist yet" in lists("playlist", "list").stdout


def test_by_hand_and_errors(lists, tmp_path):
    done = lists("playlist", "make", "Mine", "top", "low")
    assert done.stdout.splitlines()[2].split()[1] == "Top"
    assert lists("playlist", "make", "Both", "top", "--like", "low").exit_code == 2
    assert lists("playlist", "edit", "Mine").exit_code == 2
    assert lists("playlist", "edit", "Mine", "--undo", "--lock", 1).exit_code == 2
    wrong = lists("playlist", "make", "X", "--order", "keys").exception
    assert isinstance(wrong, ConfigError)
    assert "order.by = 'keys' is not one of similarity" in str(wrong)
    (tmp_path / "r.toml").write_text("\nspeed = 3\n")
    assert "r.toml, line 2: speed is not known" in str(
        lists("playlist", "make", "X", "--recipe", tmp_path / "r.toml").exception
    )
    assert (
        lists("playlist", "make", "Mine", "--replace", "--dry-run", "-n", 1)
        .stdout.splitlines()[-1]
        .startswith("1 tracks")
    )


def test_a_path_leads_from_one_to_another(lists, json_lines):
    done = lists("path", "low", "top", "-n", 4, "--save", "Way")
    lines = done.stdout.splitlines()
    assert (lines[1].split()[1], lines[4].split()[1]) == ("Low", "Top")
    assert lines[-1].startswith("4 of 4 tracks; each is ")
    steps = json_lines(lists("path", "low", "top", "-n", 4, "--json"))
    assert [step["title"] for step in steps][::3] == ["Low", "Top"]
    assert (steps[0]["similarity"], steps[-1]["along"]) == (None, 1.0)
    assert "4 tracks" in lists("playlist", "show", "Way").stdout


def test_curves_and_moves_as_they_are_typed():
    assert read_curve("0:0.3, 1:1") == ((0, 0.3), (1, 1))
    assert read_curve(None) is None
    assert read_move("a=b=3") == ("a=b", 3)
    for read, text in ((read_curve, "0:1,x"), (read_curve, "0"), (read_move, "5"), (read_move, "5=x")):
        with pytest.raises(typer.BadParameter, match="write it as"):
            read(text)


def test_a_list_of_another_program_is_kept(lists, tmp_path, json_lines):
    out = tmp_path / "Their set.xspf"
    assert "2 of 2 found there" in lists("playlist", "write", out, "top", "low").stdout
    out.write_text(out.read_text().replace("</trackList>", "<track><location>/x.mp3</location></track></trackList>"))
    done = lists("playlist", "import", out)
    assert (done.exit_code, "not in the catalogue: /x.mp3" in done.stderr) == (0, True)
    (kept,) = json_lines(lists("playlist", "show", "Their set", "--json"))
    assert [row["title"] for row in kept["rows"]] == ["Top", "Low"]
    assert isinstance(lists("playlist", "import", out).exception, ConfigError)
    (tmp_path / "none.m3u8").write_text("/x.mp3\n")
    assert "none of its tracks" in str(lists("playlist", "import", tmp_path / "none.m3u8").exception)


def test_a_filter_becomes_a_smart_playlist(lists, tmp_path):
    out = tmp_path / "slow.nsp"
    assert lists("playlist", "smart", out, "--where", "tempo < 90", "--limit", 5).exit_code == 0
    assert json.loads(out.read_text()) == {"name": "slow", "all": [{"lt": {"bpm": 90}}], "sort": "random", "limit": 5}
    assert "does not know this field" in str(lists("playlist", "smart", out, "--where", "energy < 1").exception)


def test_a_list_survives_scans_and_a_file_that_goes_and_returns(tmp_path, json_lines):
    music, at = write_music(tmp_path / "music", ["low", "high", "top"]), ("--catalogue", tmp_path / "catalogue")
    model = write_tiny_model(tmp_path / "tiny.onnx")

    def rescan(*options):
        assert invoke(scan, "scan", music, *at, "--model", model, "--workers", 1, *options).exit_code == 0

    def shown():
        (told,) = json_lines(invoke(playlist, "playlist", "show", "Mine", *at, "--json"))
        return [(row["title"], row["missing"]) for row in told["rows"]]

    rescan()
    assert invoke(playlist, "playlist", "make", "Mine", "low", "top", *at).exit_code == 0
    (music / "low.flac").rename(tmp_path / "low.flac")
    rescan("--prune=force")
    assert shown() == [("Low", True), ("Top", False)]
    assert "Low" in invoke(playlist, "playlist", "export", "Mine", tmp_path / "m.m3u8", *at).stderr
    (tmp_path / "low.flac").rename(music / "again.flac")
    rescan()
    assert shown() == [("Low", False), ("Top", False)]
