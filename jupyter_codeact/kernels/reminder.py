"""Reminding a kernel of a request that it seems not to have noticed."""

from __future__ import annotations

FIRST_SECONDS = 1.0
"""How long a request waits for the first sign of the kernel. Each further wait is twice as long: a kernel that is busy
with the user's cell gives no sign either, and finds the reminders in its queue when it is done."""


class Reminder:
    """Says when another message is to be sent behind a request, made at `now` (of the monotonic clock).

    ipykernel 7.0 to 7.3 may leave a request unread until the next message comes (ipython/ipykernel#1529 and #1554):
    without a reminder such a cell would wait for ever.
    """

    def __init__(self, now: float) -> None:
        self._pause = FIRST_SECONDS
        self._next: float | None = now + self._pause

    def heard(self) -> None:
        """The kernel knows of the request: no reminder is due any more."""
        self._next = None

    def due(self, now: float) -> bool:
        """Whether a reminder is to be sent at `now`; it then counts as sent."""
        if self._next is None or now < self._next:
            return False
        self._pause *= 2
        self._next = now + self._pause
        return True
