"""A shared model is projected onto as plain JSON is; needs jupyter-collaboration's `jupyter_ydoc`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.documents.document import project
from jupyter_codeact.events import EventAdapter
from jupyter_codeact.journal.fold import fold

from .test_project import ANCHORS, DEEDS, act, conversation, notebook

ydoc = pytest.importorskip("jupyter_ydoc", reason="jupyter-collaboration is not installed")
from jupyter_codeact.documents.shared_notebook import joined, shared_notebook, write_outputs  # noqa: E402

JOURNALS = sorted((Path(__file__).parents[1] / "journals").glob("*.jsonl"))
STREAMS = st.builds(
    lambda name, text: {"output_type": "stream", "name": name, "text": text},
    st.sampled_from(["stdout", "stderr"]),
    st.text(max_size=5),
)
RESULTS = st.builds(
    lambda text, count: {
        "output_type": "execute_result",
        "metadata": {},
        "data": {"text/plain": text},
        "execution_count": count,
    },
    st.text(max_size=5),
    st.integers(1, 3),
)
OUTPUTS = st.lists(STREAMS | RESULTS, max_size=5)


def share(document: dict[str, Any]) -> Any:
    shared = ydoc.YNotebook()
    shared.set(document)
    return shared


@given(anchors=st.lists(ANCHORS, min_size=1, max_size=4), deeds=DEEDS, lengths=st.lists(st.integers(0, 20), max_size=6))
def test_projecting_does_the_same_to_a_shared_model(
    anchors: list[str | None], deeds: list[tuple[str, int]], lengths: list[int]
) -> None:
    """Whatever the user does in between, and to the metadata too."""
    events = conversation(*((f"a{number}", anchor) for number, anchor in enumerate(anchors)))
    plain = notebook("user0", "user1", "user2")
    for length, (deed, number) in zip(sorted(lengths), deeds, strict=False):
        plain = _projected_alike(plain, events[: length + 2])
        act(plain, deed, number, set())
    _projected_alike(plain, events)


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.stem)
def test_recorded_conversations_are_projected_alike(path: Path) -> None:
    _projected_alike(notebook("mine"), [EventAdapter.validate_json(line) for line in path.read_text().splitlines()])


def _projected_alike(plain: dict[str, Any], events: list[Any]) -> dict[str, Any]:
    shared = share(plain)
    before = shared.get()
    with shared.ydoc.transaction():
        project(shared_notebook(shared), fold(events))
    project(before, fold(events))
    for cell in before["cells"]:
        cell["outputs"] = joined(cell["outputs"])
    after: dict[str, Any] = shared.get()
    assert after == before
    changes: list[Any] = []
    shared.observe(lambda *change: changes.append(change))
    with shared.ydoc.transaction():
        project(shared_notebook(shared), fold(events))
    assert not changes
    return after


@given(before=OUTPUTS, after=OUTPUTS)
def test_outputs_become_what_they_should_be(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    document = notebook("a")
    document["cells"][0]["outputs"] = joined(before)
    shared = share(document)
    outputs = shared.ycells[0]["outputs"]
    write_outputs(outputs, joined(after))
    assert outputs.to_py() == joined(after)


def test_a_stream_that_grows_is_added_to() -> None:
    document = notebook("a")
    document["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "one\n" * 1000}]
    shared = share(document)
    update: list[bytes] = []
    shared.ydoc.observe(lambda event: update.append(event.update))
    longer = [{"output_type": "stream", "name": "stdout", "text": "one\n" * 1000 + "two\n"}]
    write_outputs(shared.ycells[0]["outputs"], longer)
    assert len(b"".join(update)) < 100


def test_the_file_of_an_old_notebook_keeps_the_ids_of_its_cells_from_then_on() -> None:
    shared = share({**notebook("a"), "nbformat_minor": 4})
    with shared.ydoc.transaction():
        project(shared_notebook(shared), fold(conversation(("b", None))))
    assert shared.get()["nbformat_minor"] == 5
    assert [cell["id"] for cell in shared.get()["cells"]][-1] == "b"
