"""What a reply in the format `execute` asks for."""

from __future__ import annotations

import pytest

from jupyter_codeact.agent.actions import Action, Answer, RunCell
from jupyter_codeact.agent.execute import ExecuteParser
from jupyter_codeact.errors import FormatError


def read(reply: str, finish_reason: str = "stop", language: str = "python") -> Action:
    parser = ExecuteParser(language)
    return parser.feed(reply) or parser.finish(finish_reason)


def source(reply: str, finish_reason: str = "stop", language: str = "python") -> str:
    action = read(reply, finish_reason, language)
    assert isinstance(action, RunCell), action
    return action.source


@pytest.mark.parametrize("before", ["", "I look.\n\n", "<thought>I look.</thought>\n", "<thought>I look.</thought> "])
@pytest.mark.parametrize(
    "block", ["<execute>\nx = 1\n</execute>", "<execute>x = 1</execute>", "<execute> x = 1 </execute>"]
)
@pytest.mark.parametrize("after", ["", "\n", " Then more.\n<execute>\ny = 2\n</execute>\n"])
def test_the_first_block_is_the_action_and_ends_the_reply(before: str, block: str, after: str) -> None:
    action = read(before + block + after)
    assert action == RunCell("x = 1", len(before), len(before + block))


def test_it_is_dispatched_with_the_last_character_of_its_close() -> None:
    parser = ExecuteParser("python")
    reply = "Now:\n<execute>\nx = 1\n</execute>"
    assert [parser.feed(character) for character in reply[:-1]] == [None] * (len(reply) - 1)
    assert parser.feed(reply[-1]) == RunCell("x = 1", 5, len(reply))


@pytest.mark.parametrize("cut", ["", "</", "</exec", "</execute"])
def test_a_stop_string_that_the_server_cut_off_closes(cut: str) -> None:
    assert source(f"<execute>\nx = 1\n{cut}") == "x = 1"
    for reason in ("length", "content_filter", ""):
        with pytest.raises(FormatError, match="cut off"):
            read(f"<execute>\nx = 1\n{cut}", reason)


def test_a_closed_block_is_proof_enough() -> None:
    assert source("<execute>x = 1</execute>", "length") == "x = 1"
    assert read("<solution>It is 42.</solution>", "length") == Answer("It is 42.")


@pytest.mark.parametrize(
    "code",
    [
        'print("</execute>")',
        "print('</execute>', \"it's\")",
        'text = """\n</execute>\n"""',
        "x = 'a\\'</execute>'",
        "print('<execute>')",
        "x = 1 < 2",
        "s = 'a' 'b' \"\"  # it's",
        'd = ""',
        "f'{x:<10}'",
    ],
)
def test_tags_inside_strings_are_code(code: str) -> None:
    assert source(f"<execute>\n{code}\n</execute>\nmore </execute>") == code


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ('<execute>\nx = """abc\n</execute>\nThis fails.\n', 'x = """abc'),
        ('<execute>\nx = "abc\n</execute>', 'x = "abc'),
        ('<execute>x = "abc</execute>\nThis fails.\n', 'x = "abc'),
        ("<execute>\n!echo it's</execute>", "!echo it's"),
        ("<execute>x = 1  # it's</execute>", "x = 1  # it's"),
    ],
)
def test_a_string_that_is_never_closed_ends_at_the_first_closing_tag(reply: str, code: str) -> None:
    assert source(reply) == code


def test_other_languages_quote_in_other_ways() -> None:
    assert source("<execute>echo it's\n</execute>", language="bash") == "echo it's"


@pytest.mark.parametrize(
    "code",
    [
        "```python\nx = 1\n```",
        "```\nx = 1\n```",
        "\n~~~~py\nx = 1\n~~~~\n",
        "```python\nx = 1\n",
        "  x = 1\n",
        "x = 1\r\n",
    ],
)
def test_fences_and_indentation_around_the_code_are_stripped(code: str) -> None:
    assert source(f"<execute>\n{code}</execute>") == "x = 1"


def test_indentation_inside_stays() -> None:
    assert source("<execute> for x in y:\n    print(x)\nz\n</execute>") == "for x in y:\n    print(x)\nz"
    assert source("<execute>\n  for x in y:\n      print(x)\n</execute>") == "for x in y:\n    print(x)"


@pytest.mark.parametrize(
    "mention",
    [
        "I write code in `<execute>` tags.",
        "``<execute>`` is the tag.",
        "```\n<execute>\nbad()\n</execute>\n```",
        "~~~~\n```\n<execute>bad()</execute>\n~~~~",
        "<think>\n<execute>bad()</execute>\n</think>",
        "The closing tag is </execute>.",
        "`<solution>` comes last.",
    ],
)
def test_a_mention_of_the_tags_is_no_action(mention: str) -> None:
    assert isinstance(read(f"{mention}\nSo."), Answer)
    assert source(f"{mention}\n<execute>\nx = 1\n</execute>") == "x = 1"


def test_a_tag_in_the_middle_of_a_line_counts_when_it_is_closed_or_ends_the_line() -> None:
    assert source("I look: <execute>x = 1</execute>") == "x = 1"
    assert source("I look: <execute>\nx = 1\n") == "x = 1"
    assert source("I use the <execute> tag, don't I?\n<execute>\nx = 1\n</execute>") == "x = 1"
    with pytest.raises(FormatError, match="in backticks"):
        read("I use the <execute> tag for code.")


def test_a_tag_that_is_opened_twice() -> None:
    assert source("<execute>\n<execute>\nx = 1\n</execute>\n</execute>") == "x = 1"


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("It is 42.", "It is 42."),
        ("<solution>It is 42.</solution>", "It is 42."),
        ("<thought>I know.</thought>\n<solution>\nIt is 42.\n</solution>\nBye.", "It is 42."),
        ("<solution>It is 42.", "It is 42."),
        ("<solution>Use <execute>x</execute>.</solution>", "Use <execute>x</execute>."),
        ("<thought>I know.</thought> It is 42.", "I know. It is 42."),
        ("<think>\nhm\n</think>\nIt is 42.", "It is 42."),
    ],
)
def test_answers(reply: str, answer: str) -> None:
    assert read(reply) == Answer(answer)


@pytest.mark.parametrize(
    ("reply", "finish_reason", "problem"),
    [
        ("", "stop", "empty"),
        ("<execute>\n \n</execute>", "stop", "code was empty"),
        ("<execute>", "stop", "code was empty"),
        ("<execute>```python\n```</execute>", "stop", "code was empty"),
        ("<solution> </solution>", "stop", "empty"),
        ("<solution>It is", "length", "cut off"),
        ("It is", "length", "cut off"),
    ],
)
def test_what_cannot_be_understood_is_told_to_the_model(reply: str, finish_reason: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        read(reply, finish_reason)
