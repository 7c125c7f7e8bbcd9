"""Tables in docs/ that promise something a row, and name the tests that hold it to that."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"

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
