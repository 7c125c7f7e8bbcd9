"""A process that is killed right behind any event of a run: what was said stays said, and nothing is run twice."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.events import RunStarted
from jupyter_codeact.journal.file_journal import read
from jupyter_codeact.testing import FakeEnvironment, ScriptedModel

# A run of one cell, which waits for approval, has an effect that can be counted, and is followed by the answer.
RUN = """
import asyncio, os, signal, sys
from pathlib import Path
from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.events import *
from jupyter_codeact.journal.file_journal import FileJournal
from jupyter_codeact.testing import FakeEnvironment, ScriptedModel, begin_run, cell, stream

class Mortal(FileJournal):
    def _take(self, event):  # it is written
        super()._take(event)
        if event.kind == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)
        if event.kind == "approval_requested":
            approved = ApprovalDecided(decision_id="d", step=1, decision="approve", source=event.source)
            asyncio.get_running_loop().create_task(self.append(approved))

def effect(source):
    with (path.parent / "effect").open("a") as file:
        file.write("once ")
    return [stream("done")]

async def main():
    journal = Mortal(path)
    await journal.append(ConversationStarted(conversation_id="mine", notebook_path="a.ipynb"))
    await begin_run(journal, "Go", RunStarted(run_id="first", model="scripted", approval="ask"))
    await Agent(journal, ScriptedModel([cell("work()"), "Done."]), FakeEnvironment(effect)).run()

path = Path(sys.argv[1])
asyncio.run(main())
"""

POINTS = {
    # the last event that is on the disk: whether the cell had its effect, and how it is seen afterwards
    "conversation_started": ("", None),
    "user_message": ("", None),
    "run_started": ("", None),
    "model_replied": ("", None),
    "approval_requested": ("", None),
    "approval_decided": ("", None),
    "cell_submitted": ("", "lost"),
    "cell_output": ("once ", "lost"),
    "cell_finished": ("once ", "ok"),
    "observation_made": ("once ", "ok"),
    "run_finished": ("once ", "ok"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a Unix signal")
@pytest.mark.parametrize("kind", POINTS)
async def test_a_run_that_was_killed_behind_any_event_goes_on_from_there(tmp_path: Path, kind: str) -> None:
    effect, status = POINTS[kind]
    path = tmp_path / "mine.jsonl"
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", RUN, str(path), kind)
    assert await killed.wait() == -signal.SIGKILL
    before, _ = read(path)
    assert before[-1].kind == kind

    store = Store(tmp_path)
    journal = await store.open("mine")
    assert list(journal.events)[: len(before)] == before
    assert [cell.status for cell in journal.state.cells.values()] == ([status] if status else [])
    assert all(step.observation for step in journal.state.steps if step.finish_reason == "action")
    environment = FakeEnvironment()
    await journal.append(RunStarted(run_id="second", model="scripted", approval="auto"))
    finished = await Agent(journal, ScriptedModel(["It is done."]), environment).run()
    assert (finished.reason, finished.answer) == ("answered", "It is done.")
    assert environment.executed == []
    assert (tmp_path / "effect").read_text() == effect if effect else not (tmp_path / "effect").exists()
    state = journal.state.model_copy(deep=True)
    await store.close()
    assert (await store.open("mine")).state == state
    await store.close()
