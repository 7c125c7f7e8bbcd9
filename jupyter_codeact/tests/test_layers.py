"""The house: who imports whom, how large a file is, where errors are caught, and what a server's start loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

import jupyter_codeact

PACKAGE = Path(jupyter_codeact.__file__).parent
NAME = PACKAGE.name
BUILT = ("tests", "labextension", "_version.py")

LAYERS = {
    "branch_point": 0,
    "change": 0,
    "context": 0,
    "tool_call": 0,
    "events": 0,
    "errors": 0,
    "notices": 0,
    "risk": 0,
    "usage": 0,
    "value": 0,
    "settings": 1,
    "journal": 1,
    "agent": 1,
    "models": 2,
    "kernels": 2,
    "documents": 2,
    "agent.loop": 3,
    "agent.reply": 3,
    "agent.requests": 3,
    "agent.recovery": 3,
    "exports": 3,
    "conversations": 4,
    "server": 5,
    "cli": 5,
    "reference": 5,
    "magics": 5,
    "schema": 5,
    "testing": 5,
    "": 5,
}
"""The longest entry that a module's name begins with is its layer; the package itself is the topmost."""

PROTOCOLS = {"models.model", "kernels.environment", "documents.document", "journal.journal"}
BORDERS = {"conversations/runs.py", "server/routes.py"}
HEAVY = {"openai", "pandas", "PIL", "matplotlib", "numpy", "sklearn", "pyarrow"}
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] not in BUILT]


def module(path: Path) -> str:
    """The name within the package: `journal.fold`, `models` for its `__init__`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in FILES}


def layer(name: str) -> int:
    """The layer of a module; a module that fits no entry has none and fails."""
    parts = name.split(".") if name else [""]
    found = [LAYERS[known] for end in range(len(parts), 0, -1) if (known := ".".join(parts[:end])) in LAYERS]
    assert found, f"{name} is in no layer: say in LAYERS where it belongs"
    return found[0]


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """The dotted names that a file imports, wherever it does, and whether it does so on loading."""
    tree = ast.parse(path.read_text("utf-8"))
    later = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or _is_type_checking(node)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) not in later) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = ".".join(filter(None, [_parent(path, node.level), node.module]))
            yield from ((f"{source}.{alias.name}", id(node) not in later) for alias in node.names)


def _parent(path: Path, level: int) -> str:
    """The package that a relative import of `level` dots in `path` starts from; empty for an absolute one."""
    return ".".join(path.relative_to(PACKAGE.parent).parts[:-level]) if level else ""


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def own(name: str) -> str | None:
    """The module of this package that an imported dotted name is, or is in."""
    if name != NAME and not name.startswith(f"{NAME}."):
        return None
    inner = name[len(NAME) + 1 :]
    while inner and inner not in MODULES:
        inner = inner.rpartition(".")[0]
    return inner


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_from_its_own_and_lower_layers(name: str) -> None:
    for imported, _ in imports(MODULES[name]):
        target = own(imported)
        if target is None or target in PROTOCOLS:
            continue
        if not target:  # the package itself: its version
            assert imported in (NAME, f"{NAME}.__version__", f"{NAME}._version.__version__")
        else:
            assert layer(target) <= layer(name), (
                f"{name} (layer {layer(name)}) imports {target} (layer {layer(target)})"
            )


@pytest.mark.parametrize("name", MODULES)
def test_heavy_packages_are_imported_where_they_are_used(name: str) -> None:
    at_once = {imported.partition(".")[0] for imported, on_loading in imports(MODULES[name]) if on_loading}
    assert not at_once & HEAVY


@pytest.mark.parametrize("name", MODULES)
def test_a_file_is_short(name: str) -> None:
    assert _length(MODULES[name]) <= 300


def test_most_files_are_very_short() -> None:
    assert median(map(_length, FILES)) <= 150


def _length(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("name", MODULES)
def test_everything_is_caught_only_at_the_borders(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    broad = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and _swallows_everything(node)]
    if MODULES[name].relative_to(PACKAGE).as_posix() in BORDERS:
        assert len(broad) <= 1
    else:
        assert not broad


def _swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Whether it catches any exception and does not raise it again once it has cleaned up."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [kind.id if isinstance(kind, ast.Name) else "" for kind in caught if kind is not None]
    last = handler.body[-1]
    raised_again = isinstance(last, ast.Raise) and last.exc is None
    return not raised_again and (not names or bool({"Exception", "BaseException"} & set(names)))


@pytest.mark.parametrize("imported", [NAME, f"{NAME}.server.app", f"{NAME}.testing"])
def test_importing_loads_nothing_heavy(imported: str) -> None:
    program = f"import sys, {imported}; sys.stdout.write(' '.join({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
