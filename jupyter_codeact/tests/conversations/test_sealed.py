"""A journal that cannot be written from here is shown as far as it can be read, and never changed (F31)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.conversations.sealed import SealedJournal
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.errors import JournalCorrupt, JournalError, JournalLocked, JournalNewer
from jupyter_codeact.events import CellSubmitted, ModelReplied, ReadOnly, UserMessage
from jupyter_codeact.journal.state import State
from jupyter_codeact.testing import FakeEnvironment, ScriptedModel, begin_run, cell, stream


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """With a conversation `mine`, whose one run has ended; it is not open."""
    store = Store(tmp_path / "conversations")
    journal = await store.open(await store.create("a.ipynb", conversation_id="mine"))
    await begin_run(journal, "How many?")
    environment = FakeEnvironment(lambda _: [stream("six\n")])
    await Agent(journal, ScriptedModel([cell("count()"), "Six."]), environment).run()
    await store.close()
    yield store
    await store.close()


def path_of(store: Store) -> Path:
    return store.directory / "mine.jsonl"


async def shown(store: Store) -> tuple[State, str]:
    """The state of `mine`, and why it can only be read; it takes nothing, and its file stays as it is."""
    before = path_of(store).read_bytes()
    journal = await store.look("mine")
    assert isinstance(journal, SealedJournal)
    notice = await anext(journal.follow())
    assert isinstance(notice, ReadOnly)
    with pytest.raises(JournalError, match=r"mine\.jsonl"):
        await journal.append(UserMessage(message_id="m", text="And now?"))
    assert [event.seq for event in journal.events] == list(range(1, journal.state.seq + 1))
    assert path_of(store).read_bytes() == before
    return journal.state, notice.detail


def rewrite(store: Store, *changes: tuple[str, dict[str, object]]) -> None:
    """The fields of all events of a kind are changed, as a later version might have written them."""
    lines = [json.loads(line) for line in path_of(store).read_text("utf-8").splitlines()]
    for line in lines:
        for kind, fields in changes:
            line.update(fields if line["kind"] == kind else {})
    path_of(store).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


async def test_of_a_newer_journal_all_is_shown_that_is_known_here(store: Store) -> None:
    before = (await store.open("mine")).state.model_copy(deep=True)
    await store.close()
    rewrite(
        store,
        ("conversation_started", {"schema_version": 2, "mood": "good"}),
        ("user_message", {"context": {"cells": [{"cell_id": "c", "source": "1", "colour": "red"}], "sky": "blue"}}),
        ("run_finished", {"reward": {"value": 1}}),
        ("observation_made", {"kind": "observation_dreamt"}),
    )
    with pytest.raises(JournalNewer, match="upgrade"):
        await store.open("mine")
    state, why = await shown(store)
    assert why.endswith("written by a newer jupyter_codeact; upgrade to go on with it")
    assert (state.title, state.messages[0].text) == ("How many?", "How many?")
    assert state.cells == before.cells
    assert state.runs == before.runs
    assert store.list()[0]["title"] == "How many?"


async def test_a_newer_journal_is_not_gone_on_with_even_if_every_event_is_known(store: Store) -> None:
    rewrite(store, ("conversation_started", {"schema_version": 2}))
    assert (await shown(store))[0].runs[0].answer == "Six."


async def test_of_a_damaged_journal_all_before_the_damage_is_shown(store: Store) -> None:
    lines = path_of(store).read_bytes().splitlines(keepends=True)
    number = next(index for index, line in enumerate(lines) if b"cell_submitted" in line)
    path_of(store).write_bytes(b"".join([*lines[: number + 1], b"damage\n", *lines[number + 2 :]]))
    with pytest.raises(JournalCorrupt):
        await store.open("mine")
    state, why = await shown(store)
    assert f"line {number + 2}: " in why
    assert why.endswith("the file was left as it is")
    (made,) = state.cells.values()
    assert (made.source, made.status) == ("count()", "lost")


async def test_what_another_server_has_open_is_shown_as_it_stands(store: Store) -> None:
    other = Store(store.directory)
    journal = await other.open("mine")
    await begin_run(journal, "Go on")
    await journal.append(ModelReplied(step=3, text=cell("more()"), finish_reason="action"))
    await journal.append(CellSubmitted(step=3, cell_id="c", source="more()"))
    with pytest.raises(JournalLocked):
        await store.open("mine")
    state, why = await shown(store)
    assert "another Jupyter server" in why
    assert state.cells["c"].status == "running"
    await other.close()
    assert not isinstance(await store.look("mine"), SealedJournal)


async def test_where_no_journal_can_be_made_the_conversation_goes_on_in_memory(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    store = Store(tmp_path / "home" / "conversations")
    journal = await store.open(await store.create("a.ipynb", conversation_id="mine"))
    assert journal.problem.startswith(str(tmp_path / "home"))
    await begin_run(journal, "Go")
    assert (await Agent(journal, ScriptedModel(["Done."]), FakeEnvironment()).run()).reason == "answered"
    assert [row["title"] for row in store.list("a.ipynb")] == ["Go"]
    (tmp_path / "home").unlink()
    await begin_run(journal, "Again")
    assert journal.problem == ""
    state = journal.state.model_copy(deep=True)
    await store.close()
    assert len(store.list()) == 1
    assert (await store.open("mine")).state == state
    await store.close()


async def test_a_conversation_that_was_in_memory_only_can_be_deleted(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    store = Store(tmp_path / "home" / "conversations")
    await store.delete(await store.create("a.ipynb"))
    assert store.list() == []
