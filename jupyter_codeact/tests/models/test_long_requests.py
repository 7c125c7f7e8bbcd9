"""A request that tells of a long conversation holds up nobody else on the event loop."""

from __future__ import annotations

import time

from jupyter_codeact.models.model import Message
from jupyter_codeact.models.openai_model import OpenAIModel

from .test_openai_model import chunks_of, model_for

MESSAGES = 1_000
MOST_SECONDS = 0.08
"""For all of them, beyond what one takes; the openai package's own walk through them takes 0.2 s."""


async def seconds(model: OpenAIModel, messages: list[Message]) -> float:
    """Of the processor, in the event loop's thread, for a reply to `messages`."""
    began = time.thread_time()
    await chunks_of(model, messages)
    return time.thread_time() - began


async def test_many_messages_cost_the_loop_little_and_arrive_as_they_are() -> None:
    many: list[Message] = [{"role": ("user", "assistant")[n % 2], "content": f"{n} " * 50} for n in range(MESSAGES)]
    async with model_for("Hello.", "Short.", "Long.") as (model, endpoint):
        await chunks_of(model)
        short, long = await seconds(model, many[:1]), await seconds(model, many)
        assert endpoint.requests[-1].body["messages"] == many
    assert long - short < MOST_SECONDS
