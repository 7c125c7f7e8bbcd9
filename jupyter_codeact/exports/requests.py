"""What the model was sent for each of its replies, made again from the journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jupyter_codeact.agent.history import History, system_message
from jupyter_codeact.agent.prompts import system_prompt
from jupyter_codeact.events import ActionFormat, ConversationStarted, Event, ModelReplied, RunStarted
from jupyter_codeact.models.model import Message


class Exchange(NamedTuple):
    """The messages of one request, and the reply to it as later requests repeat it."""

    sent: list[Message]
    reply: Message


def exchanges(events: Sequence[Event], *, calls: bool = True) -> Iterator[Exchange]:
    """One for each reply, in order; `sent` is, to the byte, what this version of the Agent sends. Without `calls`, code
    blocks stand in the place of function calls."""
    history = History()
    language = "python"
    run_format: ActionFormat = "fenced"
    spoken: ActionFormat = "fenced"
    for event in events:
        match event:
            case ConversationStarted():
                language = event.language
            case RunStarted():
                run_format = event.action_format
            case ModelReplied():
                language = event.language or language
                action_format = event.action_format or run_format
                if action_format == "tool" and not calls:
                    action_format = "fenced"
                if spoken != action_format:
                    spoken, history = action_format, History(action_format, language)
                system = system_message(system_prompt(action_format, language))
                told = history.messages(events[: event.seen_seq or event.seq - 1])
                reply = history.messages(events[: event.seq])[len(told)]
                yield Exchange([system, *told], reply)
            case _:
                pass


def trajectories(events: Sequence[Event], *, calls: bool = True) -> list[list[Message]]:
    """The requests with their replies, without those that a later one begins with.

    Where the Agent only ever added to what it sent, which is the rule, that is one: all requests are heads of it.
    """
    found: list[list[Message]] = []
    for sent, reply in exchanges(events, calls=calls):
        if found and sent[: len(found[-1])] == found[-1]:
            found.pop()
        found.append([*sent, reply])
    return found
