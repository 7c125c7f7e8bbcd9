"""Whether a reply really streamed, told from when its pieces came; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# What a gateway held back comes as fast as the wire allows, some 10,000 pieces a second; no model writes that fast.
_WIRE_SECONDS_A_PIECE = 0.001
_TELLING_SECONDS = 0.5
_TELLING_PIECES = 8
_TELLING_CHARS = 40


@dataclass(frozen=True)
class Counted:
    """A reply's pieces: when each came, in seconds after the question; its length; whether tokens were counted."""

    times: Sequence[float]
    chars: int
    usage: bool


def held_back(reply: Counted) -> bool:
    """Whether the pieces came all at once after a wait, as from a gateway that buffers.

    A model that thinks, or is loaded, before its first word makes one wait too, but its words then take their time.
    """
    times = reply.times
    if len(times) < _TELLING_PIECES or times[0] < _TELLING_SECONDS:
        return False
    return times[-1] - times[0] < _WIRE_SECONDS_A_PIECE * len(times)


def streams(reply: Counted) -> tuple[Literal["ok", "warn"], str, str]:
    """The level, what was seen, and what to do."""
    pieces = len(reply.times)
    if pieces < 2 and reply.chars < _TELLING_CHARS:
        return "ok", "the reply was too short to tell", ""
    if pieces < 2:
        return "warn", "the reply came in one piece", "look for a proxy that buffers, switch it off"
    if held_back(reply):
        detail = f"{pieces} pieces came at once after {reply.times[0]:.1f} s"
        return "warn", detail, "a gateway buffers: switch its response buffering off"
    return "ok", f"{pieces} pieces, the first after {reply.times[0]:.1f} s", ""
