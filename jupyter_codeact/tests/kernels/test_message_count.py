"""Counting what was lost."""

from __future__ import annotations

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
