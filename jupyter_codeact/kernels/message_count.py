"""Whether messages of the kernel were lost on the way.

Kernels that use Jupyter's own `Session` number their messages, on all channels together, in the end of `msg_id`. So
between the first and the last message of an execution every number should have been seen, except for replies to the
requests of others, which only those receive: one for each of their requests that was worked on meanwhile.

A cell may take a day next to requests of others: what is kept of these does not grow with them.
"""

from __future__ import annotations

import re
from collections import deque

_NUMBERED = re.compile(r"(.+)_(\d+)\Z", re.DOTALL)

_KEPT = 64
"""Messages that are remembered one by one: channels overtake each other by a few."""


class MessageCount:
    """Counts the messages of the kernel from the first to the last of one execution.

    Exact where no message comes later than `_KEPT` others that were sent after it; else rather too few are missing.
    """

    def __init__(self) -> None:
        self._prefix: str | None = None
        self._first = 0
        self._last = 0
        self._own = 0
        self._heard = _Below()
        """The numbers of what was overheard, behind the first one."""
        self._answered = _Below()
        """The lowest numbers of the requests of others whose end is behind the first one."""
        self._begun: dict[str, int] = {}
        """Of requests of others of which one status was heard, its number."""
        self._early: deque[tuple[str, int, str]] = deque(maxlen=_KEPT)
        """What was overheard until the first one came: prefix, number, request."""
        self._before: deque[tuple[_Below, int, int]] = deque(maxlen=_KEPT)
        """What ended before the first one: where it counts, its lowest and highest number."""

    def saw(self, message_id: str) -> None:
        """A message of the execution has arrived."""
        match = _NUMBERED.match(message_id)
        if match is None:
            return
        number = int(match[2])
        if self._prefix is None:
            self._prefix, self._first, self._last = match[1], number, number
            early, self._early = self._early, deque()
            for item in early:
                self._overhear(*item)
        if match[1] != self._prefix:
            return
        self._own += 1
        if number < self._first:
            self._first = number
            before, self._before = self._before, deque(maxlen=_KEPT)
            for counting, lowest, highest in before:
                self._place(counting, lowest, highest)
        if number > self._last:
            self._last = number
            self._heard.rise(number)
            self._answered.rise(number)

    def overheard(self, message_id: str, others_request: str = "") -> None:
        """A message about another request has arrived; about `others_request`, where that is a status and somebody else
        sent the request.

        It may have been sent after what arrives later: between channels there is no order.
        """
        match = _NUMBERED.match(message_id)
        if match is None:
            return
        if self._prefix is None:
            self._early.append((match[1], int(match[2]), others_request))
        else:
            self._overhear(match[1], int(match[2]), others_request)

    @property
    def is_complete(self) -> bool:
        """Whether it is known that no message is missing."""
        return self._prefix is not None and not self.missing()

    def missing(self) -> int:
        """How many messages have not arrived; 0 where the kernel does not number them."""
        if self._prefix is None:
            return 0
        begun = sum(self._first < number < self._last for number in self._begun.values())
        others = self._heard.count + self._answered.count + begun
        return max(0, self._last - self._first + 1 - self._own - others)

    def _overhear(self, prefix: str, number: int, others_request: str) -> None:
        """A request of others is worked on from its busy to its idle; its reply is sent in between."""
        if prefix != self._prefix:
            return
        self._place(self._heard, number, number)
        if not others_request:
            return
        begun = self._begun.pop(others_request, None)
        if begun is not None:
            self._place(self._answered, min(begun, number), max(begun, number))
            return
        self._begun[others_request] = number
        if len(self._begun) > _KEPT:  # the idle of the oldest was lost
            number = self._begun.pop(next(iter(self._begun)))
            self._place(self._answered, number, number)

    def _place(self, counting: _Below, lowest: int, highest: int) -> None:
        if highest > self._first:
            counting.add(lowest, self._last)
        else:
            self._before.append((counting, lowest, highest))


class _Below:
    """How many of the numbers that were added are below a last one, which rises."""

    def __init__(self) -> None:
        self.count = 0
        self._above: deque[int] = deque()
        self._older = 0
        """How many more there are above, which came before those: from `_lowest` to `_highest`."""
        self._lowest = 0
        self._highest = 0

    def add(self, number: int, last: int) -> None:
        if number < last:
            self.count += 1
            return
        self._above.append(number)
        if len(self._above) > _KEPT:
            number = self._above.popleft()
            self._lowest = min(self._lowest, number) if self._older else number
            self._highest = max(self._highest, number) if self._older else number
            self._older += 1

    def rise(self, last: int) -> None:
        above = deque(number for number in self._above if number >= last)
        self.count += len(self._above) - len(above)
        self._above = above
        if self._lowest < last:
            below = self._older if self._highest < last else min(self._older, last - self._lowest)
            self.count += below
            self._older -= below
            self._lowest = last
