"""What a function call asks for, streamed or whole, well-formed or not."""

from __future__ import annotations

import json

import pytest

from jupyter_codeact.agent.actions import Answer, RunCell
from jupyter_codeact.agent.tool import ToolParser
from jupyter_codeact.errors import FormatError
from jupyter_codeact.models.model import CallDelta

CODE = "x = {'a': \"}\"}\nprint('\\\\', x)"
ARGUMENTS = json.dumps({"code": CODE})


def source(*calls: CallDelta, text: str = "", finish_reason: str = "tool_calls") -> str:
    parser = ToolParser()
    action = parser.feed(text, calls) or parser.finish(finish_reason)
    assert isinstance(action, RunCell), action
    return action.source


def named(arguments: str, name: str = "run_cell") -> CallDelta:
    return CallDelta(0, "a", name, arguments)


def test_complete_arguments_are_dispatched_at_once() -> None:
    parser = ToolParser()
    assert parser.feed("I look.") is None
    assert parser.feed("", [CallDelta(0, "a", "run_cell")]) is None
    for character in ARGUMENTS[:-1]:
        assert parser.feed("", [CallDelta(0, arguments=character)]) is None
    assert parser.feed("", [CallDelta(0, arguments=ARGUMENTS[-1] + ARGUMENTS)]) == RunCell(CODE, 7, 7)
    assert parser.call is not None
    assert parser.call.arguments == ARGUMENTS


def test_the_first_of_several_calls_counts() -> None:
    second = CallDelta(1, "b", "run_cell", json.dumps({"code": "y"}))
    assert source(named(ARGUMENTS), second) == CODE
    parser = ToolParser()
    assert parser.feed("", [named("x = 1")]) is None
    assert parser.feed("", [second]) == RunCell("x = 1", 0, 0)
    assert parser.call is not None
    assert (parser.call.id, parser.call.arguments) == ("a", "x = 1")


@pytest.mark.parametrize(
    "pieces",
    [
        [CallDelta(None, "a", "run_cell", '{"code":'), CallDelta(None, "", "", ' "x = 1"}')],
        [CallDelta(0, "", "run_", ""), CallDelta(0, "", "cell", '{"code": "x = 1"}')],
        [CallDelta(0, "a", "run_cell", '{"code":'), CallDelta(0, "a", "run_cell", ' "x = 1"}')],
        [CallDelta(None, "", "run_cell", ""), CallDelta(0, "a", "", '{"code": "x = 1"}')],
        [CallDelta(0, "a", "functions.run_cell", '{"code": "x = 1"}')],
        [CallDelta(0, "a", "", '{"code": "x = 1"}')],
    ],
)
def test_endpoints_stream_calls_in_different_ways(pieces: list[CallDelta]) -> None:
    assert source(*pieces) == "x = 1"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ('{"code": "x = 1\nprint(\tx)"}', "x = 1\nprint(\tx)"),
        (json.dumps(ARGUMENTS), CODE),
        ("print(1)", "print(1)"),
        ("x = 1\ny = {}", "x = 1\ny = {}"),
        ("```python\nx = 1\n```", "x = 1"),
        ('{"code": "```python\\nx = 1\\n```"}', "x = 1"),
        ('{"code": "x = 1", "title": "a"}', "x = 1"),
        ('{"code": "  x = 1\\n  y = 2"}', "x = 1\ny = 2"),
        ('{"code": "\\ud800"}', "\ufffd"),
        ('  {"code": "x"}', "x"),
    ],
)
def test_arguments_that_can_mean_one_thing_are_repaired(arguments: str, code: str) -> None:
    assert source(named(arguments)) == code


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (named("{'code': 'x'}"), "not valid JSON"),
        (named('{"code": "x'), "not valid JSON"),
        (named('"x = 1'), "not valid JSON"),
        (named(""), "not valid JSON"),
        (named('{"code": ' + "[" * 100_000), "not valid JSON"),
        (named('{"code": ' + "[" * 100_000 + "]" * 100_000 + "}"), "not valid JSON"),
        (named('{"source": "x"}'), "has no code"),
        (named('{"code": ["x"]}'), "has no code"),
        (named("[1]"), "has no code"),
        (named("{}"), "has no code"),
        (named('{"code": " "}'), "code was empty"),
        (named(ARGUMENTS, "search"), "no function 'search'"),
    ],
)
def test_what_cannot_be_understood_is_told_to_the_model(call: CallDelta, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        source(call)


@pytest.mark.parametrize("reason", ["length", "content_filter", ""])
def test_a_call_that_was_cut_off_is_not_run(reason: str) -> None:
    for arguments in ('{"code": "rm(', "rm("):
        with pytest.raises(FormatError, match="cut off"):
            source(named(arguments), finish_reason=reason)


def test_without_a_call_the_text_is_the_answer() -> None:
    parser = ToolParser()
    assert parser.feed("<think>\nhm\n</think>\nIt is 42.") is None
    assert parser.finish("stop") == Answer("It is 42.")
    with pytest.raises(FormatError, match="empty"):
        ToolParser().finish("stop")
