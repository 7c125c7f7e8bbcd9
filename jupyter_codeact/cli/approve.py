"""Approval at a terminal: the user is asked before each cell runs."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import sys
import tempfile
from contextlib import aclosing
from pathlib import Path
from uuid import uuid4

from jupyter_codeact.errors import CodeActError
from jupyter_codeact.events import ApprovalDecided, ApprovalRequested
from jupyter_codeact.journal.journal import Journal

QUESTION = "Run this cell? [y]es / [n]o / [e]dit: "


async def approve(journal: Journal) -> None:
    """Each cell that waits for approval is decided by the user. Goes on until cancelled."""
    async with aclosing(journal.follow()) as events:
        async for event in events:
            if isinstance(event, ApprovalRequested):
                await journal.append(await asyncio.to_thread(_decide, event))


def _decide(request: ApprovalRequested) -> ApprovalDecided:
    sys.stderr.write(f"\r\x1b[2K\n{_indented(request.source)}\n\n")
    for risk in request.risks:
        sys.stderr.write(f"  ! {risk}\n")
    while True:
        sys.stderr.write(QUESTION)
        sys.stderr.flush()
        answer = sys.stdin.readline()
        choice = answer.strip().lower()[:1]
        if choice == "y":
            return ApprovalDecided(decision_id=uuid4().hex, step=request.step, decision="approve")
        if choice == "n" or not answer:
            return _rejected(request)
        if choice == "e":
            edited = _edit(request.source)
            if edited.strip() == request.source.strip():
                return ApprovalDecided(decision_id=uuid4().hex, step=request.step, decision="approve")
            return ApprovalDecided(decision_id=uuid4().hex, step=request.step, decision="edit", source=edited)


def _rejected(request: ApprovalRequested) -> ApprovalDecided:
    sys.stderr.write("Why not? (the model is told; empty for no reason): ")
    sys.stderr.flush()
    note = sys.stdin.readline().strip()
    return ApprovalDecided(decision_id=uuid4().hex, step=request.step, decision="reject", note=note)


def _edit(source: str) -> str:
    """The source as it stands when the user's editor is closed."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cell.py"
        path.write_text(source + "\n", "utf-8")
        try:
            subprocess.run([*shlex.split(editor), str(path)], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise CodeActError(f"The editor {editor!r} failed: {error}; set EDITOR to one that works.") from error
        return path.read_text("utf-8").rstrip("\n")


def _indented(source: str) -> str:
    """The lines as the kernel reads them: what a terminal would obey, or nobody would see, is written out."""
    return "\n".join(f"    {_visible(line)}" for line in source.split("\n"))


def _visible(line: str) -> str:
    return "".join(
        each if each.isprintable() or each == "\t" else each.encode("unicode_escape").decode() for each in line
    )
