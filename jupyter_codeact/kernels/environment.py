"""The Protocol of what executes actions, and what an execution yields."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from jupyter_codeact.events import CellStatus, Change


@dataclass(frozen=True)
class ExecutionStarted:
    """The kernel began to work on the cell (until then it was busy with something else)."""


@dataclass(frozen=True)
class OutputOp:
    """A change of the cell's list of outputs, with the meaning of `events.CellOutput`."""

    op: Literal["append", "replace", "clear"]
    index: int = 0
    output: dict[str, Any] | None = None


@dataclass(frozen=True)
class ExecutionDone:
    """The cell has ended: idle and reply have both arrived, or the kernel is gone. `seconds` counts from the start."""

    status: CellStatus
    execution_count: int | None = None
    seconds: float = 0.0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class InterruptIgnored:
    """The cell was asked to end, several times, and runs on; only more asking or a restart of the kernel can help."""


Execution: TypeAlias = ExecutionStarted | OutputOp | InterruptIgnored | ExecutionDone


class Environment(Protocol):
    """Executes source in the user's kernel."""

    @property
    def language(self) -> str:
        """The kernel's language in lower case, such as "python"."""
        ...

    def execute(self, source: str, cell_id: str) -> AsyncGenerator[Execution, None]:
        """Yield what happens; the last item is one `ExecutionDone`. Raises `KernelError` when it cannot be begun."""
        ...

    async def interrupt(self) -> None:
        """The running cell has been asked to end; its `ExecutionDone` still comes through `execute`."""
        ...

    def take_changes(self) -> list[Change]:
        """What others did to the kernel since the last call, oldest first."""
        ...
