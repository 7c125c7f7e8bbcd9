"""What a cell's threads print after the cell has ended: it belongs to that cell, and to no other."""

from __future__ import annotations

from .channels import Message
from .nbformat_outputs import safe_text

_MOST_CELLS = 100
_SHOWN_CHARACTERS = 200


class LateOutput:
    """Remembers which requests were whose, and what came late for them."""

    def __init__(self) -> None:
        self._cells: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    def ended(self, request: str, cell_id: str) -> None:
        """What comes about `request` from now on is late output of `cell_id`."""
        self._cells[request] = cell_id
        while len(self._cells) > _MOST_CELLS:
            del self._cells[next(iter(self._cells))]

    def hear(self, message: Message) -> None:
        """The message, if it is late output, is remembered."""
        cell_id = self._cells.get(message.request)
        if cell_id is None:
            return
        if message.kind == "stream":
            text = self._texts.get(cell_id, "") + safe_text(str(message.content.get("text", "")))
            self._texts[cell_id] = text[-_SHOWN_CHARACTERS:]
        elif message.kind in ("display_data", "error"):
            self._texts.setdefault(cell_id, f"[{message.kind}]")

    def take_problems(self) -> tuple[str, ...]:
        """A line for each cell that had late output since the last call."""
        texts, self._texts = self._texts, {}
        return tuple(f"cell {cell} put out more after it had ended, its end: {text!r}" for cell, text in texts.items())
