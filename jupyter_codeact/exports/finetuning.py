"""Lines to fine-tune chat models with, a JSON object each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from jupyter_codeact.events import ConversationStarted, Event
from jupyter_codeact.exports.requests import trajectories
from jupyter_codeact.models.model import Message


def openai(events: Sequence[Event]) -> str:
    """`{"messages": [...]}` a line, each ending with a reply: what was sent to the endpoint, images as data URIs.

    Every request of the conversation is a head of one of the lines, which ends before a message of the assistant.
    """
    return _lines({"messages": messages} for messages in trajectories(events))


def codeactinstruct(events: Sequence[Event]) -> str:
    """`{"id", "conversations": [{"role", "content"}]}` a line, all strings, roles system, user and assistant.

    The schema of CodeActInstruct (arXiv 2402.01030, dataset xingyaoww/code-act), so that both can be trained on
    together. Its contents are text: images are left to the words that name them in the observation.
    """
    started = next((event for event in events if isinstance(event, ConversationStarted)), None)
    name = started.conversation_id if started else ""
    found = trajectories(events, calls=False)
    return _lines(
        {
            "id": name if len(found) == 1 else f"{name}-{number}",
            "conversations": [{"role": message["role"], "content": _text(message)} for message in messages],
        }
        for number, messages in enumerate(found, start=1)
    )


def _text(message: Message) -> str:
    content = message["content"]
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def _lines(objects: Any) -> str:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in objects)
