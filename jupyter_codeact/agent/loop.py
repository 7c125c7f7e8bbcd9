"""The Agent: it looks at the journal's state, does the next thing, and appends what became of it.

There is no other state. A half-finished journal is resumed by running the Agent on it, since "the next thing" is found
from the fold alone. Human input arrives as events of the same journal.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Any, TypeVar
from uuid import uuid4

from jupyter_codeact.agent import limits, stalled
from jupyter_codeact.agent.actions import Answer, RunCell
from jupyter_codeact.agent.formats import Reply, action_of
from jupyter_codeact.agent.news import NOT_RUN, take_news
from jupyter_codeact.agent.recovery import make_observation
from jupyter_codeact.agent.reply import CUT_BY_USER, ReplyReader
from jupyter_codeact.agent.requests import Requests
from jupyter_codeact.agent.risks import codes, must_ask
from jupyter_codeact.agent.stopping import cancel, interrupt_when_asked, stop_requested
from jupyter_codeact.errors import FormatError, KernelError, LimitExceeded, ModelError, Stalled, ToolsRefused
from jupyter_codeact.events import (
    Activity,
    ActivityState,
    ApprovalRequested,
    CellFinished,
    CellOutput,
    CellSubmitted,
    ModelNudged,
    ObservationMade,
    ReplyRejected,
    RunFinished,
    RunReason,
)
from jupyter_codeact.journal.fold import Run, Step
from jupyter_codeact.journal.journal import Journal, utc_now
from jupyter_codeact.kernels.environment import Environment, ExecutionDone, ExecutionStarted, InterruptIgnored, OutputOp
from jupyter_codeact.models.model import Model

T = TypeVar("T")


class _Stopped(Exception):
    """The user stopped the run."""


def new_cell_id() -> str:
    """An id as nbformat 4.5 wants it."""
    return uuid4().hex[:12]


class Agent:
    """Carries out the open run of `journal` with `model` in `environment`. `functions` are the signatures of those that
    the formats `json` and `text` may call. `told_seq` numbers the last event that a request told of: 0 before one."""

    def __init__(
        self,
        journal: Journal,
        model: Model,
        environment: Environment,
        *,
        observation_chars: int = 4000,
        context_tokens: int | None = None,
        functions: Sequence[str] = (),
        new_id: Callable[[], str] = new_cell_id,
    ) -> None:
        self._journal = journal
        self._model = model
        self._environment = environment
        self._observation_chars = observation_chars
        self._new_id = new_id
        self._requests = Requests(journal, environment.language, context_tokens, functions)
        self._waited = 0.0
        self.told_seq = 0
        self._stop: asyncio.Future[None] | None = None

    async def run(self) -> RunFinished:
        """The run is finished: answered, at a limit, stopped by the user, or failed for a reason that is given."""
        started = time.monotonic()
        watch = asyncio.create_task(stop_requested(self._journal))
        self._stop = watch
        try:
            while (answer := await self._advance(started)) is None:
                pass
            return await self._finish("answered", answer=answer)
        except LimitExceeded as error:
            return await self._finish("limit", str(error))
        except _Stopped:
            return await self._finish("stopped", "Stopped by you.")
        except (ModelError, KernelError, Stalled) as error:
            return await self._finish("failed", str(error))
        finally:
            await cancel(watch)

    async def _advance(self, started: float) -> str | None:
        """The next thing is done; the answer, when that was it."""
        step = self._journal.state.step
        settled = step is None or step.run_id != self._run.run_id or step.problem or step.observation
        if step is not None and not settled and step.cell_id is not None:
            await self._close(step)
        elif self._run.stop_requested:
            raise _Stopped
        elif step is None or settled:
            await self._ask(started)
        elif step.proposal is not None:
            await self._decide(step)
        else:
            answer = await self._act(step)
            if answer is None or not self._journal.state.said_after(step.seen_seq):
                return answer
            await self._ask(started)
        return None

    async def _ask(self, started: float) -> None:
        """The model has replied, or the next request will be shorter. Raises before a limit is exceeded."""
        state, run = self._journal.state, self._run
        if nudge := stalled.nudge(state):
            await self._journal.append(ModelNudged(step=state.steps[-1].step, text=nudge))
        seconds = time.monotonic() - started - self._waited
        limits.check(run.limits, steps=run.steps_taken, seconds=seconds, tokens=run.usage.total)
        await take_news(self._journal, self._environment)
        sent = await self._requests.next()
        self.told_seq = state.seq  # nothing comes between making the request and this
        self._activity("waiting_for_model")
        number = state.step.step + 1 if state.step else 1
        reader = ReplyReader(
            sent,
            step=number,
            seen_seq=self.told_seq,
            action_format=self._requests.action_format,
            language=self._environment.language,
        )
        try:
            reply = await self._unless_stopped(reader.read(self._model, self._journal, self._activity))
        except _Stopped:
            if reader.has_begun:
                await self._journal.append(self._requests.counted(reader.replied(CUT_BY_USER), sent))
                await self._tell(number, "The user stopped this reply; nothing of it was run.")
            raise
        except ToolsRefused:
            self._requests.speak("fenced")  # and ask again: this step has not begun
            return
        except ModelError as error:
            await self._requests.refused(sent, error)
            return
        await self._journal.append(self._requests.counted(reply, sent))

    async def _act(self, step: Step) -> str | None:
        """The reply is answered with a problem, proposed to the user, or run; or it is the answer."""
        try:
            reply = Reply(step.text, step.call, step.finish_reason)
            action = action_of(reply, step.action_format, self._environment.language)
        except FormatError as error:
            await self._journal.append(ReplyRejected(step=step.step, problem=str(error)))
            return None
        match action:
            case Answer(text):
                return text
            case RunCell(source):
                asks, found = must_ask(self._run.approval, source, self._environment.language)
                cell_id, after = self._new_id(), self._after()
                if asks:
                    await self._journal.append(
                        ApprovalRequested(
                            step=step.step,
                            cell_id=cell_id,
                            after_cell_id=after,
                            source=source,
                            risks=found,
                            risk_codes=codes(found),
                        )
                    )
                else:
                    await self._execute(step.step, cell_id, after, source)
        return None

    async def _decide(self, step: Step) -> None:
        """The user has decided, and an approved cell has run."""
        proposal = step.proposal
        assert proposal is not None
        if proposal.decision is None:
            waiting = time.monotonic()
            self._activity("waiting_for_approval")
            try:
                await self._unless_stopped(self._decision(step))
            except _Stopped:
                await self._tell(step.step, "The user stopped the run; this cell was not run.")
                raise
            finally:
                self._waited += time.monotonic() - waiting
        if proposal.decision == "reject":
            note = f" The user's note: {proposal.note}" if proposal.note else ""
            await self._tell(step.step, f"The user rejected this cell; it was not run.{note}")
        else:
            await self._execute(step.step, proposal.cell_id, proposal.after_cell_id, proposal.source)

    async def _decision(self, step: Step) -> None:
        async with aclosing(self._journal.follow(self._journal.state.seq)) as news:
            async for _ in news:
                if step.proposal is not None and step.proposal.decision is not None:
                    return

    async def _execute(self, step: int, cell_id: str, after: str | None, source: str) -> None:
        """The cell has been run, once, and its end is in the journal; only in the kernel that it was written for."""
        try:
            await take_news(self._journal, self._environment)
        except KernelError:
            await self._tell(step, NOT_RUN)
            raise
        self._activity("waiting_for_kernel")
        await self._journal.append(CellSubmitted(step=step, cell_id=cell_id, after_cell_id=after, source=source))
        assert self._stop is not None
        interrupter = asyncio.create_task(
            interrupt_when_asked(self._journal, self._environment, self._stop, lambda: self._activity("running_cell"))
        )
        try:
            async with aclosing(self._environment.execute(source, cell_id)) as execution:
                async for item in execution:
                    match item:
                        case ExecutionStarted():
                            self._activity("running_cell")
                        case InterruptIgnored():
                            self._activity("interrupt_ignored")
                        case OutputOp(op, index, output):
                            await self._journal.append(CellOutput(cell_id=cell_id, op=op, index=index, output=output))
                        case ExecutionDone(status, count, seconds, problems):
                            await self._journal.append(
                                CellFinished(
                                    step=step,
                                    cell_id=cell_id,
                                    status=status,
                                    execution_count=count,
                                    seconds=round(seconds, 3),
                                    problems=problems,
                                )
                            )
        except KernelError as error:
            await self._journal.append(CellFinished(step=step, cell_id=cell_id, status="lost", problems=(str(error),)))
            raise
        finally:
            await cancel(interrupter)

    async def _close(self, step: Step) -> None:
        """The cell of `step` has ended, and the model's view of it is in the journal."""
        cell = await make_observation(self._journal, step, self._observation_chars)
        if cell.status == "interrupted" and not cell.problems:
            # By the kernel menu: as much a stop as the panel's, not to be debugged. A time-out names itself a problem.
            raise _Stopped

    async def _tell(self, step: int, text: str) -> None:
        await self._journal.append(ObservationMade(step=step, text=text))

    async def _finish(self, reason: RunReason, detail: str = "", answer: str = "") -> RunFinished:
        run = self._run
        return await self._journal.append(
            RunFinished(run_id=run.run_id, reason=reason, detail=detail, answer=answer, usage=run.usage)
        )

    def _after(self) -> str | None:
        """The cell that the next one goes after: the run's latest, else the active one when the user asked."""
        state = self._journal.state
        asked = [message for message in state.messages if message.seq < self._run.seq and not message.withdrawn]
        since = asked[-1].seq if asked else 0
        cells = [cell for cell in state.cells.values() if cell.submitted_seq > since]
        return cells[-1].cell_id if cells else asked[-1].active_cell_id if asked else None

    def _activity(self, state: ActivityState, detail: str = "", retry_seconds: float = 0.0) -> None:
        since, told = utc_now(), self.told_seq
        self._journal.notify(
            Activity(state=state, since=since, detail=detail, told_seq=told, retry_seconds=retry_seconds)
        )

    @property
    def _run(self) -> Run:
        run = self._journal.state.run
        assert run is not None, "run_started comes before the Agent"
        return run

    async def _unless_stopped(self, work: Awaitable[T]) -> T:
        """The result of `work`; it is cancelled, and `_Stopped` raised, when the user stops the run first."""
        assert self._stop is not None
        task = asyncio.ensure_future(work)
        first: list[asyncio.Future[Any]] = [task, self._stop]
        try:
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise _Stopped
        finally:
            await cancel(task)
