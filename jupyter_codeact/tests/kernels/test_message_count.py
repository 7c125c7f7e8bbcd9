"""Counting what was lost."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from jupyter_codeact.kernels.message_count import MessageCount


def count(own: list[int], overheard: dict[int, str] | None = None) -> int:
    counting = MessageCount()
    counting.saw(f"kernel_1_{own[0]}")
    for number, request in (overheard or {}).items():
        counting.overheard(f"kernel_1_{number}", request)
    for number in own[1:]:
        counting.saw(f"kernel_1_{number}")
    return counting.missing()


def test_nothing_is_missing_when_all_numbers_were_seen_in_any_order() -> None:
    assert count([5, 6, 8, 7]) == 0


def test_gaps_are_missing_messages() -> None:
    assert count([5, 6, 9, 11]) == 3


def test_what_was_overheard_is_not_missing() -> None:
    assert count([5, 9], {6: "", 7: "", 8: ""}) == 0


def test_a_reply_to_somebody_else_is_never_heard_and_not_missing() -> None:
    assert count([5, 9], {6: "theirs", 8: "theirs"}) == 0


def test_what_overtook_the_first_message_is_not_missing() -> None:
    counting = MessageCount()
    counting.overheard("kernel_1_6")
    counting.overheard("kernel_2_7")
    counting.saw("kernel_1_5")
    counting.saw("kernel_1_7")
    assert counting.missing() == 0


def test_what_came_before_a_first_message_that_was_overtaken_is_not_missing() -> None:
    counting = MessageCount()
    counting.overheard("kernel_1_5")
    counting.overheard("kernel_1_3")
    for number in (6, 4, 7):
        counting.saw(f"kernel_1_{number}")
    assert counting.missing() == 0


@pytest.mark.parametrize("late", [1, 150])
def test_nothing_is_called_missing_because_a_message_came_very_late(late: int) -> None:
    counting = MessageCount()
    counting.saw("kernel_1_0")
    for number in range(1, 301):
        if number != late:
            counting.overheard(f"kernel_1_{number}")
    for number in (late, 301):
        counting.saw(f"kernel_1_{number}")
        assert counting.missing() == 0


def test_a_reply_to_somebody_whose_request_spans_the_end_is_not_missing() -> None:
    assert count([5, 7, 9], {8: "theirs"}) == 0
    assert count([5, 7], {4: "theirs", 8: "theirs"}) == 0
    assert count([5, 7], {3: "theirs", 4: "theirs"}) == 1


def test_messages_after_the_end_do_not_count() -> None:
    assert count([5, 6, 7], {9: "", 12: "theirs"}) == 0


def test_kernels_that_do_not_number_their_messages_are_not_judged() -> None:
    counting = MessageCount()
    for name in ("6d1b2c", "a-b-c", ""):
        counting.saw(name)
    assert counting.missing() == 0


def stream(chance: random.Random, own_share: float) -> list[tuple[str, str]]:
    """Some ten thousand messages of a kernel in the order of their numbers: whose each is ("own", "", or somebody's
    request), and what. Others' requests are worked on at the same time, also while the execution begins."""
    sent: list[tuple[str, str]] = []
    at_work: list[str] = []
    for moment in range(10_000):
        inside = 2_000 < moment < 8_000
        what = chance.choices(["output", "busy", "end", "own"], [4, 2, 2, own_share * 8 if inside else 0])[0]
        if 7_900 < moment < 8_000:  # what is at work at the end counts as answered before it
            what = "end"
        if moment in (2_000, 8_000) or what == "own":
            sent.append(("own", "output"))
        elif what == "busy" and len(at_work) < 8:
            at_work.append(f"request {moment}")
            sent.append((at_work[-1], "busy"))
        elif what == "end" and at_work:
            request = at_work.pop(chance.randrange(len(at_work)))
            sent += [(request, "reply"), (request, "idle")]
        else:
            sent.append(("", "output"))
    return sent


@pytest.mark.parametrize("own_share", [0, 0.001, 0.3])
@pytest.mark.parametrize("lost", [0, 5])
@pytest.mark.parametrize("seed", range(2))
def test_exactly_what_was_lost_is_missing_next_to_many_requests_of_others(
    own_share: float, lost: int, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    sent = stream(chance, own_share)
    ends = [number for number, (whose, _) in enumerate(sent) if whose == "own"]
    between = [number for number, (_, what) in enumerate(sent) if what == "output" and ends[0] < number < ends[-1]]
    dropped = chance.sample(between, lost)
    arriving = sorted(
        (number for number, (_, what) in enumerate(sent) if what != "reply" and number not in dropped),
        key=lambda number: number + chance.randrange(20),  # channels overtake each other
    )
    counting = MessageCount()
    for number in arriving:
        whose, what = sent[number]
        if whose == "own":
            counting.saw(f"kernel_1_{number}")
        else:
            counting.overheard(f"kernel_1_{number}", whose if what in ("busy", "idle") else "")
    assert counting.missing() == lost


def test_a_day_next_to_a_busy_user_costs_no_memory() -> None:
    counting = MessageCount()
    counting.saw("kernel_1_0")
    tracemalloc.start()
    for index in range(10_000):
        busy = 1 + index * 5  # an output, one that is lost, the reply, which only the other hears, and idle
        counting.overheard(f"kernel_1_{busy}", f"request {index}")
        counting.overheard(f"kernel_1_{busy + 1}")
        counting.overheard(f"kernel_1_{busy + 4}", f"request {index}")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 50_000
    counting.saw("kernel_1_50001")
    assert counting.missing() == 10_000
