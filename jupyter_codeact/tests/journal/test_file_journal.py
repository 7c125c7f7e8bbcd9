"""What a journal in a file promises: it comes back as it was, and damage is named and never made worse."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.errors import JournalCorrupt, JournalError, JournalLocked
from jupyter_codeact.events import (
    ApprovalDecided,
    ApprovalRequested,
    CellFinished,
    CellOutput,
    CellSubmitted,
    ConversationStarted,
    Event,
    ModelReplied,
    RunFinished,
    RunStarted,
    StopRequested,
    UserMessage,
)
from jupyter_codeact.journal.file_journal import SYNCED, FileJournal
from jupyter_codeact.tests.journal.conversations import conversations, ticking

EVENTS: list[Event] = [
    ConversationStarted(conversation_id="c", notebook_path="a.ipynb"),
    UserMessage(message_id="m", text="Größe?\u2028\n"),
    RunStarted(run_id="r", model="m"),
    ModelReplied(step=1, text="```\nx\n```\n"),
    ApprovalRequested(step=1, cell_id="abc", source="x"),
    ApprovalDecided(decision_id="d", step=1, decision="approve", source="x"),
    CellSubmitted(step=1, cell_id="abc", source="x"),
    CellOutput(cell_id="abc", op="append", output={"output_type": "stream", "name": "stdout", "text": "1\n"}),
    CellFinished(step=1, cell_id="abc", status="ok"),
    StopRequested(stop_id="s"),
    RunFinished(run_id="r", reason="stopped"),
]


async def written(path: Path, events: list[Event]) -> list[Event]:
    """The events as stamped; `path` is a closed journal of them."""
    journal = FileJournal(path, ticking())
    stamped = [await journal.append(event) for event in events]
    journal.close()
    return stamped


async def lines(directory: str | Path, events: list[Event]) -> list[bytes]:
    """The lines of a journal of `events`, with their ends."""
    path = Path(directory) / "whole.jsonl"
    await written(path, events)
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


@given(events=conversations())
async def test_what_was_appended_is_there_after_a_reload(events: list[Event]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "c.jsonl"
        stamped = await written(path, events)
        assert [json.loads(line)["seq"] for line in path.read_bytes().split(b"\n")[:-1]] == [e.seq for e in stamped]
        journal = FileJournal(path)
        assert list(journal.events) == stamped
        assert journal.state.seq == len(stamped)
        assert journal.recovered == ""
        journal.close()


async def test_the_state_is_the_same_after_a_reload(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    journal = FileJournal(path)
    for event in EVENTS:
        await journal.append(event)
    state = journal.state
    journal.close()
    again = FileJournal(path)
    assert again.state == state
    again.close()


async def test_a_line_torn_at_any_byte_is_dropped_and_reported(tmp_path: Path) -> None:
    *whole, last = await lines(tmp_path, EVENTS[:2])
    kept, path = b"".join(whole), tmp_path / "torn.jsonl"
    for size in range(len(last)):
        path.write_bytes(kept + last[:size])
        journal = FileJournal(path)
        assert journal.recovered == (f"{path}: the last line was torn; {size} bytes were dropped" if size else "")
        assert len(journal.events) == 1
        assert (await journal.append(EVENTS[2])).seq == 2
        journal.close()
        again = FileJournal(path)
        assert ([event.kind for event in again.events], again.recovered) == (
            ["conversation_started", "run_started"],
            "",
        )
        again.close()


@pytest.mark.parametrize("tail", [b"\0" * 4096, b"\xff\xfe", b"{}", b" "])
async def test_any_tail_without_a_line_end_is_a_torn_line(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "c.jsonl"
    await written(path, EVENTS)
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    journal = FileJournal(path)
    assert str(len(tail)) in journal.recovered
    assert path.read_bytes() == whole
    journal.close()


def refused(path: Path) -> str:
    """Why the journal cannot be opened; twice the same (nothing stays locked), and the file is as it was."""
    before, texts = path.read_bytes(), set()
    for _ in range(2):
        with pytest.raises(JournalError) as refusal:
            FileJournal(path)
        texts.add(f"{type(refusal.value).__name__} {refusal.value}")
    assert path.read_bytes() == before
    (text,) = texts
    assert str(path) in text
    return text


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "not JSON": lambda line: b"not JSON\n",
    "empty": lambda line: b"\n",
    "cut": lambda line: line[:-9] + b"\n",
    "zeros": lambda line: b"\0" * (len(line) - 1) + b"\n",
    "not UTF-8": lambda line: line.replace(b"Gr", b"\xff\xfe"),
    "unknown kind": lambda line: line.replace(b'"user_message"', b'"telepathy"'),
    "unknown field": lambda line: line.replace(b'"text"', b'"test"'),
    "wrong number": lambda line: line.replace(b'"seq":2', b'"seq":3'),
    "twice": lambda line: line + line,
    "missing": lambda line: b"",
    "list": lambda line: b"[]\n",
    "two in one line": lambda line: line[:-1] + b" " + line,
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_other_damage_is_named_by_file_and_line_and_left_as_it_is(tmp_path: Path, damage: str) -> None:
    whole = await lines(tmp_path, EVENTS)
    path = tmp_path / "damaged.jsonl"
    path.write_bytes(b"".join([whole[0], DAMAGES[damage](whole[1]), *whole[2:]]))
    assert f"JournalCorrupt {path}, line {3 if damage == 'twice' else 2}: " in refused(path)


async def test_an_event_about_what_is_not_there_is_damage(tmp_path: Path) -> None:
    whole = await lines(tmp_path, EVENTS)
    path = tmp_path / "damaged.jsonl"
    path.write_bytes(
        b"".join(whole).replace(
            b'"cell_submitted","step":1,"cell_id":"abc"', b'"cell_submitted","step":1,"cell_id":"xyz"'
        )
        + b"torn"
    )
    assert f"JournalCorrupt {path}, line 8: " in refused(path)


@given(events=conversations(min_size=2), data=st.data())
async def test_damage_at_any_place_loses_and_changes_nothing_else(events: list[Event], data: st.DataObject) -> None:
    """A damaged byte may leave a readable event (a letter in a text); then all others are as they were."""
    with tempfile.TemporaryDirectory() as directory:
        whole = await lines(directory, events)
        number = data.draw(st.integers(0, len(whole) - 2))
        line = whole[number]
        at = data.draw(st.integers(0, len(line) - 1))
        byte = data.draw(st.binary(max_size=1) | st.sampled_from([b"\n", b'"', b"{", b"\xff", b"0"]))
        width = data.draw(st.integers(0, 3))
        damaged = line[:at] + byte + line[at + width :]
        path = Path(directory) / "damaged.jsonl"
        path.write_bytes(content := b"".join([*whole[:number], damaged, *whole[number + 1 :]]))
        try:
            journal = FileJournal(path)
        except JournalCorrupt as error:
            named = int(str(error).removeprefix(f"{path}, line ").partition(":")[0])
            assert named > number
        else:
            others = [event for event in journal.events if event.seq != number + 1]
            undamaged = [*whole[:number], *whole[number + 1 :]]
            assert [event.model_dump_json().encode() + b"\n" for event in others] == undamaged
            assert json.loads(damaged)["seq"] == number + 1
            journal.close()
        assert path.read_bytes() == content


async def test_a_journal_of_a_newer_release_asks_for_an_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "newer.jsonl"
    await written(path, [EVENTS[0].model_copy(update={"schema_version": 2})])
    with path.open("ab") as file:
        file.write(b'{"seq":2,"time":"","kind":"telepathy"}\n')
    assert "newer jupyter_codeact; upgrade" in refused(path)


async def test_one_process_writes_a_journal_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    journal = FileJournal(path)
    with pytest.raises(JournalLocked, match="another Jupyter server"):
        FileJournal(path)
    await journal.append(EVENTS[0])
    journal.close()
    again = FileJournal(path)
    assert len(again.events) == 1
    again.close()


@pytest.mark.parametrize("umask", [0, 0o077])
def test_only_the_owner_can_read_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        FileJournal(tmp_path / "c.jsonl").close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "c.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
async def test_an_event_is_one_write_and_is_synced_where_its_kind_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, event: Event
) -> None:
    path = tmp_path / "c.jsonl"
    await written(path, EVENTS[: EVENTS.index(event)])
    before = path.read_bytes()
    writes: list[bytes] = []
    synced: list[bytes] = []
    write, fsync = os.write, os.fsync

    def recorded_write(file: int, data: bytes) -> int:
        if os.path.sameopenfile(file, watched):
            writes.append(data)
        return write(file, data)

    def recorded_fsync(file: int) -> None:
        if os.path.sameopenfile(file, watched):
            synced.append(path.read_bytes())
        fsync(file)

    journal = FileJournal(path)
    watched = os.open(path, os.O_RDONLY)
    monkeypatch.setattr(os, "write", recorded_write)
    monkeypatch.setattr(os, "fsync", recorded_fsync)
    stamped = await journal.append(event)
    journal.close()
    os.close(watched)
    assert writes == [stamped.model_dump_json().encode() + b"\n"]
    assert synced == ([before + writes[0]] if event.kind in SYNCED else [])


def test_cells_decisions_and_the_borders_of_a_run_are_synced() -> None:
    assert {"cell_submitted", "approval_decided", "stop_requested", "run_started", "run_finished"} == SYNCED


def run_python(program: str, path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, str(path), *more]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from jupyter_codeact.events import CellSubmitted, ModelReplied, RunStarted
from jupyter_codeact.journal.file_journal import FileJournal

async def main():
    journal = FileJournal(Path(sys.argv[1]))
    await journal.append(RunStarted(run_id="r", model="m"))
    await journal.append(ModelReplied(step=1, text="x"))
    await journal.append(CellSubmitted(step=1, cell_id="abc", source="x"))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_what_was_appended_outlives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    assert run_python(KILLED, path).returncode == -9
    journal = FileJournal(path)
    assert [event.kind for event in journal.events] == ["run_started", "model_replied", "cell_submitted"]
    assert (await journal.append(CellFinished(step=1, cell_id="abc", status="lost"))).seq == 4
    assert journal.recovered == ""
    journal.close()


FULL = """
import asyncio, resource, sys
from contextlib import aclosing
from pathlib import Path
from jupyter_codeact.events import Unsaved, UserMessage
from jupyter_codeact.journal.file_journal import FileJournal

