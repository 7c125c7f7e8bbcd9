"""What the command line prints of a run."""

from __future__ import annotations

from io import StringIO

import pytest

from jupyter_codeact.cli.progress import show_progress
from jupyter_codeact.cli.summary import duration
from jupyter_codeact.events import CellFinished, CellSubmitted, ModelReplied, RunFinished
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.testing import begin_run


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "< 0.1 s"),
        (0.049, "< 0.1 s"),
        (0.051, "0.1 s"),
        (0.84, "0.8 s"),
        (42.4, "42 s"),
        (59.7, "1 min 0 s"),
        (185, "3 min 5 s"),
        (7800, "2 h 10 min"),
    ],
)
def test_seconds_are_said_as_the_panel_says_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words


async def test_a_cell_that_took_no_time_took_some() -> None:
    journal = MemoryJournal()
    await begin_run(journal, "Go")
    await journal.append(ModelReplied(step=1, text="```python\nx = 1\n```", finish_reason="action", seconds=0.01))
    await journal.append(CellSubmitted(step=1, cell_id="c", source="x = 1"))
    await journal.append(CellFinished(step=1, cell_id="c", status="ok", execution_count=1, seconds=0.004))
    await journal.append(RunFinished(run_id=journal.state.runs[-1].run_id, reason="answered", answer="Done."))
    printed = StringIO()
    await show_progress(journal, printed)
    assert printed.getvalue().splitlines() == ["step 1: x = 1 [1] ok, < 0.1 s", "1 cell, < 0.1 s"]
