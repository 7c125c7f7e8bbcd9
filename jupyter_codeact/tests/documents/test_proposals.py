"""Cells that wait for approval, in a notebook that only the server writes."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_codeact.documents.document import project
from jupyter_codeact.documents.proposals import propose, settle
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
)
from jupyter_codeact.journal.fold import fold

from .test_project import ids, notebook, numbered

OFFERED = {"p": "offered"}
STARTED: list[Event] = [
    ConversationStarted(conversation_id="talk", notebook_path="a.ipynb"),
    RunStarted(run_id="run", model="scripted"),
    ModelReplied(step=1, text=""),
    ApprovalRequested(step=1, cell_id="p", after_cell_id="own", source="offered"),
]
FINISHED: list[Event] = [RunFinished(run_id="run", reason="stopped")]


def decided(decision: str, source: str = "") -> list[Event]:
    return [ApprovalDecided.model_validate({"decision_id": "d", "step": 1, "decision": decision, "source": source})]


def ran(source: str) -> list[Event]:
    return [
        CellSubmitted(step=1, cell_id="p", after_cell_id="own", source=source),
        CellOutput(cell_id="p", op="append", output={"output_type": "stream", "name": "stdout", "text": "hi"}),
        CellFinished(step=1, cell_id="p", status="ok", execution_count=1),
    ]


def write(document: dict[str, Any], events: list[Event]) -> None:
    """As a shared document is written; once more changes nothing."""
    state = fold(numbered(events))
    for _ in range(2):
        settle(document, state, OFFERED)
        project(document, state)
        propose(document, state)


def proposed() -> dict[str, Any]:
    """A notebook with a cell that waits for approval."""
    document = notebook("own", "below")
    write(document, STARTED)
    return document


def test_a_cell_that_waits_stands_where_it_will_run_and_is_marked() -> None:
    document = proposed()
    assert ids(document) == ["own", "p", "below"]
    mark = document["cells"][1]["metadata"]["jupyter_codeact"]
    assert mark == {"conversation": "talk", "step": 1, "proposed": True}
    assert document["cells"][1]["source"] == "offered"


@pytest.mark.parametrize(("here", "approved"), [("offered", "offered"), ("edited", "edited"), ("offered", "panel")])
def test_an_approved_cell_holds_what_ran_and_is_proposed_no_more(here: str, approved: str) -> None:
    """Edited in the notebook, or in the panel, or not at all."""
    document = proposed()
    document["cells"][1]["source"] = here
    events = [*STARTED, *decided("edit" if approved != "offered" else "approve", approved), *ran(approved)]
    write(document, events)
    cell = document["cells"][1]
    assert (cell["source"], cell["execution_count"], cell["outputs"][0]["text"]) == (approved, 1, "hi")
    assert cell["metadata"]["jupyter_codeact"] == {"conversation": "talk", "step": 1}


def test_a_cell_that_was_edited_after_it_was_approved_is_the_users() -> None:
    document = proposed()
    document["cells"][1]["source"] = "quickly edited"
    write(document, [*STARTED, *decided("approve", "offered"), *ran("offered")])
    assert (document["cells"][1]["source"], document["cells"][1]["outputs"]) == ("quickly edited", [])


def test_a_rejected_cell_is_gone_even_when_it_was_edited() -> None:
    document = proposed()
    document["cells"][1]["source"] = "edited"
    write(document, [*STARTED, *decided("reject")])
    assert ids(document) == ["own", "below"]


@pytest.mark.parametrize("decisions", [[], decided("approve", "offered")], ids=["waiting", "approved too late"])
@pytest.mark.parametrize(("source", "left"), [("offered", []), ("edited", ["p"])])
def test_what_its_run_left_behind_goes_unless_the_user_wrote_into_it(
    decisions: list[Event], source: str, left: list[str]
) -> None:
    document = proposed()
    document["cells"][1]["source"] = source
    write(document, [*STARTED, *decisions, *FINISHED])
    assert ids(document) == ["own", *left, "below"]
    assert not any("jupyter_codeact" in cell["metadata"] for cell in document["cells"])


def test_a_proposed_cell_that_the_user_deleted_comes_back_only_when_it_is_approved() -> None:
    document = proposed()
    del document["cells"][1]
    write(document, STARTED)
    assert ids(document) == ["own", "below"]
    write(document, [*STARTED, *decided("approve", "offered"), *ran("offered")])
    assert ids(document) == ["own", "p", "below"]
