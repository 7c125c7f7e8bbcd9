"""What a model thinks aloud in the text of its reply."""

from __future__ import annotations


class Thoughts:
    """Leaves thoughts out, line by line.

    Local reasoning models write `<think> ... </think>` into the reply itself; code in it is not meant to run, and
    thoughts are no answer.
    """

    def __init__(self) -> None:
        self._thinking = False

    def without(self, line: str) -> str | None:
        """What of the next line is not thought; None when all of it is."""
        if line.lstrip().startswith("<think>"):
            self._thinking = True
        if not self._thinking:
            return line
        _, closed, rest = line.partition("</think>")
        self._thinking = not closed
        return rest or None


def without_thoughts(text: str) -> str:
    """`text` without its thoughts."""
    thoughts = Thoughts()
    return "\n".join(rest for line in text.split("\n") if (rest := thoughts.without(line)) is not None)
