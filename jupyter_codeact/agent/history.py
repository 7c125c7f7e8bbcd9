"""From events to the messages that the model is sent: pure, and append-only.

Later requests extend earlier ones byte for byte, so that the endpoint's prompt cache serves the common part: a message
is made from its event and what came before (images from the outputs as they then were), never from what came later.
The exception is `HistoryReduced`: it is there to shorten what came before it, once, and says so where it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jupyter_codeact.agent.tokens import Size, size
from jupyter_codeact.agent.told import NOTHING, Outputs, Part, left_out, parts, text_of, text_part, with_news
from jupyter_codeact.events import CellOutput, Event, HistoryReduced, ModelReplied, NotebookChanged, RunStarted
from jupyter_codeact.journal.outputs import apply_output
from jupyter_codeact.models.model import Message


@dataclass(frozen=True)
class Measured:
    """The endpoint found `tokens` in a request whose messages, but for the system's, had that `size`."""

    size: Size
    tokens: int


class History:
    """The messages of one journal, which are taken further as it grows: what was told once is not made again.

    `measured` is the latest count that the endpoint of the present model returned.
    """

    def __init__(self) -> None:
        self._read = 0
        self._model = ("", "")
        self.measured: Measured | None = None
        self._begin(NOTHING, ())

    def _begin(self, reduced: HistoryReduced, events: Sequence[Event]) -> None:
        """All of `events` is told by `reduced`."""
        self._reduced = reduced
        dropped = [event for event in events if isinstance(event, ModelReplied) and event.seq <= reduced.dropped_seq]
        self._left_out = left_out(range(dropped[0].step, dropped[-1].step + 1)) if dropped else ""
        self._messages: list[Message] = []
        self._size = Size()
        self._asked = Size()
        self._told: list[tuple[int, Part | NotebookChanged]] = []
        self._outputs: Outputs = defaultdict(list)
        for event in events:
            self._take(event)

    def messages(self, events: Sequence[Event]) -> list[Message]:
        """One user message for all that was told between two replies, and the replies; `events` begin with those of
        the call before."""
        for index in range(self._read, len(events)):
            event = events[index]
            match event:
                case HistoryReduced():
                    if event.prompt_tokens:
                        self.measured = Measured(self._size.plus(size(self._pending())), event.prompt_tokens)
                    self._begin(event, events[:index])
                case RunStarted():
                    if self._model != (event.model, event.connection):
                        self.measured = None  # another tokenizer
                    self._model = (event.model, event.connection)
                case _:
                    self._take(event)
            if isinstance(event, ModelReplied) and event.usage.prompt_tokens and not event.usage.estimated:
                self.measured = Measured(self._asked, event.usage.prompt_tokens)
        self._read = len(events)
        return self._messages + self._pending()

    def _take(self, event: Event) -> None:
        if isinstance(event, ModelReplied):
            if event.seq <= self._reduced.dropped_seq:
                if self._left_out:
                    self._told.append((event.seq, text_part(self._left_out)))
                self._left_out = ""
                return
            seen = [told for seq, told in self._told if seq <= (event.seen_seq or event.seq)]
            if seen:
                self._add(_user(with_news(seen)))
            self._told = self._told[len(seen) :]  # what the user said during the reply comes after it
            self._asked = self._size
            self._add({"role": "assistant", "content": text_of(event)})
        elif isinstance(event, CellOutput):
            apply_output(self._outputs[event.cell_id], event)
        elif isinstance(event, NotebookChanged):
            self._told.append((event.seq, event))
        else:
            self._told += [(event.seq, part) for part in parts(event, self._outputs, self._reduced)]

    def _add(self, message: Message) -> None:
        self._messages.append(message)
        self._size = self._size.plus(size([message]))

    def _pending(self) -> list[Message]:
        return [_user(with_news(told for _, told in self._told))] if self._told else []


def messages(system: str, events: Iterable[Event]) -> list[Message]:
    """The system message, then those of `History`."""
    return [system_message(system), *History().messages(list(events))]


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
