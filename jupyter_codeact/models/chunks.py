"""The payloads of a chat completion, streamed or whole, become pieces of a reply; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_codeact.events import Usage

_NONE: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Piece:
    """What one payload adds to the reply; `problem` is an error that the endpoint reported in its place."""

    text: str = ""
    reasoning: str = ""
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


def _usage(value: object) -> Usage | None:
    counts = _mapping(value)
    prompt, completion = _count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens"))
    if not (prompt or completion):
        return None
    cached = _count(_mapping(counts.get("prompt_tokens_details")).get("cached_tokens"))
    return Usage(prompt_tokens=prompt, completion_tokens=completion, cached_tokens=min(cached, prompt))


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
