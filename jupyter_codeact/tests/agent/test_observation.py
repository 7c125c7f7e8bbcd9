"""What a model is shown of a cell's outputs."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from jupyter_codeact.agent.observation import MIN_CHARS, Observation, observe
from jupyter_codeact.events import CellStatus


def see(*outputs: Any, status: CellStatus = "ok", chars: int = 4000, problems: Sequence[str] = ()) -> Observation:
    return observe(
        cell_id="c",
        outputs=outputs,
        status=status,
        execution_count=5,
        seconds=1.23,
        problems=problems,
        chars=chars,
    )


def body(*outputs: Any) -> str:
    return see(*outputs).text.partition("\n")[2]


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def display(data: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def error(name: str, value: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": []}


def png(width: int, height: int) -> str:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


def test_the_head_names_the_cell_its_time_and_status() -> None:
    assert see().text == "cell 5, 1.2 s, ok\n(no output)"
    nameless = observe(cell_id="c", outputs=[], status="aborted", execution_count=None, seconds=0)
    assert nameless.text.startswith("cell ?, 0.0 s, aborted\nThe cell was not run")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("interrupted", "was interrupted; its output is partial"),
        ("lost", "its effect is unknown"),
    ],
)
def test_a_status_that_needs_words_has_them_before_problems_and_output(status: CellStatus, words: str) -> None:
    lines = see(stream("partial"), status=status, problems=["3 messages\nare missing"]).text.split("\n")
    assert words in lines[1]
    assert lines[2:] == ["3 messages are missing", "partial"]


def test_a_progress_bar_leaves_its_last_state_and_equal_lines_are_counted() -> None:
    assert body(stream("".join(f"\r{n:3}%|" for n in range(101)) + "\nready\n")) == "100%|\nready"
    observation = see(stream("epoch done\n" * 38))
    assert observation.text.endswith("\nepoch done\n[the line above 37 times more]")
    assert observation.left_out == ("output 1 (stdout): 37 repeated lines",)


def test_stderr_is_named_and_outputs_keep_their_order() -> None:
    assert body(stream("one\n"), stream("two", "stderr"), stream("three")) == "one\n[stderr]\ntwo\nthree"


def test_plain_text_is_preferred_and_a_table_in_html_alone_becomes_text() -> None:
    table = "<table><tr><th></th><th>n</th></tr><tr><th>a</th><td>1</td></tr><tr><th>b</th><td>20</td></tr></table>"
    assert body(display({"text/html": table, "text/plain": "   n\na  1\nb 20"})) == "   n\na  1\nb 20"
    assert body(display({"text/html": table})) == "    n\na   1\nb  20"
    assert (
        body(display({"text/html": table, "text/plain": "<IPython.core.display.HTML object>"})) == "    n\na   1\nb  20"
    )
    html = "<script>var secret</script><style>p {}</style><p>Hello<br><b>wor</b>ld &amp; all</p>"
    assert body(display({"text/html": html})) == "Hello\nworld & all"


def test_other_forms_are_named_with_their_size() -> None:
    observation = see(display({"application/vnd.plotly.v1+json": {"data": "x" * 48_000}, "text/html": "<div></div>"}))
    assert observation.text.endswith("\n[application/vnd.plotly.v1+json, 48 KB, not shown]")
    assert observation.left_out == ("output 1: application/vnd.plotly.v1+json, 48 KB, not shown",)
    assert body(display({"image/svg+xml": "<svg/>", "text/plain": "a figure"})) == (
        "a figure\n[image/svg+xml, 6 bytes, not shown]"
    )
    bare = {"image/svg+xml": "<svg/>", "text/plain": "<IPython.core.display.SVG object>"}
    assert body(display(bare)) == "[image/svg+xml, 6 bytes, not shown]"


def test_an_image_is_referred_to_and_the_texts_that_come_with_a_drawing_are_silent() -> None:
    result = {"output_type": "execute_result", "data": {"text/plain": "<Axes: xlabel='a'>"}, "execution_count": 5}
    figure = display({"image/png": png(640, 480), "text/plain": "<Figure size 640x480 with 1 Axes>"})
    observation = see(result, stream("before"), figure)
    assert observation.text == "cell 5, 1.2 s, ok\nbefore\n[image 1: image/png, 640x480]"
    assert [(image.cell_id, image.output, image.mime) for image in observation.images] == [("c", 2, "image/png")]
    assert body(result) == "<Axes: xlabel='a'>"


def test_an_image_that_cannot_be_sent_is_said_to_be_missing() -> None:
    observation = see(display({"image/png": "bm90IGFuIGltYWdl"}))
    assert observation.text.endswith("\n[image/png, not shown: damaged]")
    assert observation.images == ()
    assert observation.left_out == ("output 1 (image/png): damaged",)


def test_a_scaled_image_says_so() -> None:
    observation = see(display({"image/png": png(3000, 2000)}))
    assert "[image 1: image/png, scaled from 3000x2000 to 1024x683]" in observation.text
    assert observation.left_out == ("output 1 (image/png): scaled from 3000x2000 to 1024x683",)


def test_more_images_than_a_model_should_see_are_named() -> None:
    observation = see(*[display({"image/png": png(2, 2)})] * 10)
    assert len(observation.images) == 8
    assert observation.text.count("not shown: more than 8 images") == 2


def test_head_and_tail_are_kept_and_the_amount_between_is_stated() -> None:
    text = "\n".join(f"line {n}" for n in range(10_000))
    observation = see(stream(text))
    lines = observation.text.split("\n")
    assert (lines[1], lines[-1]) == ("line 0", "line 9999")
    cut_line = next(line for line in lines if "characters left out" in line)
    kept = sum(len(line) + 1 for line in lines[1:] if line != cut_line)
    missing = int(cut_line.split()[1].replace(",", ""))
    assert abs(missing + kept - len(text)) <= 2
    assert observation.left_out == (f"output 1 (stdout): {missing:,} of {len(text):,} characters",)


def test_one_huge_line_is_cut_as_well() -> None:
    text = see(stream("x" * 1_000_000)).text
    assert len(text) <= 4000
    assert text.endswith("x")
    assert "characters left out ...]" in text


def test_a_huge_stream_hides_neither_the_result_nor_the_error() -> None:
    flood = stream("".join(f"{n}\n" for n in range(200_000)))
    result = {"output_type": "execute_result", "data": {"text/plain": "the result\n" * 1}, "execution_count": 1}
    text = see(flood, result, flood, error("ValueError", "the error"), status="error").text
    assert "the result" in text
    assert "ValueError: the error" in text
    assert len(text) <= 4000


def test_an_error_among_thousands_of_displays_is_kept() -> None:
    shows = [display({"text/plain": f"value {n} " + "." * 50}) for n in range(3000)]
    observation = see(*shows[:1500], error("KeyError", "'k'"), *shows[1500:], status="error")
    assert "KeyError: 'k'" in observation.text
    assert "value 0 " in observation.text
    assert "value 2999 " in observation.text
    assert len(observation.text) <= 4000
    assert any("outputs" in note for note in observation.left_out)


def test_of_many_small_outputs_as_many_are_kept_as_there_is_room_for() -> None:
    observation = see(*[display({"text/plain": f"{n}"}) for n in range(10_000)])
    assert 3500 < len(observation.text) <= 4000
    assert observation.text.startswith("cell 5, 1.2 s, ok\n0\n1\n2\n")
    assert observation.text.endswith("\n9998\n9999")
    assert observation.text.count("outputs left out ...]") == 1


def test_what_cannot_be_printed_is_made_visible() -> None:
    assert body(stream("\x1b]0;title\x07a\x00b\ud800c\x1b[31mred\x1b[0m\x9b1m\u200d\U0001f469")) == (
        "a\\x00b\\ud800cred\u200d\U0001f469"
    )


@pytest.mark.parametrize(
    "output",
    [
        None,
        7,
        {},
        {"output_type": ["stream"]},
        {"output_type": "new\x1b[1m"},
        {"output_type": "stream"},
        {"output_type": "stream", "text": ["a", None, 3]},
        {"output_type": "display_data"},
        {"output_type": "display_data", "data": []},
        {"output_type": "display_data", "data": {"image/png": ["a", "b"], "text/plain": {"a": 1}, 3: None}},
        {"output_type": "execute_result", "data": {"image/png": {"a": 1}}},
        {"output_type": "error"},
        {"output_type": "error", "ename": 1, "evalue": None, "traceback": "no list"},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": [None, 5, ["x"]]},
    ],
)
def test_malformed_outputs_are_named_and_never_raise(output: Any) -> None:
    text = see(output, stream("after")).text
    assert text.endswith("\nafter")
    assert "\x1b" not in text


TEXT = st.text(st.characters(categories=None) | st.sampled_from("\x1b[];m\r\n\b <>|0K"), max_size=60)
LONG = st.builds(lambda text, times: text * times, TEXT, st.sampled_from([1, 1, 2, 300]))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | TEXT, lambda each: st.lists(each) | st.dictionaries(TEXT, each)
)
MIMES = st.sampled_from(["text/plain", "text/html", "image/png", "image/svg+xml", "text/markdown"]) | TEXT
OUTPUTS = st.lists(
    st.builds(stream, LONG, st.sampled_from(["stdout", "stderr"]))
    | st.builds(display, st.dictionaries(MIMES, LONG | st.lists(TEXT) | JSON, max_size=4))
    | st.fixed_dictionaries(
        {"output_type": st.just("error"), "ename": TEXT, "evalue": LONG, "traceback": st.lists(LONG)}
    )
    | st.dictionaries(st.sampled_from(["output_type", "text", "data", "ename", "traceback"]), JSON),
    max_size=8,
)


@settings(deadline=None, max_examples=50)
@given(
    outputs=OUTPUTS,
    times=st.sampled_from([1, 1, 1, 40]),
    status=st.sampled_from(["ok", "error", "interrupted", "aborted", "lost"]),
    problems=st.lists(LONG, max_size=3),
    chars=st.integers(0, 6000),
)
def test_any_outputs_give_a_bounded_printable_and_repeatable_observation(
    outputs: list[Any], times: int, status: CellStatus, problems: list[str], chars: int
) -> None:
    outputs = outputs * times
    observation = see(*outputs, status=status, problems=problems, chars=chars)
    assert len(observation.text) <= max(chars, MIN_CHARS)
    assert observation.text.startswith(f"cell 5, 1.2 s, {status}\n")
    assert all(character.isprintable() or character in "\n\t" or character > "\x9f" for character in observation.text)
    observation.text.encode("utf-8")
    assert len(observation.images) <= 8
    assert observation == see(*outputs, status=status, problems=problems, chars=chars)
    if any(len(output.get("text") or "") > 6000 for output in outputs if output.get("output_type") == "stream"):
        assert observation.left_out
