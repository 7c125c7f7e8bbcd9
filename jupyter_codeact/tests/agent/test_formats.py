"""What holds for the parsers of all formats, whatever they read and however it is cut."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.agent.actions import Action, Answer, RunCell
from jupyter_codeact.agent.formats import Reply, action_of, as_written, options_for, parser_for
from jupyter_codeact.errors import FormatError
from jupyter_codeact.events import ActionFormat
from jupyter_codeact.models.model import CallDelta, Options
from jupyter_codeact.tool_call import ToolCall

FORMATS: list[ActionFormat] = ["fenced", "execute", "tool", "json", "text"]
LANGUAGES = ["python", "R"]
Outcome = tuple[Action | str, ToolCall | None, bool]


def outcome(action_format: ActionFormat, pieces: Iterable[str | CallDelta], end: str, language: str) -> Outcome:
    """What the pieces of a reply ask for, the call that was read, and whether the rest was not waited for."""
    parser = parser_for(action_format, language)
    try:
        for piece in pieces:
            text, calls = (piece, []) if isinstance(piece, str) else ("", [piece])
            if action := parser.feed(text, calls):
                return action, parser.call, True
        return parser.finish(end), parser.call, False
    except FormatError as error:
        return str(error), parser.call, False


def cut(text: str, at: Sequence[int]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *sorted(at), len(text)])]


WORDS = ["<execute>", "</execute>", "<solution>", "</solution>", "<thought>", "</thought>", "<think>", "</think>",
         "```", "`", "~~~", "python", "\n", "\r\n", '"""', "'''", '"', "'", "\\", "#", "x = 1", " ", "{", "}", "{\n",
         '{"tool": "f"', '"args"', ":", '{"code": "', '"}', "[", "]", ",", "Action:", "f, 1, a=2", "End Action", "<",
         "</", "é", "\ud800", "😀", "\u2028", "null", "1e999", "NaN"]  # fmt: skip
TEXT = st.text() | st.lists(st.sampled_from(WORDS), max_size=40).map("".join)
ENDS = st.sampled_from(["stop", "length", "tool_calls", "action", ""])


@st.composite
def pieces_and_whole(draw: st.DrawFn) -> tuple[list[str | CallDelta], list[str | CallDelta]]:
    """A reply with some function calls, whole and in pieces."""
    whole: list[str | CallDelta] = []
    pieces: list[str | CallDelta] = []
    text = draw(TEXT)
    whole.append(text)
    pieces += cut(text, draw(st.lists(st.integers(0, len(text)), max_size=6)))
    for index in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from(["run_cell", "functions.run_cell", "search", "", "\ud800"]))
        arguments = draw(TEXT)
        whole.append(CallDelta(index, f"id{index}", name, arguments))
        pieces.append(CallDelta(index, f"id{index}", name))
        at = draw(st.lists(st.integers(0, len(arguments)), max_size=6))
        pieces += [CallDelta(index, arguments=piece) for piece in cut(arguments, at)]
    return pieces, whole


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action_format", FORMATS)
@given(reply=pieces_and_whole(), end=ENDS)
def test_a_reply_asks_for_the_same_however_it_is_cut(
    action_format: ActionFormat, language: str, reply: tuple[list[str | CallDelta], list[str | CallDelta]], end: str
) -> None:
    pieces, whole = reply
    expected = outcome(action_format, whole, end, language)
    assert outcome(action_format, pieces, end, language) == expected
    singly = [
        character
        if isinstance(piece, str)
        else CallDelta(piece.index, piece.id, piece.name if first else "", character)
        for piece in whole
        for first, character in _characters(piece)
    ]
    assert outcome(action_format, singly, end, language) == expected


def _characters(piece: str | CallDelta) -> Iterable[tuple[bool, str]]:
    text = piece if isinstance(piece, str) else piece.arguments
    return ((number == 0, character) for number, character in enumerate(text)) if text else [(True, "")]


