"""Whether messages of the kernel were lost on the way.

Kernels that use Jupyter's own `Session` number their messages, on all channels together, in the end of `msg_id`. So
between the first and the last message of an execution every number should have been seen, except for replies to the
requests of others, which only those receive: one for each of their requests that was worked on meanwhile.
"""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"(.+)_(\d+)\Z", re.DOTALL)


class MessageCount:
    """Counts the messages of the kernel from the first to the last of one execution."""

    def __init__(self) -> None:
        self._prefix: str | None = None
        self._first = 0
        self._last = 0
        self._own = 0
        self._overheard: list[tuple[int, str]] = []

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
        """A message about another request has arrived; about `others_request`, where somebody else sent that."""
        match = _NUMBERED.match(message_id)
        if match is not None and match[1] == self._prefix:
            self._overheard.append((int(match[2]), others_request))

    @property
    def is_complete(self) -> bool:
        """Whether it is known that no message is missing."""
        return self._prefix is not None and not self.missing()

    def missing(self) -> int:
        """How many messages did not arrive; 0 where the kernel does not number them."""
        if self._prefix is None:
            return 0
        between = [item for item in self._overheard if self._first < item[0] < self._last]
        replies_to_others = len({request for _, request in between if request})
        return max(0, self._last - self._first + 1 - self._own - len(between) - replies_to_others)
