"""From events to the messages that the model is sent: pure, and append-only.

Later requests extend earlier ones byte for byte, so that the endpoint's prompt cache serves the common part: a message
is made from its event and what came before (images from the outputs as they then were), never from what came later.
The exception is `HistoryReduced`: it is there to shorten what came before it, once, and says so where it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jupyter_codeact.agent.formats import Reply, as_written
from jupyter_codeact.agent.nonce import without
from jupyter_codeact.agent.revisions import as_told
from jupyter_codeact.agent.tokens import Size, size
from jupyter_codeact.agent.told import NOTHING, Outputs, Part, left_out, parts, text_part, with_news
from jupyter_codeact.agent.turns import block
from jupyter_codeact.events import (
    ActionFormat,
    CellOutput,
    ConversationStarted,
    Event,
    HistoryReduced,
    MessageRevised,
    ModelReplied,
    NotebookChanged,
    ObservationMade,
    ReplyRejected,
    RunStarted,
    UserMessage,
)
from jupyter_codeact.journal.outputs import apply_output
from jupyter_codeact.models.model import Message

NO_OUTCOME = "What came of this call is not known; the run was cut off."


@dataclass(frozen=True)
class Measured:
    """The endpoint found `tokens` in a request whose messages, but for the system's, had that `size`."""

    size: Size
    tokens: int


class _Told(NamedTuple):
    """Something that the model is told; `step` is that of the reply which it is the outcome of. A message is made into
    parts when it is told: until then the user may revise it."""

    seq: int
    what: Part | NotebookChanged | UserMessage | MessageRevised
    step: int | None = None


