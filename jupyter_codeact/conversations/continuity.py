"""Whether a conversation goes on with the kernel that it knows: pure."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_codeact.events import CellFinished, Change, Event, NotebookChanged, RunStarted

GONE = "its variables and imports are gone"
OTHER = "the variables and imports are gone with the one before"
_KERNEL_NEWS = ("kernel_restarted", "kernel_changed", "kernel_died")


def kernel_mark(kernel_id: str, process: str) -> str:
    """What `RunStarted.kernel` says; empty where the process is not known."""
    return f"{kernel_id} {process}" if process else ""


def kernel_news(events: Sequence[Event], mark: str) -> list[Change]:
    """What a new run with the kernel `mark` has to tell first: that the kernel is another one than in the run before,
    or has been restarted since.

    Nothing where either is not known, or where the run before told of a new kernel itself: which one it ended with was
    not recorded.
    """
    known = ""
    for event in events:
        if isinstance(event, RunStarted):
            known = event.kernel
        elif (isinstance(event, CellFinished) and event.status == "lost") or (
            isinstance(event, NotebookChanged) and any(change.what in _KERNEL_NEWS for change in event.changes)
        ):
            known = ""
    if not known or not mark or known == mark:
        return []
    if known.partition(" ")[0] == mark.partition(" ")[0]:
        return [Change(what="kernel_restarted", detail=GONE)]
    return [Change(what="kernel_changed", detail=OTHER)]
