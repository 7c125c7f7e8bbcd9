"""Whether the model is told that the kernel is not the one that it knows."""

from __future__ import annotations

import pytest

from jupyter_codeact.conversations.continuity import GONE, OTHER, kernel_mark, kernel_news
from jupyter_codeact.events import CellFinished, Change, Event, NotebookChanged, RunFinished, RunStarted

RESTARTED = Change(what="kernel_restarted", detail=GONE)
CHANGED = Change(what="kernel_changed", detail=OTHER)


def run(mark: str, *during: Event) -> list[Event]:
    """A run with the kernel `mark`."""
    started = RunStarted(run_id="r", model="m", kernel=mark)
    return [started, *during, RunFinished(run_id="r", reason="answered")]


@pytest.mark.parametrize(
    ("events", "mark", "news"),
    [
        ([], "k p", []),
        (run("k p"), "k p", []),
        (run("k p"), "k q", [RESTARTED]),
        (run("k p"), "j q", [CHANGED]),
        (run("k p"), "", []),
        (run(""), "k q", []),
        ([*run("k p"), *run("k q")], "k q", []),
        (run("k p", NotebookChanged(changes=(RESTARTED,))), "k q", []),
        (run("k p", CellFinished(step=1, cell_id="c", status="lost")), "k q", []),
        (run("k p", CellFinished(step=1, cell_id="c", status="error")), "k q", [RESTARTED]),
        (run("k p", NotebookChanged(changes=(Change(what="cell_run"),))), "k q", [RESTARTED]),
    ],
)
def test_a_new_kernel_is_told_of_once(events: list[Event], mark: str, news: list[Change]) -> None:
    assert kernel_news(events, mark) == news


def test_a_kernel_whose_process_is_not_known_has_no_mark() -> None:
    assert kernel_mark("k", "p") == "k p"
    assert kernel_mark("k", "") == ""
