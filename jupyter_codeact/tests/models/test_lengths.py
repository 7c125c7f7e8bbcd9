"""The numbers in refusals, as servers word them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.failures import Failures
from jupyter_codeact.models.lengths import lengths


@pytest.mark.parametrize(
    ("said", "limit", "asked"),
    [
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9120 tokens.",
            8192,
            9120,
        ),
        (
            "maximum context length is 4097 tokens. However, you requested 4203 tokens (3703 in the messages, 500 in",
            4097,
            3703,
        ),
        (
            "This model's maximum context length is 2048 tokens. However, your request has 2100 input tokens.",
            2048,
            2100,
        ),
        ("This model's maximum context length is 3 tokens. However, your request has 8 input tokens.", 0, 8),
        ("request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it", 4096, 5000),
        ("the request exceeds the available context size. try increasing the context size", 0, 0),
        ("prompt is too long: 210000 tokens > 200000 maximum", 200_000, 210_000),
        (
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            1_048_576,
            1_200_000,
        ),
        (
            "Trying to keep the first 111490 tokens ... the model is loaded with context length of only 32768 tokens",
            32_768,
            111_490,
        ),
        ("Prompt contains 33,000 tokens, too large for model with 32,768 maximum context length", 32_768, 33_000),
        ("This endpoint's maximum context length is 8192 tokens. However, you requested about 9000 tokens", 8192, 9000),
    ],
)
def test_what_a_refusal_tells(said: str, limit: int, asked: int) -> None:
    assert lengths(said) == (limit, asked)


@given(st.text())
def test_any_text_can_be_read(said: str) -> None:
    assert all(number >= 0 for number in lengths(said))


def test_only_a_refusal_for_its_length_carries_them() -> None:
    def failure(message: str) -> ModelError:
        return Failures(Connection(model="m")).status(400, {}, f'{{"error": {{"message": "{message}"}}}}', 0.0)

    refused = failure("maximum context length is 8192 tokens. However, your messages resulted in 9120 tokens")
    assert (refused.reason, refused.context_tokens, refused.prompt_tokens) == ("context_too_long", 8192, 9120)
    other = failure("too many requests")
    assert (other.reason, other.context_tokens, other.prompt_tokens) == ("refused", 0, 0)
