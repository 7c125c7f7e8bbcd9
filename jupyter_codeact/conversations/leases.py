"""Who writes a notebook that has no shared document: one of the pages that follow the conversation."""

from __future__ import annotations

from collections.abc import Callable


class Lease:
    """The pages that follow one conversation, by client id, and the one of them that writes.

    The first page holds the lease; the page that sends a message takes it; when the holder leaves, the page that came
    next has it. `changed` is called with the new holder.
    """

    def __init__(self, changed: Callable[[str], None]) -> None:
        self._changed = changed
        self._pages: list[str] = []
        self.holder = ""

    def join(self, client: str) -> None:
        """`client` follows (once more: a page may have more than one connection for a moment)."""
        self._pages.append(client)
        if not self.holder:
            self._give(client)

    def take(self, client: str) -> None:
        """`client` holds the lease; it need not follow yet."""
        if client and client != self.holder:
            self._give(client)

    def leave(self, client: str) -> None:
        """One connection of `client` is gone."""
        self._pages.remove(client)
        if self.holder == client and client not in self._pages:
            self._give(self._pages[0] if self._pages else "")

    def _give(self, client: str) -> None:
        self.holder = client
        self._changed(client)
