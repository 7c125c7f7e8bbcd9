"""What is read from an endpoint's list of models."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.models.listing import ListedModel, context_tokens, read_model, read_models, sees_images

ENTRIES: list[tuple[str, dict[str, Any], int | None, bool | None]] = [
    ("OpenAI", {"id": "m", "object": "model", "owned_by": "openai"}, None, None),
    (
        "OpenRouter",
        {
            "id": "m",
            "context_length": 200_000,
            "top_provider": {"context_length": 131_072},
            "architecture": {"input_modalities": ["text", "image"]},
        },
        131_072,
        True,
    ),
    (
        "OpenRouter, text",
        {"id": "m", "architecture": {"input_modalities": ["text"]}, "top_provider": None},
        None,
        False,
    ),
    ("Together", {"id": "m", "type": "chat", "context_length": 8192}, 8192, None),
    ("vLLM", {"id": "m", "owned_by": "vllm", "max_model_len": 4096}, 4096, None),
    ("llama.cpp", {"id": "m", "meta": {"n_ctx_train": 131_072, "n_ctx": 8192}}, 8192, None),
    ("llama.cpp, older", {"id": "m", "meta": {"n_ctx_train": 131_072}}, 131_072, None),
    ("llama.cpp, loading", {"id": "m", "meta": None}, None, None),
    (
        "LM Studio, loaded",
        {"id": "m", "type": "vlm", "max_context_length": 131_072, "loaded_context_length": 4096},
        4096,
        True,
    ),
    ("LM Studio", {"id": "m", "type": "llm", "state": "not-loaded", "max_context_length": 32_768}, 32_768, False),
    ("Groq", {"id": "m", "context_window": 131_072}, 131_072, None),
    ("Mistral", {"id": "m", "max_context_length": 131_072, "capabilities": {"vision": True}}, 131_072, True),
    ("nonsense", {"id": "m", "context_length": "many", "max_model_len": True, "context_window": -1}, None, None),
]


@pytest.mark.parametrize(("server", "entry", "tokens", "vision"), ENTRIES, ids=[entry[0] for entry in ENTRIES])
def test_what_servers_tell(server: str, entry: dict[str, Any], tokens: int | None, vision: bool | None) -> None:
    assert read_model(entry) == ListedModel("m", tokens, vision)


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "e", "type": "embeddings"},
        {"id": "i", "type": "image"},
        {"id": "text-embedding-nomic"},
        {"id": 5},
        {},
        None,
        3,
    ],
)
def test_what_cannot_chat_is_left_out(entry: object) -> None:
    assert read_model(entry) is None


def test_the_shapes_of_lists() -> None:
    one = [ListedModel("a")]
    for content in ({"data": [{"id": "a"}]}, [{"id": "a"}], {"models": [{"name": "a"}]}, {"models": ["a"]}):
        assert read_models(json.dumps(content).encode()) == one
    assert read_models(b'{"object": "list", "data": null}') == []
    for body in (b"", b"<html>", b"{}", b'{"data": 1}', b"3", b"[" * 100_000, b"\xff"):
        assert read_models(body) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["id", "name", "type", "meta", "n_ctx", "context_length", "top_provider", "architecture", "input_modalities",
     "capabilities", "vision", "data", "object"]
)  # fmt: skip


@given(st.dictionaries(names, json_values | st.dictionaries(names, json_values)))
def test_no_entry_is_too_strange(entry: dict[str, Any]) -> None:
    tokens, vision = context_tokens(entry), sees_images(entry)
    assert tokens is None or tokens > 0
    assert vision in (True, False, None)
    read_model(entry)
    read_models(json.dumps(entry).encode())
