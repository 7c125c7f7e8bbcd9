"""The payloads of a chat completion, streamed or whole, become pieces of a reply; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_codeact.events import Usage
from jupyter_codeact.models.model import CallDelta

_NONE: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Piece:
    """What one payload adds to the reply; `problem` is an error that the endpoint reported in its place."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[CallDelta, ...] = ()
    finish_reason: str | None = None
    usage: Usage | None = None
    problem: object = None


def parse_piece(payload: object) -> Piece:
    """The piece that `payload` (parsed JSON) adds.

    Endpoints differ: what is missing, null or of another type than expected adds nothing and is no error.
    """
    if not isinstance(payload, dict):
        return Piece()
    choice = _first_choice(payload)
    problem = payload.get("error") or choice.get("error")
    if problem or payload.get("object") == "error":
        return Piece(problem=problem or payload)
    part = _mapping(choice.get("delta")) or _mapping(choice.get("message"))
    return Piece(
        text=_text(part.get("content")) or _text(part.get("refusal")),
        reasoning=_text(part.get("reasoning_content")) or _text(part.get("reasoning")),
        calls=_calls(part),
        finish_reason=_text(choice.get("finish_reason")) or None,
        usage=_usage(payload.get("usage")),
    )


def _first_choice(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = payload.get("choices")
    return _mapping(choices[0]) if isinstance(choices, list) and choices else _NONE


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else _NONE


def _text(value: object) -> str:
    """A string, or the strings of a list of text parts; else empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_text(_mapping(part).get("text")) for part in value)
    return ""


def _calls(part: Mapping[str, Any]) -> tuple[CallDelta, ...]:
    """The pieces of function calls: those of a stream have an index, those of a whole message are in order."""
    calls = part.get("tool_calls")
    if not isinstance(calls, list):
        call = _mapping(part.get("function_call"))  # as before November 2023
        return (_call({"index": 0, "function": call}),) if call else ()
    several = len(calls) > 1
    return tuple(
        _call({"index": number, **call} if several else call) for number, call in enumerate(calls) if _mapping(call)
    )


def _call(call: Mapping[str, Any]) -> CallDelta:
    index, function = call.get("index"), _mapping(call.get("function"))
    arguments = function.get("arguments")
    if isinstance(arguments, dict):  # some send the object itself
        arguments = json.dumps(arguments, ensure_ascii=False)
    return CallDelta(
        index=index if isinstance(index, int) else None,
        id=_text(call.get("id")),
        name=_text(function.get("name")),
        arguments=_text(arguments),
    )


def _usage(value: object) -> Usage | None:
    counts = _mapping(value)
    prompt, completion = _count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens"))
    if not (prompt or completion):
        return None
    cached = _count(_mapping(counts.get("prompt_tokens_details")).get("cached_tokens"))
    return Usage(prompt_tokens=prompt, completion_tokens=completion, cached_tokens=min(cached, prompt))


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
