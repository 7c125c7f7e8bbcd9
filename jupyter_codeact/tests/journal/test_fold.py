"""The golden journals fold to the states beside them; the panel's fold is held against the same files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_codeact.journal.file_journal import read
from jupyter_codeact.journal.fold import fold

GOLDEN = sorted((Path(__file__).parent.parent / "journals").glob("*.jsonl"))


def test_there_are_golden_journals() -> None:
    assert len(GOLDEN) >= 6


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_journal_folds_to_its_state(path: Path) -> None:
    events, size = read(path)
    assert size == path.stat().st_size
    assert fold(events).model_dump() == json.loads(path.with_suffix(".state.json").read_text("utf-8"))


def test_every_kind_of_event_stands_in_a_golden_journal() -> None:
    kinds = {event.kind for path in GOLDEN for event in read(path)[0]}
    assert kinds == {
        "conversation_started",
        "conversation_renamed",
        "notebook_moved",
        "user_message",
        "message_revised",
        "run_started",
        "model_replied",
        "reply_rejected",
        "model_nudged",
        "history_reduced",
        "approval_requested",
        "approval_decided",
        "stop_requested",
        "cell_submitted",
        "cell_output",
        "cell_finished",
        "observation_made",
        "run_finished",
        "notebook_changed",
    }  # fmt: skip
