"""What a run may spend, checked before it is spent."""

from __future__ import annotations

from jupyter_codeact.errors import LimitExceeded
from jupyter_codeact.events import Limits


def check(limits: Limits, *, steps: int, seconds: float, tokens: int) -> None:
    """Raises `LimitExceeded` when another step would go beyond `limits`, given what was spent so far."""
    if steps >= limits.steps:
        raise LimitExceeded(f"The limit of {limits.steps} steps is reached. Continue to allow more.")
    if limits.seconds is not None and seconds >= limits.seconds:
        raise LimitExceeded(f"The limit of {limits.seconds:g} seconds is reached. Continue to allow more.")
    if limits.tokens is not None and tokens >= limits.tokens:
        raise LimitExceeded(f"The limit of {limits.tokens:,} tokens is reached. Continue to allow more.")
