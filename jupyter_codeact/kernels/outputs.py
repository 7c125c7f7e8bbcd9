"""iopub messages of one execution -> changes of the cell's outputs, with the meaning they have in JupyterLab.

Nothing here waits or asks the time. Messages are absorbed as they come, and `take` returns how the list of outputs
differs from what was taken before: so text of a million prints becomes a few changes, and memory holds only what
was not taken yet, the open stream's text and a bounded tail. Neighbouring streams of the same name belong together:
they are joined without a separator, as JupyterLab does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .environment import OutputOp
from .nbformat_outputs import (
    Output,
    display_output,
    error_output,
    result_output,
    safe_text,
    stream_output,
)
from .stream_text import StreamChunk, StreamTail

HEAD_CHARACTERS = 500_000
TAIL_CHARACTERS = 250_000
GLIMPSE_CHARACTERS = 2_000
"""Shown of the tail while the cell runs, or where another output follows it."""
GLIMPSES_CHARACTERS = 250_000
"""All text before other outputs, after the head is full; head, tail and this make 1 MB per cell."""
GLIMPSE_SECONDS = 1.0
_MOST_STREAMS = 2_000


class CellOutputs:
    """The outputs of one cell while it runs."""

    def __init__(self) -> None:
        self._taken = 0
        self._cleared = False
        self._clear_next = False
        self._unknown_displays = 0
        self._next_glimpse = 0.0
        self._reset()

    def _reset(self) -> None:
        self._length = 0
        self._streams = 0
        self._head_left = HEAD_CHARACTERS
        self._glimpses_left = GLIMPSES_CHARACTERS
        self._changed: dict[int, Output] = {}
        self._displays: dict[str, list[int]] = {}
        self._chunk: StreamChunk | None = None
        self._tail: StreamTail | None = None
        self._tail_grew = False

    def absorb(self, kind: str, content: Mapping[str, Any]) -> None:
        """The iopub message of type `kind` has had its effect; types that are not about outputs have none."""
        match kind:
            case "stream":
                self._add_text(str(content.get("name", "stdout")), safe_text(str(content.get("text", ""))))
            case "display_data":
                self._add(display_output(content))
                self._register(content, self._length - 1)
            case "execute_result":
                self._add(result_output(content))
            case "error":
                self._add(error_output(content))
            case "update_display_data":
                self._update(content)
            case "clear_output":
                self._clear_next = bool(content.get("wait"))
                if not self._clear_next:
                    self._clear()
            case _:
                pass

    def take(self, now: float, *, final: bool = False) -> list[OutputOp]:
        """The changes since the last call, in order. `now` is in seconds of any steady clock; it paces the glimpses
        of a long tail, all of which is returned only when the cell has ended: `final`."""
        self._settle_chunk()
        if self._tail is not None and (final or (self._tail_grew and now >= self._next_glimpse)):
            self._settle_tail(self._tail, TAIL_CHARACTERS if final else GLIMPSE_CHARACTERS, whole=final)
            self._next_glimpse = now + GLIMPSE_SECONDS
            self._tail_grew = False
        ops = [OutputOp("clear")] if self._cleared else []
        self._cleared = False
        for index in sorted(self._changed):
            ops.append(OutputOp("replace" if index < self._taken else "append", index, self._changed[index]))
            self._taken = max(self._taken, index + 1)
        self._changed = {}
        return ops

    @property
    def glimpse_due(self) -> bool:
        """Whether there is text that only a later `take` will show."""
        return self._tail_grew

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be shown in this cell, a line each."""
        if not self._unknown_displays:
            return ()
        return ("an output of an earlier cell was updated, which its cell in the notebook does not show",)

    def _clear(self) -> None:
        self._cleared = self._cleared or self._taken > 0
        self._taken = 0
        self._clear_next = False
        self._reset()

    def _before_output(self) -> None:
        if self._clear_next:
            self._clear()

    def _add(self, output: Output) -> None:
        self._before_output()
        self._close_stream()
        self._changed[self._length] = output
        self._length += 1

    def _register(self, content: Mapping[str, Any], index: int) -> None:
        if (display_id := _display_id(content)) is not None:
            self._displays.setdefault(display_id, []).append(index)

    def _update(self, content: Mapping[str, Any]) -> None:
        indexes = self._displays.get(_display_id(content) or "", ())
        self._unknown_displays += not indexes
        for index in indexes:
            self._changed[index] = display_output(content)

    def _add_text(self, name: str, text: str) -> None:
        if not text:
            return
        self._before_output()
        if self._tail is None:
            head, text = text[: self._head_left], text[self._head_left :]
            if head:
                self._extend(name, head)
        if text:
            if self._tail is None:
                self._close_stream()
                self._tail = StreamTail(self._length, TAIL_CHARACTERS)
                self._length += 1
            self._tail.add(name, text)
            self._tail_grew = True

    def _extend(self, name: str, text: str) -> None:
        chunk = self._chunk
        if chunk is None or chunk.name != name:
            self._close_stream()
            chunk = self._open_chunk(name)
        chunk.add(text)
        self._head_left = max(0, self._head_left - len(text))

    def _open_chunk(self, name: str) -> StreamChunk:
        self._chunk = StreamChunk(name, self._length)
        self._length += 1
        self._streams += 1
        if self._streams >= _MOST_STREAMS:
            self._head_left = 0
        return self._chunk

    def _settle_chunk(self) -> None:
        chunk = self._chunk
        if chunk is None or not chunk.fresh:
            return
        rest = chunk.split()
        if chunk.fresh:
            self._changed[chunk.index] = chunk.output()
        if rest:
            chunk = self._open_chunk(chunk.name)
            chunk.add(rest)
            self._changed[chunk.index] = chunk.output()

    def _settle_tail(self, tail: StreamTail, limit: int, *, whole: bool) -> int:
        """The tail's outputs are as they should be shown; returns how many characters they have."""
        outputs = tail.outputs(limit)
        if not whole:
            text = "".join(output["text"] for output in outputs)
            outputs = [stream_output(outputs[-1]["name"], text)]
        for index, output in enumerate(outputs, tail.index):
            self._changed[index] = output
        self._length = max(self._length, tail.index + len(outputs))
        return sum(len(output["text"]) for output in outputs)

    def _close_stream(self) -> None:
        if self._chunk is not None:
            if self._chunk.fresh:
                self._changed[self._chunk.index] = self._chunk.output()
            self._chunk = None
        if self._tail is not None:
            limit = min(GLIMPSE_CHARACTERS, self._glimpses_left)
            self._glimpses_left -= min(limit, self._settle_tail(self._tail, limit, whole=True))
            self._tail = None
            self._tail_grew = False


def _display_id(content: Mapping[str, Any]) -> str | None:
    transient = content.get("transient")
    display_id = transient.get("display_id") if isinstance(transient, Mapping) else None
    return display_id if isinstance(display_id, str) else None
