"""What an endpoint's list of models says about them; pure.

The list is OpenAI's, an object with `data`; Together sends the bare array. What is told of a model has no standard, so
each place is known by the servers that use it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# In this order: how it was loaded says more than what it was trained for.
_CONTEXT_PLACES = (
    ("loaded_context_length",),  # LM Studio, /api/v0/models
    ("meta", "n_ctx"),  # llama.cpp
    ("max_model_len",),  # vLLM
    ("top_provider", "context_length"),  # OpenRouter: the provider that is asked first
    ("context_length",),  # OpenRouter, Together, Fireworks
    ("context_window",),  # Groq
    ("max_context_length",),  # LM Studio, Mistral
    ("max_input_tokens",),  # Anthropic
    ("meta", "n_ctx_train"),  # llama.cpp, before it told `n_ctx`
)
_NO_CHAT = {"audio", "embedding", "embeddings", "image", "moderation", "rerank", "transcribe", "video"}


@dataclass(frozen=True)
class ListedModel:
    """One model of an endpoint; None where the list does not tell."""

    name: str
    context_tokens: int | None = None
    vision: bool | None = None


def read_models(body: bytes) -> list[ListedModel] | None:
    """The chat models of a list, in its order; None when `body` is no list of models."""
    try:
        content = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    data = content.get("data", content.get("models")) if isinstance(content, dict) else content
    if data is None and isinstance(content, dict) and content.get("object") == "list":
        data = []  # Ollama without a model
    if not isinstance(data, list):
        return None
    return [model for entry in data if (model := read_model(entry))]


def read_model(entry: object) -> ListedModel | None:
    """The model that an entry of a list is about; None when it has no name, or cannot chat."""
    if isinstance(entry, str):
        return ListedModel(entry)
    if not isinstance(entry, dict) or str(entry.get("type")) in _NO_CHAT:
        return None
    name = entry.get("id") or entry.get("name")
    if not isinstance(name, str) or name.startswith("text-embedding"):
        return None
    return ListedModel(name, context_tokens(entry), sees_images(entry))


def context_tokens(entry: Mapping[str, Any]) -> int | None:
    """How many tokens the model's context has; None when the entry does not tell."""
    for place in _CONTEXT_PLACES:
        value: Any = entry
        for name in place:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None


def sees_images(entry: Mapping[str, Any]) -> bool | None:
    """Whether the model takes images; None when the entry does not tell."""
    architecture, capabilities = entry.get("architecture"), entry.get("capabilities")
    if isinstance(architecture, dict) and isinstance(architecture.get("input_modalities"), list):
        return "image" in architecture["input_modalities"]  # OpenRouter
    if isinstance(capabilities, dict) and isinstance(capabilities.get("vision"), bool):
        return bool(capabilities["vision"])  # Mistral
    return {"vlm": True, "llm": False}.get(str(entry.get("type")))  # LM Studio
