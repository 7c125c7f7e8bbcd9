"""Where words stand in conversations, and in which order these are listed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jupyter_codeact.conversations.listing import MAX_SEARCH
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.errors import Invalid
from jupyter_codeact.events import CellSource, ConversationRenamed, ModelReplied, NotebookContext, UserMessage
from jupyter_codeact.testing import begin_run


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Two conversations about one notebook, one about another."""
    store = Store(tmp_path / "conversations", "/home/jo/work")
    journal = await store.open(await store.create("a.ipynb", conversation_id="delays"))
    await begin_run(journal, "What drives late deliveries?")
    await journal.append(ModelReplied(step=1, text="It is the Straße in Süd: the **lorries** wait there."))
    await journal.append(ConversationRenamed(title="Delays"))
    journal = await store.open(await store.create("a.ipynb", conversation_id="prices"))
    seen = NotebookContext(cells=(CellSource(cell_id="c", source="lorries = 1"),))
    await journal.append(
        UserMessage(message_id="m", text="Prices of " + "goods and " * 30 + "tea, please", context=seen)
    )
    await begin_run(await store.open(await store.create("b.ipynb", conversation_id="other")), "Draw lorries")
    yield store
    await store.close()


def names(store: Store, search: str, notebook: str | None = None) -> list[str]:
    return sorted(row["conversation_id"] for row in store.list(notebook, search))


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("late", ["delays"]),  # said by the user, no more in the title
        ("LORRIES", ["delays", "other"]),  # said by the model, or in a title; not what stands in a notebook
        ("delays süd", ["delays"]),  # a word in the title, one in a message
        ("late tea", []),  # no conversation has both
        (".*", []),
        ("  ", ["delays", "other", "prices"]),
    ],
)
async def test_every_word_stands_in_the_title_or_in_what_was_said(
    store: Store, search: str, expected: list[str]
) -> None:
    assert names(store, search) == expected


async def test_a_search_keeps_to_the_notebook(store: Store) -> None:
    assert names(store, "lorries", "a.ipynb") == ["delays"]


async def test_the_text_around_is_shown_where_the_title_does_not_say_it(store: Store) -> None:
    rows = {row["conversation_id"]: row["found"] for row in store.list(None, "TEA")}
    assert rows == {"prices": "… goods and goods and goods and tea, please"}
    assert [row["found"] for row in store.list(None, "Delays")] == [""]
    assert "found" not in store.list()[0]


async def test_a_search_is_bounded(store: Store) -> None:
    with pytest.raises(Invalid, match="a few words"):
        store.list(None, "x" * (MAX_SEARCH + 1))


async def test_a_new_title_moves_a_conversation_nowhere(store: Store) -> None:
    before = store.list()
    await (await store.open("delays")).append(ConversationRenamed(title="Late ones"))
    after = store.list()
    assert [row["conversation_id"] for row in after] == [row["conversation_id"] for row in before]
    assert {row["conversation_id"]: row["updated_at"] for row in after} == {
        row["conversation_id"]: row["updated_at"] for row in before
    }


async def test_a_damaged_conversation_is_searched_as_far_as_it_is_whole(store: Store) -> None:
    await store.close()
    path = store.directory / "prices.jsonl"
    path.write_bytes(path.read_bytes() + b'{"seq":3,"kind":"user_message"}\n')
    assert names(store, "tea") == ["prices"]
    assert names(store, "coffee") == []
