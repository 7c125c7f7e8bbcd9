"""What is given up of a history that is too long, and what never is."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from jupyter_codeact.agent.history import History
from jupyter_codeact.agent.reduction import HEAD_CHARS, LEAST_FREED, plan, reserve
from jupyter_codeact.agent.tokens import size
from jupyter_codeact.events import (
    Attachment,
    CellSource,
    Event,
    HistoryReduced,
    ImageReference,
    ModelReplied,
    NotebookContext,
    ObservationMade,
    RunStarted,
    ToolCall,
    UserMessage,
)

RATIO = 3.0
EVERYTHING = 10**9


def tokens(events: list[Event]) -> int:
    return size(History().messages(events)).tokens(RATIO)


def notebook(chars: int) -> NotebookContext:
    return NotebookContext(path="a.ipynb", cells=(CellSource(cell_id="c", source="x" * chars),))


def conversation(*steps: tuple[int, int], asked: int = 10, context: int = 0) -> list[Event]:
    """A question of `asked` characters with a notebook of `context`, and steps: the characters of code and output."""
    events: list[Event] = [
        UserMessage(seq=1, message_id="m", text="q" * asked, context=notebook(context), attachments=()),
    ]
    for number, (code, output) in enumerate(steps, start=1):
        seq = len(events) + 1
        events.append(ModelReplied(seq=seq, step=number, seen_seq=seq - 1, text="c" * code))
        events.append(ObservationMade(seq=seq + 1, step=number, text=f"cell {number}\n" + "o" * output))
    return events


def reduced(events: list[Event], room: int = EVERYTHING) -> list[Event]:
    """`events` and the reduction that is planned for them."""
    planned = plan(events, room, RATIO)
    assert planned is not None
    return [*events, planned.model_copy(update={"seq": len(events) + 1})]


def kind(event: Event) -> tuple[bool, bool]:
    """Whether a reduction shortens notebooks, and leaves steps out."""
    assert isinstance(event, HistoryReduced)
    return event.notebooks, event.dropped_seq > 0


STEPS = st.lists(st.tuples(st.integers(1, 400), st.integers(0, 3000)), min_size=1, max_size=12)


@given(STEPS, st.integers(0, 3000), st.integers(200, 4000))
def test_what_is_planned_frees_a_third_and_fits_or_is_all_that_can_be(
    steps: list[tuple[int, int]], context: int, room: int
) -> None:
    events = conversation(*steps, context=context)
    planned = plan(events, room, RATIO)
    assume(planned is not None)
    after = tokens(reduced(events, room))
    before = tokens(events)
    assert after <= before
    strongest = planned is not None and planned.through_seq == len(events)
    # Rounding and the marks' own numbers: a few tokens an event.
    assert strongest or after <= min(room, before * (1 - LEAST_FREED)) + 2 * len(events)


@given(STEPS, st.integers(1000, 4000))
def test_a_second_reduction_gives_back_nothing(steps: list[tuple[int, int]], room: int) -> None:
    events = conversation(*steps, *steps)
    assume(plan(events, room, RATIO))
    once = reduced(events, room)
    assume(plan(once, room // 2, RATIO))
    first, second = (event for event in reduced(once, room // 2) if isinstance(event, HistoryReduced))
    assert second.through_seq >= first.through_seq
    assert second.dropped_seq >= first.dropped_seq
    assert second.notebooks >= first.notebooks


@given(STEPS)
def test_requests_between_reductions_extend_each_other(steps: list[tuple[int, int]]) -> None:
    events = conversation(*steps, *steps)
    assume(plan(events, EVERYTHING, RATIO))
    events = reduced(events)
    requests = [History().messages(events)]
    for number, (code, output) in enumerate(steps, start=2 * len(steps) + 1):
        seq = len(events) + 1
        events.append(ModelReplied(seq=seq, step=number, seen_seq=seq - 1, text="c" * code))
        events.append(ObservationMade(seq=seq + 1, step=number, text="o" * output))
        requests.append(History().messages(events))
    for former, latter in pairwise(requests):
        assert latter[: len(former)] == former


@given(STEPS, st.integers(0, 30))
def test_a_history_that_grew_through_a_reduction_says_what_one_made_anew_says(
    steps: list[tuple[int, int]], more: int
) -> None:
    events = conversation(*steps, *steps)
    assume(plan(events, EVERYTHING, RATIO))
    events = reduced(events)
    events.append(ModelReplied(seq=len(events) + 1, step=99, seen_seq=len(events), text="c" * more))
    history = History()
    for end in range(len(events) + 1):
        assert history.messages(events[:end]) == History().messages(events[:end])


def test_the_oldest_observations_go_first_and_the_latest_stays() -> None:
    events = reduced(conversation(*[(100, 3000)] * 6))
    assert kind(events[-1]) == (False, False)
    told = [str(message["content"]) for message in History().messages(events)]
    assert "more characters were shown here" in told[2]
    assert "cell 1\n" + "o" * (HEAD_CHARS // 2) in told[2]
    assert told[-1].count("o" * 3000) == 1
    assert "c" * 100 in told[1]


def test_images_of_shortened_observations_go_and_are_mentioned() -> None:
    image = ImageReference(cell_id="c", output=0, mime="image/png")
    events = conversation(*[(10, 20)] * 6)
    events = [
        event.model_copy(update={"images": (image, image)}) if isinstance(event, ObservationMade) else event
        for event in events
    ]
    told = str(History().messages(reduced(events))[2]["content"])
    assert "and 2 images were shown here" in told


def test_then_notebooks_and_attachments_are_shortened_and_the_users_words_are_not() -> None:
    long = UserMessage(
        seq=1,
        message_id="m",
        text="w" * 900,
        context=notebook(9000),
        attachments=(Attachment(name="a", text="t" * 9000),),
    )
    events = reduced([long, *conversation((10, 50), (10, 50))[1:]])
    assert kind(events[-1]) == (True, False)
    told = str(History().messages(events)[0]["content"])
    assert "w" * 900 in told
    assert told.count("more characters were shown here") == 2
    assert len(told) < 2000


def test_then_the_oldest_steps_are_left_out_which_is_said_with_their_numbers() -> None:
    events = reduced(conversation(*[(900, 50)] * 6))
    assert kind(events[-1]) == (True, True)
    first = str(History().messages(events)[0]["content"])
    assert "Steps 1 to 3 are left out here" in first
    assert "q" * 10 in first
    assert json.dumps(History().messages(events)).count("c" * 900) == 3


def test_at_last_what_is_newest_is_shortened_too() -> None:
    events = conversation(context=9000)
    assert "more characters were shown here" in str(History().messages(reduced(events))[0]["content"])


def test_words_alone_cannot_be_shortened() -> None:
    assert plan(conversation(asked=9000), 100, RATIO) is None


def test_a_reserve_for_the_reply_is_a_quarter_and_no_more_than_a_long_one() -> None:
    assert [reserve(limit) for limit in (4096, 8000, 131_072)] == [1024, 2000, 8192]


@given(STEPS, st.integers(200, 4000))
def test_calls_that_are_still_told_keep_their_outcomes(steps: list[tuple[int, int]], room: int) -> None:
    events: list[Event] = [RunStarted(seq=0, run_id="r", model="m", action_format="tool")]
    for event in conversation(*steps):
        if isinstance(event, ModelReplied):
            call = ToolCall(id=f"id{event.step}", name="run_cell", arguments=json.dumps({"code": event.text}))
            events.append(event.model_copy(update={"text": "", "call": call}))
        else:
            events.append(event)
    assume(plan(events, room, RATIO))
    told = History("tool").messages(reduced(events, room))
    assert [message["role"] for message in told] == ["user", *["assistant", "tool"] * ((len(told) - 1) // 2)]
    for said, outcome in zip(told[1::2], told[2::2], strict=True):
        assert said["tool_calls"][0]["id"] == outcome["tool_call_id"]
        assert "cell" in outcome["content"]
