"""iopub messages -> outputs, without a kernel."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_codeact.kernels.nbformat_outputs import OUTPUT_CHARACTERS
from jupyter_codeact.kernels.outputs import CellOutputs

from .playing import folded, joined, valid

Message: TypeAlias = tuple[str, dict[str, Any]]


def outputs_of(*messages: Message, taken_after_each: bool = False) -> list[dict[str, Any]]:
    cell = CellOutputs()
    ops = []
    for number, (kind, content) in enumerate(messages):
        cell.absorb(kind, content)
        if taken_after_each:
            ops += cell.take(float(number))
    return folded(ops + cell.take(float(len(messages)), final=True))


def text(value: str, name: str = "stdout") -> Message:
    return "stream", {"name": name, "text": value}


def display(value: str, display_id: str | None = None) -> Message:
    transient = {} if display_id is None else {"display_id": display_id}
    return "display_data", {"data": {"text/plain": value}, "metadata": {}, "transient": transient}


def update(value: str, display_id: str) -> Message:
    return "update_display_data", display(value, display_id)[1]


def clear(wait: bool) -> Message:
    return "clear_output", {"wait": wait}


def reference(messages: list[Message]) -> list[dict[str, Any]]:
    """What JupyterLab's `OutputArea` and its model do, in a few lines."""
    outputs: list[dict[str, Any]] = []
    displays: dict[str, list[int]] = {}
    clear_next = False
    for kind, content in messages:
        output = {"output_type": kind, **{key: content[key] for key in content if key != "transient"}}
        display_id = content.get("transient", {}).get("display_id")
        if kind == "clear_output":
            clear_next = content["wait"]
            if not clear_next:
                outputs, displays = [], {}
        elif kind == "update_display_data":
            for index in displays.get(display_id, []):
                outputs[index] = output | {"output_type": "display_data"}
        elif kind != "stream" or content["text"]:
            if clear_next:
                outputs, displays, clear_next = [], {}, False
            last = outputs[-1] if outputs else {}
            if kind == "stream" and last.get("name") == content["name"]:
                outputs[-1] = last | {"text": last["text"] + content["text"]}
            else:
                outputs.append(output)
            if display_id is not None:
                displays.setdefault(display_id, []).append(len(outputs) - 1)
    return outputs


texts = st.one_of(
    st.text(alphabet="ab\n\r", max_size=6),
    st.text(max_size=4),
    st.sampled_from(["a line that is long enough\n" * 3000, "\rno end of the line" * 4000]),
)
safe_texts = texts.filter(lambda value: value.isascii())
names = st.sampled_from(["stdout", "stderr"])
ids = st.sampled_from(["x", "y"])
messages = st.lists(
    st.one_of(
        st.builds(text, safe_texts, names),
        st.builds(display, st.just("shown"), st.none() | ids),
        st.builds(update, st.text(alphabet="ab", max_size=2), ids),
        st.builds(clear, st.booleans()),
        st.just(("execute_result", {"data": {"text/plain": "2"}, "metadata": {}, "execution_count": 1})),
        st.just(("error", {"ename": "E", "evalue": "v", "traceback": ["t"]})),
    ),
    max_size=15,
)


@settings(deadline=None, max_examples=150)
@given(messages, st.booleans())
def test_folding_the_changes_gives_what_jupyterlab_shows(sequence: list[Message], often: bool) -> None:
    outputs = outputs_of(*sequence, taken_after_each=often)
    assert joined(outputs) == reference(sequence)
    assert valid(outputs)


@settings(deadline=None, max_examples=50)
@given(st.lists(texts, max_size=20), st.lists(st.booleans(), min_size=20, max_size=20))
def test_any_split_of_stream_text_gives_the_same_text(parts: list[str], taken: list[bool]) -> None:
    cell, ops = CellOutputs(), []
    for number, (part, now) in enumerate(zip(parts, taken, strict=False)):
        cell.absorb(*text(part))
        ops += cell.take(float(number)) if now else []
    ops += cell.take(99.0, final=True)
    whole = outputs_of(text("".join(parts)))
    assert joined(folded(ops)) == joined(whole)


def test_a_longer_text_begins_new_outputs_only_behind_the_end_of_a_line() -> None:
    outputs = outputs_of(*[text("a short line\n")] * 20_000, taken_after_each=True)
    assert len(outputs) > 10
    assert all(output["text"].endswith("\n") for output in outputs)


def test_the_journal_grows_linearly_with_the_text() -> None:
    """A million prints, taken as often as is ever possible, are not repeated again and again."""

    def journal_characters(prints: int) -> int:
        cell, size = CellOutputs(), 0
        for number in range(prints):
            cell.absorb(*text(f"line {number}\n"))
            if number % 5 == 0:
                size += sum(len(str(op.output)) for op in cell.take(number / 20))
        return size + sum(len(str(op.output)) for op in cell.take(1e9, final=True))

    assert journal_characters(40_000) < 2.5 * journal_characters(20_000)
    assert journal_characters(200_000) < 50_000_000


def test_beyond_the_bound_head_and_tail_are_kept_and_the_rest_is_counted() -> None:
    lines = [f"line {number}\n" for number in range(400_000)]
    whole = "".join(lines)
    outputs = outputs_of(*map(text, lines))
    shown = joined(outputs)[0]["text"]
    head, note, tail = shown.partition("\n[... ")
    count, _, tail = tail.partition(" characters left out ...]\n")
    assert whole.startswith(head)
    assert whole.endswith(tail)
    assert int(count.replace(",", "")) == len(whole) - len(head) - len(tail)
    assert note
    assert 700_000 < len(shown) < 1_000_000


