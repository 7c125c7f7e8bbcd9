"""An edit of a cell in one line, as the model is told of it: pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

OLD_CHARS = 200
NEW_CHARS = 2000


def edit_line(before: str, after: str) -> str:
    """What became of `before`, by its line numbers: `line 2: "x = 1" -> "x = 2"`; "no change" where it is the same.

    Line ends inside are written `\\n`. Of what was, at most `OLD_CHARS` characters are quoted, of what is now
    `NEW_CHARS`.
    """
    old, new = before.split("\n"), after.split("\n")
    if old == new:
        return "no change"
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    removed, added = old[start : len(old) - end], new[start : len(new) - end]
    if not removed:
        return f"{_quoted(added, NEW_CHARS)} added after line {start}"
    where = f"line {start + 1}" if len(removed) == 1 else f"lines {start + 1}-{start + len(removed)}"
    if not added:
        return f"{where} removed: {_quoted(removed, OLD_CHARS)}"
    return f"{where}: {_quoted(removed, OLD_CHARS)} -> {_quoted(added, NEW_CHARS)}"


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _quoted(lines: Sequence[str], chars: int) -> str:
    text = "\n".join(lines)
    more = len(text) - chars
    return json.dumps(text[:chars], ensure_ascii=False) + (f" and {more:,} characters more" if more > 0 else "")
