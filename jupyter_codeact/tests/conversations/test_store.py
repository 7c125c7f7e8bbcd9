"""Conversations on disk."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jupyter_codeact.conversations.store import Store
from jupyter_codeact.errors import Invalid, JournalCorrupt, JournalLocked, Unknown
from jupyter_codeact.events import CellSubmitted, ConversationRenamed, ModelReplied, NotebookMoved
from jupyter_codeact.testing import begin_run


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "conversations", "/home/jo/work")
    yield store
    await store.close()


async def test_only_the_owner_can_read(store: Store) -> None:
    await store.create("a.ipynb")
    (path,) = store.directory.iterdir()
    assert stat.S_IMODE(store.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_same_id_twice_is_one_conversation(store: Store) -> None:
    first = await store.create("a.ipynb", conversation_id="mine")
    assert await store.create("b.ipynb", conversation_id="mine") == first
    assert len((await store.open("mine")).events) == 1


@pytest.mark.parametrize("name", ["../x", "a/b", "", "a b", "x" * 65, "a\0"])
async def test_an_id_is_no_path(store: Store, name: str) -> None:
    with pytest.raises(Invalid):
        await store.open(name)


async def test_a_list_has_titles_and_the_latest_first(store: Store) -> None:
    first = await store.open(await store.create("a.ipynb", conversation_id="first"))
    second = await store.open(await store.create("b.ipynb", conversation_id="second"))
    await begin_run(second, "What   drives\nprices?")
    await begin_run(first, "Something")
    await first.append(ConversationRenamed(title="Prices"))
    assert [(row["conversation_id"], row["title"]) for row in store.list()] == [
        ("first", "Prices"),
        ("second", "What drives prices?"),
    ]
    assert [row["conversation_id"] for row in store.list("b.ipynb")] == ["second"]


async def test_notebooks_of_the_same_name_in_other_folders_are_others(store: Store, tmp_path: Path) -> None:
    await store.create("sub/a.ipynb", conversation_id="mine")
    below = Store(store.directory, "/home/jo/work/sub")
    beside = Store(store.directory, "/home/jo/other")
    assert [row["notebook_path"] for row in below.list("a.ipynb")] == ["a.ipynb"]
    await store.close()
    assert (await below.open("mine")).state.notebook_path == "a.ipynb"
    await below.close()
    assert beside.list() == []
    assert beside.list("sub/a.ipynb") == []


async def test_a_deleted_conversation_is_gone(store: Store) -> None:
    await store.open(await store.create("a.ipynb", conversation_id="mine"))
    await store.delete("mine")
    assert store.list() == []
    with pytest.raises(Unknown):
        await store.delete("mine")


async def test_a_damaged_journal_is_named_and_listed(store: Store) -> None:
    await store.create("a.ipynb", conversation_id="mine")
    await store.close()
    path = store.directory / "mine.jsonl"
    path.write_bytes(path.read_bytes() + b"damage\n" + path.read_bytes())
    with pytest.raises(JournalCorrupt, match="line 2"):
        await store.open("mine")
    assert store.list()[0]["conversation_id"] == "mine"


async def test_where_a_notebook_is_needs_no_whole_journal(store: Store) -> None:
    journal = await store.open(await store.create("a.ipynb", conversation_id="mine"))
    assert await store.notebook("mine") == Path(store.root, "a.ipynb")
    await journal.append(NotebookMoved(notebook_path="b.ipynb", root=store.root))
    assert await store.notebook("mine") == Path(store.root, "b.ipynb")
    await begin_run(journal, "Go")
    await store.close()
    path = store.directory / "mine.jsonl"
    path.write_bytes(path.read_bytes() + b"damage\n")
    assert await store.notebook("mine") == Path(store.root, "b.ipynb")
    with pytest.raises(JournalCorrupt):
        await store.read("mine")
    with pytest.raises(Unknown):
        await store.notebook("none")


async def test_a_journal_is_not_read_again_until_it_has_changed(store: Store) -> None:
    journal = await store.open(await store.create("a.ipynb", conversation_id="mine"))
    (before,) = store.summaries()
    assert next(store.summaries()) is before
    await journal.append(ConversationRenamed(title="Delays"))
    assert next(store.summaries()).title == "Delays"


async def test_a_second_server_is_refused(store: Store) -> None:
    await store.create("a.ipynb", conversation_id="mine")
    other = Store(store.directory, store.root)
    with pytest.raises(JournalLocked):
        await other.open("mine")
    await store.close()
    await other.open("mine")
    await other.close()


async def test_a_cell_that_a_crash_left_running_is_lost_when_opened(store: Store) -> None:
    journal = await store.open(await store.create("a.ipynb", conversation_id="mine"))
    await begin_run(journal, "Go")
    await journal.append(ModelReplied(step=1, text="```python\nx\n```", finish_reason="action"))
    await journal.append(CellSubmitted(step=1, cell_id="c", source="x"))
    await store.close()
    state = (await store.open("mine")).state
    assert state.cells["c"].status == "lost"
    assert "not rerun" in (state.steps[0].observation.text if state.steps[0].observation else "")
