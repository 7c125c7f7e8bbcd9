"""One request to execute a cell, from its messages to its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jupyter_client.jsonutil import parse_date

from jupyter_codeact.events import CellStatus

from .channels import Message
from .environment import ExecutionDone
from .message_count import MessageCount
from .nbformat_outputs import safe_text
from .outputs import CellOutputs
from .reminder import Reminder

SILENCE_SECONDS = 1.5
"""With only one of reply and idle there, and nothing more arriving for so long, the other one is taken for lost."""

OVERTAKEN_SECONDS = 0.3
"""With both there but numbers missing, so long is waited for the rest: what came on another channel, the reply to a
question of our own among it, may have been overtaken."""

_RATES_DIFFER = 0.1
"""Seconds by which two clocks may disagree about how long something took."""


class CellExecution:
    """What is known of one execution. It has ended, with `done` set, when its reply *and* its idle status are there:
    on the reply alone, late output would be missed. What it misses is said in `done.problems`."""

    def __init__(self, cell_id: str) -> None:
        self.cell_id = cell_id
        self.outputs = CellOutputs()
        self.started = False
        self.busy = False
        self.interrupted = False
        self.abandoned = False
        self.deaf = False
        self.done: ExecutionDone | None = None
        self.problems: list[str] = []
        self.news = asyncio.Event()
        self.ended = asyncio.Event()
        self.reminder = Reminder(time.monotonic())
        self._asked = time.monotonic()
        self._count = MessageCount()
        self._execution_count: int | None = None
        self._reply: Mapping[str, Any] | None = None
        self._error_name: str | None = None
        self._began: tuple[float, Mapping[str, Any]] | None = None
        self._idle: tuple[float, Mapping[str, Any]] | None = None
        self._heard = 0.0

    def overhear(self, message: Message, *, others: bool) -> None:
        """A message about another request has been counted."""
        self._count.overheard(message.header["msg_id"], message.request if others else "")

    def absorb(self, message: Message) -> None:
        """A message about this request has had its effect."""
        self._heard = time.monotonic()
        self.reminder.heard()
        self._count.saw(message.header["msg_id"])
        if message.channel == "shell":
            if message.kind == "execute_reply":
                self._take_reply(message.content)
        elif message.channel == "stdin":
            self._take_question(message.content)
        elif message.kind == "status":
            self._take_status(message)
        else:
            self._take_publication(message.kind, message.content)
        if self._has_ended and not self._count.missing():
            self._end()
        self.news.set()

    @property
    def _has_ended(self) -> bool:
        return self._reply is not None and self._idle is not None

    def end_if_silent(self, now: float) -> None:
        """Ended as incomplete, when a message was lost. To be called only when no message is waiting."""
        if self.done is not None:
            return
        if self._has_ended and (not self._count.missing() or now - self._heard >= OVERTAKEN_SECONDS):
            self._end()
        elif now - self._heard < SILENCE_SECONDS:
            return
        elif self._reply is not None and self._idle is None:
            self.problems.append("the kernel did not say that the cell had ended: its last outputs may be missing")
            self._end()
        elif self._idle is not None and self._reply is None:
            self._end_without_reply()

    def _end_without_reply(self) -> None:
        """A reply that no number is missing for was never made (bash_kernel 0.10, on code that is incomplete)."""
        if self._count.is_complete:
            self._reply = {"status": "error"}
            self.problems.append(
                "the kernel gave no reply to this cell: the code may be incomplete, as with an open quote"
            )
        else:
            self.problems.append("the kernel's reply was lost: the status is taken from the outputs")
        self._end()

    def lose(self, problem: str) -> None:
        """Ended because the kernel is gone."""
        if self.done is None:
            self.problems.append(problem)
            self._finish("lost")

    @property
    def expressions(self) -> Mapping[str, Any]:
        """What the kernel answered to the request's `user_expressions`."""
        answers = (self._reply or {}).get("user_expressions")
        return answers if isinstance(answers, Mapping) else {}

    def _take_reply(self, content: Mapping[str, Any]) -> None:
        self._reply = content
        count = content.get("execution_count")
        if isinstance(count, int):
            self._execution_count = count
        for payload in self._payloads():
            if payload.get("source") == "page" and not self.abandoned:
                self.outputs.absorb("display_data", {"data": payload.get("data")})

    def _take_question(self, content: Mapping[str, Any]) -> None:
        """Kernels ask although they were told that nobody would answer (IRkernel 1.3); the connection did."""
        asked = safe_text(str(content.get("prompt", ""))).strip()
        self.problems.append(f"the cell asked for input ({asked!r}): there is no one to type, it got an empty line")

    def _take_status(self, message: Message) -> None:
        moment = time.monotonic(), message.header
        match message.content.get("execution_state"):
            case "busy":
                self.busy = True
                self._began = moment
            case "idle":
                self._idle = moment
            case _:
                pass

    def _take_publication(self, kind: str, content: Mapping[str, Any]) -> None:
        self.started = self.busy = True
        if kind == "execute_input":
            self._execution_count = content.get("execution_count")
            return
        if kind == "error":
            self._error_name = str(content.get("ename", ""))
        if not self.abandoned:
            self.outputs.absorb(kind, content)

    def _end(self) -> None:
        status = self._status()
        if any(_ends_kernel(payload) for payload in self._payloads()):
            status = "lost"
            self.problems.append("the cell ended the kernel: all variables and imports are gone")
        if missing := self._count.missing():
            what = "1 message is" if missing == 1 else f"{missing:,} messages are"
            self.problems.append(f"{what} missing: the outputs are incomplete")
        self._finish(status)

    def _payloads(self) -> list[Mapping[str, Any]]:
        payloads = (self._reply or {}).get("payload")
        return [item for item in payloads if isinstance(item, Mapping)] if isinstance(payloads, list) else []

    def _status(self) -> CellStatus:
        reply = "ok" if self._error_name is None else "error"
        error_name = self._error_name
        if self._reply is not None:
            reply = str(self._reply.get("status"))
            error_name = self._reply.get("ename")
        if reply == "ok" and not (self._reply is None and self.interrupted):
            return "ok"
        # A cell that had begun was not dropped: so bash_kernel and IRkernel call one that was interrupted.
        if self.interrupted or error_name == "KeyboardInterrupt" or (reply.startswith("abort") and self.started):
            return "interrupted"
        return "error" if reply == "error" else "aborted"

    def _finish(self, status: CellStatus) -> None:
        problems = (*self.problems, *self.outputs.problems)
        self.done = ExecutionDone(status, self._execution_count, self._seconds(), problems)
        self.news.set()
        self.ended.set()

    def _seconds(self) -> float:
        """By the kernel's own dates, which a late reader does not distort, where they are there and make sense."""
        if self._began is None:
            return 0.0
        received, header = self._began
        ended, last = self._idle or (time.monotonic(), {})
        first, final = parse_date(header.get("date")), parse_date(last.get("date"))
        if isinstance(first, datetime) and isinstance(final, datetime):
            seconds = (final - first).total_seconds()
            if 0 <= seconds <= time.monotonic() - self._asked + _RATES_DIFFER:  # else a clock was set
                return seconds
        return ended - received


def _ends_kernel(payload: Mapping[str, Any]) -> bool:
    return payload.get("source") == "ask_exit" and not payload.get("keepkernel")
