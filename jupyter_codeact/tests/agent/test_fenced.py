"""What a reply in the format `fenced` asks for, whole or in pieces, well-formed or not."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.agent.actions import Action, Answer, RunCell
from jupyter_codeact.agent.fenced import FencedParser
from jupyter_codeact.errors import FormatError


def read(reply: str, language: str = "python", finish_reason: str = "stop") -> Action:
    parser = FencedParser(language)
    return parser.feed(reply) or parser.finish(finish_reason)


def source(reply: str, language: str = "python") -> str:
    action = read(reply, language)
    assert isinstance(action, RunCell), action
    return action.source


PLAIN = [
    "```python\nx = 1\n```",
    "```\nx = 1\n```",
    "~~~\nx = 1\n~~~",
    "~~~python\nx = 1\n~~~",
    "````python\nx = 1\n````",
]


@pytest.mark.parametrize("block", PLAIN)
@pytest.mark.parametrize("after", ["", "\n", "\n\nThat sets x.", "\n```python\ny = 2\n```\n"])
@pytest.mark.parametrize("before", ["", "I set `x` first:\n\n", "Not ```x```, but:\n", "1. first\n2. then\n"])
def test_the_first_block_is_the_action_and_ends_the_reply(before: str, block: str, after: str) -> None:
    action = read(before + block + after)
    assert isinstance(action, RunCell)
    assert action.source == "x = 1"
    assert (before + block + after)[: action.end].rstrip("\n") == before + block


@pytest.mark.parametrize(
    "info",
    ["python", "Python", "py", "python3", "ipython", " python ", 'python title="load.py"', "python,linenos", "{python}",
     "{.python}", "{.python .numberLines}", "language-python", "python\t", "python:load.py"],
)  # fmt: skip
def test_info_strings_that_mean_the_language(info: str) -> None:
    assert source(f"```{info}\nx = 1\n```\n") == "x = 1"


@pytest.mark.parametrize(
    ("language", "tag"), [("R", "r"), ("R", "R"), ("bash", "sh"), ("julia", "jl"), ("sql", "SQL"), ("sql", "")]
)
def test_kernels_of_other_languages(language: str, tag: str) -> None:
    assert source(f"```{tag}\nx\n```\n", language) == "x"
    assert isinstance(read("```python\nx\n```\n", language), Answer)


def test_a_block_in_another_language_is_shown_and_not_run() -> None:
    reply = "Run this in a terminal:\n\n```bash\npip install pandas\n```"
    assert read(reply) == Answer(reply)
    assert source(reply + "\n\nor here:\n\n```python\n%pip install pandas\n```\n") == "%pip install pandas"
    assert source("```json\n[1]\n```\n```\nx = 1\n```\n") == "x = 1"


def test_an_unclosed_block_in_another_language_is_part_of_the_answer() -> None:
    assert read("So:\n```text\n1 2 3") == Answer("So:\n```text\n1 2 3")


def test_a_block_that_shows_markdown_hides_the_blocks_inside() -> None:
    reply = "```markdown\n# Title\n```python\nrun_me_not()\n```\n```"
    assert read(reply) == Answer(reply)
    assert source(reply + "\n```python\nx = 1\n```\n") == "x = 1"


@pytest.mark.parametrize(
    "code",
    [
        'doc = """\n```python\nx\n```\n"""',
        "doc = '''\n```\n'''",
        'doc = r"""\\"""\n"""\n',
        'doc = r"""\\\n```\n"""',
        'doc = f"""{x}\n```\n"""',
        'doc = """ a quote: \\"""\n```\n"""',
        'doc = """\\\\"""',
        "doc = '''\"\"\"\n```\n'''",
        'def f():\n    """Say it.\n\n    ```\n    f()\n    ```\n    """',
        "it = 'isn\\'t'  # it's a \"\"\" in a comment",
        'quotes = \'"""\'',
        'a = "it\'s"; b = \'say "x"\'',
        "text = 'unfinished\nprint(1)",
        'empty = """"""',
        "print('''a''' '''b''')",
        "path = 'C:\\\\'",
        "md = '```'",
        "md = '''```'''",
    ],
)
def test_fences_and_quotes_inside_the_code(code: str) -> None:
    action = read(f"```python\n{code}\n```\nAnd so on.\n```\nmore\n```\n")
    assert isinstance(action, RunCell)
    assert action.source == code.strip("\n")
    assert action.end == len(f"```python\n{code}\n```\n")


@pytest.mark.parametrize(("fence", "inner"), [("````", "```"), ("~~~", "```"), ("```", "~~~"), ("~~~~", "~~~")])
def test_only_a_fence_as_long_and_of_the_same_kind_closes(fence: str, inner: str) -> None:
    code = f"%%markdown\n{inner}\ncode\n{inner}"
    assert source(f"{fence}python\n{code}\n{fence}\n") == code


def test_a_longer_fence_closes_too() -> None:
    assert source("```python\nx = 1\n`````\n") == "x = 1"


def test_nested_blocks_of_the_same_fence() -> None:
    code = "%%markdown\n```python\nx\n```\ndone"
    assert source(f"```python\n{code}\n```\n") == code


def test_a_string_that_is_never_closed_ends_at_the_first_closing_fence() -> None:
    action = read('```python\nx = """abc\n```\nThis fails.\n')
    assert action == RunCell('x = """abc', 0, len('```python\nx = """abc\n```\n'))


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("1. First:\n   ```python\n   if x:\n       y\n   ```\n", "if x:\n    y"),
        ("  ```python\nif x:\n  y\n  ```\n", "if x:\n  y"),
        ("\t```python\n\tif x:\n\t\ty\n\t```\n", "if x:\n\ty"),
        ('  ```python\n  t = """\na\n  b"""\n  ```\n', 't = """\na\nb"""'),
        ("  ```python\n\n  x\n ```\n", "x"),
    ],
)
def test_an_indented_block_loses_its_indentation(reply: str, code: str) -> None:
    assert source(reply) == code


