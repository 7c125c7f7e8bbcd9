"""An edit in one line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.agent.edits import NEW_CHARS, OLD_CHARS, edit_line

SOURCES = st.lists(st.sampled_from(["a = 1", "b = 2", "", "print(a)", 'x = """'])).map("\n".join) | st.text()


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("x = 1", "x = 2", 'line 1: "x = 1" -> "x = 2"'),
        ("a\nb\nc", "a\nB\nC\nc", 'line 2: "b" -> "B\\nC"'),
        ("a\nb\nc", "a", 'lines 2-3 removed: "b\\nc"'),
        ("a\nc", "a\nb\nc", '"b" added after line 1'),
        ("a", "a", "no change"),
        ("a\na", "a", 'line 2 removed: "a"'),
    ],
)
def test_an_edit_is_told_by_its_lines(before: str, after: str, line: str) -> None:
    assert edit_line(before, after) == line


@given(SOURCES, SOURCES)
def test_it_is_one_short_line_and_tells_what_is_new(before: str, after: str) -> None:
    line = edit_line(before, after)
    assert "\n" not in line
    assert (line == "no change") == (before == after)
    new = [text for text in after.split("\n") if text not in before.split("\n")]
    assert all(json.dumps(text, ensure_ascii=False)[1:-1] in line for text in new)


def test_a_long_edit_is_cut() -> None:
    line = edit_line("o" * 5000, "n" * 5000)
    assert f'{"o" * OLD_CHARS}" and {5000 - OLD_CHARS:,} characters more' in line
    assert f'{"n" * NEW_CHARS}" and {5000 - NEW_CHARS:,} characters more' in line
