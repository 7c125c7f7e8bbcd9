"""The numbers in an endpoint's refusal of a request that is too long; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

LEAST_LIMIT = 512
"""No model in use takes less; some servers compute the number they tell from what is left beside the reply."""

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+)"
_LIMITS = (
    # OpenAI, OpenRouter and vLLM: "maximum context length is"; LM Studio: "context length of only"; llama.cpp: "context
    # size (4096"
    rf"context (?:length|size|window)(?: (?:is|of|only))*:?\s*\(?{_NUMBER}",
    rf"number of tokens allowed \({_NUMBER}",  # Gemini
    rf"tokens > {_NUMBER} maximum",  # Anthropic
    rf"{_NUMBER} maximum context",  # Mistral
)
_ASKED = (
    rf"\({_NUMBER} (?:in the messages|of text input)",  # OpenAI and vLLM with max_tokens; OpenRouter
    rf"resulted in {_NUMBER}",  # OpenAI
    rf"request has {_NUMBER} input",  # vLLM
    rf"request \({_NUMBER} tokens",  # llama.cpp
    rf"keep the first {_NUMBER}",  # LM Studio
    rf"token count \({_NUMBER}",  # Gemini
    rf"too long: {_NUMBER}",  # Anthropic
    rf"contains {_NUMBER}",  # Mistral
    rf"requested (?:about )?{_NUMBER}",
)


def lengths(said: str) -> tuple[int, int]:
    """The most tokens that the model takes, and how many the request had, as the refusal says; 0 where it does not."""
    limit = _first(_LIMITS, said)
    return limit if limit >= LEAST_LIMIT else 0, _first(_ASKED, said)


def _first(patterns: Sequence[str], text: str) -> int:
    for pattern in patterns:
        if match := re.search(pattern, text, re.IGNORECASE):
            return int(match[1].replace(",", ""))
    return 0