def test_line_ends_of_windows_become_plain_ones() -> None:
    assert source("So:\r\n```python\r\nx = 1\r\ny = 2\r\n```\r\n") == "x = 1\ny = 2"


@pytest.mark.parametrize(
    "thought", ["<think>\n```python\nbad()\n```\n</think>", "<think>bad()</think>", "<think>\n</think>"]
)
def test_thoughts_are_neither_run_nor_the_answer(thought: str) -> None:
    assert read(f"{thought}\nIt is 42.") == Answer("It is 42.")
    assert source(f"{thought}\n```python\nx = 1\n```\n") == "x = 1"
    assert source(f"{thought}```python\nx = 1\n```\n") == "x = 1"
    with pytest.raises(FormatError, match="empty"):
        read(thought)


def test_the_answer_is_the_text_without_surrounding_space() -> None:
    assert read("\n It is 42.\n\nSurely.\n") == Answer("It is 42.\n\nSurely.")
    assert read("    x = 1  # indented: not run\n") == Answer("x = 1  # indented: not run")


@pytest.mark.parametrize(
    ("reply", "finish_reason", "problem"),
    [
        ("", "stop", "empty"),
        (" \n\t\n", "stop", "empty"),
        ("```python\n\n```\n", "stop", "block was empty"),
        ("```\n```", "stop", "block was empty"),
        ("```python\nx = 1\n", "stop", "never closed"),
        ("Inline: ```python\nx = 1\n```", "stop", "never closed"),
        ("```python\nx = 1\n", "length", r"cut off \(length\)"),
        ("It is 4", "length", r"cut off \(length\)"),
        ("It is 4", "content_filter", r"cut off \(content_filter\)"),
        ("It is 4", "", "cut off"),
        ('```python\nx = """\n```\n', "length", "cut off"),
    ],
)
def test_what_cannot_be_understood_is_told_to_the_model(reply: str, finish_reason: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        read(reply, finish_reason=finish_reason)


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_closed_block_is_whole_whatever_the_finish_reason(end: str) -> None:
    assert read(f"```python\nx = 1\n```{end}", finish_reason="length") == RunCell("x = 1", 0, 19 + len(end))


def test_the_action_is_known_as_soon_as_its_closing_line_is() -> None:
    parser = FencedParser("python")
    reply = "Now:\n```python\nx = 1\n```\n"
    assert [parser.feed(character) for character in reply[:-1]] == [None] * (len(reply) - 1)
    assert parser.feed(reply[-1]) == RunCell("x = 1", len("Now:\n"), len(reply))


PIECES = ["```", "`", "~~~", "````", "python", "bash", "\n", "\r\n", '"""', "'''", '"', "'", "\\", "#", "x = 1", " ",
          "  ", "\t", "<think>", "</think>", "{", "}", "é", "\u2028", "\0"]  # fmt: skip
REPLIES = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60)


def outcome(pieces: list[str], finish_reason: str) -> tuple[object, int]:
    parser = FencedParser("python")
    try:
        for piece in pieces:
            if action := parser.feed(piece):
                return action, parser.read
        return parser.finish(finish_reason), parser.read
    except FormatError as error:
        return str(error), parser.read


@given(REPLIES, st.sampled_from(["stop", "length"]), st.data())
def test_how_a_reply_is_cut_into_pieces_changes_nothing(reply: str, finish_reason: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=8)))
    pieces = [reply[start:end] for start, end in pairwise([0, *cuts, len(reply)])]
    assert outcome(pieces, finish_reason) == outcome([reply], finish_reason)
    assert outcome(list(reply), finish_reason) == outcome([reply], finish_reason)


@given(REPLIES)
def test_the_reply_up_to_the_actions_end_asks_for_the_same(reply: str) -> None:
    action, _ = outcome([reply], "stop")
    if isinstance(action, RunCell):
        assert action.source.strip()
        assert outcome([reply[: action.end]], "stop")[0] == action
    elif isinstance(action, Answer):
        assert action.text.strip() == action.text != ""


@given(st.text(st.characters(codec="utf-8", exclude_characters="`~\"'\r"), min_size=1).filter(str.strip), st.text())
def test_code_without_fences_and_quotes_is_run_as_it_is(code: str, after: str) -> None:
    assert source(f"```python\n{code}\n```\n{after}") == code.strip("\n")


HARD = {
    "backticks": "`",
    "backtick lines": "```\n```python\n",
    "longer fences": "~~~~ x\n",
    "quotes": '"',
    "single quotes": "'",
    "triple quotes": "'''\"\"\"",
    "backslashes": "\\",
    "escaped quotes": '\\"',
    "strings": "'\\'\"",
    "spaces": " ",
    "lines of spaces": "    \n",
    "line ends": "\n",
    "comments": "#",
    "thoughts": "<think>\n",
    "thoughts' ends": "</think>",
}


def seconds(reply: str, size: int) -> float:
    """The least of three times that reading took, in pieces of `size`."""
    pieces = [reply[start : start + size] for start in range(0, len(reply), size)]
    times = []
    for _ in range(3):
        started = time.process_time()
        outcome(pieces, "stop")
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("before", ["", "```python\n", '```python\nx = """', "```bash\n", "<think>"])
@pytest.mark.parametrize("unit", HARD.values(), ids=HARD)
def test_reading_takes_linear_time(unit: str, before: str) -> None:
    half, whole = (before + unit * (size // len(unit)) for size in (100_000, 200_000))
    assert seconds(whole, 500) < 4 * seconds(half, 500) + 0.02
