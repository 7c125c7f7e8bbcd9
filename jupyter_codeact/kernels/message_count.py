"""Whether messages of the kernel were lost on the way.

Kernels that use Jupyter's own `Session` number their messages, on all channels together, in the end of `msg_id`. So
between the first and the last message of an execution every number should have been seen, except for replies to the
requests of others, which only those receive: one for each of their requests that was worked on meanwhile.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBERED = re.compile(r"(.+)_(\d+)\Z", re.DOTALL)

_KEPT_BEFORE = 64
"""Messages that are remembered until the first of the execution: channels overtake each other by a few."""


class _Overheard(NamedTuple):
    prefix: str
    number: int
    others_request: str


class MessageCount:
    """Counts the messages of the kernel from the first to the last of one execution."""

    def __init__(self) -> None:
        self._prefix: str | None = None
        self._first = 0
        self._last = 0
        self._own = 0
        self._overheard: list[_Overheard] = []

    def saw(self, message_id: str) -> None:
        """A message of the execution has arrived."""
        match = _NUMBERED.match(message_id)
        if match is None:
            return
        number = int(match[2])
        if self._prefix is None:
            self._prefix, self._first = match[1], number
        if match[1] == self._prefix:
            self._own += 1
            self._first = min(self._first, number)
            self._last = max(self._last, number)

    def overheard(self, message_id: str, others_request: str = "") -> None:
        """A message about another request has arrived; about `others_request`, where somebody else sent that.

        It may have been sent after what arrives later: between channels there is no order.
        """
        match = _NUMBERED.match(message_id)
        if match is not None:
            self._overheard.append(_Overheard(match[1], int(match[2]), others_request))
            if self._prefix is None:
                del self._overheard[:-_KEPT_BEFORE]

    @property
    def is_complete(self) -> bool:
        """Whether it is known that no message is missing."""
        return self._prefix is not None and not self.missing()

    def missing(self) -> int:
        """How many messages have not arrived; 0 where the kernel does not number them."""
        if self._prefix is None:
            return 0
        of_kernel = [item for item in self._overheard if item.prefix == self._prefix]
        between = sum(self._first < item.number < self._last for item in of_kernel)
        return max(0, self._last - self._first + 1 - self._own - between - self._replies_to_others(of_kernel))

    def _replies_to_others(self, overheard: list[_Overheard]) -> int:
        """How many requests of others were, by their busy and idle, worked on at a time of the execution's own."""
        spans: dict[str, tuple[int, int]] = {}
        for item in overheard:
            if item.others_request:
                first, last = spans.get(item.others_request, (item.number, item.number))
                spans[item.others_request] = min(first, item.number), max(last, item.number)
        return sum(first < self._last and last > self._first for first, last in spans.values())
