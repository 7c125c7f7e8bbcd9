"""What pages see of the agent's cells becomes news once."""

from __future__ import annotations

from jupyter_codeact.agent.history import messages
from jupyter_codeact.conversations.reports import BACK, Seen, report
from jupyter_codeact.events import (
    CellFinished,
    CellSubmitted,
    Change,
    Event,
    ModelReplied,
    NotebookChanged,
    RunStarted,
    UserMessage,
)
from jupyter_codeact.journal.journal import MemoryJournal


async def ran(source: str = "a = 1\nb = 2") -> MemoryJournal:
    """A journal in which the agent ran the cell "c"."""
    journal = MemoryJournal(lambda: "")
    events: list[Event] = [
        UserMessage(message_id="m", text="Go"),
        RunStarted(run_id="r", model="m"),
        ModelReplied(step=1, text="I will.", seen_seq=2),
        CellSubmitted(step=1, cell_id="c", source=source),
        CellFinished(step=1, cell_id="c", status="ok"),
    ]
    for event in events:
        await journal.append(event)
    return journal


def news(journal: MemoryJournal) -> list[Change]:
    """All that was reported."""
    return [change for event in journal.events if isinstance(event, NotebookChanged) for change in event.changes]


async def test_an_edit_is_compared_with_what_ran() -> None:
    journal = await ran()
    seq = await report(journal, "1", [Seen("c", "a = 1\nb = 3")])
    assert news(journal) == [Change(what="cell_edited", cell_id="c", detail='line 2: "b = 2" -> "b = 3"')]
    assert await report(journal, "1", [Seen("c", "a = 1\nb = 4")]) == seq  # the same report, sent again
    await report(journal, "2", [Seen("c", "a = 1\nb = 3")])  # another page saw the same
    assert len(news(journal)) == 1
    await report(journal, "3", [Seen("c", "a = 1\nb = 2")])
    await report(journal, "4", [Seen("c", "a = 1\nb = 2")])
    assert [change.detail for change in news(journal)][1:] == [BACK]


async def test_what_is_as_it_ran_or_not_the_agents_is_no_news() -> None:
    journal = await ran()
    await report(journal, "1", [Seen("c", "a = 1\nb = 2"), Seen("of the user", "x"), Seen("gone", None)])
    assert news(journal) == []


async def test_the_next_request_has_one_line_for_a_cell_whatever_happened_to_it() -> None:
    journal = await ran()
    await report(journal, "1", [Seen("c", "a = 1\nb = 3")])
    await report(journal, "2", [Seen("c", "a = 1\nb = 4")])
    await journal.append(NotebookChanged(changes=(Change(what="cell_run", detail="x (ok)"),)))
    told = messages("", journal.events)[-1]["content"]
    assert told == (
        '<news>\nThe user edited cell c: line 2: "b = 2" -> "b = 4"\n</news>\n'
        "<news>\nThe user ran a cell: x (ok)\n</news>"
    )
    await report(journal, "3", [Seen("c", None)])
    assert "edited" not in str(messages("", journal.events)[-1]["content"])
    seen = journal.state.seq
    await report(journal, "4", [Seen("c", "a = 9")])  # while the model replies
    await journal.append(ModelReplied(step=2, text="Well.", seen_seq=seen))
    *_, before, reply, after = messages("", journal.events)
    assert "The user deleted cell c" in str(before["content"])
    assert reply["content"] == "Well."
    assert after["content"] == '<news>\nThe user edited cell c: lines 1-2: "a = 1\\nb = 2" -> "a = 9"\n</news>'
