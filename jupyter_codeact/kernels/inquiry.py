"""One silent question to a kernel, beside whatever else is connected to it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from .channels import open_channels, own_session

DEAF_SECONDS = 0.3
"""A kernel that has not answered on the control channel for so long may not listen there (IRkernel 1.3): it is asked on
the other one as well, where a busy one answers later."""


@dataclass(frozen=True)
class Answer:
    """`expressions` is what the kernel made of the question's; None where it did not answer in time.

    `process` names the kernel's process: another name is another process. Empty where that is not known.
    """

    expressions: Mapping[str, Any] | None = None
    process: str = ""


async def inquire(manager: AsyncKernelManager, expressions: Mapping[str, str], seconds: float) -> Answer:
    """What the kernel answers within `seconds`. Its history, counters and `_` stay as they are.

    Without `expressions` only its process is asked for, on the control channel, which a busy kernel answers too. Raises
    `KernelError` when it cannot be reached.
    """
    session = own_session(manager)
    channels = await open_channels(manager, session)
    try:
        identity = session.msg("kernel_info_request", {})
        question = session.msg(
            "execute_request",
            {
                "code": "",
                "silent": True,
                "store_history": False,
                "user_expressions": dict(expressions),
                "allow_stdin": False,
                "stop_on_error": False,
            },
        )
        await channels.send("control", identity)
        if expressions:
            await channels.send("shell", question)
        process = ""
        asked = {identity["msg_id"], question["msg_id"]}
        asked_shell = bool(expressions)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            await channels.wait(left if asked_shell else min(left, DEAF_SECONDS))
            if not asked_shell and end - time.monotonic() < seconds - DEAF_SECONDS:
                asked_shell = True
                again = session.msg("kernel_info_request", {})  # ipykernel refuses a message that it was sent before
                asked.add(again["msg_id"])
                await channels.send("shell", again)
            for message in channels.receive():
                if message.request not in asked or message.channel == "iopub":
                    continue
                # A kernel that repeats its client's name says nothing of its own.
                named = str(message.header.get("session", ""))
                process = named if named != session.session else ""
                if message.kind == "execute_reply":
                    answers = message.content.get("user_expressions")
                    return Answer(answers if isinstance(answers, Mapping) else {}, process)
                if not expressions:
                    return Answer({}, process)
        return Answer(None, process)
    finally:
        channels.close()
