"""The runs of all conversations: one supervised task each, which no connection can end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.conversations.continuity import kernel_news
from jupyter_codeact.errors import CodeActError, Conflict, JournalClosed, Unknown
from jupyter_codeact.events import (
    ApprovalDecided,
    Limits,
    MessageRevised,
    NotebookChanged,
    Price,
    RunFinished,
    RunStarted,
    StopRequested,
    UserMessage,
)
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.kernels.environment import Environment
from jupyter_codeact.models.model import Described, Model

log = logging.getLogger(__name__)


class Kernels(Protocol):
    """Where environments come from."""

    def environment(self, kernel_id: str) -> AbstractAsyncContextManager[Environment]:
        """The kernel, connected while the context is open. Raises `KernelError`."""
        ...


@dataclass(frozen=True)
class Accepted:
    """A command was taken: the event it became, and the run it is for."""

    seq: int
    run_id: str


@dataclass(frozen=True)
class _Live:
    """A run whose task has not ended."""

    conversation_id: str
    kernel_id: str
    task: asyncio.Task[None]


class Runs:
    """Starts, steers, stops and resumes runs. All commands are idempotent by their client-made id."""

    def __init__(
        self,
        kernels: Kernels,
        observation_chars: Callable[[], int] = lambda: 4000,
        watch: Callable[[Journal, int], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        """`watch` follows the journal of each run that starts, from behind the event of that number."""
        self._kernels = kernels
        self._observation_chars = observation_chars
        self._watch = watch
        self._watching: set[asyncio.Task[None]] = set()
        self._live: dict[str, _Live] = {}
        self._agents: dict[str, Agent] = {}
        self._starting = asyncio.Lock()
        self._ended = False

    def live(self, journal: Journal) -> bool:
        """Whether a run of this conversation is at work."""
        return journal.state.open_run is not None and journal.state.conversation_id in self._live

    def activity(self) -> list[str]:
        """The conversations with a live run."""
        return list(self._live)

    async def ended(self, journal: Journal) -> None:
        """No task of the conversation is left. Raises `Conflict` while a run is live."""
        if self.live(journal):
            raise Conflict("A run is live in this conversation. Stop it first.")
        mine = self._live.get(journal.state.conversation_id)
        if mine is not None:
            await asyncio.wait([mine.task])

    async def send(
        self, journal: Journal, message: UserMessage, run: RunStarted, model: Model, kernel_id: str
    ) -> Accepted:
        """The message steers the live run, or starts `run`. Raises `Conflict` when another run uses the kernel."""
        await self._closed(journal)
        async with self._starting:
            self._refuse_at_the_end()
            state = journal.state
            for known in state.messages:
                if known.message_id == message.message_id:
                    started = [begun.run_id for begun in state.runs if begun.seq > known.seq]
                    return Accepted(known.seq, (started or [state.runs[-1].run_id if state.runs else ""])[0])
            if self.live(journal):
                steering = await journal.append(message)
                return Accepted(steering.seq, state.runs[-1].run_id)
            await self._make_way(journal, kernel_id)
            stored = await journal.append(message)
            await self._start(journal, run, model, kernel_id)
            return Accepted(stored.seq, run.run_id)

    async def revise(self, journal: Journal, revision: MessageRevised) -> int:
        """The message that waits for the next request is changed, or taken back; the seq of that.

        Raises `Unknown` where there is no such message, `Conflict` where it does not wait: the model was told of it.
        """
        for event in journal.events:
            if isinstance(event, MessageRevised) and event.revision_id == revision.revision_id != "":
                return event.seq
        message = next((each for each in journal.state.messages if each.message_id == revision.message_id), None)
        if message is None:
            raise Unknown(f"There is no message {revision.message_id}.")
        if message.withdrawn:
            if revision.withdrawn:
                return journal.state.seq
            raise Conflict("That message was taken back; send it anew.")
        if not self._waits(journal, message.seq):
            raise Conflict("That message does not wait any more. Send another one to correct it.")
        return (await journal.append(revision)).seq

    def _waits(self, journal: Journal, seq: int) -> bool:
        """Whether message `seq` steers a live run, of which no request has told of it yet."""
        run, step = journal.state.open_run, journal.state.step
        agent = self._agents.get(journal.state.conversation_id)
        told = max(step.seen_seq if step is not None else 0, agent.told_seq if agent is not None else 0)
        return self.live(journal) and run is not None and seq > max(run.seq, told)

    async def resume(self, journal: Journal, run: RunStarted, model: Model, kernel_id: str) -> Accepted:
        """A new run goes on where the latest one ended."""
        await self._closed(journal)
        async with self._starting:
            self._refuse_at_the_end()
            for known in journal.state.runs:
                if known.run_id == run.run_id:
                    return Accepted(known.seq, known.run_id)
            if self.live(journal):
                raise Conflict("A run is live already in this conversation.")
            if not journal.state.messages:
                raise Conflict("There is nothing to go on with: send a message first.")
            await self._make_way(journal, kernel_id)
            return Accepted(await self._start(journal, run, model, kernel_id), run.run_id)

    async def decide(self, journal: Journal, decision: ApprovalDecided) -> int:
        """The decision is in the journal, once; its seq.

        Raises `Conflict` when that step does not wait for one, or when something else was approved than what waits.
        """
        for event in journal.events:
            if isinstance(event, ApprovalDecided) and event.decision_id == decision.decision_id:
                return event.seq
        step = journal.state.step if self.live(journal) else None
        if step is None or step.step != decision.step or step.proposal is None or step.proposal.decision is not None:
            raise Conflict(f"Step {decision.step} does not wait for approval.")
        if decision.decision == "approve" and decision.source not in ("", step.proposal.source):
            raise Conflict("The source that was approved is not the one that waits for approval; look again.")
        return (await journal.append(decision)).seq

    async def stop(self, journal: Journal, stop_id: str) -> int:
        """The live run has been asked to stop, and its cell again where it was asked before; the seq of that. Without a
        live run nothing happens."""
        run = journal.state.open_run
        if run is None or not self.live(journal):
            return journal.state.seq
        for event in journal.events[run.seq :]:
            if isinstance(event, StopRequested) and event.stop_id == stop_id:
                return event.seq
        return (await journal.append(StopRequested(stop_id=stop_id))).seq

    async def shutdown(self) -> None:
        """All tasks have ended, and none starts any more; their journals can be resumed."""
        self._ended = True
        tasks = [run.task for run in self._live.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)
        for watching in list(self._watching):
            watching.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)

    def _refuse_at_the_end(self) -> None:
        if self._ended:
            raise JournalClosed

    async def _closed(self, journal: Journal) -> None:
        """The task of this conversation's run has ended, where the run has: nobody else's start waits for that."""
        mine = self._live.get(journal.state.conversation_id)
        if mine is not None and journal.state.open_run is None:
            await asyncio.wait([mine.task])

    async def _make_way(self, journal: Journal, kernel_id: str) -> None:
        """No task of this conversation is left, and no other conversation's run uses the kernel."""
        mine = self._live.get(journal.state.conversation_id)
        if mine is not None:
            await asyncio.wait([mine.task])
        for other in self._live.values():
            if other.kernel_id == kernel_id:
                raise Conflict(
                    f"This kernel is in use by a run of conversation {other.conversation_id}. Stop it first."
                )

    async def _start(self, journal: Journal, run: RunStarted, model: Model, kernel_id: str) -> int:
        if news := kernel_news(journal.events, run.kernel):
            await journal.append(NotebookChanged(changes=tuple(news)))
        started = await journal.append(run)
        conversation_id = journal.state.conversation_id
        task = asyncio.create_task(self._carry_out(journal, run, model, kernel_id))
        self._live[conversation_id] = _Live(conversation_id, kernel_id, task)
        task.add_done_callback(lambda _: self._live.pop(conversation_id, None))
        if self._watch is not None:
            watching = asyncio.create_task(self._watch(journal, started.seq - 1))
            self._watching.add(watching)
            watching.add_done_callback(self._watching.discard)
        return started.seq

    async def _carry_out(self, journal: Journal, run: RunStarted, model: Model, kernel_id: str) -> None:
        """The border where an exception ends: a run always says how it ended."""
        try:
            async with self._kernels.environment(kernel_id) as environment:
                agent = Agent(journal, model, environment, observation_chars=self._observation_chars())
                self._agents[journal.state.conversation_id] = agent
                await agent.run()
        except CodeActError as error:
            await _fail(journal, run.run_id, str(error))
        except Exception as error:
            log.exception("The run %s failed", run.run_id)
            await _fail(journal, run.run_id, f"Internal error ({type(error).__name__}); the server's log says more.")
        finally:
            self._agents.pop(journal.state.conversation_id, None)


async def _fail(journal: Journal, run_id: str, detail: str) -> None:
    if journal.state.open_run is not None:
        usage = journal.state.open_run.usage
        await journal.append(RunFinished(run_id=run_id, reason="failed", detail=detail, usage=usage))


def new_run(
    *,
    model: Model,
    approval: str,
    limits: Limits,
    run_id: str = "",
    action_format: str = "fenced",
    kernel: str = "",
) -> RunStarted:
    """A run to be started; `run_id` is made when empty. `kernel` is as in `continuity.kernel_mark`."""
    described = model if isinstance(model, Described) else None
    price = described and described.price
    return RunStarted.model_validate(
        {
            "run_id": run_id or uuid4().hex,
            "model": model.name,
            "connection": model.connection,
            "action_format": action_format,
            "approval": approval,
            "limits": limits,
            "context_tokens": described and described.context_tokens,
            "price": price and Price.model_validate(price, from_attributes=True),
            "kernel": kernel,
        }
    )