class History:
    """The messages of one journal, which are taken further as it grows: what was told once is not made again.

    They are those of a run in `action_format`; what the model said in other formats is written in this one. `measured`
    is the latest count that the endpoint of the present model returned.
    """

    def __init__(self, action_format: ActionFormat = "fenced", language: str = "python") -> None:
        self._format = action_format
        self._language = language
        self._read = 0
        self._model = ("", "")
        self.measured: Measured | None = None
        self._begin(NOTHING, ())

    def _begin(self, reduced: HistoryReduced, events: Sequence[Event]) -> None:
        """All of `events` is told by `reduced`."""
        self._reduced = reduced
        dropped = [event for event in events if isinstance(event, ModelReplied) and event.seq <= reduced.dropped_seq]
        self._left_out = range(dropped[0].step, dropped[-1].step + 1) if dropped else range(0)
        self._nonce = ""
        self._messages: list[Message] = []
        self._size = Size()
        self._asked = Size()
        self._told: list[_Told] = []
        self._run_format: ActionFormat = "fenced"  # of the run that is read
        self._call: tuple[int, str] | None = None  # step and id of the call that was told last, until its outcome
        self._outputs: Outputs = defaultdict(list)
        for event in events:
            self._take(event)

    def messages(self, events: Sequence[Event]) -> list[Message]:
        """One user message for all that was told between two replies, and the replies; `events` begin with those of
        the call before. What came of a function call is a message of its own."""
        for index in range(self._read, len(events)):
            event = events[index]
            match event:
                case HistoryReduced():
                    if event.prompt_tokens:
                        self.measured = Measured(self._size.plus(size(self._turn(self._told))), event.prompt_tokens)
                    self._begin(event, events[:index])
                case RunStarted():
                    if self._model != (event.model, event.connection):
                        self.measured = None  # another tokenizer
                    self._model = (event.model, event.connection)
                    self._take(event)
                case _:
                    self._take(event)
            if isinstance(event, ModelReplied) and event.usage.prompt_tokens and not event.usage.estimated:
                self.measured = Measured(self._asked, event.usage.prompt_tokens)
        self._read = len(events)
        return self._messages + self._turn(self._told)

    def _take(self, event: Event) -> None:
        if isinstance(event, ModelReplied):
            if event.seq <= self._reduced.dropped_seq:
                if self._left_out:
                    self._told.append(_Told(event.seq, text_part(left_out(self._left_out, nonce=self._nonce))))
                self._left_out = range(0)
                return
            last = event.seen_seq or event.seq
            seen = [told for told in self._told if told.seq <= last]
            self._add(self._turn(seen))
            self._told = self._told[len(seen) :]  # what the user said during the reply comes after it
            self._asked = self._size
            self._add([self._reply(event)])
        elif isinstance(event, ConversationStarted):
            self._nonce = event.nonce
        elif isinstance(event, RunStarted):
            self._run_format = event.action_format
        elif isinstance(event, CellOutput):
            apply_output(self._outputs[event.cell_id], event)
        elif isinstance(event, UserMessage | MessageRevised | NotebookChanged):
            self._told.append(_Told(event.seq, event))
        else:
            step = event.step if isinstance(event, ReplyRejected | ObservationMade) else None
            made = parts(event, self._outputs, self._reduced, nonce=self._nonce)
            self._told += [_Told(event.seq, part, step) for part in made]

    def _add(self, messages: list[Message]) -> None:
        self._messages += messages
        self._size = self._size.plus(size(messages))

    def _reply(self, event: ModelReplied) -> Message:
        """The model's reply, in this format, which writes none of our marks; a call in it waits for its outcome."""
        own = event.action_format or self._run_format
        reply = Reply(event.text, event.call, event.finish_reason)
        text, call, _ = as_written(reply, own, self._format, event.language or self._language)
        text = without(text, self._nonce)
        if call is None:
            self._call = None
            return {"role": "assistant", "content": text.strip() or "(empty reply)"}
        self._call = (event.step, call.id or f"call_{event.step}")
        function = {"name": without(call.name, self._nonce)[:64], "arguments": without(call.arguments, self._nonce)}
        calls = [{"id": self._call[1], "type": "function", "function": function}]
        return {"role": "assistant", "content": text.strip(), "tool_calls": calls}

    def _turn(self, told: Sequence[_Told]) -> list[Message]:
        """What was told between two replies. The outcome of a call is text in a message of its own role, which must be
        there; images cannot be in it."""
        news = list(self._made(told))
        if self._call is None:
            return [_user(with_news((what for what, _ in news), nonce=self._nonce))] if news else []
        step, call_id = self._call
        outcome: list[str] = []
        rest: list[Part | NotebookChanged] = []
        for what, of in news:
            if of == step and not isinstance(what, NotebookChanged) and what["type"] == "text":
                outcome.append(what["text"])
            else:
                rest.append(what)
        text = "\n".join(outcome) or block("observation", NO_OUTCOME, nonce=self._nonce)
        more = [_user(with_news(rest, nonce=self._nonce))] if rest else []
        return [{"role": "tool", "tool_call_id": call_id, "content": text}, *more]

    def _made(self, told: Sequence[_Told]) -> Iterator[tuple[Part | NotebookChanged, int | None]]:
        """What is told, and the steps it is the outcome of; messages as their latest revisions say, in their places."""
        said = as_told([each.what for each in told if isinstance(each.what, UserMessage | MessageRevised)])
        messages = {event.seq: event for event in said}
        for each in told:
            if isinstance(each.what, UserMessage):
                message = messages.get(each.seq)
                made = parts(message, self._outputs, self._reduced, nonce=self._nonce) if message is not None else []
                yield from ((part, None) for part in made)
            elif not isinstance(each.what, MessageRevised):
                yield each.what, each.step


def messages(
    system: str, events: Iterable[Event], action_format: ActionFormat = "fenced", language: str = "python"
) -> list[Message]:
    """The system message, then those of `History`."""
    return [system_message(system), *History(action_format, language).messages(list(events))]


def system_message(text: str) -> Message:
    """What stands before everything else."""
    return {"role": "system", "content": text}


def _user(told: list[Part]) -> Message:
    """Plain text where there is no image: some endpoints take no list of parts."""
    merged: list[Part] = []
    for part in told:
        if merged and part["type"] == "text" and merged[-1]["type"] == "text":
            merged[-1] = text_part(merged[-1]["text"] + "\n" + part["text"])
        else:
            merged.append(part)
    if len(merged) == 1 and merged[0]["type"] == "text":
        return {"role": "user", "content": merged[0]["text"]}
    return {"role": "user", "content": merged}
