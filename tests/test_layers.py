"""A file imports only from its own floor of the package or from lower ones, and no files import each other."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import stance

PACKAGE = Path(stance.__file__).parent
FLOORS = [
    {"types", "errors"},
    {
        "shipped",
        "yamlfile",
        "config",
        "text",
        "encoder",
        "int8",
        "bf16",
        "attention",
        "lean",
        "pieces",
        "weights",
        "models",
        "windows",
        "view",
    },
    {"read", "wire", "language", "segment", "tag", "link", "evidence", "mend", "turns", "framing"}
    | {"resolve", "targets", "judge", "heads", "classify"},
    {"pipeline", "store", "metrics", "rows", "tables", "task", "gold", "speakers", "decide"},
    {
        "engine",
        "labeller",
        "pool",
        "warm",
        "shards",
        "cluster",
        "merge",
        "hardware",
        "bench",
        "roster",
        "pairs",
        "explain",
        "overlap",
        "suggest",
        "progress",
        "train",
        "evaluate",
        "annotate",
        "report",
        "show",
    },
    {"cli", "serve"},
]
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def module(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path, top: bool = False) -> set[str]:
    """The modules of the package, by first name, that a file imports: anywhere, or at its top."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top else ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write it out from stance"
            names = [node.module] if node.module != "stance" else [f"stance.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("stance.")}
    return found - {"__version__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_come_from_no_higher_floor(path):
    own = module(path)
    assert own in FLOOR, f"give {own} a floor in this test"
    for other in imports(path):
        assert FLOOR[other] <= FLOOR[own], f"{own} (floor {FLOOR[own]}) imports {other} (floor {FLOOR[other]})"


def test_no_circles():
    graph: dict[str, set[str]] = {}
    for path in FILES:
        graph.setdefault(module(path), set()).update(imports(path, top=True) - {module(path)})
    assert list(TopologicalSorter(graph).static_order())


def test_nouns_need_the_standard_library_only():
    for name in FLOORS[0]:
        tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
        roots = {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
        roots |= {alias.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
        assert roots <= {"__future__", "collections", "dataclasses", "typing"}
