"""How the package is built, in figures: sizes of functions and rooms, docstrings, tests, imports.

    python benchmarks/structure.py

A body is a function's lines without its docstring; functions and methods count, overload stubs do not. The rooms are
those of docs/architecture.md; their shares are of all lines of the package.
"""

import ast
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "earmark"


def main() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SRC.rglob("*.py"))}
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in trees}
    bodies = {f"{path.name}:{f.name}": body_lines(f) for path, tree in trees.items() for f in functions(tree)}
    sizes = np.array(list(bodies.values()))
    public = [node for tree in trees.values() for node in public_definitions(tree)]
    documented = np.mean([bool(ast.get_docstring(node)) for node in public])
    rooms = Counter()
    for path, n in lines.items():
        rooms[path.relative_to(SRC).parts[0]] += n / sum(lines.values())
    longest = Counter({str(path.relative_to(SRC)): n for path, n in lines.items()})
    print(
        f"files {len(trees)}, lines {sum(lines.values())}, at the top level {sum(p.parent == SRC for p in trees)} files"
    )
    print(f"function bodies {len(sizes)}: median {np.median(sizes):.0f}, p90 {np.quantile(sizes, 0.9):.0f} lines")
    print(f"longest body: {max(bodies, key=bodies.get)}, {sizes.max()} lines")
    print(f"public definitions with a docstring: {documented:.0%} of {len(public)}")
    print("largest rooms: " + ", ".join(f"{room} {share:.0%}" for room, share in rooms.most_common(3)))
    print("longest files: " + ", ".join(f"{name} {n}" for name, n in longest.most_common(3)))


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Every function and method, nested ones too."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [node for node in found if not any("overload" in ast.unparse(d) for d in node.decorator_list)]


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of the body without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def public_definitions(tree: ast.Module) -> list:
    """Classes, functions and methods whose names, and whose class's names, have no underscore in front."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            found.append(node)
            inner = node.body if isinstance(node, ast.ClassDef) else []
            found += [x for x in inner if isinstance(x, ast.FunctionDef) and not x.name.startswith("_")]
    return found


if __name__ == "__main__":
    main()
