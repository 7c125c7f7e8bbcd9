"""`jupyter codeact conversations`; at a terminal and in a pipe as a process of its own."""

from __future__ import annotations

import asyncio
import io
import json
import os
import pty
import sys
from collections.abc import AsyncIterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import nbformat
import pytest

from jupyter_codeact.cli.app import EXPORT_FORMATS, main
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.events import CellOutput, CellSubmitted, ModelReplied, RunFinished
from jupyter_codeact.exports.formats import FORMATS
from jupyter_codeact.journal.file_journal import read
from jupyter_codeact.testing import begin_run, cell

OUTPUT = {"output_type": "stream", "name": "stdout", "text": "\x1b[31m4,200\x1b[0m rows\n"}


class Conversations:
    """The command, and the folder of journals that it works on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(Path(os.environ["JUPYTER_DATA_DIR"], "codeact", "conversations"), str(folder))

    async def make(self, name: str, text: str, reason: str = "answered", notebook: str = "a.ipynb") -> Path:
        """A conversation of one run, closed."""
        await self.store.create(notebook, conversation_id=name)
        journal = await self.store.open(name)
        await begin_run(journal, text)
        await journal.append(ModelReplied(step=1, text=cell("print(n)", "I count the rows.")))
        await journal.append(CellSubmitted(step=1, cell_id="c1", source="print(n)"))
        await journal.append(CellOutput(cell_id="c1", op="append", output=OUTPUT))
        if reason:
            ending = {"answer": "There are **4,200**."} if reason == "answered" else {"detail": "Stopped by you."}
            run_id = journal.state.runs[-1].run_id
            await journal.append(RunFinished.model_validate({"run_id": run_id, "reason": reason, **ending}))
        await self.store.close()
        return self.store.directory / f"{name}.jsonl"

    async def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output and error, without a terminal."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            await asyncio.to_thread(main, ["conversations", *arguments])
        return int(ended.value.code or 0), out.getvalue(), err.getvalue()

    async def at_a_terminal(self, typed: str, *arguments: str) -> int:
        """The exit code when a user at a terminal types `typed`."""
        ours, theirs = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jupyter_codeact.cli.app", "conversations", *arguments,
            stdin=theirs, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs)
        os.write(ours, typed.encode())
        try:
            return await asyncio.wait_for(process.wait(), 60)
        finally:
            os.close(ours)


@pytest.fixture
async def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Conversations]:
    monkeypatch.chdir(tmp_path)
    conversations = Conversations(tmp_path)
    yield conversations
    await conversations.store.close()


def test_the_command_knows_the_formats_that_there_are() -> None:
    assert tuple(FORMATS) == EXPORT_FORMATS


async def test_the_list_tells_what_became_of_each(command: Conversations) -> None:
    await command.make("aaaa1111-1", "Count the\trows")
    await command.make("aaaa1111-2", "Then stop", "stopped", notebook="sub/b.ipynb")
    await command.make("cut", "And this", "")
    code, out, _ = await command("list")
    assert code == 0
    rows = {line.split()[0]: line for line in out.splitlines()}
    assert set(rows) == {"aaaa1111-1", "aaaa1111-2", "cut"}
    assert rows["aaaa1111-1"].split()[3:] == ["answered", "a.ipynb", "Count", "the", "rows"]
    assert rows["aaaa1111-2"].split()[3:5] == ["stopped", "sub/b.ipynb"]
    assert "unfinished" in rows["cut"]
    _, out, _ = await command("list", "--json", "--notebook", "sub/b.ipynb")
    (row,) = [json.loads(line) for line in out.splitlines()]
    assert (row["conversation_id"], row["state"]) == ("aaaa1111-2", "stopped")
    assert row["notebook_path"] == str(command.folder / "sub" / "b.ipynb")


async def test_a_transcript_is_readable_and_harmless_at_a_terminal(command: Conversations) -> None:
    await command.make("aaaa", "Count the rows")
    code, out, _ = await command("show", "aa")
    assert code == 0
    where = [
        out.index(part) for part in ("> Count the rows", "I count", "print(n)", "4,200 rows", "There are **4,200**")
    ]
    assert where == sorted(where)
    assert "\x1b" not in out


async def test_an_ambiguous_or_unknown_id_is_one_line(command: Conversations) -> None:
    await command.make("aaaa1", "One")
    await command.make("aaaa2", "Two")
    for beginning, words in ("aaaa", "2 conversations begin with aaaa"), ("zzz", "no conversation zzz"):
        code, out, err = await command("export", beginning)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert words in err
    assert (await command("export", "--format", "jsonl", "aaaa1"))[0] == 0
    assert (await command("export"))[0] == 2
    assert (await command("export", "aaaa1", "--all"))[0] == 2
    assert (await command("export", "aaaa1", "--format", "html"))[0] == 2


async def test_every_format_is_written_where_it_was_asked_for(command: Conversations) -> None:
    path = await command.make("aaaa", "Count the rows")
    assert (await command("export", "aaaa", "--output", "out.ipynb"))[0] == 0
    nbformat.validate(nbformat.read(command.folder / "out.ipynb", as_version=4))  # type: ignore[no-untyped-call]
    assert (await command("export", "aaaa", "--format", "jsonl"))[1] == path.read_text("utf-8")
    _, out, _ = await command("export", "aaaa", "--format", "codeactinstruct")
    (line,) = [json.loads(line) for line in out.splitlines()]
    assert (line["id"], [turn["role"] for turn in line["conversations"]]) == ("aaaa", ["system", "user", "assistant"])
    code, _, err = await command("export", "aaaa", "--output", "no/such/folder.ipynb")
    assert (code, err.count("\n")) == (1, 1)
    assert "no/such/folder.ipynb" in err


async def test_all_successful_ones_make_one_data_set_and_damage_is_named(command: Conversations) -> None:
    await command.make("good", "Count the rows")
    await command.make("stopped", "Then stop", "stopped")
    broken = await command.make("broken", "Broken")
    broken.write_bytes(broken.read_bytes().replace(b'"kind":"cell_output"', b'"kind":"nonsense"'))
    code, out, err = await command("export", "--all", "--successful", "--format", "openai")
    assert (code, err.count("\n")) == (1, 1)
    assert f"{broken}, line 6" in err
    (line,) = [json.loads(line) for line in out.splitlines()]
    assert "Count the rows" in line["messages"][1]["content"]
    code, out, err = await command("show", "broken")
    assert (code, out) == (1, "")
    assert f"{broken}, line 6" in err
    code, _, err = await command("export", "stopped", "--successful")
    assert (code, "did not end with an answer" in err) == (1, True)
    assert (await command("export", "--all"))[0] == 1
    assert (await command("export", "--all", "--output", "notebooks"))[0] == 1
    assert sorted(made.name for made in (command.folder / "notebooks").iterdir()) == [
        "Count-the-rows-good.ipynb",
        "Then-stop-stopped.ipynb",
    ]


async def test_what_a_live_server_holds_is_read_but_not_deleted(command: Conversations) -> None:
    path = await command.make("aaaa", "Count the rows", "")
    before = path.read_bytes()
    await command.store.open("aaaa")  # which also closes what the process before left open
    during = path.read_bytes()
    assert during.startswith(before)
    assert "running" in (await command("list"))[1]
    assert (await command("show", "aaaa"))[0] == 0
    assert (await command("export", "aaaa", "--format", "markdown"))[0] == 0
    code, _, err = await command("delete", "aaaa", "--yes")
    assert (code, err.count("\n")) == (1, 1)
    assert "server has this conversation open" in err
    assert path.read_bytes() == during
    await command.store.close()
    assert (await command("delete", "aaaa", "--yes"))[0] == 0
    assert not path.exists()


async def test_deleting_asks_at_a_terminal(command: Conversations) -> None:
    path = await command.make("aaaa", "Count the rows")
    code, _, err = await command("delete", "aaaa")
    assert (code, "--yes" in err) == (2, True)
    assert await command.at_a_terminal("n\n", "delete", "aaaa") == 1
    assert read(path)[0]
    assert await command.at_a_terminal("y\n", "delete", "aaaa") == 0
    assert not path.exists()


async def test_a_reader_that_has_enough_is_no_failure_in_words(command: Conversations) -> None:
    for number in range(3):
        await command.make(f"conversation-{number}", "Count the rows " * 30)
    program = f"{sys.executable} -m jupyter_codeact.cli.app conversations export --all --format jsonl | head -c 1"
    process = await asyncio.create_subprocess_shell(
        program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert (out, err) == (b"{", b"")
