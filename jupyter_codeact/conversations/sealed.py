"""A journal that can be shown and not be written from here: damaged, of a later version, or another server's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from jupyter_codeact.agent.recovery import recover
from jupyter_codeact.errors import JournalError, JournalLocked
from jupyter_codeact.events import Activity, Event, EventAdapter, NotebookChanged, Notice, ReadOnly
from jupyter_codeact.journal.file_journal import is_newer
from jupyter_codeact.journal.fold import apply
from jupyter_codeact.journal.journal import MemoryJournal

E = TypeVar("E", bound=Event)


class SealedJournal(MemoryJournal):
    """What could be read of a journal. Once `reason` is there, one line for the user, nothing can be appended."""

    reason = ""

    def show(self, event: Event) -> None:
        """`event` is the next one. Raises `LookupError` or `StopIteration` for one about what is not there."""
        apply(self._state, event)
        self._events.append(event)

    async def append(self, event: E) -> E:
        if self.reason:
            raise JournalError(self.reason)
        return await super().append(event)

    async def follow(self, after: int = 0) -> AsyncGenerator[Event | Notice, None]:
        """As `Journal.follow`, and first why nothing will come."""
        yield ReadOnly(detail=self.reason)
        yield Activity(state="idle")
        async with aclosing(super().follow(after)) as items:
            async for item in items:
                yield item


async def seal(path: Path, error: JournalError, view: Callable[[Event], Event]) -> SealedJournal:
    """The conversation in `path` as far as it can be read; the file is left as it is, `error` being why.

    Of a damaged journal that is what stands before the damage. Of one that a later version wrote, everything but what
    is unknown here: an event of an unknown kind says nothing, and an unknown field is left out. `view` is as for
    `FileJournal`.
    """
    journal = SealedJournal()
    data = await asyncio.to_thread(path.read_bytes)
    newer = is_newer(data)
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        event = known(line) if newer else _valid(line)
        try:
            if event is None or event.seq != number:
                raise LookupError
            journal.show(view(event))
        except (LookupError, StopIteration):
            if not newer:
                break
            journal.show(NotebookChanged(seq=number, time=journal.state.updated_at, changes=()))
    if not isinstance(error, JournalLocked):  # there, the cell that runs may be another server's
        await recover(journal)
    journal.reason = str(error)
    return journal


def _valid(line: bytes) -> Event | None:
    try:
        return EventAdapter.validate_json(line)
    except ValidationError:
        return None


def known(line: bytes) -> Event | None:
    """The event in a line of a later version, without the fields that are unknown here; None where that is not one."""
    try:
        return EventAdapter.validate_json(line)
    except ValidationError as error:
        unknown = [problem["loc"][1:] for problem in error.errors() if problem["type"] == "extra_forbidden"]
    data = json.loads(line) if unknown else None
    for place in unknown:
        for parent in _parents(data, place[:-1]):
            parent.pop(place[-1], None)
    return _valid(json.dumps(data).encode())


def _parents(data: Any, place: tuple[int | str, ...]) -> Iterator[dict[Any, Any]]:
    """The object in `data` at `place`, if there is one."""
    for step in place:
        data = data[step]
    if isinstance(data, dict):
        yield data
