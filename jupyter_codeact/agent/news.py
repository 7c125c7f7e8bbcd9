"""What others did to the kernel reaches the journal, and a restart by the user pauses the run.

What the model wrote before it was meant for variables that are gone, and a user who restarts the kernel in mid-run
wants to be asked before anything goes on in it.
"""

from __future__ import annotations

from jupyter_codeact.errors import KernelGone
from jupyter_codeact.events import NotebookChanged
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.kernels.environment import Environment

RESTARTED = (
    "the kernel was restarted or shut down, and its variables and imports are gone: the run has paused; try again to "
    "go on without them"
)

NOT_RUN = "The kernel was restarted before this cell ran; it was not run."


async def take_news(journal: Journal, environment: Environment) -> None:
    """What others did to the kernel until now is in the journal. Raises `KernelGone` when a restart is among it."""
    changes = environment.take_changes()
    if not changes:
        return
    await journal.append(NotebookChanged(changes=tuple(changes)))
    if any(change.what == "kernel_restarted" for change in changes):
        raise KernelGone(RESTARTED)
