"""What followers of a journal are told while it is true, and what is never stored."""

from __future__ import annotations

from typing import Literal, TypeAlias

from jupyter_codeact.value import Value

ActivityState: TypeAlias = Literal[
    "idle", "waiting_for_model", "waiting_for_kernel", "running_cell", "interrupt_ignored", "waiting_for_approval"
]


class ReplyDelta(Value):
    """Live: more text of the reply of `step`. `restart` voids what was streamed of it: the request is retried."""

    kind: Literal["reply_delta"] = "reply_delta"
    step: int
    text: str = ""
    reasoning: str = ""
    restart: bool = False


class Activity(Value):
    """Live: what the run does `since` (UTC, ISO 8601). `idle`: no run is live. `detail` is for the user. `told_seq`
    numbers the last event that a request of the run told of, whether it is answered yet or not. A request that failed
    is made again `retry_seconds` later."""

    kind: Literal["activity"] = "activity"
    state: ActivityState
    since: str = ""
    detail: str = ""
    told_seq: int = 0
    retry_seconds: float = 0.0


class Lease(Value):
    """Live: the follower named `client` writes the notebook; empty: the server does."""

    kind: Literal["lease"] = "lease"
    client: str


class Unsaved(Value):
    """Live: the latest events are not on the disk, for the reason that `detail` gives; empty: they are again."""

    kind: Literal["unsaved"] = "unsaved"
    detail: str = ""


class Unwritten(Value):
    """Live: the server cannot write the latest cells into the notebook, for the reason that `detail` gives; empty: they
    are there again."""

    kind: Literal["unwritten"] = "unwritten"
    detail: str = ""


class ReadOnly(Value):
    """Live: the conversation is shown as far as it can be read, and cannot be continued, for the reason in `detail`."""

    kind: Literal["read_only"] = "read_only"
    detail: str
