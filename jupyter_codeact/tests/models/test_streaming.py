"""Whether a reply streamed, told from when its pieces came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.models.streaming import Counted, held_back, streams


def pieces(first: float, between: float) -> Counted:
    return Counted([first + index * between for index in range(40)], 120, usage=True)


@pytest.mark.parametrize(
    ("reply", "level"),
    [
        (pieces(0.2, 0.02), "ok"),
        (pieces(0.2, 0.0005), "ok"),  # a small model on a fast machine
        (pieces(60.0, 0.02), "ok"),  # loaded first
        (pieces(30.0, 0.003), "ok"),  # thought first, on fast hardware
        (pieces(2.0, 0.0001), "warn"),  # held back by a gateway
        (Counted([2.0], 120, usage=True), "warn"),  # one piece, whole
        (Counted([1.0], 5, usage=True), "ok"),  # too short to tell
        (Counted([], 0, usage=True), "ok"),
    ],
)
def test_what_is_said(reply: Counted, level: str) -> None:
    found, detail, action = streams(reply)
    assert found == level
    assert detail
    assert bool(action) == (level == "warn")


@given(st.lists(st.floats(0, 100), max_size=60).map(sorted))
def test_a_model_that_writes_is_never_blamed(times: list[float]) -> None:
    reply = Counted(times, 100, usage=False)
    if times and times[-1] - times[0] >= 0.1:
        assert not held_back(reply)
