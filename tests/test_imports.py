"""The way of the data is one direction, and the runtime is light: both are read from the source itself."""

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "earmark"
# A module imports only from those before it.
ORDER = (
    "errors config audio kweighting true_peak loudness features chroma keys harmony energy filetags earprint tagset "
    "model rhythm structure analysis columns catalogue registry find worker scan search api demo cli"
).split()
HEAVY = {"torch", "pytorch_lightning", "librosa", "sklearn", "pandas", "matplotlib"}
TRAINING = {"training", "evaluation"}
DISTRIBUTION = {"imblearn": "imbalanced-learn", "lance": "pylance", "sklearn": "scikit-learn"}  # names that differ
BY_HAND = {"music21"}  # installed for one training of the rhythm head, as docs/rhythm.md says


def modules():
    for path in sorted(SRC.rglob("*.py")):
        top = path.relative_to(SRC).parts[0].removesuffix(".py")
        if top not in TRAINING:
            yield pytest.param(path, id=str(path.relative_to(SRC)))


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


@pytest.mark.parametrize("path", modules())
def test_the_runtime_never_imports_what_belongs_to_training(path):
    assert not {name.split(".")[0] for name in imported(path)} & HEAVY


@pytest.mark.parametrize("path", modules())
def test_imports_point_one_way(path):
    own = path.relative_to(SRC).parts[0].removesuffix(".py")
    if own not in ORDER:
        return
    tops = {name.split(".")[1] for name in imported(path) if name.startswith("earmark.")}
    later = {top for top in tops if top in ORDER and ORDER.index(top) > ORDER.index(own)}
    assert not later, f"{own} comes before {later}"


def test_evaluation_points_one_way_too():
    needs = {}
    for path in (SRC / "evaluation").glob("*.py"):
        names = [name.split(".") for name in imported(path) if name.startswith("earmark.evaluation.")]
        needs[path.stem] = {name[2] for name in names}
    in_order = list(TopologicalSorter(needs).static_order())  # raises CycleError where modules import each other
    assert all(in_order.index(needed) < in_order.index(name) for name in needs for needed in needs[name])


def test_every_imported_package_is_declared():
    project = tomllib.loads((SRC.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    declared = {re.match(r"[\w-]+", line)[0].lower().replace("_", "-") for line in lines}
    tops = {name.split(".")[0] for path in SRC.rglob("*.py") for name in imported(path)}
    tops -= {"earmark", *sys.stdlib_module_names, *BY_HAND}
    assert {DISTRIBUTION.get(top, top.lower().replace("_", "-")) for top in tops} <= declared


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import earmark", "numpy lance onnxruntime av scipy torch"),
        ("import earmark.cli", "numpy lance onnxruntime av scipy torch pyarrow"),
        ("import earmark.api", "torch sklearn matplotlib onnx"),
    ],
)
def test_heavy_things_are_imported_late(statement, absent):
    code = f"{statement}; import sys; print(' '.join(m for m in {absent.split()!r} if m in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
