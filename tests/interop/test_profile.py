import pytest

from earmark.errors import ConfigError
from earmark.interop.fields import CHOICES
from earmark.interop.profile import GATES, MODES, PROFILES, Profile, adjusted, choices, load_profile


@pytest.mark.parametrize("name", ["navidrome", "rekordbox", "beets", "picard"])
def test_the_profiles_there_are(name):
    assert load_profile(name).name == name


def test_words_stand_for_several_fields_in_a_fixed_order():
    assert Profile("x", ("gain", "bpm")).fields == ("bpm", "gain", "peak", "r128")
    assert len([name for name in Profile("x", ("own",)).fields if name.startswith("own_")]) == 8


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "dj.toml"
    path.write_text('fields = ["bpm", "key"]\nnotation = "camelot"\nbpm_decimals = 1\n[gates]\nkey_confidence = 0.9\n')
    found = load_profile(str(path))
    assert (found.name, found.fields, found.notation, found.bpm_decimals) == ("dj", ("bpm", "key"), "camelot", 1)
    assert found.gates == GATES | {"key_confidence": 0.9}
    path.write_text("")
    assert load_profile(str(path)).fields == Profile("all", CHOICES).fields


@pytest.mark.parametrize(
    ("text", "says"),
    [('fields = ["bmp"]', "fields: no such value: bmp"), ("fields = 3", "fields"), ('fields = "bpm"', "not a list"),
     ('notation = "german"', "notation: no such value: german"), ("bpm_decimals = 7", "bpm_decimals"),
     ("bpm_decimals = true", "bpm_decimals"), ("[gates]\nloudness = 1", "gates: no such value: loudness"),
     ("[most]\nmood = -1", "most.mood: not a number from 0"), ("gates = 3", "gates: not a table"),
     ("colour = 1", "no such value: colour"), ("[[", "cannot be read as TOML")],
)  # fmt: skip
def test_a_file_that_is_wrong_says_where(tmp_path, text, says):
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(ConfigError, match=says):
        load_profile(str(tmp_path / "own.toml"))


def test_a_name_that_is_none_lists_the_names_there_are():
    with pytest.raises(ConfigError, match=r"serato: no such profile\. There are: navidrome, rekordbox, beets, picard"):
        load_profile("serato")


def test_parts_of_a_profile_are_replaced():
    found = adjusted(PROFILES["beets"], ["key"], "openkey", {"key_confidence": 0.1})
    assert (found.fields, found.notation, found.gates["key_confidence"]) == (("key",), "openkey", 0.1)
    assert adjusted(PROFILES["beets"]) == PROFILES["beets"]


def test_all_that_may_be_asked_for_is_told_and_makes_the_same_profile():
    told = choices()
    assert {one["name"] for one in told["profiles"]} == set(PROFILES)
    for one in told["profiles"]:
        assert adjusted(PROFILES[one["name"]], one["fields"]) == PROFILES[one["name"]]
    names = [one["name"] for one in told["fields"]]
    assert {"bpm", "gain", "own"} <= set(names)
    assert not {"peak", "r128", "own_bpm"} & set(names)
    assert all(one["meaning"] for one in told["fields"])
    assert (told["modes"], told["gates"]) == (list(MODES), GATES)