def test_text_between_many_outputs_stays_bounded() -> None:
    messages = [message for _ in range(500) for message in (text("x" * 20_000), display("d"))]
    outputs = outputs_of(*messages)
    assert sum(len(output.get("text", "")) for output in outputs) < 1_100_000
    assert sum(output["output_type"] == "display_data" for output in outputs) == 500
    assert valid(outputs)


def test_a_long_tail_is_glimpsed_at_once_a_second() -> None:
    cell = CellOutputs()
    cell.absorb(*text("x" * 600_000))
    assert len(cell.take(0.0)) == 2
    cell.absorb(*text("y" * 600_000))
    assert cell.take(0.5) == []
    assert cell.glimpse_due
    (op,) = cell.take(1.0)
    assert op.op == "replace"
    assert op.output is not None
    assert len(op.output["text"]) < 3_000


def test_alternating_streams_do_not_make_outputs_without_end() -> None:
    outputs = outputs_of(*[message for _ in range(5_000) for message in (text("o"), text("e", "stderr"))])
    assert "".join(output["text"] for output in outputs) == "oe" * 5_000


def test_clear_output_waits_for_the_next_output_and_shows_nothing_in_between() -> None:
    cell = CellOutputs()
    cell.absorb(*text("10 %"))
    ops = cell.take(0.0)
    cell.absorb(*clear(wait=True))
    assert cell.take(1.0) == []
    cell.absorb(*text("20 %"))
    changes = cell.take(2.0)
    assert [op.op for op in changes] == ["clear", "append"]
    assert folded(ops + changes)[0]["text"] == "20 %"


def test_clearing_what_was_never_shown_changes_nothing() -> None:
    cell = CellOutputs()
    cell.absorb(*text("hidden"))
    cell.absorb(*clear(wait=False))
    assert cell.take(0.0, final=True) == []


def test_all_outputs_of_a_display_id_are_updated() -> None:
    outputs = outputs_of(display("1", "x"), display("2"), display("3", "x"), update("new", "x"))
    assert [output["data"]["text/plain"] for output in outputs] == ["new", "2", "new"]
    assert "transient" not in outputs[0]


def test_an_update_of_another_cells_display_is_a_problem_and_not_an_output() -> None:
    cell = CellOutputs()
    cell.absorb(*update("new", "elsewhere"))
    assert cell.take(0.0, final=True) == []
    assert len(cell.problems) == 1


def test_carriage_returns_are_kept_for_who_displays_them() -> None:
    assert outputs_of(text("1 %\r"), text("2 %\r"))[0]["text"] == "1 %\r2 %\r"


@pytest.mark.parametrize("kind", ["comm_open", "comm_msg", "comm_close", "status", "debug_event", "iopub_welcome"])
def test_messages_about_other_things_are_no_outputs(kind: str) -> None:
    assert outputs_of((kind, {"data": {}, "comm_id": "1"})) == []


def test_lone_surrogates_are_escaped_and_everything_else_is_kept() -> None:
    kept = "NUL \0, emoji \U0001f469\u200d\U0001f680, \u202eright to left, \x1b[31mred, </script>"
    outputs = outputs_of(
        text("\ud800" + kept),
        ("error", {"ename": "\udfff", "evalue": kept, "traceback": ["\ud800"]}),
        display("\ud800"),
    )
    assert outputs[0]["text"] == "\\ud800" + kept
    assert outputs[1] | {"output_type": ""} == {
        "output_type": "",
        "ename": "\\udfff",
        "evalue": kept,
        "traceback": ["\\ud800"],
    }
    assert outputs[2]["data"]["text/plain"] == "\\ud800"
    assert str(outputs).encode()


@pytest.mark.parametrize(
    "message",
    [
        ("stream", {}),
        ("stream", {"name": None, "text": 3}),
        ("display_data", {}),
        ("display_data", {"data": None, "metadata": None, "transient": None}),
        ("display_data", {"data": {"text/html": ["<b>", "</b>"], "image/png": {"not": "text"}}, "metadata": {}}),
        ("display_data", {"data": {"application/vnd.x+json": {"a": [1, float("nan")]}}, "metadata": {"b": 1}}),
        ("execute_result", {"data": {"text/plain": "1"}}),
        ("error", {"ename": "E"}),
        ("error", {"ename": "E", "evalue": None, "traceback": "no list"}),
    ],
)
def test_whatever_a_kernel_sends_becomes_valid_or_nothing(message: Message) -> None:
    assert valid(outputs_of(message))


def test_a_representation_over_the_bound_makes_way_for_a_note_and_the_others_stay() -> None:
    data = {"text/html": "x" * (OUTPUT_CHARACTERS + 1), "text/plain": "a table"}
    (output,) = outputs_of(("display_data", {"data": data, "metadata": {}}))
    assert output["data"] == {"text/plain": "a table\n[text/html left out: 10,000,001 characters]"}


def test_an_error_over_the_bound_is_shortened() -> None:
    (output,) = outputs_of(("error", {"ename": "E", "evalue": "x" * 20_000_000, "traceback": ["t"]}))
    assert len(str(output)) < 20_000
    assert "20,000,001" in output["traceback"][0]