async def main():
    path = Path(sys.argv[1])
    journal = FileJournal(path)
    await journal.append(UserMessage(message_id="1", text="fits"))
    before = path.read_bytes()
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, hard))
    await journal.append(UserMessage(message_id="2", text="x" * 1000))
    await journal.append(UserMessage(message_id="3", text="x"))
    sys.stdout.write(journal.problem + "\\n")
    assert path.read_bytes() == before
    assert len(journal.events) == 3 and journal.state.seq == 3
    if len(sys.argv) == 3:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        assert (await journal.append(UserMessage(message_id="4", text="fits again"))).seq == 4
        assert journal.problem == ""
    journal.close()
    async with aclosing(journal.follow(4)) as notices:
        sys.stdout.writelines([f"told: {notice.detail}\\n" async for notice in notices if isinstance(notice, Unsaved)])

asyncio.run(main())
"""


async def test_what_the_disk_does_not_take_is_kept_told_and_written_later(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    done = run_python(FULL, path, "freed")
    assert (done.returncode, done.stderr) == (0, "")
    problem = f"{path}: cannot be written: File too large; free some space"
    assert done.stdout.splitlines() == [problem, f"told: {problem}", "told: "]
    journal = FileJournal(path)
    assert [event.seq for event in journal.events] == [1, 2, 3, 4]
    journal.close()


async def test_a_disk_that_stays_full_leaves_the_journal_whole(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    done = run_python(FULL, path)
    assert (done.returncode, done.stderr) == (0, "")
    journal = FileJournal(path)
    assert ([event.seq for event in journal.events], journal.recovered) == ([1], "")
    journal.close()


async def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "c.jsonl")
    journal.close()
    journal.close()
    with pytest.raises(JournalError, match="closed"):
        await journal.append(EVENTS[0])
    assert (tmp_path / "c.jsonl").read_bytes() == b""


def test_a_journal_that_cannot_be_opened_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"absent/c\.jsonl: cannot be opened: No such file or directory"):
        FileJournal(tmp_path / "absent" / "c.jsonl")
