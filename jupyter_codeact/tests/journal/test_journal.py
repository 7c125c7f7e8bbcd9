"""What both journals promise: numbered events, and followers that see each of them once and in order."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_codeact.events import (
    Activity,
    Event,
    Lease,
    ModelReplied,
    Notice,
    ReplyDelta,
    RunFinished,
    RunStarted,
    Unsaved,
)
from jupyter_codeact.journal.file_journal import FileJournal
from jupyter_codeact.journal.fold import fold
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.tests.journal.conversations import conversations, ticking

Opening: TypeAlias = Callable[[], AbstractContextManager[MemoryJournal]]


@contextmanager
def in_the_process() -> Iterator[MemoryJournal]:
    yield MemoryJournal(ticking())


@contextmanager
def in_a_file() -> Iterator[MemoryJournal]:
    with tempfile.TemporaryDirectory() as directory:
        journal = FileJournal(Path(directory) / "c.jsonl", ticking())
        yield journal
        journal.close()


both = pytest.mark.parametrize("opening", [in_the_process, in_a_file])


@both
@given(events=conversations())
async def test_appended_events_are_stamped_kept_and_folded(opening: Opening, events: list[Event]) -> None:
    with opening() as journal:
        stamped = [await journal.append(event) for event in events]
        assert list(journal.events) == stamped
        assert [event.seq for event in stamped] == list(range(1, len(events) + 1))
        assert [event.model_copy(update={"seq": 0, "time": ""}) for event in stamped] == events
        assert sorted(event.time for event in stamped) == [event.time for event in stamped]
        assert journal.state == fold(stamped)


class Follower(NamedTuple):
    """It joins before event number `joins`, having seen those up to `after` (of the earlier ones); it is slow by
    `pauses`, and leaves after `leaves` events."""

    joins: int
    after: int
    pauses: list[int]
    leaves: int | None

    async def follow(self, journal: MemoryJournal) -> list[Event]:
        """What it saw of the events."""
        seen: list[Event] = []
        async with aclosing(journal.follow(self.after)) as items:
            async for item in items:
                if not isinstance(item, Notice):
                    seen.append(item)
                    if len(seen) == self.leaves:
                        break
                for _ in range(self.pauses[len(seen) % len(self.pauses)]):
                    await asyncio.sleep(0)
        return seen


@st.composite
def followers(draw: st.DrawFn) -> Follower:
    joins = draw(st.integers(0, 14))
    pauses = draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
    return Follower(joins, draw(st.integers(0, joins)), pauses, draw(st.none() | st.integers(1, 14)))


@both
@given(
    events=conversations(), pauses=st.lists(st.integers(0, 2), min_size=15, max_size=15), plans=st.lists(followers())
)
async def test_every_follower_sees_each_event_once_and_in_order(
    opening: Opening, events: list[Event], pauses: list[int], plans: list[Follower]
) -> None:
    with opening() as journal:
        following = []
        for number, pause in enumerate(pauses):
            following += [(plan, asyncio.create_task(plan.follow(journal))) for plan in plans if plan.joins == number]
            for _ in range(pause):
                journal.notify(ReplyDelta(step=1, text="x"))
                await asyncio.sleep(0)
            if number < len(events):
                await journal.append(events[number])
        journal.close()
        for plan, task in following:
            assert await task == journal.events[plan.after :][: plan.leaves]


async def test_followers_that_leave_do_not_hold_up_the_others() -> None:
    journal = MemoryJournal()
    gone, stays = journal.follow(), asyncio.create_task(anext(journal.follow()))
    waiting = asyncio.create_task(anext(gone))
    await asyncio.sleep(0)
    waiting.cancel()
    event = await journal.append(RunStarted(run_id="r", model="m"))
    assert await stays == event
    assert waiting.cancelled()


@dataclass
class Screen:
    """What somebody sees who shows the reply that is being streamed, and what the run is doing."""

    text: str = ""
    activity: Activity | None = None

    def show(self, item: Event | Notice) -> None:
        match item:
            case ReplyDelta(restart=restart, text=text):
                self.text = text if restart else self.text + text
            case Activity():
                self.activity = item
            case ModelReplied():
                self.text = ""
            case RunStarted() | RunFinished():
                self.text, self.activity = "", None
            case _:
                pass


LIVE = st.one_of(
    st.builds(ReplyDelta, step=st.just(1), text=st.text(max_size=3), restart=st.booleans()),
    st.builds(Activity, state=st.sampled_from(["waiting_for_model", "running_cell"]), detail=st.text(max_size=3)),
)
ITEMS = st.lists(
    LIVE
    | LIVE
    | st.sampled_from(
        [ModelReplied(step=1, text=""), RunStarted(run_id="r", model="m"), RunFinished(run_id="r", reason="answered")]
    ),
    max_size=12,
).map(lambda items: [RunStarted(run_id="r", model="m"), *items])


async def put(journal: MemoryJournal, items: Iterable[Event | Notice]) -> None:
    for item in items:
        if isinstance(item, Notice):
            journal.notify(item)
        else:
            await journal.append(item)


async def screen(items: AsyncGenerator[Event | Notice, None]) -> Screen:
    """What is shown when all of `items` have come."""
    shown = Screen()
    async for item in items:
        shown.show(item)
    return shown


@both
@settings(max_examples=50)
@given(before=ITEMS, after=ITEMS)
async def test_early_and_late_followers_see_the_same_of_what_is_live(
    opening: Opening, before: list[Event | Notice], after: list[Event | Notice]
) -> None:
    expected = Screen()
    for item in [*before, *after]:
        expected.show(item)
    with opening() as journal:
        early = asyncio.create_task(screen(journal.follow()))
        await asyncio.sleep(0)
        await put(journal, before)
        midway = asyncio.create_task(screen(journal.follow(len(journal.events))))
        await asyncio.sleep(0)
        await put(journal, after)
        late = asyncio.create_task(screen(journal.follow(len(journal.events))))
        await asyncio.sleep(0)
        journal.close()
        assert await early == await midway == await late == expected


async def live(journal: MemoryJournal) -> list[Event | Notice]:
    """What a follower that comes now is given at once."""
    items: list[Event | Notice] = []
    async with aclosing(journal.follow(len(journal.events))) as following:
        while True:
            coming = asyncio.ensure_future(anext(following))
            await asyncio.sleep(0)
            if not coming.done():
                coming.cancel()
                await asyncio.wait([coming])
                return items
            items.append(coming.result())


async def test_a_late_follower_gets_the_reply_so_far_in_one_piece_and_the_last_activity() -> None:
    journal = MemoryJournal()
    thinking = Activity(state="waiting_for_model", since="now")
    await put(journal, [RunStarted(run_id="r", model="m"), thinking])
    await put(journal, [ReplyDelta(step=1, text=character, reasoning="?") for character in "It is 42."])
    assert await live(journal) == [thinking, ReplyDelta(step=1, text="It is 42.", reasoning="?" * 9)]
    await put(journal, [ReplyDelta(step=1, restart=True), ReplyDelta(step=1, text="43")])
    assert await live(journal) == [thinking, ReplyDelta(step=1, text="43", restart=True)]
    await put(journal, [ModelReplied(step=1, text="43")])
    assert await live(journal) == [thinking]
    await put(journal, [RunFinished(run_id="r", reason="answered")])
    assert await live(journal) == []


async def test_what_is_true_beyond_a_run_reaches_a_follower_that_comes_to_it_after_the_runs_end() -> None:
    journal = MemoryJournal()
    unsaved, lease = Unsaved(detail="the disk is full"), Lease(client="two")
    await put(journal, [RunStarted(run_id="r", model="m"), Lease(client="one"), lease, unsaved, Activity(state="idle")])
    await put(journal, [RunFinished(run_id="r", reason="answered")])
    assert await live(journal) == [lease, unsaved]
