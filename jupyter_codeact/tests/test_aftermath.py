"""What is looked for after a fault is found where it is there."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_codeact.events import CellSubmitted, ConversationStarted, ModelReplied, RunFinished
from jupyter_codeact.journal.file_journal import FileJournal
from jupyter_codeact.journal.fold import State
from jupyter_codeact.testing import begin_run
from jupyter_codeact.tests import aftermath
from jupyter_codeact.tests.aftermath import (
    check_journal,
    check_notebook,
    check_run,
    check_secret,
    nothing_left,
    user_notebook,
)


def leave_task() -> Callable[[], object]:
    return asyncio.create_task(asyncio.sleep(600)).cancel


def leave_thread() -> Callable[[], object]:
    end = threading.Event()
    threading.Thread(target=end.wait).start()
    return end.set


def leave_socket() -> Callable[[], object]:
    return socket.socket().close


def leave_file() -> Callable[[], object]:
    return Path(__file__).open("rb").close


@pytest.mark.parametrize(
    ("leave", "words"),
    [(leave_task, "task sleep"), (leave_thread, "1 threads"), (leave_socket, "socket:"), (leave_file, __file__)],
)
async def test_what_is_left_is_named(
    leave: Callable[[], Callable[[], object]], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aftermath, "LEAVE_SECONDS", 0.05)
    end: Callable[[], object] = print
    with pytest.raises(AssertionError, match=words):
        async with nothing_left():
            end = leave()
    end()
    async with nothing_left():
        leave()()


async def state_of(path: Path, *, ended: bool = True, detail: str = "The model is gone; try again.") -> State:
    """The state of a journal in `path` with one run."""
    journal = FileJournal(path)
    await journal.append(ConversationStarted(conversation_id="c", notebook_path="a.ipynb"))
    await begin_run(journal, "Go")
    await journal.append(ModelReplied(step=1, text="x"))
    if ended:
        await journal.append(RunFinished(run_id=journal.state.runs[0].run_id, reason="failed", detail=detail))
    else:
        await journal.append(CellSubmitted(step=1, cell_id="c", source="x"))
    journal.close()
    return journal.state


async def test_a_journal_that_says_something_else_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    state = await state_of(path)
    check_journal(path, state)
    with pytest.raises(AssertionError):
        check_journal(path, state.model_copy(update={"title": "another"}))
    path.write_bytes(path.read_bytes().replace(b'"kind"', b' "kind"'))
    with pytest.raises(AssertionError):
        check_journal(path, state)
    path.write_bytes(path.read_bytes() + b"{")
    with pytest.raises(AssertionError, match="torn"):
        check_journal(path, state)


@pytest.mark.parametrize("detail", ["", "a\nb", "Traceback (most recent call last)", "Internal error (KeyError)"])
async def test_a_run_without_an_end_in_words_is_found(tmp_path: Path, detail: str) -> None:
    check_run(await state_of(tmp_path / "a.jsonl"))
    with pytest.raises(AssertionError):
        check_run(await state_of(tmp_path / "b.jsonl", detail=detail))
    with pytest.raises(AssertionError):
        check_run(await state_of(tmp_path / "c.jsonl"), live=True)
    with pytest.raises(AssertionError):
        check_run(await state_of(tmp_path / "d.jsonl", ended=False))


def test_a_changed_notebook_and_a_key_are_found(tmp_path: Path) -> None:
    path = user_notebook(tmp_path / "a.ipynb")
    check_notebook(path)
    check_secret([tmp_path, "nothing"], "canary")
    path.write_text(path.read_text("utf-8").replace("mine = 1", "mine = 2"), "utf-8")
    with pytest.raises(AssertionError):
        check_notebook(path)
    (tmp_path / "log").write_text("a canary")
    with pytest.raises(AssertionError, match="log"):
        check_secret([tmp_path], "canary")
