"""Estimates of tokens, and what the endpoint's counts teach."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.agent.history import History, Measured
from jupyter_codeact.agent.tokens import BELIEVED, BYTES_PER_TOKEN, IMAGE_TOKENS, MESSAGE_TOKENS, Size, length, size
from jupyter_codeact.events import Event, ModelReplied, ObservationMade, RunStarted, Usage, UserMessage

SIZES = st.builds(Size, st.integers(0, 10**6), st.integers(0, 9), st.integers(0, 99))
RUN = RunStarted(run_id="r", model="m")
ASKED = UserMessage(message_id="1", text="Wie viele Äpfel?")
COUNTED = Usage(prompt_tokens=40, completion_tokens=2)


def stamped(*events: Event) -> list[Event]:
    return [event.model_copy(update={"seq": seq}) for seq, event in enumerate(events, start=1)]


def test_text_counts_by_its_bytes_and_an_image_by_a_constant() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    sizes = size(
        [{"role": "user", "content": "Ä" * 3}, {"role": "user", "content": [{"type": "text", "text": "b"}, image]}]
    )
    assert sizes == Size(text=7, images=1, messages=2)
    assert sizes.tokens(3.5) == 2 + IMAGE_TOKENS + 2 * MESSAGE_TOKENS


def test_a_function_call_counts_with_its_arguments() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "run_cell", "arguments": '{"code": "x"}'}}
    assert size([{"role": "assistant", "content": "So:", "tool_calls": [call]}]) == Size(text=3 + 8 + 13, messages=1)


@given(st.text(st.characters(codec=None)))
def test_the_length_of_any_text_is_that_of_its_bytes(text: str) -> None:
    assert length(text) == len(text.encode("utf-8", "surrogatepass"))


@given(SIZES, st.floats(*BELIEVED))
def test_the_ratio_of_an_estimate_gives_the_estimate_again(sizes: Size, ratio: float) -> None:
    tokens = sizes.tokens(ratio)
    if (learnt := sizes.ratio(tokens)) is not None:
        assert math.isclose(sizes.tokens(learnt), tokens, abs_tol=1)


@pytest.mark.parametrize("tokens", [0, 3, 10, 10**6])
def test_a_count_that_no_tokenizer_makes_is_not_believed(tokens: int) -> None:
    assert Size(text=4000, messages=1).ratio(tokens) is None


def test_the_latest_count_of_the_endpoint_is_remembered() -> None:
    replied = ModelReplied(step=1, seen_seq=2, text="Drei.", usage=COUNTED)
    history = History()
    history.messages(stamped(RUN, ASKED, replied, UserMessage(message_id="2", text="Und Birnen?")))
    asked = History().messages(stamped(RUN, ASKED))
    assert history.measured == Measured(size(asked), 40)
    assert (Size(600, 0, 1).plus(history.measured.size).ratio(40) or BYTES_PER_TOKEN) == BYTES_PER_TOKEN


def test_estimates_teach_nothing_and_another_model_counts_anew() -> None:
    estimated = ModelReplied(step=1, seen_seq=2, text="x", usage=COUNTED.model_copy(update={"estimated": True}))
    history = History()
    history.messages(stamped(RUN, ASKED, estimated))
    assert history.measured is None
    counted = ModelReplied(step=1, seen_seq=2, text="x", usage=COUNTED)
    events = stamped(RUN, ASKED, counted, ObservationMade(step=1, text="y"), RUN)
    history = History()
    history.messages(events)
    assert history.measured is not None
    history.messages([*events, RunStarted(seq=6, run_id="s", model="another")])
    assert history.measured is None
