"""What is packed: the wheel of earmark holds nothing of research, and asks for nothing that research alone needs."""

import re
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]


def build(folder: Path, out: Path) -> zipfile.ZipFile:
    """The wheel of a project, as pip would install it."""
    return zipfile.ZipFile(next(WheelBuilder(str(folder)).build(directory=str(out), versions=["standard"])))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


def requirements(wheel: zipfile.ZipFile) -> dict[str, set[str]]:
    """Extra -> names of the packages that it asks for; those of the core are under nothing."""
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    found: dict[str, set[str]] = {}
    for line in Parser().parsestr(wheel.read(name).decode()).get_all("Requires-Dist"):
        extra = re.search(r"extra == ['\"]([\w-]+)", line)
        found.setdefault(extra[1] if extra else "", set()).add(re.match(r"[\w-]+", line)[0].lower().replace("_", "-"))
    return found


def test_every_file_is_of_the_package(wheel):
    names = [name for name in wheel.namelist() if ".dist-info/" not in name]
    assert {name.split("/")[0] for name in names} == {"earmark"}
    assert not [name for name in names if "research" in name or "tests" in name]
    there = (path for path in (ROOT / "src" / "earmark").rglob("*") if "__pycache__" not in path.parts)
    files = {str(path.relative_to(ROOT / "src")) for path in there if path.is_file()}
    assert files == set(names)


def test_the_licence_of_the_networks_that_are_in_it_is_there(wheel):
    assert [name for name in wheel.namelist() if name.endswith("licenses/LICENSE-musicnn")]


def test_no_module_imports_research(wheel):
    modules = [name for name in wheel.namelist() if name.endswith(".py")]
    assert len(modules) > 50
    assert not [name for name in modules if re.search(rb"^\s*(from|import) earmark_research", wheel.read(name), re.M)]


def test_the_bundled_files_are_there(wheel):
    names = {name for name in wheel.namelist() if name.startswith("earmark/assets/")}
    models = ("default.json", "fast.onnx", "accurate.onnx", "rhythm.onnx", "key_head.npz")
    assert {f"earmark/assets/{name}" for name in models} <= names
    assert Path(wheel.filename).stat().st_size < 8_000_000


@pytest.mark.parametrize("extra", ["", "train"])
def test_what_research_alone_needs_is_not_asked_for(wheel, extra):
    research = tomllib.loads((ROOT / "research" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*research["dependencies"], *research["optional-dependencies"]["scores"]]
    own = {re.match(r"[\w-]+", line)[0].lower() for line in lines} - {"earmark"}
    assert own == {"mido", "pytorch-optimizer", "music21"}
    assert requirements(wheel)[extra]
    assert not requirements(wheel)[extra] & own


def test_research_is_packed_with_its_tables_and_never_uploaded(tmp_path):
    wheel = build(ROOT / "research", tmp_path)
    assert {"earmark_research/music/styles.toml", "earmark_research/tagger/starter.toml"} <= set(wheel.namelist())
    metadata = wheel.read(next(name for name in wheel.namelist() if name.endswith("METADATA"))).decode()
    assert "Private :: Do Not Upload" in metadata
