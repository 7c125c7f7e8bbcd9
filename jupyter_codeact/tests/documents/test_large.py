"""Notebooks of 50 MB, and from before cells had ids (F36)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.documents.document import project
from jupyter_codeact.documents.file_document import FileDocument
from jupyter_codeact.events import ConversationStarted
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.testing import FakeEnvironment, ScriptedModel, begin_run, cell, stream


async def conversation() -> MemoryJournal:
    """With a run of three cells."""
    journal = MemoryJournal()
    await journal.append(ConversationStarted(conversation_id="c", notebook_path="a.ipynb"))
    await begin_run(journal, "Go")
    model = ScriptedModel([cell("1"), cell("2"), cell("3"), "Done."])
    await Agent(journal, model, FakeEnvironment(lambda source: [stream(source)])).run()
    return journal


def users_cell(text: str) -> dict[str, Any]:
    """A cell as notebook format 4.4 has it: without an id."""
    output = {"output_type": "stream", "name": "stdout", "text": [text]}
    return {"cell_type": "code", "metadata": {}, "source": ["x"], "outputs": [output], "execution_count": 1}


async def test_a_large_notebook_of_an_old_format_keeps_its_cells_and_gets_ids_once(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    cells = [users_cell(f"{number}" + "x" * 1_000_000) for number in range(50)]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}), "utf-8")
    assert path.stat().st_size > 50_000_000
    FileDocument(path).open()
    ids = [found["id"] for found in json.loads(path.read_text("utf-8"))["cells"]]
    assert len(set(ids)) == 50

    journal = await conversation()
    document = FileDocument(path)
    assert document.save(journal.state)
    assert not document.save(journal.state)
    notebook = json.loads(path.read_text("utf-8"))
    nbformat.validate(notebook)
    assert [found.pop("id") for found in notebook["cells"][:50]] == ids
    assert notebook["cells"][:50] == cells
    assert [found["source"] for found in notebook["cells"][50:]] == [["1"], ["2"], ["3"]]
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)


class Untouched(dict[str, Any]):
    """A cell of which nothing but its id may be asked for, however much there is of it."""

    def __getitem__(self, key: str) -> Any:
        assert key == "id"
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        assert key == "id"
        return super().get(key, default)


@pytest.mark.parametrize("count", [1, 1000])
async def test_inserting_cells_does_not_look_into_those_of_the_user(count: int) -> None:
    own = [Untouched(users_cell("x"), id=f"own-{number}") for number in range(count)]
    notebook: dict[str, Any] = {"cells": list(own), "metadata": {}}
    assert project(notebook, (await conversation()).state)
    assert all(found is before for found, before in zip(notebook["cells"], own, strict=False))
    assert len(notebook["cells"]) == count + 3
