"""What is deleted can be brought back for a while, whatever became of the page that asked for it."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jupyter_codeact.conversations.store import Store
from jupyter_codeact.conversations.trash import KEPT, Trash
from jupyter_codeact.errors import JournalLocked, Unknown
from jupyter_codeact.testing import begin_run


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store with one conversation, `mine`."""
    store = Store(tmp_path / "conversations", "/home/jo/work")
    await begin_run(await store.open(await store.create("a.ipynb", conversation_id="mine")), "Go")
    yield store
    await store.close()


async def test_a_discarded_conversation_comes_back_as_it_was(store: Store) -> None:
    before, content = store.list(), (store.directory / "mine.jsonl").read_bytes()
    await store.discard("mine")
    assert store.list() == []
    with pytest.raises(Unknown):
        await store.open("mine")
    await store.restore("mine")
    assert store.list() == before
    assert (store.directory / "mine.jsonl").read_bytes() == content
    assert (await store.open("mine")).state.messages[0].text == "Go"
    await store.restore("mine")  # a command that came twice
    assert store.list() == before


async def test_another_server_after_a_restart_brings_it_back(store: Store) -> None:
    await store.discard("mine")
    await store.close()
    later = Store(store.directory, store.root)
    await later.restore("mine")
    assert [row["title"] for row in later.list()] == ["Go"]


async def test_it_is_gone_for_good_after_a_while_and_not_before(store: Store) -> None:
    now = 1000.0
    store.trash = trash = Trash(store.directory / "trash", lambda: now)
    await store.discard("mine")
    assert stat.S_IMODE(trash.directory.stat().st_mode) == 0o700
    now += KEPT
    trash.empty()
    assert [path.name for path in trash.directory.iterdir()] == ["mine.1000.jsonl"]
    now += 1
    trash.empty()
    assert list(trash.directory.iterdir()) == []
    with pytest.raises(Unknown, match="not kept any more"):
        await store.restore("mine")


async def test_what_another_server_writes_is_not_discarded(store: Store) -> None:
    other = Store(store.directory, store.root)
    with pytest.raises(JournalLocked):
        await other.discard("mine")
    assert [row["conversation_id"] for row in other.list()] == ["mine"]


async def test_the_same_name_may_be_discarded_twice(store: Store) -> None:
    now = 1000.0
    store.trash = Trash(store.directory / "trash", lambda: now)
    await store.discard("mine")
    await begin_run(await store.open(await store.create("a.ipynb", conversation_id="mine")), "Again")
    now += 5
    await store.discard("mine")
    await store.restore("mine")
    assert [row["title"] for row in store.list()] == ["Again"]
