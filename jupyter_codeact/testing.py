"""Public fakes: what to test an agent, a panel or an extension of this package with.

They implement the Protocols and nothing else; no code of the product depends on them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jupyter_codeact.errors import ModelError
from jupyter_codeact.events import Change, RunStarted, UserMessage
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.kernels.environment import (
    Execution,
    ExecutionDone,
    ExecutionStarted,
    OutputOp,
)
from jupyter_codeact.models.model import NO_OPTIONS, CallDelta, Chunk, Delta, Message, Options, ReplyEnd

__all__ = ["CallReply", "FakeEnvironment", "Script", "ScriptedModel", "begin_run", "call", "cell", "stream"]


def cell(source: str, prose: str = "Running a cell.", language: str = "python") -> str:
    """A reply that asks for `source` to be run."""
    return f"{prose}\n\n```{language}\n{source}\n```\n"


def stream(text: str) -> OutputOp:
    """What `print(text, end="")` yields."""
    return OutputOp("append", 0, {"output_type": "stream", "name": "stdout", "text": text})


@dataclass(frozen=True)
class CallReply:
    """A reply that calls a function."""

    prose: str = ""
    name: str = "run_cell"
    arguments: str = "{}"


def call(source: str, prose: str = "Running a cell.") -> CallReply:
    """A reply that asks for `source` to be run, by a function call."""
    return CallReply(prose, arguments=json.dumps({"code": source}))


Script: TypeAlias = Iterable[str | CallReply | float | Exception]


class ScriptedModel:
    """A model that replies from a list, in pieces of `chunk` characters; `requests` keeps the messages it was sent, and
    `options` what else of each request.

    An item may be an exception to raise, or a `float`: seconds to wait before the item after it.
    """

    name = "scripted"
    connection = "test"

    def __init__(self, replies: Script, chunk: int = 7) -> None:
        self._replies = list(replies)
        self._chunk = chunk
        self.requests: list[list[Message]] = []
        self.options: list[Options] = []

    async def stream(self, messages: Sequence[Message], options: Options = NO_OPTIONS) -> AsyncGenerator[Chunk, None]:
        self.requests.append(list(messages))
        self.options.append(options)
        while True:
            if not self._replies:
                raise ModelError("The script has no more replies.")
            reply = self._replies.pop(0)
            if not isinstance(reply, float):
                break
            await asyncio.sleep(reply)
        if isinstance(reply, Exception):
            raise reply
        called = reply if isinstance(reply, CallReply) else None
        for piece in self._cut(called.prose if called else str(reply)):
            yield Delta(text=piece)
        if called is not None:
            yield Delta(calls=(CallDelta(0, f"id-{len(self.requests)}", called.name),))
            for piece in self._cut(called.arguments):
                yield Delta(calls=(CallDelta(0, arguments=piece),))
        yield ReplyEnd("tool_calls" if called else "stop")

    def _cut(self, text: str) -> Iterator[str]:
        return (text[start : start + self._chunk] for start in range(0, len(text), self._chunk))


class FakeEnvironment:
    """A kernel that answers with what `results` gives for a source, and remembers what it was asked to run.

    `results` returns the items of an execution; an `ExecutionDone("ok")` is added where it has none. A source that
    contains `sleep` runs until it is interrupted.
    """

    def __init__(
        self, results: Callable[[str], Iterable[Execution]] = lambda source: (), language: str = "python"
    ) -> None:
        self._results = results
        self.language = language
        self.executed: list[str] = []
        self.changes: list[Change] = []
        self._interrupted = asyncio.Event()

    async def execute(self, source: str, cell_id: str) -> AsyncGenerator[Execution, None]:
        self.executed.append(source)
        count = len(self.executed)
        self._interrupted.clear()
        yield ExecutionStarted()
        for item in self._results(source):
            yield item
            if isinstance(item, ExecutionDone):
                return
        if "sleep" in source:
            await self._interrupted.wait()
            yield ExecutionDone("interrupted", count, 0.1)
        else:
            yield ExecutionDone("ok", count, 0.1)

    async def interrupt(self) -> None:
        self._interrupted.set()

    def take_changes(self) -> list[Change]:
        changes, self.changes = self.changes, []
        return changes


async def begin_run(journal: Journal, text: str, run: RunStarted | None = None) -> None:
    """A message and a run, by default one that runs without asking, are in `journal`."""
    number = journal.state.seq
    await journal.append(UserMessage(message_id=f"message-{number}", text=text))
    await journal.append(run or RunStarted(run_id=f"run-{number}", model="scripted", approval="auto"))
