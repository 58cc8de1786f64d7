"""The tests mirror the package: every module has a test file of its name, or stands here with the reason."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SRC = TESTS.parent / "src" / "earmark"
WITHOUT = {
    "__init__.py": "public names, see library/test_catalogue.py",
    "cli/__init__.py": "the entry point, see cli/test_main.py",
    "cli/options.py": "declarations only, every command uses them",
    "data/collect/provider.py": "a protocol, see data/collect/test_jamendo.py",
    "data/sets/__init__.py": "the table of sets, see data/sets/test_load_set.py",
    "demo/__init__.py": "the table of pieces, see demo/test_files.py",
    "demo/acoustic.py": "scores as data, every piece is checked in demo/test_pieces.py",
    "demo/electric.py": "scores as data, every piece is checked in demo/test_pieces.py",
    "descriptors/__init__.py": "the table of descriptors, see descriptors/test_table.py",
    "descriptors/key/__init__.py": "the six names of a descriptor, see descriptors/test_table.py",
    "descriptors/tempo/__init__.py": "the six names of a descriptor, see descriptors/test_table.py",
    "explore/parts/__init__.py": "the table of parts, see explore/test_weights.py",
    "evaluation/options.py": "a dataclass without behaviour",
    "evaluation/layers.py": "dataclasses without behaviour",
    "evaluation/result.py": "a dataclass without behaviour",
    "training/networks/__init__.py": "the table of networks, see training/networks/test_networks.py",
} | {f"training/networks/{name}.py": "one test runs all networks, training/networks/test_networks.py" for name in (
    "deepsound_cnn", "deepsound_crnn", "fcn", "msd_best", "msd_cnn", "msd_dense", "msd_lstm", "series_head",
    "short_chunk",
)}  # fmt: skip
WITHOUT |= {f"server/replies/{name}.py": "declarations, see server/test_description.py" for name in (
    "access", "catalogue", "common", "lists", "tracks", "work",
)}  # fmt: skip
"""Module -> why it has no test file of its name."""


def is_bare(path: Path) -> bool:
    """An ``__init__`` that holds a docstring, imports and ``__all__`` alone."""
    import ast

    body = ast.parse(path.read_text(encoding="utf-8")).body
    kinds = (ast.Expr, ast.Import, ast.ImportFrom)
    return path.name == "__init__.py" and all(
        isinstance(x, kinds) or (isinstance(x, ast.Assign) and ast.unparse(x.targets[0]) == "__all__") for x in body
    )


MODULES = sorted(str(path.relative_to(SRC).as_posix()) for path in SRC.rglob("*.py") if not is_bare(path))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_test_file_of_its_name(module):
    path = Path(module)
    expected = TESTS / path.parent / f"test_{path.stem}.py"
    assert expected.is_file() != (module in WITHOUT), f"{expected} is missing, or {module} need not be excused"


def test_the_excuses_are_of_modules_that_there_are():
    assert set(WITHOUT) <= set(MODULES)
