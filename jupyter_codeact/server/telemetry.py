"""What an administrator sees of the runs: log lines, metrics, Jupyter events; never their content."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any, Protocol

from jupyter_codeact.events import CellFinished, Event, ModelReplied, Notice, RunFinished, RunStarted
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.server import metrics

SCHEMA = "https://events.jupyter.org/jupyter_codeact/run/v1"
SCHEMA_FILE = Path(__file__).parent / "event_schemas" / "run.yaml"


class Log(Protocol):
    """A logger."""

    def info(self, message: str, *values: object) -> None:
        """A line is logged."""
        ...


class Telemetry:
    """A follower of each run's journal. `log` is the server's; `emitter` its event logger."""

    def __init__(self, log: Log, emitter: Any) -> None:
        self._log = log
        self._emitter = emitter
        emitter.register_event_schema(SCHEMA_FILE)

    async def watch(self, journal: Journal, after: int) -> None:
        """The run that starts with the event behind number `after` has been told of, to its end or the journal's."""
        lag = asyncio.create_task(metrics.measure_lag())
        metrics.LIVE_RUNS.inc()
        try:
            async with aclosing(journal.follow(after)) as events:
                async for event in events:
                    self._tell(journal.state.conversation_id, event)
                    if isinstance(event, RunFinished):
                        return
        finally:
            metrics.LIVE_RUNS.dec()
            lag.cancel()
            await asyncio.wait([lag])

    def _tell(self, conversation_id: str, event: Event | Notice) -> None:
        match event:
            case RunStarted(run_id=run_id, model=model, approval=approval):
                self._log.info("codeact run_started conversation=%s run=%s model=%r", conversation_id, run_id, model)
                self._emit(
                    action="start", conversation_id=conversation_id, run_id=run_id, model=model, approval=approval
                )
            case ModelReplied(step=step, seconds=seconds, usage=usage):
                self._log.info(
                    "codeact model_replied conversation=%s step=%d seconds=%.1f", conversation_id, step, seconds
                )
                metrics.STEPS.inc()
                metrics.REPLY_SECONDS.observe(seconds)
                metrics.TOKENS.labels("prompt").inc(usage.prompt_tokens)
                metrics.TOKENS.labels("completion").inc(usage.completion_tokens)
            case CellFinished(step=step, status=status, seconds=seconds):
                self._log.info(
                    "codeact cell_finished conversation=%s step=%d status=%s seconds=%.1f",
                    conversation_id, step, status, seconds,
                )  # fmt: skip
                metrics.CELLS.labels(status).inc()
            case RunFinished():
                self._finish(conversation_id, event)
            case _:
                pass

    def _finish(self, conversation_id: str, event: RunFinished) -> None:
        self._log.info(
            "codeact run_finished conversation=%s run=%s reason=%s", conversation_id, event.run_id, event.reason
        )
        metrics.RUNS.labels(event.reason).inc()
        self._emit(
            action="finish",
            conversation_id=conversation_id,
            run_id=event.run_id,
            reason=event.reason,
            prompt_tokens=event.usage.prompt_tokens,
            completion_tokens=event.usage.completion_tokens,
        )

    def _emit(self, **data: Any) -> None:
        self._emitter.emit(schema_id=SCHEMA, data=data)
