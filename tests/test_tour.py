"""The tour of docs/architecture.md: each function that it names is there, and the drawing is of its table."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py):([\w.]+)`", PAGE)))


@pytest.fixture(scope="module")
def drawing():
    spec = importlib.util.spec_from_file_location("drawing", ROOT / "docs" / "drawing.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names_in(path: Path) -> set[str]:
    """Functions, classes and ``Class.method`` that a module defines itself."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
            inner = node.body if isinstance(node, ast.ClassDef) else []
            found |= {f"{node.name}.{part.name}" for part in inner if isinstance(part, ast.FunctionDef)}
    return found


@pytest.mark.parametrize(("file", "name"), NAMED, ids=lambda text: text)
def test_what_the_tour_names_is_there(file, name):
    assert name in names_in(ROOT / "src" / "earmark" / file)


def test_the_life_of_a_track_has_ten_steps_that_name_functions():
    section = PAGE.split("## The life of a track", 1)[1].split("\n## ", 1)[0]
    steps = re.split(r"^\d+\. ", section, flags=re.M)[1:]
    assert len(steps) == 10
    assert all(re.search(r"`[\w/]+\.py:\w+", step) for step in steps)


def test_the_drawing_is_of_the_table(drawing):
    again = "Run `python docs/drawing.py`."
    assert (ROOT / "docs" / "img" / "rooms.svg").read_text(encoding="utf-8") == drawing.render(), again


def test_boxes_do_not_overlap_and_lines_lead_down(drawing):
    above = drawing.rooms()
    at = drawing.places(above)
    boxes = [at[room] for room in above]
    assert all(
        abs(a[0] - b[0]) >= drawing.WIDTH or abs(a[1] - b[1]) >= drawing.HEIGHT
        for i, a in enumerate(boxes)
        for b in boxes[:i]
    )
    assert all(at[name][1] < at[room][1] for name, room in drawing.direct(above))


def test_a_line_is_drawn_only_where_no_room_stands_between(drawing):
    assert drawing.direct({"a": set(), "b": {"a"}, "c": {"a", "b"}}) == [("a", "b"), ("b", "c")]
