"""Clocks that are set while a run is at work (F32): nothing ends early or late, and order is by number."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.events import ConversationStarted, Limits, RunStarted
from jupyter_codeact.journal.file_journal import FileJournal, read
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.testing import ScriptedModel, begin_run, cell

from .playing import run

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOUR = 3600.0
SET = """
import datetime, jupyter_client.session as session
now = session.utcnow
session.utcnow = lambda: now() + datetime.timedelta(hours={hours})
"""


@pytest.mark.parametrize("hours", [1, -1])
async def test_the_time_of_a_cell_is_true_although_the_kernels_clock_is_set(
    environment: KernelEnvironment, hours: int
) -> None:
    ran = await run(environment, SET.format(hours=hours))
    assert ran.done.status == "ok"
    assert 0 <= ran.done.seconds < HOUR / 2
    await run(environment, "session.utcnow = now")


async def test_a_run_does_not_mind_that_the_servers_clock_is_set(
    environment: KernelEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, jumps = time.time, itertools.cycle([0.0, HOUR, -HOUR])
    monkeypatch.setattr(time, "time", lambda: real() + next(jumps))
    journal = FileJournal(tmp_path / "c.jsonl")
    await journal.append(ConversationStarted(conversation_id="c", notebook_path="a.ipynb"))
    limited = RunStarted(run_id="r", model="scripted", approval="auto", limits=Limits(seconds=HOUR / 2))
    await begin_run(journal, "Go", limited)
    finished = await Agent(journal, ScriptedModel([cell("1"), cell("2"), "Done."]), environment).run()
    assert (finished.reason, finished.answer) == ("answered", "Done.")
    state = journal.state
    assert all(0 <= step.seconds < HOUR / 2 for step in state.steps)
    assert all(0 <= made.seconds < HOUR / 2 for made in state.cells.values())
    times = [event.time for event in journal.events]
    assert times != sorted(times)
    journal.close()
    assert [event.seq for event in read(tmp_path / "c.jsonl")[0]] == list(range(1, state.seq + 1))
    again = FileJournal(tmp_path / "c.jsonl")
    assert again.state == state
    again.close()
