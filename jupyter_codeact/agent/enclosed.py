"""Code between tags, found character by character, since a tag may stand anywhere in a line."""

from __future__ import annotations

import re

OPENING = "<execute>"
CLOSING = "</execute>"

_QUOTES = ('"""', "'''", '"', "'")
_PLAIN = re.compile(rf"\n|{OPENING}|{CLOSING}")
_TOKENS = {
    "": re.compile(rf"\"{{3}}|'{{3}}|[\"'#\n]|{OPENING}|{CLOSING}"),
    "#": _PLAIN,
    **{quotes: re.compile(rf"\\[\s\S]|{quotes}|\n|{CLOSING}") for quotes in _QUOTES},
}
"""What matters in code, in a comment, and in a string that was opened by these quotes."""


class Enclosed:
    """Reads the code after an opening tag that stands at character `opened` of the reply, until it is closed.

    In Python, a closing tag inside a string does not close, but the first one in a string that is never closed does.
    `sure` says that the opening tag is no mere mention of one: it begins or ends its line. One that is not sure gives
    way to a later one that is, and so does one with no code before the next.
    """

    def __init__(self, language: str, opened: int, *, sure: bool) -> None:
        self._python = language == "python"
        self._begin(opened, sure=sure)

    def _begin(self, opened: int, *, sure: bool) -> None:
        self.opened = opened
        self.sure = sure
        self.read = opened + len(OPENING)
        self._start = self.read
        self._code: list[str] = []
        self._quotes = ""  # of the open string; "#" in a comment
        self._in_string: int | None = None  # where the open string has its first closing tag
        self._blank = True  # the line so far
        self._empty = True  # all so far

    def feed(self, text: str, *, last: bool = False) -> tuple[int | None, str]:
        """Where the code ends, once it is closed; and what of `text` must be fed again, before what follows it."""
        position = 0
        while sign := self._tokens.search(text, position):
            if not last and not self._quotes and text[sign.start() :] in ('"', "'", '""', "''"):
                break  # the first of three, perhaps
            self._take(text[position : sign.start()])
            position = sign.end()
            if (closed := self._meet(sign[0])) is not None:
                return closed, text[position:]
        kept = len(text) if last else min(sign.start() if sign else len(text), self._held(text, position))
        self._take(text[position:kept])
        return None, text[kept:]

    @property
    def closed_in_string(self) -> int | None:
        """Where the first closing tag stands in a string that is still open."""
        return self._in_string

    def code(self, end: int) -> str:
        """The code up to character `end` of the reply."""
        return "".join(self._code)[: end - self._start]

    @property
    def _tokens(self) -> re.Pattern[str]:
        return _TOKENS[self._quotes] if self._python else _PLAIN

    def _meet(self, sign: str) -> int | None:
        """Takes in a sign: where the code ends, if that closes it."""
        at = self.read
        if sign == CLOSING and self._quotes not in _QUOTES:
            self.read += len(sign)
            return at
        if sign == OPENING and self._blank and (self._empty or not self.sure):
            self._begin(at, sure=True)
            return None
        self._take(sign)
        if sign == CLOSING:
            self._in_string = at if self._in_string is None else self._in_string
        elif sign == "\n":
            return self._end_line()
        elif sign == self._quotes:
            self._quotes, self._in_string = "", None
        elif not self._quotes and (sign in _QUOTES or sign == "#"):
            self._quotes = sign
        return None

    def _end_line(self) -> int | None:
        self.sure = self.sure or self._empty
        if len(self._quotes) < 3:  # no other string, and no comment, goes on in the next line
            self._quotes = ""
            return self._in_string
        return None

    def _take(self, text: str) -> None:
        self._code.append(text)
        self.read += len(text)
        _, ends, line = text.rpartition("\n")
        self._blank = not line.strip() and (bool(ends) or self._blank)
        self._empty = self._empty and not text.strip()

    def _held(self, text: str, position: int) -> int:
        """Where the end of `text` begins that may be the beginning of a sign."""
        held = open_tail(text, (OPENING, CLOSING), position)
        if self._quotes in _QUOTES and text.endswith("\\", position):
            held = min(held, len(text) - 1)
        if len(self._quotes) == 3:
            run = len(text) - len(text.rstrip(self._quotes[0]))
            held = min(held, max(position, len(text) - min(run, 2)))
        return held


def open_tail(text: str, tags: tuple[str, ...], position: int = 0) -> int:
    """Where the end of `text` begins that is the beginning of one of `tags`, which all begin with "<"."""
    at = text.rfind("<", max(position, len(text) - max(map(len, tags)) + 1))
    return at if at >= 0 and any(tag.startswith(text[at:]) for tag in tags) else len(text)
