"""Messages that the user changed or took back before the model was told of them: pure.

A revision counts until a request tells of the message, and never after: what a request said stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_codeact.events import Event, MessageRevised, ModelReplied, UserMessage


def as_told(events: Sequence[Event]) -> Sequence[Event]:
    """`events` with each message as the model is told of it, without those that were taken back; the same ones where
    nothing was revised."""
    if not any(isinstance(event, MessageRevised) for event in events):
        return events
    waiting: dict[str, UserMessage] = {}
    made: dict[int, UserMessage | None] = {}
    revisions: list[MessageRevised] = []
    for event in events:
        if isinstance(event, UserMessage):
            waiting[event.message_id] = event
        elif isinstance(event, MessageRevised):
            revisions.append(event)
        elif isinstance(event, ModelReplied):
            seen = event.seen_seq or event.seq
            _settle(waiting, [each for each in revisions if each.seq <= seen], made)
            waiting = {name: message for name, message in waiting.items() if message.seq > seen}
            revisions = [each for each in revisions if each.seq > seen]
    _settle(waiting, revisions, made)
    told = (made.get(event.seq, event) for event in events)
    return [event for event in told if event is not None]


def _settle(
    waiting: dict[str, UserMessage], revisions: Sequence[MessageRevised], made: dict[int, UserMessage | None]
) -> None:
    """`made` has what became of the `waiting` messages, by their numbers."""
    for event in revisions:
        message = waiting.get(event.message_id)
        if message is not None:
            made[message.seq] = _revised(message, event)


def _revised(message: UserMessage, revision: MessageRevised) -> UserMessage | None:
    """The message as it is now; None where it was taken back."""
    return None if revision.withdrawn else message.model_copy(update={"text": revision.text})
