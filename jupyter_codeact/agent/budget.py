"""Sharing a number of characters among the parts of an observation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from jupyter_codeact.agent.text import cut

MIN_SHARE = 80
ERROR_SHARE = 0.75


@dataclass(frozen=True)
class Part:
    """Text of one output; `label` names it in the account of what was left out."""

    text: str
    label: str
    is_error: bool = False

    @property
    def need(self) -> int:
        """Its characters and the line feed after it."""
        return len(self.text) + 1


def fit(parts: Sequence[Part], chars: int) -> tuple[str, list[str]]:
    """The parts' text in at most `chars` characters, and in words what of which was left out.

    Errors have up to `ERROR_SHARE` of the room before the others; the rest is shared so that small parts stay
    whole and large ones are cut to the same length. Where there are too many for `MIN_SHARE` characters each,
    those in the middle are left out.
    """
    if not parts or sum(part.need for part in parts) <= chars:
        return "\n".join(part.text for part in parts), []
    head, dropped, tail = _ends(parts, chars)
    kept = head + tail
    room = chars - (MIN_SHARE if dropped else 0)
    errors = [part for part in kept if part.is_error]
    others = [part for part in kept if not part.is_error]
    least = sum(min(part.need, MIN_SHARE) for part in others)
    error_room = min(max(int(room * ERROR_SHARE), room - sum(part.need for part in others)), room - least)
    error_limit = _level([part.need for part in errors], error_room)
    spent = sum(min(part.need, error_limit) for part in errors)
    other_limit = _level([part.need for part in others], room - spent)
    texts: list[str] = []
    left_out: list[str] = []
    for part in kept:
        text, missing = cut(part.text, (error_limit if part.is_error else other_limit) - 1)
        texts.append(text)
        if missing:
            left_out.append(f"{part.label}: {missing:,} of {len(part.text):,} characters")
    if dropped:
        texts.insert(len(head), f"[... {len(dropped):,} outputs left out ...]")
        amount = sum(len(part.text) for part in dropped)
        left_out.append(f"{dropped[0].label} to {dropped[-1].label}: {len(dropped):,} outputs, {amount:,} characters")
    return "\n".join(texts), left_out


def _ends(parts: Sequence[Part], chars: int) -> tuple[list[Part], list[Part], list[Part]]:
    """The first parts, those to leave out, and the last: as many as have `MIN_SHARE`, or all of theirs, in `chars`.

    Where there are errors, the last of them is not left out.
    """
    least = [min(part.need, MIN_SHARE) for part in parts]
    if sum(least) <= chars:
        return list(parts), [], []
    half = (chars - 2 * MIN_SHARE) // 2  # one share for the mark between them, one for an error
    first = sum(1 for total in accumulate(least) if total <= half)
    last = len(parts) - sum(1 for total in accumulate(reversed(least)) if total <= half)
    head, middle, tail = list(parts[:first]), list(parts[first:last]), list(parts[last:])
    lost_errors = [index for index, part in enumerate(middle) if part.is_error]
    if lost_errors and not any(part.is_error for part in head + tail):
        tail.insert(0, middle.pop(lost_errors[-1]))
    return head, middle, tail


def _level(needs: Sequence[int], room: int) -> int:
    """The largest equal limit under which `needs` fit into `room`."""
    left = room
    for taken, need in enumerate(sorted(needs)):
        share = left // (len(needs) - taken)
        if need > share:
            return share
        left -= need
    return max(needs, default=0)
