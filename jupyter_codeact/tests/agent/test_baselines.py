"""What a reply in the formats `json` and `text` asks for."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.agent.actions import Answer, RunCell
from jupyter_codeact.agent.calls import call_source
from jupyter_codeact.agent.formats import Reply, action_of
from jupyter_codeact.errors import FormatError
from jupyter_codeact.events import ActionFormat


def source(reply: str, action_format: ActionFormat, language: str = "python") -> str:
    action = action_of(Reply(reply), action_format, language)
    assert isinstance(action, RunCell), action
    return action.source


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ('{"tool": "find", "args": {"city": "Köln", "n": 2}}', "find(city='Köln', n=2)"),
        ('I look.\n```json\n{\n  "tool": "find",\n  "args": {"a": [true, null]}\n}\n```', "find(a=[True, None])"),
        ('Action: {"tool": "find", "args": ["a", 1.5]} End Action', "find('a', 1.5)"),
        ('{"tool": "now"}', "now()"),
        ('So {"a": 1} is no action.\n{"tool": "now", "args": {}}', "now()"),
        ('<think>\n{"tool": "bad"}\n</think>\n{"tool": "now"}', "now()"),
        ('{"tool": "shop.buy", "args": {"what": "a\\"b\'c\\n"}}', "shop.buy(what='a\"b\\'c\\n')"),
    ],
)  # fmt: skip
def test_json(reply: str, code: str) -> None:
    assert source(reply, "json") == code


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("Action: now", "now()"),
        ('I look.\nAction: find, city="Köln, Süd", n=2\nThe rest.', "find(city='Köln, Süd', n=2)"),
        ("Action: find, Köln, 2, deep=[1, 2] End Action", "find('Köln', 2, deep=[1, 2])"),
        ("Action: find, 'it\\'s', True, None", 'find("it\'s", True, None)'),
        ("<think>\nAction: bad\n</think>\nAction: now\n", "now()"),
    ],
)
def test_text(reply: str, code: str) -> None:
    assert source(reply, "text") == code


@pytest.mark.parametrize(
    ("action_format", "reply", "problem"),
    [
        ("json", '{"tool": "f", "args": {"a": 1}', "never closed"),
        ("json", '{"tool": "f", "args": {a: 1}}', "not valid"),
        ("json", '{"tool": "f", "args": {"a": NaN}}', "not valid"),
        ("json", '{"tool": "f(); bad", "args": {}}', "no name"),
        ("json", '{"tool": "f", "args": {"a b": 1}}', "no name"),
        ("json", '{"tool": "import", "args": {}}', "no name"),
        ("json", '{"tool": 1}', "Write"),
        ("json", '{"tool": "f", "args": "x"}', "Write"),
        ("text", "Action: f(1)", "no name"),
        ("text", "Action:", "no name"),
        ("text", "Action: f, a=1, 2", "name it too"),
        ("text", " ", "empty"),
    ],
)
def test_what_cannot_be_understood_is_told_to_the_model(action_format: ActionFormat, reply: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        source(reply, action_format)


@pytest.mark.parametrize(("action_format", "reply"), [("json", '{"tool": "f"}'), ("text", "Action: f")])
def test_other_kernels_have_no_such_functions(action_format: ActionFormat, reply: str) -> None:
    with pytest.raises(FormatError, match="Python kernels only"):
        source(reply, action_format, "R")


@pytest.mark.parametrize("action_format", ["json", "text"])
def test_without_an_action_the_text_is_the_answer(action_format: ActionFormat) -> None:
    assert action_of(Reply("It is {42}.\nNo Action: at all."), action_format, "python") == Answer(
        "It is {42}.\nNo Action: at all."
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES, VALUES)
def test_values_arrive_in_the_function_as_they_are(one: object, other: object) -> None:
    call = ast.parse(call_source("python", "f", [one], {"a": other}), mode="eval").body
    assert isinstance(call, ast.Call)
    assert ast.literal_eval(call.args[0]) == one
    assert ast.literal_eval(call.keywords[0].value) == other
