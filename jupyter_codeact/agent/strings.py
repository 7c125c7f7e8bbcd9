"""Whether Python source, read line by line, stands inside a triple-quoted string."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    \#.*                            # a comment hides quotes to the end of the line
    | (?P<triple>\"{3}|'{3})
    | "(?:\\.?|[^"\\])*(?:"|$)       # a plain string ends with its line at the latest
    | '(?:\\.?|[^'\\])*(?:'|$)
    """,
    re.VERBOSE,
)
_END = {quotes: re.compile(rf"(?:\\.|[^\\])*?{quotes}") for quotes in ('"""', "'''")}


class OpenString:
    """A scanner; for languages other than Python it never finds a string, since their quoting differs."""

    def __init__(self, language: str) -> None:
        self._active = language == "python"
        self._quotes = ""

    @property
    def is_open(self) -> bool:
        """Whether the lines so far end inside a triple-quoted string."""
        return bool(self._quotes)

    def feed(self, line: str) -> None:
        """`line`, without its line end, follows what was fed before."""
        position = 0
        while self._active and position < len(line):
            if self._quotes:
                match = _END[self._quotes].match(line, position)
                if match is None:
                    return
                position, self._quotes = match.end(), ""
            else:
                token = _TOKEN.search(line, position)
                if token is None:
                    return
                position, self._quotes = token.end(), token["triple"] or ""
