"""Code that a model wrote between tags or in a function call, as it runs."""

from __future__ import annotations

import re

from jupyter_codeact.errors import FormatError

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[^`]*")


def runnable(code: str) -> str:
    """`code` with plain line ends, without what surrounds it: blank lines, a fence, indentation of the whole. Raises
    `FormatError` when nothing is left."""
    lines = [line.removesuffix("\r") for line in code.split("\n")]
    if lines[0].strip():
        # On the line of its tag, or in one string with all that follows, it has white space before it but no place.
        width = min(indentation(line) for line in lines if line.strip())
        lines = [without_indentation(line, width) for line in lines]
        lines[0] = lines[0].lstrip()
    lines = _outdented(_unfenced(_trimmed(lines)))
    if not lines:
        raise FormatError("Your code was empty. Send the code to run, or the answer as plain text.")
    lines[-1] = lines[-1].rstrip()
    return "\n".join(lines)


def without_indentation(line: str, width: int) -> str:
    """`line` without its first `width` white characters, as far as it has them."""
    return line[min(width, indentation(line)) :]


def indentation(line: str) -> int:
    """How many white characters `line` begins with."""
    return len(line) - len(line.lstrip(" \t"))


def _trimmed(lines: list[str]) -> list[str]:
    """Without blank lines at both ends."""
    full = [number for number, line in enumerate(lines) if line.strip()]
    return lines[full[0] : full[-1] + 1] if full else []


def _unfenced(lines: list[str]) -> list[str]:
    opening = _FENCE.fullmatch(lines[0]) if lines else None
    if opening is None:
        return lines
    closed = len(lines) > 1 and lines[-1].strip() == opening[1]
    return _trimmed(lines[1:-1] if closed else lines[1:])


def _outdented(lines: list[str]) -> list[str]:
    width = indentation(lines[0]) if lines else 0
    return [without_indentation(line, width) for line in lines]
