"""What requests to a model use, what that costs, and what a run may spend."""

from __future__ import annotations

from jupyter_codeact.value import Value

_MILLION = 1_000_000


class Usage(Value):
    """Tokens of one request or, summed, of several; `estimated` when the endpoint told none. `cached_tokens` of the
    `prompt_tokens` came from the endpoint's prompt cache."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    estimated: bool = False

    def plus(self, other: Usage) -> Usage:
        """The sum of both."""
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            estimated=self.estimated or other.estimated,
        )

    @property
    def total(self) -> int:
        return self.prompt_tokens + self.completion_tokens


class Price(Value):
    """What a million tokens cost, in any one currency; `cached` None: those from the prompt cache cost as much."""

    prompt: float
    completion: float
    cached: float | None = None

    def cost(self, usage: Usage) -> float:
        """What `usage` costs, not rounded, in the currency of the price."""
        cached = self.prompt if self.cached is None else self.cached
        fresh = (usage.prompt_tokens - usage.cached_tokens) * self.prompt
        return (fresh + usage.cached_tokens * cached + usage.completion_tokens * self.completion) / _MILLION


class Limits(Value):
    """What a run may spend; None means no limit. `steps` counts model replies, `seconds` wall time without waiting for
    the user, `tokens` prompt and completion tokens together."""

    steps: int = 25
    seconds: float | None = None
    tokens: int | None = None
