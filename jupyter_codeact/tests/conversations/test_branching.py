"""Branches of the golden journals, from wherever a message may have come."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from jupyter_codeact.agent.history import messages
from jupyter_codeact.agent.recovery import recover
from jupyter_codeact.agent.turns import block
from jupyter_codeact.conversations.branching import BRANCHED, branch
from jupyter_codeact.documents.document import project
from jupyter_codeact.documents.proposals import propose, settle
from jupyter_codeact.errors import Invalid
from jupyter_codeact.events import Event, UserMessage
from jupyter_codeact.journal.file_journal import FileJournal, read
from jupyter_codeact.journal.fold import State, fold
from jupyter_codeact.journal.line_file import write_new
from jupyter_codeact.models.model import Message

GOLDEN = sorted((Path(__file__).parent.parent / "journals").glob("*.jsonl"))
NOW = "2026-02-03T00:00:00.000Z"


def branches(path: Path) -> list[tuple[list[Event], list[Event]]]:
    """A journal and its branch, for each point of the golden one at `path` at which a message may have come."""
    golden = read(path)[0]
    found = []
    for length in range(1, len(golden) + 1):
        message = UserMessage(message_id="new", text="Otherwise", seq=length + 1, time=NOW)
        source = [*golden[:length], message]
        found.append((source, branch(source, length + 1, "branch", NOW)))
    return found


def text_of(message: Message) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


each_golden = pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)


@each_golden
async def test_a_branch_is_a_whole_journal_that_says_where_it_comes_from(path: Path, tmp_path: Path) -> None:
    for source, made in branches(path):
        file = tmp_path / f"{len(source)}.jsonl"
        write_new(file, [event.model_dump_json().encode() + b"\n" for event in made])
        journal = FileJournal(file)
        state = journal.state
        assert (state.conversation_id, state.open_run) == ("branch", None)
        point = state.branched_from
        assert point is not None
        old = fold(source[:-1])
        assert (point.conversation_id, point.seq, point.title) == (old.conversation_id, len(source), old.title)
        assert point.through_seq == len(made)
        assert [message.text for message in state.messages] == [message.text for message in old.messages]
        await recover(journal)
        assert len(journal.events) == len(made), "nothing was left open"
        journal.close()


@each_golden
def test_what_the_model_was_told_before_stays_as_it_was(path: Path) -> None:
    """The requests of a branch begin as those of the conversation it comes from; then it is told that it branched."""
    for source, made in branches(path):
        before, after = messages("Be brief.", source[:-1]), messages("Be brief.", made)
        replies = [message for message in after if message["role"] == "assistant"]
        kept = after.index(replies[-1]) + 1 if replies else 1
        assert after[:kept] == before[:kept]
        assert ">\nThe user went back to this point of the conversation: " in text_of(after[-1])


@each_golden
def test_the_cells_of_the_old_branch_are_left_to_it(path: Path) -> None:
    for source, made in branches(path):
        old, new = fold(source), fold(made)
        document: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        written(document, old)
        before = copy.deepcopy(document)
        written(document, new)
        assert document == before
        document["cells"].clear()  # the user deleted them all
        written(document, new)
        assert document["cells"] == []


def written(document: dict[str, Any], state: State) -> None:
    settle(document, state, {})
    project(document, state)
    propose(document, state)


def test_a_run_that_was_at_work_ended_where_the_branch_begins() -> None:
    """What the user said meanwhile is there; the step whose outcome was not known is not."""
    path = next(path for path in GOLDEN if path.stem == "1-stopped")
    events = read(path)[0]
    cut = next(event.seq for event in events if event.kind == "cell_submitted")
    said = [UserMessage(message_id=text, text=text, seq=cut + number) for number, text in enumerate("ab", start=1)]
    state = fold(branch([*events[:cut], *said], cut + 2, "branch", NOW))
    assert [message.text for message in state.messages] == ["Wait", "a"]
    assert (state.steps, state.cells) == ([], {})
    assert [(run.reason, run.detail) for run in state.runs] == [("stopped", BRANCHED)]


@pytest.mark.parametrize("seq", [-1, 0, 1, 3, 99])
def test_only_from_a_message(seq: int) -> None:
    with pytest.raises(Invalid, match="no message"):
        branch(read(GOLDEN[0])[0], seq, "branch", NOW)


def test_from_the_first_message_only_the_news_is_told() -> None:
    made = branch(read(GOLDEN[0])[0], 2, "branch", NOW)
    assert [event.kind for event in made] == ["conversation_started", "notebook_changed"]
    (told,) = messages("Be brief.", made)[1:]
    assert str(told["content"]).startswith(block("news", "The user went back")[:20])
