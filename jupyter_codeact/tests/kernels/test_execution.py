"""One execution, told of its messages by hand: what a kernel sends when, and in which order it gets here."""

from __future__ import annotations

import time
from typing import Any

from jupyter_codeact.kernels.channels import Channel, Message
from jupyter_codeact.kernels.execution import OVERTAKEN_SECONDS, CellExecution


def message(number: int, kind: str, channel: Channel = "iopub", **content: Any) -> Message:
    return Message(channel, kind, {"msg_id": f"kernel_1_{number}"}, "request", "session", content)


def ended_execution(idle: int) -> CellExecution:
    """Busy is message 1, the input 2, the reply is the one before `idle`."""
    execution = CellExecution("cell")
    execution.absorb(message(1, "status", execution_state="busy"))
    execution.absorb(message(2, "execute_input", execution_count=1))
    execution.absorb(message(idle - 1, "execute_reply", "shell", status="ok", execution_count=1))
    execution.absorb(message(idle, "status", execution_state="idle"))
    return execution


def problems(execution: CellExecution) -> tuple[str, ...] | None:
    """What the execution missed, once it has ended."""
    return None if execution.done is None else execution.done.problems


def test_an_execution_ends_with_its_last_message_when_none_is_missing() -> None:
    assert problems(ended_execution(idle=4)) == ()


def test_a_reply_on_another_channel_that_was_overtaken_is_not_taken_for_lost() -> None:
    execution = ended_execution(idle=5)
    execution.end_if_silent(time.monotonic())
    assert problems(execution) is None
    execution.overhear(message(3, "kernel_info_reply", "control"), others=False)
    execution.end_if_silent(time.monotonic())
    assert problems(execution) == ()


def test_what_does_not_come_either_is_lost() -> None:
    execution = ended_execution(idle=5)
    execution.end_if_silent(time.monotonic() + OVERTAKEN_SECONDS)
    assert problems(execution) == ("1 message is missing: the outputs are incomplete",)
