"""Stream text within bounds: chunks that keep the journal linear, and a tail that keeps memory flat."""

from __future__ import annotations

from collections import deque

from .nbformat_outputs import Output, stream_output

CHUNK_COST = 64_000
"""Once replacing a chunk has cost this many characters in the journal, its next line begins a new chunk."""

LONGEST_LINE_COST = 4 * CHUNK_COST
"""The same where no line ends, as in a progress bar: then the chunk is cut anywhere."""

_MOST_PIECES = 50_000


class StreamChunk:
    """Stream text that still grows, as output number `index` of its cell."""

    def __init__(self, name: str, index: int) -> None:
        self.name = name
        self.index = index
        self._text = ""
        self._fresh: list[str] = []
        self._cost = 0

    def add(self, text: str) -> None:
        """`text` is at its end."""
        self._fresh.append(text)

    def output(self) -> Output:
        """All of it; from now on it counts as sent to the journal once more."""
        self._text = "".join((self._text, *self._fresh))
        self._fresh.clear()
        self._cost += len(self._text)
        return stream_output(self.name, self._text)

    def split(self) -> str:
        """Cut off and return what should begin a new chunk; empty as long as replacing this one is cheap.

        Cuts are behind a line's end where there is one, so that no reader of a single chunk sees half a line.
        """
        if self._cost < CHUNK_COST:
            return ""
        fresh = "".join(self._fresh)
        cut = 0 if self._text.endswith("\n") else fresh.find("\n") + 1
        if cut == 0 and not self._text.endswith("\n") and self._cost < LONGEST_LINE_COST:
            return ""
        self._fresh = [fresh[:cut]] if cut else []
        return fresh[cut:]

    @property
    def fresh(self) -> bool:
        """Whether there is text that was not sent to the journal."""
        return bool(self._fresh)


class StreamTail:
    """The last `limit` characters of what was printed after the head of a cell's stream text was full."""

    def __init__(self, index: int, limit: int) -> None:
        self.index = index
        self._limit = limit
        self._pieces: deque[tuple[str, str]] = deque()
        self._kept = 0
        self._seen = 0

    def add(self, name: str, text: str) -> None:
        """`text` is at its end, and what it pushed over the limit is only counted."""
        self._seen += len(text)
        text = text[-self._limit :]
        self._pieces.append((name, text))
        self._kept += len(text)
        while self._kept - len(self._pieces[0][1]) >= self._limit or len(self._pieces) > _MOST_PIECES:
            self._kept -= len(self._pieces.popleft()[1])

    def outputs(self, limit: int) -> list[Output]:
        """The last `limit` characters, at least one output, headed by the number of characters left out."""
        pieces: list[tuple[str, str]] = []
        room = limit
        for name, text in reversed(self._pieces):
            if room <= 0:
                break
            pieces.append((name, text[-room:]))
            room -= len(text)
        pieces.reverse()
        left_out = self._seen - sum(len(text) for _, text in pieces)
        merged: list[tuple[str, list[str]]] = []
        if left_out:
            first = pieces[0][0] if pieces else self._pieces[-1][0]
            merged.append((first, [f"\n[... {left_out:,} characters left out ...]\n"]))
        for name, text in pieces:
            if merged and merged[-1][0] == name:
                merged[-1][1].append(text)
            else:
                merged.append((name, [text]))
        return [stream_output(name, "".join(texts)) for name, texts in merged]
