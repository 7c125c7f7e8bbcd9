"""The forms of a conversation: pure, valid, and harmless to open."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.events import (
    ApprovalDecided,
    ApprovalRequested,
    CellFinished,
    CellOutput,
    CellSubmitted,
    ConversationStarted,
    Event,
    EventAdapter,
    HistoryReduced,
    ImageReference,
    ModelReplied,
    ObservationMade,
    ReplyRejected,
    RunFinished,
    RunStarted,
    UserMessage,
)
from jupyter_codeact.exports.formats import FORMATS, Format, file_name
from jupyter_codeact.exports.markdown import markdown
from jupyter_codeact.exports.passages import harmless, prose_of
from jupyter_codeact.exports.requests import trajectories
from jupyter_codeact.exports.words import fenced
from jupyter_codeact.journal.fold import State, fold
from jupyter_codeact.journal.reading import record
from jupyter_codeact.tests.agent.test_history import RED
from jupyter_codeact.tests.journal.conversations import conversations

GOLDEN = sorted((Path(__file__).parent.parent / "journals").glob("*.jsonl"))
PLOT = {"output_type": "display_data", "data": {"image/png": RED, "text/plain": "<Figure>"}, "metadata": {}}
ERROR = {"output_type": "error", "ename": "", "evalue": "2", "traceback": []}
REPLY = "I look.\n\n```python\nplot()\n```\n"


def stamped(*events: Event) -> list[Event]:
    return [
        event.model_copy(update={"seq": seq, "time": "2026-01-01T00:00:00.000Z"})
        for seq, event in zip(count(1), events)
    ]


def told(*events: Event) -> list[Event]:
    """A conversation with a question, a run, and `events`."""
    started = ConversationStarted(conversation_id="c", notebook_path="a.ipynb")
    return stamped(started, UserMessage(message_id="m", text="Plot"), RunStarted(run_id="r", model="m"), *events)


def ran(*outputs: dict[str, Any]) -> list[Event]:
    """A reply whose cell had these outputs."""
    made: list[Event] = [ModelReplied(step=1, text=REPLY), CellSubmitted(step=1, cell_id="x", source="plot()")]
    made += [CellOutput(cell_id="x", op="append", output=output) for output in outputs]
    return [*made, CellFinished(step=1, cell_id="x", status="ok", execution_count=3, seconds=1.0)]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_every_golden_journal_is_exported(path: Path, form: Format) -> None:
    conversation = record(path)
    text = form.write(conversation.events)
    assert text == form.write(conversation.events)
    if form.lines:
        assert text.endswith("\n")
        assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
    if form.extension == ".jsonl":
        assert [EventAdapter.validate_json(line) for line in text.splitlines()] == conversation.events
    if form.extension == ".ipynb":
        nbformat.validate(nbformat.reads(text, as_version=4))  # type: ignore[no-untyped-call]


@given(conversations(max_size=20))
def test_any_conversation_can_be_read(events: list[Event]) -> None:
    conversation = stamped(*events)
    markdown(conversation)
    for messages in trajectories(conversation):
        roles = [message["role"] for message in messages]
        assert (roles[0], roles[-1]) == ("system", "assistant")
    replies = sum(isinstance(event, ModelReplied) for event in conversation)
    assert sum(message["role"] == "assistant" for line in trajectories(conversation) for message in line) >= replies
    plain = [event for event in conversation if not isinstance(event, CellOutput)]
    notebook = nbformat.reads(FORMATS["ipynb"].write(stamped(*plain)), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)


def test_a_notebook_reads_as_the_conversation_went() -> None:
    answered = RunFinished(run_id="r", reason="answered", answer="It rises.")
    events = told(*ran(PLOT), ModelReplied(step=2, text="It rises."), answered)
    notebook = nbformat.reads(FORMATS["ipynb"].write(events), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    cells = notebook["cells"]
    assert [made["source"] for made in cells[1:]] == ["> Plot", "I look.", "plot()", "It rises."]
    assert (cells[3]["id"], cells[3]["execution_count"], cells[3]["outputs"]) == ("x", 3, [PLOT])
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "2026-01-01" in cells[0]["source"]


def test_a_notebook_of_another_language_says_so() -> None:
    started = ConversationStarted(conversation_id="c", notebook_path="a.ipynb", kernel_name="ir", language="r")
    notebook = nbformat.reads(FORMATS["ipynb"].write(stamped(started)), as_version=4)  # type: ignore[no-untyped-call]
    assert notebook["metadata"]["kernelspec"] == {"name": "ir", "display_name": "R", "language": "r"}


def test_what_was_edited_or_refused_is_told() -> None:
    asked: list[Event] = [ModelReplied(step=1, text=REPLY), ApprovalRequested(step=1, cell_id="x", source="plot()")]
    edited = ApprovalDecided(decision_id="d", step=1, decision="edit", source="plot(2)")
    text = markdown(told(*asked, edited, CellSubmitted(step=1, cell_id="x", source="plot(2)")))
    assert "I look.\n\n```python\nplot(2)\n```" in text
    assert "plot()" not in text
    refused = ApprovalDecided(decision_id="d", step=1, decision="reject", note="too slow")
    assert "```python\nplot()\n```\n\n*Rejected by the user: too slow*" in markdown(told(*asked, refused))


def test_images_are_shown_or_named() -> None:
    events = told(*ran(PLOT, ERROR))
    assert f"![output 1](data:image/png;base64,{RED})" in markdown(events)
    named = markdown(events, images=False)
    assert "[output 1: image/png]" in named
    assert RED not in named


def test_a_reply_that_was_cut_does_not_swallow_what_follows() -> None:
    cut_off = ModelReplied(step=1, text="So:\n```python\nprint(1)", finish_reason="length")
    events = told(cut_off, ReplyRejected(step=1, problem="Cut off."), ModelReplied(step=2, text="# Two"))
    assert "```python\nprint(1)\n```\n\n*This reply was not understood: Cut off.*\n\n# Two" in markdown(events)


@given(st.text(alphabet="`~ab \n"))
def test_nothing_ends_a_block_but_its_end(text: str) -> None:
    lines = fenced(text, "r").split("\n")
    fence = lines[-1]
    assert lines[0] == f"{fence}r"
    assert not any(re.match(f" {{0,3}}{fence}", line) for line in lines[1:-1])


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://evil.example/?q=1)",
        '<img src="https://evil.example">',
        "<img/src=https://evil.example>",
        "<IMG\nsrc=x>",
        "<style>@import 'https://evil.example'</style>",
        '<div style="background:url(https://evil.example)">',
        "![x][y]\n\n[y]: https://evil.example",
        "<!-- and all that follows",
        "<svg onload=alert(1)>",
    ],
)
def test_markdown_fetches_nothing(text: str) -> None:
    made = harmless(text)
    assert "![" not in made
    assert not re.search(r"<[a-z!/]", made, re.IGNORECASE)


def test_markdown_that_fetches_nothing_stays_as_it_is() -> None:
    text = "**If** a < b, see <https://example.org> and `List<int>`:\n\n| a |\n|---|\n| 1 |\n\n```r\nx <- 1\n```"
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("reply", "source", "prose"),
    [
        (REPLY, "plot()", "I look.\n"),
        ("Again:\n\n<execute>\nx = 1\nx = 1\n</execute>", "x = 1\nx = 1", "Again:\n"),
        ("1. Do\n   ```r\n   x <- 1\n   x\n   ```", "x <- 1\nx", "1. Do"),
        ("Not code.", "", "Not code."),
        ("A call.", "x = 1", "A call."),
    ],
)
def test_prose_is_what_stands_before_the_code(reply: str, source: str, prose: str) -> None:
    assert prose_of(reply, source) == prose


def test_a_change_of_language_begins_another_line() -> None:
    events = told(ModelReplied(step=1, text="One"), UserMessage(message_id="n", text="And R?"))
    events = stamped(*events, ModelReplied(step=2, text="Two", language="r"))
    python, r = trajectories(events)
    assert "Python" in str(python[0]["content"])
    assert [message["content"] for message in r[2:]] == ["One", "<message>\nAnd R?\n</message>", "Two"]
    lines = FORMATS["codeactinstruct"].write(events).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["c-1", "c-2"]


def test_a_reduced_history_begins_another_line() -> None:
    """Both requests are there as they were sent: the long one, and the one that was made shorter."""
    events = told(ModelReplied(step=1, text="One", seen_seq=3), UserMessage(message_id="n", text="And?"))
    events = stamped(
        *events,
        HistoryReduced(through_seq=4, chars=0, dropped_seq=4, context_tokens=100),
        ModelReplied(step=2, text="Two", seen_seq=6),
    )
    long, short = trajectories(events)
    assert [message["content"] for message in long[1:]] == ["<message>\nPlot\n</message>", "One"]
    assert short[-1]["content"] == "Two"
    assert "One" not in str(short[1:])


def test_a_message_during_a_reply_was_not_in_its_request() -> None:
    events = told(UserMessage(message_id="n", text="Wait"), ModelReplied(step=1, text="Hm", seen_seq=3))
    (messages,) = trajectories(events)
    assert [message["content"] for message in messages[1:]] == ["<message>\nPlot\n</message>", "Hm"]


def test_every_format_reads_the_same() -> None:
    events = record(next(path for path in GOLDEN if path.stem.endswith("formats"))).events
    text = markdown(events)
    assert "Again." in text
    assert "execute>" not in text
    assert "thought>" not in text
    rows = [json.loads(line) for line in FORMATS["codeactinstruct"].write(events).splitlines()]
    roles = {message["role"] for row in rows for message in row["conversations"]}
    assert roles == {"system", "user", "assistant"}
    lines = [json.loads(line) for line in FORMATS["openai"].write(events).splitlines()]
    assert any(message["role"] == "tool" for line in lines for message in line["messages"])


def test_contents_for_codeactinstruct_are_text() -> None:
    seen = ObservationMade(
        step=1, text="[image 1: image/png, 2x2]", images=(ImageReference(cell_id="x", output=0, mime="image/png"),)
    )
    events = told(*ran(PLOT), seen, ModelReplied(step=2, text="Red."))
    (line,) = FORMATS["codeactinstruct"].write(events).splitlines()
    turns = json.loads(line)["conversations"]
    assert [set(turn) for turn in turns] == [{"role", "content"}] * 5
    assert turns[3] == {"role": "user", "content": "<observation>\n[image 1: image/png, 2x2]\n</observation>"}
    (line,) = FORMATS["openai"].write(events).splitlines()
    assert [part["type"] for part in json.loads(line)["messages"][3]["content"]] == ["text", "image_url"]


@given(st.text())
def test_a_file_name_is_one_everywhere(title: str) -> None:
    name = file_name(State(title=title, conversation_id="0123456789"), FORMATS["ipynb"])
    assert name.endswith("-01234567.ipynb")
    assert not set(name) & set('/\\:*?"<>|\0\n. ') - {"."}
    assert not name.startswith((".", "-"))
    assert name.count(".") == 1


def test_a_fold_that_an_export_makes_is_the_conversations() -> None:
    conversation: Sequence[Event] = record(GOLDEN[0]).events
    assert record(GOLDEN[0]).state == fold(conversation)
