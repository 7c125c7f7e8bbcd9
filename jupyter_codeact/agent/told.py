"""What the model is told of one event: text and images, whole or shortened by a `HistoryReduced`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from jupyter_codeact.agent.images import image_part
from jupyter_codeact.agent.turns import block, head, message_blocks
from jupyter_codeact.events import (
    Change,
    Event,
    HistoryReduced,
    ImageReference,
    ModelNudged,
    ModelReplied,
    NotebookChanged,
    ObservationMade,
    ReplyRejected,
    UserMessage,
)

NEWS = {
    "cell_edited": "The user edited cell",
    "cell_deleted": "The user deleted cell",
    "cell_run": "The user ran a cell",
    "kernel_restarted": "The kernel was restarted",
    "kernel_changed": "The user chose another kernel",
    "kernel_died": "The kernel died",
    "conversation_branched": "The user went back to this point of the conversation",
}
"""How the model is told of what others did."""

_OF_THE_TEXT = ("cell_edited", "cell_deleted")
"""Of such news about one cell only the latest is told: each compares with what ran."""

Part = dict[str, Any]
Outputs = defaultdict[str, list[dict[str, Any]]]
"""The outputs of each cell."""

NOTHING = HistoryReduced(through_seq=0, chars=0, context_tokens=0)
"""The reduction by which everything is told whole."""


def text_of(event: Event, reduced: HistoryReduced = NOTHING, *, nonce: str) -> str:
    """What `event` says to the model in words, between marks with `nonce`; empty when nothing."""
    is_short = event.seq <= reduced.through_seq
    match event:
        case UserMessage():
            return message_blocks(event, reduced.chars if is_short and reduced.notebooks else None, nonce=nonce)
        case ModelReplied() if event.seq > reduced.dropped_seq:
            called = event.call.arguments if event.call else ""
            return f"{event.text}\n{called}".strip() or "(empty reply)"
        case ReplyRejected() if event.seq > reduced.dropped_seq:
            return block("problem", event.problem, nonce=nonce)
        case ModelNudged() if event.seq > reduced.dropped_seq:
            return block("problem", event.text, nonce=nonce)
        case ObservationMade() if event.seq > reduced.dropped_seq:
            return block("observation", _head(event, reduced.chars) if is_short else event.text, nonce=nonce)
        case NotebookChanged():
            return block("news", "\n".join(_news(change) for change in event.changes), nonce=nonce)
        case _:
            return ""


def images_of(event: Event, reduced: HistoryReduced = NOTHING) -> tuple[ImageReference, ...]:
    """The images that `event` shows to the model."""
    return event.images if isinstance(event, ObservationMade) and event.seq > reduced.through_seq else ()


def parts(event: Event, outputs: Outputs, reduced: HistoryReduced, *, nonce: str) -> list[Part]:
    """What `event` tells, as parts of a message in the user role; `outputs` are those of the cells at that time."""
    text = text_of(event, reduced, nonce=nonce)
    if isinstance(event, UserMessage):
        is_short = event.seq <= reduced.through_seq and reduced.notebooks
        return [text_part(text), *([] if is_short else _attached_images(event))]
    return [text_part(text), *_images(images_of(event, reduced), outputs)] if text else []


def with_news(told: Iterable[Part | NotebookChanged], *, nonce: str) -> list[Part]:
    """`told` as parts, with one line of news for a cell whose text changed more than once."""
    items = list(told)
    changes = [change for item in items if isinstance(item, NotebookChanged) for change in item.changes]
    latest = {change.cell_id: change for change in changes if change.what in _OF_THE_TEXT}
    found = []
    for item in items:
        if not isinstance(item, NotebookChanged):
            found.append(item)
        elif lines := [
            _news(change)
            for change in item.changes
            if change.what not in _OF_THE_TEXT or latest[change.cell_id] is change
        ]:
            found.append(text_part(block("news", "\n".join(lines), nonce=nonce)))
    return found


def text_part(text: str) -> Part:
    """`text` as a part of a message."""
    return {"type": "text", "text": text}


def left_out(steps: range, *, nonce: str) -> str:
    """What stands in the place of `steps` that are not told any more."""
    which = f"Step {steps[0]} is" if len(steps) == 1 else f"Steps {steps[0]} to {steps[-1]} are"
    return block(
        "news",
        f"{which} left out here: the conversation had outgrown the model's context. What their cells defined is still "
        "in the kernel, unless it was restarted since; look there before you compute anything again.",
        nonce=nonce,
    )


def _head(event: ObservationMade, chars: int) -> str:
    images = f" and {len(event.images)} image{'s' if len(event.images) > 1 else ''}" if event.images else ""
    return head(event.text, chars, images)


def _news(change: Change) -> str:
    cell = f" {change.cell_id}" if change.cell_id else ""
    return f"{NEWS[change.what]}{cell}" + (f": {change.detail}" if change.detail else "")


def _attached_images(message: UserMessage) -> list[Part]:
    made = [image_part(item.data, item.mime)[0] for item in message.attachments if item.data]
    return [part for part in made if part is not None]


def _images(images: tuple[ImageReference, ...], outputs: Outputs) -> list[Part]:
    found = []
    for image in images:
        shown = outputs[image.cell_id]
        data = shown[image.output].get("data", {}) if image.output < len(shown) else {}
        if image.mime not in data:
            continue
        part, _ = image_part(data[image.mime], image.mime)
        if part is not None:
            found.append(part)
    return found