@pytest.mark.parametrize("action_format", FORMATS)
@given(reply=pieces_and_whole(), end=ENDS)
def test_what_the_journal_keeps_asks_for_the_same(
    action_format: ActionFormat, reply: tuple[list[str | CallDelta], list[str | CallDelta]], end: str
) -> None:
    pieces, _ = reply
    action, call, _ = outcome(action_format, pieces, end, "python")
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    if isinstance(action, RunCell):
        assert action.source.strip()
        assert 0 <= action.start <= action.end <= len(text)
        assert action_of(Reply(text[: action.end], call, "action"), action_format, "python") == action
    elif isinstance(action, Answer):
        assert action.text.strip() == action.text != ""


@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("own", FORMATS)
@given(text=TEXT, arguments=TEXT | st.none(), end=ENDS)
def test_every_reply_can_be_written_in_every_format(
    own: ActionFormat, wanted: ActionFormat, text: str, arguments: str | None, end: str
) -> None:
    call = None if arguments is None else ToolCall(name="run_cell", arguments=arguments)
    if own != "tool":
        call = None
    written = as_written(Reply(text, call, end), own, wanted, "python")
    assert written.call is None or wanted == "tool"
    if own == wanted == "fenced":
        assert written.text == text


CODE = 'x = 1\nprint("""\n</execute>\n```\n""")'
REPLIES: dict[ActionFormat, Reply] = {
    "fenced": Reply(f"I look.\n\n````python\n{CODE}\n````\n"),
    "execute": Reply(f"I look.\n\n<execute>\n{CODE}\n</execute>"),
    "tool": Reply("I look.", ToolCall(id="a", name="run_cell", arguments=json.dumps({"code": CODE}))),
}


@pytest.mark.parametrize("wanted", ["fenced", "execute", "tool"])
@pytest.mark.parametrize("own", ["fenced", "execute", "tool"])
def test_an_action_means_the_same_in_another_format(own: ActionFormat, wanted: ActionFormat) -> None:
    written = as_written(REPLIES[own], own, wanted, "python")
    action = action_of(written, wanted, "python")
    assert isinstance(action, RunCell)
    assert action.source == CODE
    assert written.text.startswith("I look.")


def test_only_what_a_format_needs_is_asked_for() -> None:
    assert options_for("fenced", "python") == options_for("json", "python") == Options()
    assert options_for("execute", "python") == Options(stop=("</execute>",))
    (tool,) = options_for("tool", "python").tools
    assert tool["function"]["name"] == "run_cell"


HARD = ["`", "```\n", "~~~ x\n", '"', "'", "'''\"\"\"", "\\", '\\"', " ", "    \n", "\n", "#", "<", "</", "<execute>",
        "\n<execute>", "</execute>", '"</execute>', "<solution>", "</solution>", "<think>\n", "</think>", "<thought>",
        "{", "}", "{ ", '{"', '{"tool": {', "{}", '{"tool', "[", "Action:", "Action: f,", ",", "a=", "x"]  # fmt: skip
BEFORE: dict[ActionFormat, list[str]] = {
    "fenced": ["", "```python\n"],
    "execute": ["", "<execute>\n", 'a <execute>x = """', '<execute>"', "<solution>", "`", "```\n"],
    "tool": ["", '{"code": "', "{"],
    "json": ["", '{"tool": "', '{"tool": "f", "args": {"a": '],
    "text": ["", "Action: ", "Action: f, ", "Action: f, '"],
}


def seconds(action_format: ActionFormat, text: str, size: int) -> float:
    """The least of three times that reading took, in pieces of `size`, as text and as the arguments of a call."""
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    called = [CallDelta(0, "", "run_cell"), *(CallDelta(0, arguments=part) for part in parts)]
    pieces: Sequence[str | CallDelta] = called if action_format == "tool" else parts
    times = []
    for _ in range(3):
        started = time.process_time()
        outcome(action_format, pieces, "stop", "python")
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize(("action_format", "before"), [(name, before) for name in FORMATS for before in BEFORE[name]])
def test_reading_takes_linear_time(action_format: ActionFormat, before: str) -> None:
    for unit in HARD:
        for length, size in ((4_000, 5), (20_000, 5_000)):
            small, large = (before + unit * (chars // len(unit)) for chars in (length, 4 * length))
            assert seconds(action_format, large, size) < 10 * seconds(action_format, small, size) + 0.02, (unit, size)
