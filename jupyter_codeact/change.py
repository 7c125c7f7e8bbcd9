"""News about the notebook or kernel."""

from __future__ import annotations

from typing import Literal

from jupyter_codeact.value import Value


class Change(Value):
    """One piece of news about the notebook or kernel, made by others than the agent."""

    what: Literal[
        "cell_edited",
        "cell_deleted",
        "cell_run",
        "kernel_restarted",
        "kernel_changed",
        "kernel_died",
        "conversation_branched",
    ]
    cell_id: str | None = None
    detail: str = ""
