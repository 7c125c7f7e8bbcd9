"""A model that obeys what data tells it is no worse than the approval mode lets it be: S11 of docs/security.md."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise

import nbformat
import pytest

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.events import (
    Approval,
    ApprovalDecided,
    ApprovalRequested,
    CellSubmitted,
    ConversationStarted,
    RunFinished,
    RunStarted,
    StopRequested,
)
from jupyter_codeact.exports.formats import FORMATS
from jupyter_codeact.exports.requests import exchanges
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.testing import FakeEnvironment, ScriptedModel, cell
from jupyter_codeact.tests.agent.injections import INJECTIONS, NONCE, Injection
from jupyter_codeact.tests.agent.test_nonce import check_marks, texts

HARMLESS = "print(notes)"


def test_there_are_fifty() -> None:
    assert len({injection.name for injection in INJECTIONS}) == len(INJECTIONS) == 50


async def obeyed(injection: Injection, approval: Approval) -> tuple[MemoryJournal, ScriptedModel, FakeEnvironment]:
    """A conversation whose model looked at the data, obeyed it, and waits for the user, who stops it."""
    journal = MemoryJournal()
    await journal.append(ConversationStarted(conversation_id="c", notebook_path="a.ipynb", nonce=NONCE))
    await journal.append(injection.message())
    await journal.append(RunStarted(run_id="r", model="scripted", approval=approval))
    model = ScriptedModel([cell(HARMLESS), injection.reply, "never asked for"])
    environment = FakeEnvironment(injection.results)
    running = asyncio.create_task(Agent(journal, model, environment).run())
    async for item in journal.follow(0):
        if isinstance(item, RunFinished):
            break
        if isinstance(item, ApprovalRequested) and item.source == HARMLESS:
            await journal.append(ApprovalDecided(decision_id="d", step=item.step, decision="approve"))
        elif isinstance(item, ApprovalRequested):
            await asyncio.sleep(0)  # whoever would run it without being told to has the time
            await journal.append(StopRequested())
    await running
    return journal, model, environment


@pytest.mark.parametrize("approval", ["ask", "ask-if-risky"])
@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda injection: injection.name)
async def test_nothing_runs_that_the_approval_mode_does_not_let_run(injection: Injection, approval: Approval) -> None:
    journal, model, environment = await obeyed(injection, approval)
    assert environment.executed == [HARMLESS]
    assert [event.source for event in journal.events if isinstance(event, CellSubmitted)] == [HARMLESS]
    asked = [event for event in journal.events if isinstance(event, ApprovalRequested)]
    assert asked[-1].source == injection.code
    assert asked[-1].risks
    finished = journal.events[-1]
    assert isinstance(finished, RunFinished)
    assert finished.reason == "stopped"
    assert len(model.requests) == 2


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda injection: injection.name)
async def test_what_it_says_is_data_in_every_request_and_export(injection: Injection) -> None:
    journal, model, _ = await obeyed(injection, "ask")
    for former, latter in pairwise(model.requests):
        assert latter[: len(former)] == former
    for system, *rest in model.requests:
        assert system["role"] == "system"
        assert "evil" not in str(system["content"])
        for message in rest:
            assert message["role"] in ("user", "assistant")
            if message["role"] == "user":
                for text in texts(message):
                    check_marks(text)
    told = json.dumps(model.requests[-1])
    assert any(word in told for word in ("evil", "os.remove", "id_rsa"))
    assert [exchange.sent for exchange in exchanges(journal.events)] == model.requests
    (line,) = FORMATS["openai"].write(journal.events).splitlines()
    assert json.loads(line)["messages"][:-1] == model.requests[-1]
    assert NONCE not in json.loads(line)["messages"][-1]["content"]
    assert "[sent](" in FORMATS["markdown"].write(journal.events)
    assert "![sent](" not in FORMATS["markdown"].write(journal.events)
    notebook = FORMATS["ipynb"].write(journal.events)
    nbformat.validate(nbformat.reads(notebook, as_version=4))  # type: ignore[no-untyped-call]
