import tomllib

import pytest

from earmark.errors import ConfigError
from earmark.explore.playlists import recipe as module
from earmark.explore.playlists.recipe import (
    Order,
    Recipe,
    Rules,
    as_given,
    line_of,
    read_recipe,
    recipe_from,
    to_toml,
    with_changes,
)


def example() -> str:
    """The recipe in the docstring of the module."""
    lines = module.__doc__.splitlines()
    return "\n".join(line[4:] for line in lines if line.startswith("    "))


def test_the_example_is_one_but_for_what_excludes_each_other(tmp_path):
    text = example()
    (tmp_path / "late.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"late\.toml, line \d+: order\.curve is for by = 'energy' alone"):
        read_recipe(tmp_path / "late.toml")
    kept = "\n".join(line for line in text.splitlines() if not line.startswith(("curve", "start_bpm", "end_bpm")))
    found = recipe_from(tomllib.loads(kept))
    assert (found.like, found.unlike, found.variance) == (("Three and Two", "00d4a1"), ("Boss",), 0.2)
    assert found.rules == Rules(30, None, 2, 1, 3, False, 60, 600, ("Morning",), False)
    assert found.order == Order("harmonic", 6)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tracks = 3", "line 1: tracks is not known. There are like, unlike"),
        ("seed = 1\n[rules]\ntracks = 0", r"line 3: rules.tracks = 0 is not a whole number from 1 to 500"),
        ("[rules]\ntracks = true", "line 2: rules.tracks = True is not"),
        ("[rules]\ngap = 2\nper_artst = 2", "line 3: rules.per_artst is not known. There are tracks, minutes"),
        ("rules.gap = -1", "line 1: rules.gap = -1"),
        ("variance = 1.5", "line 1: variance = 1.5 is not a number from 0 to 1"),
        ("like = 'a'", "line 1: like = 'a' is not a list of at most 20 tracks"),
        ("like = ['a', 3]", "line 1: like"),
        ("rules = 3", "line 1: rules is no table"),
        ("[order]\n\nby = 'keys'", "line 3: order.by = 'keys' is not one of similarity, harmonic"),
        ("[order]\nby = 'energy'", "line 2: order.by = 'energy' needs a curve"),
        ("[order]\nby = 'energy'\ncurve = [[0, 1], [0, 2]]", "line 3: order.curve"),
        ("[order]\nby = 'energy'\ncurve = [[0.5, 1], [0.2, 1]]", "the shares rising"),
        ("[order]\nby = 'tempo'\nstart_bpm = nan", "line 3: order.start_bpm = nan is not a number from 20 to 400"),
        ("[rules]\ntracks = 3\nminutes = 3", "line 3: rules.minutes and tracks are both given"),
        ("[rules]\nshortest = 9\nlongest = 3", "line 2: rules.shortest is more than longest"),
        ("unlike = ['a']", "line 1: unlike needs something to sound like"),
        ("seed = ", "not TOML"),
    ],
)
def test_errors_name_key_and_line(tmp_path, text, problem):
    (tmp_path / "r.toml").write_text(text)
    with pytest.raises(ConfigError, match=problem):
        read_recipe(tmp_path / "r.toml")


def test_what_is_no_file_is_said(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_recipe(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="is no object"):
        recipe_from([1])


def test_lines_are_found_by_table():
    text = 'seed = 1\n# seed = 2\n[order]\n  by = "tempo"\n[ rules ]\n"tracks" = 3\n'
    assert [line_of(text, *key) for key in (("", "seed"), ("order", "by"), ("rules", "tracks"), ("", "rules"))] == [
        1,
        4,
        6,
        5,
    ]
    assert line_of(text, "rules", "by") is None


def test_json_and_toml_come_back():
    found = Recipe(
        ('a\\"b\n',),
        text="x",
        seed=3,
        rules=Rules(minutes=4.5, speech=False),
        order=Order("energy", curve=((0, 0.5), (1, 1))),
    )
    assert recipe_from(found.to_dict()) == found
    assert recipe_from(tomllib.loads(to_toml(found))) == found
    assert Recipe().to_dict() == {}
    assert as_given(found) == found


def test_a_recipe_made_in_python_is_checked_too(tmp_path):
    with pytest.raises(ConfigError, match="variance = 3 is not"):
        as_given(Recipe(variance=3))
    with pytest.raises(ConfigError, match=r"rules\.gap"):
        as_given({"rules": {"gap": "x"}})
    (tmp_path / "r.toml").write_text(to_toml(Recipe(seed=4)))
    assert as_given(tmp_path / "r.toml").seed == 4


def test_options_win_over_the_file_and_what_is_not_given_changes_nothing():
    values = {"seed": 1, "rules": {"tracks": 30}}
    changed = with_changes(values, {"seed": 0, "text": None, "like": (), "rules.gap": 2, "order.by": "rank"})
    assert changed == {"seed": 0, "rules": {"tracks": 30, "gap": 2}, "order": {"by": "rank"}}
    assert values == {"seed": 1, "rules": {"tracks": 30}}
