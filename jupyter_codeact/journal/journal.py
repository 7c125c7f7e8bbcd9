"""The Protocol of a journal, and the one that is kept in the process only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime, timezone
from typing import Protocol, TypeVar, cast

from jupyter_codeact.events import Event, Notice
from jupyter_codeact.journal.fold import State, apply
from jupyter_codeact.journal.live import Live

E = TypeVar("E", bound=Event)


class Journal(Protocol):
    """An append-only sequence of events with one writer and any number of followers, all on one event loop."""

    @property
    def events(self) -> Sequence[Event]:
        """All events; number n stands at index n - 1."""
        ...

    @property
    def state(self) -> State:
        """The fold of all events; read-only for everybody else."""
        ...

    async def append(self, event: E) -> E:
        """`event` is stored, as safely as its kind asks for, and returned with its `seq` and `time`."""
        ...

    def notify(self, notice: Notice) -> None:
        """`notice` reaches those who follow now; it is never stored."""
        ...

    def follow(self, after: int = 0) -> AsyncGenerator[Event | Notice, None]:
        """Yield the events after number `after` in order, without gap or repetition, and notices as they come; it
        ends when the journal is closed."""
        ...


def iso_utc(seconds: float) -> str:
    """`seconds` since the epoch as UTC, ISO 8601 with milliseconds."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_now() -> str:
    """The time now, as `iso_utc` writes it."""
    return iso_utc(time.time())


class MemoryJournal:
    """A journal that ends with the process. `now` stamps events."""

    def __init__(self, now: Callable[[], str] = utc_now) -> None:
        self._now = now
        self._events: list[Event] = []
        self._state = State()
        self._live = Live()
        self._changed = asyncio.Event()
        self._closed = False

    @property
    def events(self) -> Sequence[Event]:
        return self._events

    @property
    def state(self) -> State:
        return self._state

    async def append(self, event: E) -> E:
        stamped = self._stamp(event)
        self._take(stamped)
        return stamped

    def notify(self, notice: Notice) -> None:
        self._live.add(notice)
        self._wake()

    async def follow(self, after: int = 0) -> AsyncGenerator[Event | Notice, None]:
        number = 0
        while True:
            changed = self._changed
            while after < len(self._events):
                after += 1
                yield self._events[after - 1]
            notices, number = self._live.since(number), self._live.end
            for notice in notices:
                yield notice
            if self._closed and after >= len(self._events):
                return
            await changed.wait()

    def close(self) -> None:
        """Followers end once they have read everything."""
        self._closed = True
        self._wake()

    def _stamp(self, event: E) -> E:
        return cast(E, event.model_copy(update={"seq": len(self._events) + 1, "time": self._now()}))

    def _take(self, event: Event) -> None:
        self._events.append(event)
        apply(self._state, event)
        self._live.drop(event)
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
