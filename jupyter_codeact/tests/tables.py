"""Tables in docs/ that promise something a row, and name the tests that hold it to that."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
DOCS = PACKAGE.parent / "docs"

_GUARD = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def rows(document: str, letter: str) -> dict[str, list[str]]:
    """The cells of each row of `document` that begins with the letter and a number, by that."""
    text = (DOCS / document).read_text("utf-8")
    lines = [line for line in text.splitlines() if re.match(rf"\| {letter}\d+ \|", line)]
    names = [line.split(" | ")[0].strip("| ") for line in lines]
    assert len(set(names)) == len(names)
    return {name: [cell.strip(" |") for cell in line.split(" | ")] for name, line in zip(names, lines, strict=True)}


def check_row(cells: list[str]) -> None:
    """Each cell says something, and the tests that the last one links to exist."""
    *said, tests = cells
    assert all(said)
    links = _LINK.findall(tests)
    assert links
    for name, target in links:
        text = (DOCS / target).read_text("utf-8")
        begins = f"def {name}(" if target.endswith(".py") else name
        assert begins in text, f"{name} is not in {target}"


def guards(document: str, letter: str) -> dict[str, list[str]]:
    """What the list in `document` says was taken out for each row that begins with the letter: "file name"."""
    lines = re.findall(rf"^- ({letter}\d+): (.+)$", (DOCS / document).read_text("utf-8"), re.MULTILINE)
    assert len(dict(lines)) == len(lines)
    return {row: _GUARD.findall(listed) for row, listed in lines}


def check_guard(guard: str) -> None:
    """The file of `guard` has what it names: a file below the package, or one below `src/`, and a dotted name in it."""
    file, name = guard.split(" ")
    path = PACKAGE.parent / file if file.startswith("src/") else PACKAGE / file
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        place: ast.AST = ast.parse(text)
        for part in name.split("."):
            place = next(node for node in ast.iter_child_nodes(place) if part in _names(node))
    else:
        for part in name.split("."):
            declared = rf"\b(class|function|const) {part}\b|^ +((private|static|async|get) )*{part}\("
            assert re.search(declared, text, re.MULTILINE), f"{part} is not in {file}"


def _names(node: ast.AST) -> list[str]:
    """What the statement `node` defines."""
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return [getattr(node, "name", "")]
