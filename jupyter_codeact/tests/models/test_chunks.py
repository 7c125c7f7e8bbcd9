"""What the payloads of a completion add to a reply, however odd they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.events import Usage
from jupyter_codeact.models.chunks import Piece, parse_piece
from jupyter_codeact.models.model import CallDelta
from jupyter_codeact.models.well_formed import PairJoiner, well_formed, well_formed_tree

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
names = st.sampled_from(
    [
        "choices",
        "delta",
        "message",
        "content",
        "usage",
        "finish_reason",
        "reasoning",
        "text",
        "tool_calls",
        "function_call",
        "function",
        "arguments",
        "index",
        "id",
        "name",
    ]
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4))


@pytest.mark.parametrize(
    ("payload", "piece"),
    [
        ({"choices": [{"delta": {"content": "a"}}]}, Piece("a")),
        ({"choices": [{"delta": {"reasoning_content": "r"}}]}, Piece(reasoning="r")),
        (
            {"choices": [{"delta": {"tool_calls": [{"index": 1, "id": "a", "function": {"name": "f"}}]}}]},
            Piece(calls=(CallDelta(1, "a", "f"),)),
        ),
        (
            {"choices": [{"delta": {"tool_calls": [{"function": {"arguments": "x"}}]}}]},
            Piece(calls=(CallDelta(None, arguments="x"),)),
        ),
        (
            {"choices": [{"message": {"tool_calls": [{"id": "a", "function": {}}, None, {"id": "b"}]}}]},
            Piece(calls=(CallDelta(0, "a"), CallDelta(2, "b"))),
        ),
        (
            {"choices": [{"delta": {"function_call": {"name": "f", "arguments": {"code": "é"}}}}]},
            Piece(calls=(CallDelta(0, "", "f", '{"code": "é"}'),)),
        ),
        ({"choices": [{"delta": {"tool_calls": {"index": 0}, "function_call": "f"}}]}, Piece()),
        ({"choices": [{"delta": {"reasoning": "r", "content": None}}]}, Piece(reasoning="r")),
        ({"choices": [{"delta": {"content": [{"type": "text", "text": "a"}, {"type": "x"}]}}]}, Piece("a")),
        ({"choices": [{"delta": {"refusal": "no"}}]}, Piece("no")),
        ({"choices": [{"delta": {}, "finish_reason": "length"}]}, Piece(finish_reason="length")),
        ({"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}]}, Piece("a", finish_reason="stop")),
        (
            {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}},
            Piece(usage=Usage(prompt_tokens=3, completion_tokens=4)),
        ),
        ({"choices": [{"delta": {"content": 5}, "finish_reason": 7}], "usage": {"prompt_tokens": "x"}}, Piece()),
        ({"choices": None, "usage": None}, Piece()),
        (
            {"usage": {"prompt_tokens": 9, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 6}}},
            Piece(usage=Usage(prompt_tokens=9, completion_tokens=1, cached_tokens=6)),
        ),
        (
            {"usage": {"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 60}}},
            Piece(usage=Usage(prompt_tokens=9, cached_tokens=9)),
        ),
        ({"usage": {"prompt_tokens": 9, "prompt_tokens_details": []}}, Piece(usage=Usage(prompt_tokens=9))),
        ({"choices": [None]}, Piece()),
        ({"error": {"message": "bad"}}, Piece(problem={"message": "bad"})),
        ({"choices": [{"error": "bad", "delta": {}}]}, Piece(problem="bad")),
        ({"object": "error", "message": "m"}, Piece(problem={"object": "error", "message": "m"})),
        (None, Piece()),
        (["x"], Piece()),
    ],
)
def test_pieces(payload: Any, piece: Piece) -> None:
    assert parse_piece(payload) == piece


@given(values)
def test_no_payload_is_an_error(payload: Any) -> None:
    piece = parse_piece(payload)
    assert isinstance(piece.text, str)
    assert isinstance(piece.reasoning, str)


@given(st.text(alphabet=st.characters() | st.characters(categories=["Cs"])), st.data())
def test_streamed_text_is_well_formed_however_it_is_cut(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    joiner = PairJoiner()
    joined = "".join([*map(joiner.feed, pieces), joiner.close()])
    assert joined == well_formed(text)
    joined.encode()


def test_halves_are_joined_and_lone_ones_replaced() -> None:
    assert well_formed("\ud83d\ude00 \ud800 é") == "😀 \ufffd é"
    assert well_formed_tree({"a": ["\udfff", ("x", 1, None)]}) == {"a": ["\ufffd", ["x", 1, None]]}
