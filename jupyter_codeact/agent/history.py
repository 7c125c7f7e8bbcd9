"""From events to the messages that the model is sent: pure, and append-only.

Later requests extend earlier ones byte for byte, so that the endpoint's prompt cache serves the common part: a message
is made from its event and what came before (images from the outputs as they then were), never from what came later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from jupyter_codeact.agent.images import image_part
from jupyter_codeact.agent.turns import block, message_blocks
from jupyter_codeact.events import (
    CellOutput,
    Change,
    Event,
    ModelReplied,
    NotebookChanged,
    ObservationMade,
    ReplyRejected,
    UserMessage,
)
from jupyter_codeact.journal.outputs import apply_output
from jupyter_codeact.models.model import Message

CHARS_PER_TOKEN = 4
"""A rough mean for English and code; used only where the endpoint returns no usage."""

NEWS = {
    "cell_edited": "The user edited cell",
    "cell_deleted": "The user deleted cell",
    "cell_run": "The user ran a cell",
    "kernel_restarted": "The kernel was restarted",
    "kernel_changed": "The user chose another kernel",
    "kernel_died": "The kernel died",
}
"""How the model is told of what others did."""

Part = dict[str, Any]
Outputs = defaultdict[str, list[dict[str, Any]]]
"""The outputs of each cell."""


class History:
    """The messages of one journal, which are taken further as it grows: what was told once is not made again."""

    def __init__(self) -> None:
        self._read = 0
        self._messages: list[Message] = []
        self._told: list[tuple[int, Part]] = []
        self._outputs: Outputs = defaultdict(list)

    def messages(self, events: Sequence[Event]) -> list[Message]:
        """One user message for all that was told between two replies, and the replies; `events` begin with those of
        the call before."""
        for event in events[self._read :]:
            self._take(event)
        self._read = len(events)
        return self._messages + ([_user([part for _, part in self._told])] if self._told else [])

    def _take(self, event: Event) -> None:
        if isinstance(event, ModelReplied):
            seen = [part for seq, part in self._told if seq <= (event.seen_seq or event.seq)]
            if seen:
                self._messages.append(_user(seen))
            self._told = self._told[len(seen) :]  # what the user said during the reply comes after it
            self._messages.append({"role": "assistant", "content": event.text.strip() or "(empty reply)"})
        elif isinstance(event, CellOutput):
            apply_output(self._outputs[event.cell_id], event)
        else:
            self._told += [(event.seq, part) for part in _parts(event, self._outputs)]


def messages(system: str, events: Iterable[Event]) -> list[Message]:
    """The system message, then those of `History`."""
    return [system_message(system), *History().messages(list(events))]


def system_message(text: str) -> Message:
    """What stands before everything else."""
    return {"role": "system", "content": text}


def estimate_tokens(sent: Iterable[Message]) -> int:
    """About how many tokens the text of `sent` has; images are not counted."""
    return sum(_chars(message["content"]) for message in sent) // CHARS_PER_TOKEN


def _parts(event: Event, outputs: Outputs) -> list[Part]:
    match event:
        case UserMessage():
            return [_text(message_blocks(event))]
        case ReplyRejected():
            return [_text(block("problem", event.problem))]
        case ObservationMade():
            return [_text(block("observation", event.text)), *_images(event, outputs)]
        case NotebookChanged():
            return [_text(block("news", "\n".join(_news(change) for change in event.changes)))]
        case _:
            return []


def _news(change: Change) -> str:
    cell = f" {change.cell_id}" if change.cell_id else ""
    return f"{NEWS[change.what]}{cell}" + (f": {change.detail}" if change.detail else "")


def _images(event: ObservationMade, outputs: Outputs) -> list[Part]:
    parts = []
    for image in event.images:
        shown = outputs[image.cell_id]
        data = shown[image.output].get("data", {}) if image.output < len(shown) else {}
        if image.mime not in data:
            continue
        part, _ = image_part(data[image.mime], image.mime)
        if part is not None:
            parts.append(part)
    return parts


def _user(parts: list[Part]) -> Message:
    """Plain text where there is no image: some endpoints take no list of parts."""
    merged: list[Part] = []
    for part in parts:
        if merged and part["type"] == "text" and merged[-1]["type"] == "text":
            merged[-1] = _text(merged[-1]["text"] + "\n" + part["text"])
        else:
            merged.append(part)
    if len(merged) == 1 and merged[0]["type"] == "text":
        return {"role": "user", "content": merged[0]["text"]}
    return {"role": "user", "content": merged}


def _text(text: str) -> Part:
    return {"type": "text", "text": text}


def _chars(content: str | list[Part]) -> int:
    if isinstance(content, str):
        return len(content)
    return sum(len(part.get("text", "")) for part in content)
