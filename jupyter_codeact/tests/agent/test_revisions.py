"""A message that the user changes, or takes back, while it waits; requests are only ever extended all the same."""

from __future__ import annotations

from itertools import count, pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.agent.history import History, messages
from jupyter_codeact.agent.reduction import plan
from jupyter_codeact.agent.revisions import as_told
from jupyter_codeact.agent.turns import block
from jupyter_codeact.events import (
    Attachment,
    CellSource,
    Event,
    MessageRevised,
    ModelReplied,
    NotebookContext,
    ObservationMade,
    RunStarted,
    UserMessage,
)
from jupyter_codeact.journal.fold import fold

SEEN = NotebookContext(path="a.ipynb", cells=(CellSource(cell_id="c", source="x = 1"),))
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PICTURE = Attachment(kind="image", name="dot.png", mime="image/png", data=PIXEL)


def stamped(events: list[Event]) -> list[Event]:
    return [event.model_copy(update={"seq": seq}) for seq, event in zip(count(1), events)]


@st.composite
def steered(draw: st.DrawFn) -> list[Event]:
    """A run whose every request tells an outcome; the user says things, and revises any of them, at any time."""
    events: list[Event] = [UserMessage(message_id="0", text="Go")]

    def says(most: int) -> None:
        for _ in range(draw(st.integers(0, most))):
            number = len(events)
            name = str(draw(st.integers(0, number)))
            text = draw(st.sampled_from(["a", "b", ""]))
            withdrawn = draw(st.booleans())
            attachments = draw(st.sampled_from([(), (PICTURE,)]))
            said = UserMessage(message_id=str(number), text=text, attachments=attachments, context=SEEN)
            revision = MessageRevised(message_id=name, text=text, withdrawn=withdrawn)
            events.append(said if draw(st.booleans()) else revision)

    for step in range(1, draw(st.integers(1, 5))):
        asked = len(events)
        says(3)
        events.append(ModelReplied(step=step, text=f"reply {step}", seen_seq=asked))
        says(3)
        events.append(ObservationMade(step=step, text=f"outcome {step}"))
        says(3)
    return stamped(events)


@given(steered())
def test_every_request_is_a_prefix_of_the_later_ones(events: list[Event]) -> None:
    asked = [event.seen_seq for event in events if isinstance(event, ModelReplied)]
    requests = [messages("Be brief.", events[:seq]) for seq in [*asked, len(events)]]
    for former, latter in pairwise(requests):
        assert latter[: len(former)] == former


@given(steered())
def test_a_history_that_grew_says_what_one_made_anew_says(events: list[Event]) -> None:
    history = History()
    for end in range(len(events) + 1):
        assert history.messages(events[:end]) == messages("Be brief.", events[:end])[1:]


@given(steered())
def test_the_model_is_told_what_stands_in_the_revised_journal(events: list[Event]) -> None:
    revised = as_told(events)
    assert messages("Be brief.", revised) == messages("Be brief.", events)
    assert not [event for event in as_told(revised) if event not in revised]


@given(steered())
def test_roles_alternate(events: list[Event]) -> None:
    roles = [message["role"] for message in messages("Be brief.", events)[1:]]
    assert all(former != latter for former, latter in pairwise(roles)) or "Go" not in str(messages("", events))


def test_the_latest_revision_stands_where_the_message_stood() -> None:
    said = UserMessage(message_id="m", text="Use Region", attachments=(PICTURE,), context=SEEN)
    events = stamped(
        [
            UserMessage(message_id="0", text="Go"),
            ModelReplied(step=1, text="Going.", seen_seq=1),
            said,
            MessageRevised(message_id="m", text="Use City"),
            ObservationMade(step=1, text="Done."),
            MessageRevised(message_id="m", text="Use Street"),
            UserMessage(message_id="n", text="Quickly"),
            MessageRevised(message_id="n", withdrawn=True),
        ]
    )
    parts: list[Any] = list(messages("Be brief.", events)[-1]["content"])
    notebook = block("notebook", "# cell c (code)\nx = 1", 'path="a.ipynb"')
    attached = block("attachment", "[image/png]", 'kind="image" name="dot.png"')
    assert [part["type"] for part in parts] == ["text", "image_url", "text"]
    assert parts[0]["text"] == "\n".join([block("message", "Use Street"), attached, notebook])
    assert parts[2]["text"] == block("observation", "Done.")
    state = fold(event for event in events if isinstance(event, UserMessage | MessageRevised))
    assert [(message.text, message.withdrawn) for message in state.messages] == [
        ("Go", False),
        ("Use Street", False),
        ("Quickly", True),
    ]


def test_what_was_taken_back_takes_no_room() -> None:
    long = UserMessage(message_id="m", text="x" * 40_000)
    events = stamped([UserMessage(message_id="0", text="Go"), long, MessageRevised(message_id="m", withdrawn=True)])
    assert plan(events[:2], 100, 4.0) is None  # the user's words are never shortened
    assert sum(len(getattr(event, "text", "")) for event in as_told(events)) == 2


def test_what_a_reply_has_answered_to_stays_as_it_was() -> None:
    said = UserMessage(message_id="m", text="Go")
    run, reply = RunStarted(run_id="r", model="m"), ModelReplied(step=1, text="Gone.", seen_seq=2)
    events = stamped([said, run, reply, MessageRevised(message_id="m", text="Stay")])
    assert [message.text for message in fold(events).messages] == ["Go"]
    assert messages("Be brief.", events) == messages("Be brief.", events[:3])
    assert as_told(events)[0] == events[0]
