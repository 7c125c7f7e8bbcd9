"""Terminal output as a reader sees it: pure functions over text, all linear in its length."""

from __future__ import annotations

import re
from itertools import groupby, islice
from operator import eq

# ECMA-48: CSI sequences; OSC, DCS, SOS, PM and APC strings (an unterminated one ends with its line); other
# escapes.
_ESCAPE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?")
_ERASE = re.compile(r"\x1b\[[012]?K")
_ERASE_WRITTEN = re.compile(r"\x1b\[[12]K")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(text: str) -> str:
    """`text` as a terminal would finally show it, without escapes, what cannot be printed made visible.

    Carriage returns and backspaces are carried out, so that a progress bar leaves its last state. Control
    characters become `\\x07`, lone surrogates `\\ud800`; tabs and line feeds stay.
    """
    text = text.replace("\r\n", "\n")
    if "\r" in text or "\b" in text:
        text = "\n".join(_final_state(line) for line in text.split("\n"))
    return _INVISIBLE.sub(_visible, _ESCAPE.sub("", text))


def _final_state(line: str) -> str:
    """What is left of a line that was written over.

    Seen from its end: the last writing is whole, an earlier one shows only where it was longer than all later
    ones, and none shows that was made before the line was erased.
    """
    shown = ""
    for writing in reversed(line.split("\r")):
        kept = _ERASE_WRITTEN.split(writing)[-1]
        shown += _without_backspaces(_ESCAPE.sub("", kept))[len(shown) :]
        if _ERASE.search(writing):
            break
    return shown


def _without_backspaces(text: str) -> str:
    if "\b" not in text:
        return text
    kept: list[str] = []
    for character in text:
        if character != "\b":
            kept.append(character)
        elif kept:
            kept.pop()
    return "".join(kept)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def count_repeats(text: str) -> tuple[str, int]:
    """`text` with runs of equal lines counted where that is shorter, and how many lines this took away."""
    source = text.split("\n")
    if not any(map(eq, source, islice(source, 1, None))):
        return text, 0
    lines: list[str] = []
    counted = 0
    for line, run in groupby(source):
        more = sum(1 for _ in run) - 1
        mark = f"[the line above {times(more)} more]"
        lines.append(line)
        if more * (len(line) + 1) > len(mark) + 1:
            lines.append(mark)
            counted += more
        else:
            lines.extend([line] * more)
    return "\n".join(lines), counted


def cut(text: str, limit: int) -> tuple[str, int]:
    """The head and tail of `text` in at most `limit` characters, and how many were left out.

    The amount stands between them, even where `limit` has no place for anything else. Cuts move to a line's
    end where one is near.
    """
    if len(text) <= limit:
        return text, 0
    room = max(0, limit - len(_mark(len(text))) - 2)
    head = text[: room - room // 2]
    tail = text[len(text) - room // 2 :]
    near = max(20, room // 8)
    if (end := head.rfind("\n", len(head) - near if len(head) > near else 0)) > 0:
        head = head[:end]
    if 0 <= (start := tail.find("\n", 0, near)) < len(tail) - 1:
        tail = tail[start + 1 :]
    left_out = len(text) - len(head) - len(tail)
    return "\n".join(part for part in (head, _mark(left_out), tail) if part), left_out


def _mark(left_out: int) -> str:
    return f"[... {left_out:,} characters left out ...]"


def times(count: int) -> str:
    """ "once" or "37 times"."""
    return "once" if count == 1 else f"{count:,} times"


def joined(value: object) -> str:
    """A text of nbformat, which is a string or a list of strings; "" for None, the `str` of anything else."""
    if isinstance(value, (list, tuple)):
        return "".join(map(joined, value))
    return value if isinstance(value, str) else "" if value is None else str(value)


def size(count: int) -> str:
    """`count` bytes for a reader: "512 bytes", "48 KB", "1.2 MB"."""
    if count < 1000:
        return f"{count} bytes"
    return f"{round(count / 1000)} KB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"
