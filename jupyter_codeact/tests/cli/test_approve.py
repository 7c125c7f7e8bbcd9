"""Approval at a terminal: what is shown is what would run."""

from __future__ import annotations

import asyncio
import io
import sys
from contextlib import aclosing

import pytest

from jupyter_codeact.cli.approve import approve
from jupyter_codeact.events import ApprovalDecided, ApprovalRequested
from jupyter_codeact.journal.journal import MemoryJournal


async def test_what_a_terminal_obeys_or_nobody_sees_is_written_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    journal = MemoryJournal()
    source = "adm\u200bin = 'é'\n\tprint('\x1b[2K\u202e')"
    await journal.append(ApprovalRequested(step=1, cell_id="c", source=source, risks=("deletes files",)))
    approver = asyncio.create_task(approve(journal))
    async with aclosing(journal.follow()) as events:
        async for event in events:
            if isinstance(event, ApprovalDecided):
                assert event.decision == "approve"
                break
    approver.cancel()
    await asyncio.wait([approver])
    shown = capsys.readouterr().err
    assert "    adm\\u200bin = 'é'\n    \tprint('\\x1b[2K\\u202e')\n" in shown
    assert "! deletes files" in shown
