"""Approval at a terminal: what is shown is what would run."""

from __future__ import annotations

import asyncio
import io
import sys

import pytest

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.cli.approve import approve
from jupyter_codeact.events import RunStarted
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.testing import FakeEnvironment, ScriptedModel, begin_run, cell


async def test_what_a_terminal_obeys_or_nobody_sees_is_written_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    source = "adm\u200bin = 'é'\nprint('\x1b[2K\u202e')\nopen('a', 'w')"
    journal, environment = MemoryJournal(), FakeEnvironment()
    await begin_run(journal, "Go", RunStarted(run_id="r", model="scripted", approval="ask"))
    approver = asyncio.create_task(approve(journal))
    finished = await Agent(journal, ScriptedModel([cell(source), "Done."]), environment).run()
    approver.cancel()
    await asyncio.wait([approver])
    assert finished.reason == "answered"
    assert environment.executed == [source]
    shown = capsys.readouterr().err
    assert "    adm\\u200bin = 'é'\n    print('\\x1b[2K\\u202e')\n" in shown
    assert "! holds invisible characters" in shown
    assert "! writes or overwrites files" in shown
