"""How a history that has become too long is shortened: pure.

In one step that frees at least a third of it, as each step costs the endpoint's prompt cache nearly all that it holds.
What a model misses least is given up first:

1. of the oldest observations, all but their heads;
2. the same of notebooks and attachments that came with messages;
3. the oldest steps, code and all: their cells stay in the notebook, and what they defined in the kernel;
4. where the rest alone is too much: all of that, the newest observation and notebook included.

The user's words are never shortened.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jupyter_codeact.agent.nonce import LENGTH
from jupyter_codeact.agent.revisions import as_told
from jupyter_codeact.agent.tokens import Size, length
from jupyter_codeact.agent.told import NOTHING, images_of, left_out, text_of
from jupyter_codeact.events import (
    ConversationStarted,
    Event,
    HistoryReduced,
    ModelReplied,
    NotebookChanged,
    UserMessage,
)

HEAD_CHARS = 200
"""What is left of an observation: the line with the cell's status, and enough to recall what it showed."""

LEAST_FREED = 1 / 3

LARGEST_RESERVE = 8192

NOTE_TOKENS = Size(length(left_out(range(1, 100), nonce="k" * LENGTH))).tokens()
"""What says that steps are left out."""


def reserve(context_tokens: int) -> int:
    """So many tokens are kept free for the reply: 8,192, which hold a long cell and a reasoning model's thoughts before
    it, but no more than a quarter of a small context."""
    return min(context_tokens // 4, LARGEST_RESERVE)


def plan(events: Sequence[Event], room: int, bytes_per_token: float) -> HistoryReduced | None:
    """The mildest reduction by which what is told of `events` is a third shorter and has at most `room` tokens; where
    none does both, the strongest, and None when that frees nothing.

    Its `context_tokens` are for the caller to fill in. It gives back nothing of what an earlier one took.
    """
    events = as_told(events)
    now = next((event for event in reversed(events) if isinstance(event, HistoryReduced)), NOTHING)
    nonce = next((event.nonce for event in events if isinstance(event, ConversationStarted)), "")
    told = [_told(event, now, bytes_per_token, nonce) for event in events if text_of(event, now, nonce=nonce)]
    total = sum(each.now for each in told) + (NOTE_TOKENS if now.dropped_seq else 0)
    most = min(room, total * (1 - LEAST_FREED))
    strongest = None
    for family in _families(events, now):
        found = bisect_left(family, True, key=lambda reduced: _left(told, reduced) <= most)
        if found < len(family):
            return family[found]
        strongest = family[-1] if family else strongest
    return strongest if strongest is not None and _left(told, strongest) < total else None


def _families(events: Sequence[Event], now: HistoryReduced) -> Iterator[list[HistoryReduced]]:
    """The reductions of each kind, the milder ones first."""
    last = events[-1].seq
    replies = [event.seq for event in events if isinstance(event, ModelReplied)]
    newest = replies[-1] if replies else 0
    old = [event.seq for event in events if now.through_seq < event.seq < newest and text_of(event, now, nonce="")]
    for notebooks in (False, True):
        if notebooks or not now.notebooks:
            yield [_reduced(seq, now.dropped_seq, notebooks=notebooks) for seq in old]
    through = max(now.through_seq, newest - 1)
    ends = [seq - 1 for seq in replies[1:] if seq - 1 > now.dropped_seq]
    yield [_reduced(through, end, notebooks=True) for end in ends]
    yield [_reduced(last, ends[-1] if ends else now.dropped_seq, notebooks=True)]


def _reduced(through_seq: int, dropped_seq: int, *, notebooks: bool) -> HistoryReduced:
    return HistoryReduced(
        through_seq=through_seq, chars=HEAD_CHARS, notebooks=notebooks, dropped_seq=dropped_seq, context_tokens=0
    )


@dataclass(frozen=True)
class _Told:
    """What the model is told of one event, in tokens: as it is now, with the head of an observation, and with the heads
    of notebooks and attachments as well. With its step, nothing of it is left."""

    seq: int
    now: float
    head: float
    heads: float
    is_of_step: bool


def _told(event: Event, now: HistoryReduced, bytes_per_token: float, nonce: str) -> _Told:
    def tokens(reduced: HistoryReduced) -> int:
        messages = 2 if isinstance(event, ModelReplied) else 0  # it, and the user's after it
        whole = Size(length(text_of(event, reduced, nonce=nonce)), len(images_of(event, reduced)), messages)
        return whole.tokens(bytes_per_token)

    head, heads = (_reduced(event.seq, 0, notebooks=notebooks) for notebooks in (now.notebooks, True))
    is_of_step = not isinstance(event, (UserMessage, NotebookChanged))
    return _Told(event.seq, tokens(now), tokens(head), tokens(heads), is_of_step)


def _left(told: Sequence[_Told], reduced: HistoryReduced) -> float:
    """What `reduced` leaves of `told`, in tokens."""
    total = float(NOTE_TOKENS) if reduced.dropped_seq else 0.0
    for each in told:
        if each.seq > reduced.through_seq:
            total += each.now
        elif not each.is_of_step or each.seq > reduced.dropped_seq:
            total += each.heads if reduced.notebooks else each.head
    return total
