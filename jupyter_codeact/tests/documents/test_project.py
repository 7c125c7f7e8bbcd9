"""What `project` makes of notebooks: for any conversation, at any point of it, after anything that a user may do."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_codeact.documents.document import execution_times, project, source_of
from jupyter_codeact.events import (
    CellFinished,
    CellOutput,
    CellSubmitted,
    ConversationStarted,
    Event,
    EventAdapter,
    ModelReplied,
    RunFinished,
    RunStarted,
)
from jupyter_codeact.journal.fold import State, fold

JOURNALS = sorted((Path(__file__).parents[1] / "journals").glob("*.jsonl"))


def notebook(*ids: str) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": id_, "metadata": {}, "source": id_, "outputs": [], "execution_count": None}
        for id_ in ids
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def ids(document: dict[str, Any]) -> list[str]:
    return [cell["id"] for cell in document["cells"]]


def conversation(*cells: tuple[str, str | None], finished: bool = True) -> list[Event]:
    """A run of one step a cell, given as its id and the id it goes after, each printing its own id."""
    events: list[Event] = [
        ConversationStarted(conversation_id="talk", notebook_path="a.ipynb"),
        RunStarted(run_id="run", model="scripted"),
    ]
    for step, (cell_id, after) in enumerate(cells, 1):
        output = {"output_type": "stream", "name": "stdout", "text": cell_id}
        events += [
            ModelReplied(step=step, text=""),
            CellSubmitted(step=step, cell_id=cell_id, after_cell_id=after, source=f"print('{cell_id}')"),
            CellOutput(cell_id=cell_id, op="append", output=output),
            CellFinished(step=step, cell_id=cell_id, status="ok", execution_count=step, seconds=1.25),
        ]
    if finished:
        events.append(RunFinished(run_id="run", reason="answered"))
    return numbered(events)


def numbered(events: list[Event]) -> list[Event]:
    return [
        event.model_copy(update={"seq": seq, "time": f"2026-01-02T03:04:{seq % 60:02d}.500Z"})
        for seq, event in enumerate(events, 1)
    ]


def test_cells_stand_where_they_belong_with_outputs_count_times_and_provenance() -> None:
    document = notebook("first", "last")
    assert project(document, fold(conversation(("a", "first"), ("b", "a"))))
    assert ids(document) == ["first", "a", "b", "last"]
    cell = document["cells"][1]
    assert cell["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "a"}]
    assert cell["execution_count"] == 1
    assert cell["metadata"] == {
        "jupyter_codeact": {"conversation": "talk", "step": 1},
        "execution": {
            "iopub.execute_input": "2026-01-02T03:04:05.250Z",
            "iopub.status.busy": "2026-01-02T03:04:05.250Z",
            "iopub.status.idle": "2026-01-02T03:04:06.500Z",
            "shell.execute_reply": "2026-01-02T03:04:06.500Z",
        },
    }
    nbformat.validate(nbformat.from_dict(document))  # type: ignore[no-untyped-call]


def test_without_its_place_a_cell_follows_the_conversations_last_cell_or_ends_the_notebook() -> None:
    document = notebook("first", "last")
    project(document, fold(conversation(("a", "first"), ("b", "gone"), ("c", None))))
    assert ids(document) == ["first", "a", "b", "last", "c"]
    other = notebook("first")
    project(other, fold(conversation(("a", "gone"))))
    assert ids(other) == ["first", "a"]


@pytest.mark.parametrize("finished", [True, False])
def test_a_deleted_cell_stays_deleted(finished: bool) -> None:
    document = notebook("first")
    events = conversation(("a", "first"), ("b", "a"), finished=finished)
    project(document, fold(events[:7]))
    del document["cells"][1]
    project(document, fold(events))
    assert ids(document) == ["first", "b"]


def test_an_edited_cell_is_left_alone_and_a_clean_one_beside_it_is_not() -> None:
    document = notebook()
    events = conversation(("a", None), ("b", "a"))
    project(document, fold(events[:4]))
    document["cells"][0]["source"] += " # mine"
    edited = copy.deepcopy(document["cells"][0])
    project(document, fold(events))
    assert document["cells"][0] == edited
    assert document["cells"][1]["execution_count"] == 2


def test_a_cell_that_the_user_ran_again_keeps_the_users_outputs() -> None:
    document = notebook()
    events = conversation(("a", None), ("b", "a"))
    project(document, fold(events[:6]))
    document["cells"][0].update(execution_count=9, outputs=[])
    project(document, fold(events))
    assert (document["cells"][0]["execution_count"], document["cells"][0]["outputs"]) == (9, [])


def test_outputs_that_the_user_cleared_after_the_run_stay_cleared() -> None:
    document = notebook()
    state = fold(conversation(("a", None)))
    project(document, state)
    document["cells"][0].update(execution_count=None, outputs=[])
    assert not project(document, state)
    assert document["cells"][0]["outputs"] == []


def test_two_conversations_do_not_know_each_others_cells() -> None:
    document = notebook()
    first = fold(conversation(("a", None)))
    second = first.model_copy(update={"conversation_id": "other"}, deep=True)
    project(document, first)
    del document["cells"][0]
    project(document, second)
    assert ids(document) == ["a"]
    assert document["metadata"]["jupyter_codeact"]["conversations"] == {"talk": 7, "other": 7}


def test_a_source_in_lines_and_metadata_of_another_shape_are_taken() -> None:
    document = notebook()
    document["metadata"]["jupyter_codeact"] = "mine"
    events = conversation(("a", None))
    project(document, fold(events[:4]))
    document["cells"][0]["source"] = ["print(", "'a')"]
    project(document, fold(events))
    assert source_of(document["cells"][0]) == "print('a')"
    assert document["cells"][0]["execution_count"] == 1


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.stem)
def test_recorded_conversations_end_in_valid_notebooks(path: Path) -> None:
    state = fold(EventAdapter.validate_json(line) for line in path.read_text("utf-8").splitlines())
    document = notebook("mine")
    project(document, state)
    own = [step.cell_id for step in state.steps if step.cell_id in state.cells and step.seq > state.inherited_seq]
    assert ["mine", *own] == ids(document)
    nbformat.validate(nbformat.from_dict(document))  # type: ignore[no-untyped-call]
    for cell in state.cells.values():
        assert bool(execution_times(cell)) == (cell.status in ("ok", "error", "interrupted"))


ANCHORS = st.sampled_from([None, "user0", "user1", "user2", "a0", "a1", "a2", "gone"])
DEEDS = st.lists(st.tuples(st.sampled_from(["delete", "edit", "move", "add", "none"]), st.integers(0, 9)), max_size=6)


@given(anchors=st.lists(ANCHORS, min_size=1, max_size=4), deeds=DEEDS, lengths=st.lists(st.integers(0, 20), max_size=6))
@example(anchors=[None], deeds=[("edit", 3)], lengths=[2])  # the agent's cell, between its submission and its end
def test_whatever_the_user_does_between_projections(
    anchors: list[str | None], deeds: list[tuple[str, int]], lengths: list[int]
) -> None:
    events = conversation(*((f"a{number}", anchor) for number, anchor in enumerate(anchors)))
    document = notebook("user0", "user1", "user2")
    deleted: set[str] = set()
    for length, (deed, number) in zip(sorted(lengths), deeds, strict=False):
        check(document, fold(events[: length + 2]), deleted)
        act(document, deed, number, deleted)
    check(document, fold(events), deleted)
    assert {cell for cell in ids(document) if cell.startswith("a")} == {f"a{n}" for n in range(len(anchors))} - deleted


def act(document: dict[str, Any], deed: str, number: int, deleted: set[str]) -> None:
    cells = document["cells"]
    if deed == "add":
        cells.insert(number % (len(cells) + 1), {**notebook(f"new{len(cells) + len(deleted)}")["cells"][0]})
    elif cells and deed != "none":
        cell = cells[number % len(cells)]
        if deed == "edit":
            cell["source"] += "# mine"
        else:
            cells.remove(cell)
            if deed == "move":
                cells.append(cell)
            else:
                deleted.add(cell["id"])


def check(document: dict[str, Any], state: State, deleted: set[str]) -> None:
    """Projecting changes nothing of the user's, makes a cell once, brings none back; a second time does nothing."""
    submitted = {cell.cell_id: cell.source for cell in state.cells.values()}
    own = [copy.deepcopy(cell) for cell in document["cells"] if submitted.get(cell["id"]) != cell["source"]]
    before = copy.deepcopy(document)
    assert project(document, state) == (document != before)
    once = copy.deepcopy(document)
    assert not project(document, state)
    assert document == once
    assert [cell for cell in document["cells"] if submitted.get(cell["id"]) != cell["source"]] == own
    assert len(set(ids(document))) == len(ids(document))
    assert not deleted & set(ids(document))
