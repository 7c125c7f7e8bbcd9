"""Errors as a model is shown them, made by a real kernel in each of IPython's traceback modes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from jupyter_client.manager import start_new_kernel

from jupyter_codeact.agent.observation import Observation, observe
from jupyter_codeact.agent.tracebacks import error_text

Run: TypeAlias = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    manager, client = start_new_kernel(cwd=str(tmp_path_factory.mktemp("kernel")))

    def run(source: str) -> list[dict[str, Any]]:
        outputs: list[dict[str, Any]] = []

        def take(message: dict[str, Any]) -> None:
            if message["msg_type"] in {"stream", "error"}:
                outputs.append({"output_type": message["msg_type"], **message["content"]})

        client.execute_interactive(
            source, output_hook=take, allow_stdin=False, stop_on_error=False, store_history=True, timeout=60
        )
        return outputs

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture(params=["Context", "Plain", "Verbose"])
def run(request: pytest.FixtureRequest, kernel: Run) -> Run:
    kernel(f"%xmode {request.param}")
    kernel("%reset -f")
    return kernel


def see(outputs: list[dict[str, Any]]) -> Observation:
    return observe(cell_id="c", outputs=outputs, status="error", execution_count=1, seconds=0)


def lines(outputs: list[dict[str, Any]]) -> list[str]:
    """The lines below the head; numbers of cells, which depend on the tests that ran before, are made equal."""
    return re.sub(r"In\[\d+\]", "In[n]", see(outputs).text).split("\n")[1:]


def test_the_users_frames_are_shown_with_line_and_source(run: Run) -> None:
    assert lines(run("def f(x):\n    y = x / 0\n    return y\n\nf(1)")) == [
        "ZeroDivisionError: division by zero",
        "  Cell In[n], line 5",
        "    f(1)",
        "  Cell In[n], line 2, in f",
        "    y = x / 0",
    ]


def test_library_frames_are_counted_and_a_cause_of_the_same_words_is_not_repeated(run: Run) -> None:
    shown = see(run("import json\njson.loads('')"))
    assert shown.text.count("JSONDecodeError: Expecting value") == 1
    assert "json/decoder.py" not in shown.text
    assert shown.text.endswith("\n    json.loads('')\n  [3 library frames left out]")
    assert shown.left_out == ("output 1 (error): 3 library frames",)
    shown = see(run("try:\n    {}['b']\nexcept KeyError as e:\n    raise KeyError('b') from e"))
    assert shown.text.count("KeyError: 'b'") == 1


def test_values_of_several_lines_in_a_verbose_traceback_are_not_taken_for_the_message(run: Run) -> None:
    source = (
        "class Table:\n    def __repr__(self):\n        return 'a\\n0  1'\ndef g(t):\n    1 / 0\ndef f(t):\n    g(t)\n"
    )
    assert lines(run(source + "f(Table())"))[-2:] == ["  Cell In[n], line 5, in g", "    1 / 0"]


def test_a_frame_in_the_users_own_file_is_shown(run: Run) -> None:
    shown = lines(run("open('own.py', 'w').write('def g(a):\\n    return a[5]\\n')\nimport own\nown.g([])"))
    assert shown[0] == "IndexError: list index out of range"
    assert shown[1:3] == ["  Cell In[n], line 3", "    own.g([])"]
    assert Path(shown[3].strip().partition(",")[0]).name == "own.py"
    assert shown[3].endswith(", line 2, in g")
    assert shown[4] == "    return a[5]"


def test_a_syntax_error_keeps_its_caret(run: Run) -> None:
    assert lines(run("x = 1\nfor i in range(3)\n    print(i)")) == [
        "SyntaxError: expected ':'",
        "  Cell In[n], line 2",
        "    for i in range(3)",
        "                     ^",
    ]


@pytest.mark.parametrize(("clause", "words"), [(" from e", "raised from"), ("", "raised while handling")])
def test_chained_exceptions_are_a_line_each(run: Run, clause: str, words: str) -> None:
    shown = lines(run(f"try:\n    {{}}['x']\nexcept KeyError as e:\n    raise ValueError('bad'){clause}"))
    assert shown[:3] == ["ValueError: bad", "  Cell In[n], line 4", f"    raise ValueError('bad'){clause}"]
    assert len(shown) == 4
    assert shown[3].startswith(f"{words} KeyError: 'x' (Cell In[n], line ")


def test_recursion_is_counted(run: Run) -> None:
    assert lines(run("def r(n):\n    return r(n - 1) if n else 1 / 0\nr(30)")) == [
        "ZeroDivisionError: division by zero",
        "  Cell In[n], line 3",
        "    r(30)",
        "  Cell In[n], line 2, in r",
        "    return r(n - 1) if n else 1 / 0",
        "  [the frame above 30 times more]",
    ]


def test_a_message_of_several_lines_and_notes_are_whole(run: Run) -> None:
    assert lines(run("raise ValueError('one\\ntwo\\nthree')"))[:4] == [
        "ValueError: one",
        "two",
        "three",
        "  Cell In[n], line 1",
    ]


def test_a_printed_copy_of_the_error_is_not_shown_again(run: Run) -> None:
    source = "import traceback\ntry:\n    1 / 0\nexcept Exception:\n    traceback.print_exc()\n    raise"
    shown = see(run(source))
    assert shown.text.count("ZeroDivisionError") == 1
    assert "[the traceback of the error below]" in shown.text
    assert shown.left_out[-1] == "output 1 (stderr): a printed copy of the error's traceback"


def test_another_printed_traceback_stays(run: Run) -> None:
    shown = see(run("import traceback\ntry:\n    1 / 0\nexcept Exception:\n    traceback.print_exc()\nint('a')"))
    assert "ZeroDivisionError: division by zero" in shown.text
    assert "ValueError: invalid literal" in shown.text


def test_timed_and_awaited_code_is_the_users(run: Run) -> None:
    assert "  <timed exec>, line 2" in lines(run("%%time\nfor i in [1]:\n    1/0"))
    awaited = lines(run("import asyncio\nasync def z():\n    await asyncio.sleep(0)\n    1/0\nawait z()"))
    assert awaited[1:] == ["  Cell In[n], line 5", "    await z()", "  Cell In[n], line 4, in z", "    1/0"]


def test_input_is_an_error_at_once(run: Run) -> None:
    shown = lines(run("input('name?')"))
    assert shown[0].startswith("StdinNotImplementedError: ")
    assert shown[1:3] == ["  Cell In[n], line 1", "    input('name?')"]


def test_minimal_tracebacks_are_shown_once(kernel: Run) -> None:
    kernel("%xmode Minimal")
    assert lines(kernel("1/0")) == ["ZeroDivisionError: division by zero"]


def test_an_error_that_reaches_stderr_alone_is_kept_as_one(kernel: Run) -> None:
    flood = {"output_type": "stream", "name": "stdout", "text": "".join(f"{n}\n" for n in range(50_000))}
    printed = "  + Exception Group Traceback (most recent call last):\n" + "  | a line of it\n" * 5 + "  | the reason\n"
    text = see([flood, *kernel(f"import sys\nprint({printed * 30!r}, file=sys.stderr)")]).text
    assert text.count("the reason") > 15
    assert len(text) <= 4000


@pytest.mark.parametrize(
    ("traceback", "expected"),
    [
        # IPython 7
        (
            [
                "-" * 75,
                "ZeroDivisionError                         Traceback (most recent call last)",
                "<ipython-input-1-9e1622b385b6> in <module>\n      1 x = 1\n----> 2 x/0\n",
                "~/venv/lib/python3.10/site-packages/a/b.py in run(x)\n      8     if x:\n----> 9         go(x)\n",
                "ZeroDivisionError: division by zero",
            ],
            "<ipython-input-1-9e1622b385b6>, line 2\n    x/0\n  [1 library frame left out]",
        ),
        # Compiled code between two frames of the user's, as pandas has it
        (
            [
                "Cell In[12], line 2\n      1 x = 0\n----> 2 df.a.map(f)\n",
                "File pandas/_libs/lib.pyx:3390, in pandas._libs.lib.map_infer()\n",
                "Cell In[11], line 1, in f(v)\n----> 1 def f(v): return 1 / v\n",
                "ZeroDivisionError: division by zero",
            ],
            (
                "Cell In[12], line 2\n    df.a.map(f)\n"
                "  Cell In[11], line 1, in f\n    def f(v): return 1 / v\n  [1 library frame left out]"
            ),
        ),
        # IPython 8.0
        (
            ["Input In [3], in <cell line: 1>()\n----> 1 1/0\n", "ZeroDivisionError: division by zero"],
            "Input In [3], line 1\n    1/0",
        ),
    ],
)
def test_the_frames_of_older_ipythons_are_understood(traceback: list[str], expected: str) -> None:
    output = {"ename": "ZeroDivisionError", "evalue": "division by zero", "traceback": traceback}
    assert error_text(output)[0] == f"ZeroDivisionError: division by zero\n  {expected}"


def test_an_error_of_another_language_is_shown_as_it_is() -> None:
    output = {
        "ename": "ERROR",
        "evalue": "object 'x' not found",
        "traceback": ["\x1b[1mError\x1b[22m: object 'x' not found\n", "Calls:\n"],
    }
    assert error_text(output) == ("Error: object 'x' not found\nCalls:", 0)


def test_an_error_of_r_is_said_once() -> None:
    value = "Error in f(1): no\n"
    output = {"ename": "ERROR", "evalue": value, "traceback": [f"{value}Traceback:\n", "1. f(1)", "2. stop('no')"]}
    assert error_text(output) == ("Error in f(1): no\nTraceback:\n1. f(1)\n2. stop('no')", 0)
    assert error_text({**output, "traceback": [f"{value}Traceback:\n"]}) == ("Error in f(1): no", 0)


def test_an_exit_status_of_bash_is_named() -> None:
    assert error_text({"ename": "", "evalue": "127", "traceback": []}) == ("exit status 127", 0)
    assert error_text({"ename": "", "evalue": "Cell has trailing backslash", "traceback": []})[0].startswith("Cell has")
