"""The command: the cache first, then the recipe as the cache allows it, then the files."""

from types import SimpleNamespace

from earmark_research.tagger import __main__ as command


def test_the_cache_is_filled_before_the_stages_are_read(tmp_path, monkeypatch, capsys):
    for folder in ("gtzan_partial", "emotify"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tracks.csv").write_text("path\n", encoding="utf-8")
    seen = {}

    def fill_cache(cache, recipe, folders, teachers, rows, progress):
        seen["stages before"] = [stage.sources for stage in recipe.stages]
        seen["folders"] = {name: folder and folder.name for name, folder in folders.items()}
        (cache / "music").mkdir(parents=True)
        return [("a.ogg", "broken")]

    def train_all(cache, recipe, weights, rows, out, progress):
        seen["stages after"] = [stage.sources for stage in recipe.stages]
        yield out / "free.onnx", SimpleNamespace(metrics={"music_auc": 0.99})

    monkeypatch.setattr(command, "Teachers", lambda folder: None)
    monkeypatch.setattr(command, "read_weights", lambda wheel, scratch: {})
    monkeypatch.setattr(command, "fill_cache", fill_cache)
    monkeypatch.setattr(command, "train_all", train_all)
    arguments = [f"--cache={tmp_path / 'cache'}", f"--data={tmp_path}", "--teachers=t", f"--out={tmp_path / 'out'}"]
    monkeypatch.setattr("sys.argv", ["tagger", *arguments, "--music=m", "--held-noise=h", "--wheel=w"])
    command.main()

    assert seen["stages before"] == [(), (), ()]
    assert seen["stages after"] == [("music",)] * 3
    assert seen["folders"] == {
        "music": "m", "rendered": None, "sung": None, "nonmusic": None, "noise_held": "h", "cc": "cc_catalogue",
        "gtzan": "gtzan_partial", "emotify": "emotify",
    }  # fmt: skip
    printed = capsys.readouterr().out
    assert "left out: a.ogg: broken" in printed
    assert "music_auc" in printed
