"""What others do in the kernel, as news for the model."""

from __future__ import annotations

from jupyter_codeact.events import Change

from .channels import Message
from .nbformat_outputs import safe_text

_LINE_CHARACTERS = 80
_MOST_CHANGES = 1_000
"""Oldest ones are dropped beyond: without a run, nobody takes them."""


class News:
    """Collects changes until they are taken."""

    def __init__(self) -> None:
        self._changes: list[Change] = []
        self._running: dict[str, str] = {}
        self._failed: set[str] = set()

    def hear(self, message: Message) -> None:
        """An iopub message about somebody else's request has been noted. A cell is news when it has ended."""
        request = message.request
        if message.kind == "execute_input":
            lines = str(message.content.get("code", "")).strip().splitlines()
            self._running[request] = safe_text(lines[0][:_LINE_CHARACTERS]) if lines else ""
        elif message.kind == "error" and request in self._running:
            self._failed.add(request)
        elif message.kind == "status" and message.content.get("execution_state") == "idle":
            self._ended(request)

    def add(self, change: Change) -> None:
        """`change` is the latest one."""
        self._changes.append(change)
        del self._changes[:-_MOST_CHANGES]

    def kernel_gone(self) -> None:
        """Cells that were running are forgotten: they do not end any more."""
        self._running.clear()
        self._failed.clear()

    def take(self) -> list[Change]:
        """All since the last call, oldest first."""
        changes, self._changes = self._changes, []
        return changes

    def _ended(self, request: str) -> None:
        line = self._running.pop(request, None)
        if line is not None:
            status = "error" if request in self._failed else "ok"
            self._failed.discard(request)
            self.add(Change(what="cell_run", detail=f"{line} ({status})"))
