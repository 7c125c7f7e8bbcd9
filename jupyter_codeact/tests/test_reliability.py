"""The table of docs/reliability.md is true: every fault has a row, and the tests that a row names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
FAULTS = [f"F{number}" for number in range(1, 38)]

_ROW = re.compile(r"^\| (F\d+) \|", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def rows() -> dict[str, list[str]]:
    """The cells of the row of each fault."""
    text = (DOCS / "reliability.md").read_text("utf-8")
    lines = [line for line in text.splitlines() if _ROW.match(line)]
    names = [line.split(" | ")[0].strip("| ") for line in lines]
    assert len(set(names)) == len(names)
    return {name: [cell.strip(" |") for cell in line.split(" | ")] for name, line in zip(names, lines, strict=True)}


def test_every_fault_has_a_row_in_order() -> None:
    assert list(rows()) == FAULTS


@pytest.mark.parametrize("fault", list(rows()))
def test_the_tests_of_a_fault_exist(fault: str) -> None:
    _, what, happens, tests = rows()[fault]
    assert what
    assert happens
    links = _LINK.findall(tests)
    assert links
    for name, target in links:
        text = (DOCS / target).read_text("utf-8")
        begins = f"def {name}(" if target.endswith(".py") else name
        assert begins in text, f"{name} is not in {target}"
