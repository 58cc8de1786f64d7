import json

import pytest

from earmark.cli.render import _tag_lines, print_json
from earmark.tagger.tags import TagProbability


def test_json_is_one_line_of_utf8(capsys):
    print_json({"title": "Höhner\n"})
    assert capsys.readouterr().out == '{"title": "Höhner\\n"}\n'


def test_what_json_cannot_hold_is_an_error():
    with pytest.raises(ValueError, match="not JSON compliant"):
        print_json({"x": float("nan")})
    assert json.dumps(None) == "null"


def test_sure_tags_have_bars_and_an_unsure_group_names_the_nearest():
    tags = {
        "genre": [TagProbability("jazz", 0.38, False), TagProbability("rock", 0.3, False)],
        "mood": [TagProbability(*hit) for hit in (("sad", 1.0, True), ("calm", 0.5, True), ("happy", 0.2, False))],
        "scale": [TagProbability("valence", -0.2, True)],
    }
    assert _tag_lines(tags) == [
        "  genre        unsure (nearest: jazz 0.38)",
        "  mood         sad                    1.00 ████████████████████",
        "               calm                   0.50 ██████████",
        "  scale        valence                -0.20 ",
    ]
