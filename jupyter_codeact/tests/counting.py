"""A model behind a real endpoint that counts tokens, and refuses what is too long for it as OpenAI's does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.agent.nonce import new_nonce
from jupyter_codeact.conversations.runs import new_run
from jupyter_codeact.events import ConversationStarted, Limits, RunFinished
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.kernels.environment import Execution
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.testing import FakeEnvironment, begin_run, cell, stream
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Answer, Fault, Reply
from jupyter_codeact.tests.wire import Request

_TOKEN = re.compile(r" ?[A-Za-z]{1,6}|\d{1,3}|\s+|.", re.DOTALL)

LIMIT = 8000
STEPS = 40
OUTPUT_CHARS = 4000
QUESTION = "In which weeks, and where, are deliveries late?"


def tokens(text: str) -> int:
    """As a tokenizer would: words in pieces, digits by threes, all else for itself; prose 4 characters a token, tables
    of numbers 2."""
    return len(_TOKEN.findall(text))


def tokens_of(messages: Iterable[Any]) -> int:
    """What a request with these messages has."""
    return sum(tokens(message["content"]) + 4 for message in messages)


class CountingModel:
    """An item of an `Endpoint`'s script that takes the next of `replies` while a request has at most `limit` tokens.

    `accepted` has the messages of the requests that had; `refused` counts the others. `tells`: the refusal names the
    limit and the count.
    """

    def __init__(self, replies: Iterable[str], limit: int = LIMIT, *, tells: bool = True) -> None:
        self._replies = list(replies)
        self._limit = limit
        self._tells = tells
        self.accepted: list[list[Any]] = []
        self.refused = 0

    def __call__(self, request: Request) -> Answer:
        messages = request.body["messages"]
        count = tokens_of(messages)
        if count > self._limit:
            self.refused += 1
            told = f"This model's maximum context length is {self._limit} tokens. However, your messages resulted in "
            text = f"{told}{count} tokens." if self._tells else "Too long."
            error = {"message": text, "type": "invalid_request_error", "code": "context_length_exceeded"}
            return Fault("status", status=400, body={"error": error})
        self.accepted.append(messages)
        text = self._replies[len(self.accepted) - 1]
        usage = {"prompt_tokens": count, "completion_tokens": tokens(text), "total_tokens": count + tokens(text)}
        return Reply(text, usage=usage)


def source(step: int) -> str:
    """The code of one step."""
    return (
        f"# Look at week {step}\n"
        f"week = df[df['week'] == {step}]\n"
        "late = week.groupby('Region')['days_late'].agg(['mean', 'max', 'count'])\n"
        "print(late.sort_values('mean', ascending=False).to_string())"
    )


def output(code: str) -> str:
    """What that code prints: a table of numbers, `OUTPUT_CHARS` long."""
    number = int(re.findall(r"\d+", code)[0])
    rows = (f"region {row:4} {(row * number) % 97 / 7:9.4f} {row % 31:5}\n" for row in range(OUTPUT_CHARS))
    return "".join(rows)[: OUTPUT_CHARS - 40]


def script(steps: int = STEPS) -> list[str]:
    """The replies of a run with that many steps, the last of which is the answer."""
    cells = [cell(source(step), f"I look at week {step} next, by region.") for step in range(1, steps)]
    return [*cells, "The south is late in most weeks."]


async def long_run(
    model: CountingModel, context_tokens: int | None = None, steps: int = STEPS
) -> tuple[RunFinished, MemoryJournal]:
    """How a run of so many steps ended, and its journal."""

    def results(code: str) -> Iterable[Execution]:
        return [stream(output(code))]

    journal = MemoryJournal()
    async with Endpoint([model], repeat=True) as endpoint:
        client = OpenAIModel(endpoint.base_url, "key", "counting", context_tokens=context_tokens)
        await journal.append(ConversationStarted(conversation_id="c", notebook_path="a.ipynb", nonce=new_nonce()))
        await begin_run(journal, QUESTION, new_run(model=client, approval="auto", limits=Limits(steps=steps + 1)))
        try:
            return await Agent(journal, client, FakeEnvironment(results)).run(), journal
        finally:
            await client.aclose()


def prefix_shares(requests: Iterable[list[Any]]) -> list[float]:
    """Of each request but the last, the share of its bytes that the next one begins with."""
    encoded = [json.dumps(messages, ensure_ascii=False).encode() for messages in requests]
    return [common(former, latter) / len(former) for former, latter in pairwise(encoded)]


def common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    return next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
