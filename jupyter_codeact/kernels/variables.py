"""The variables of the live kernel, read silently: a reader a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.errors import KernelError
from jupyter_codeact.events import Variable

from .inquiry import inquire
from .python_variables import PythonVariables
from .remote import is_alive

BUSY_SECONDS = 2.0
"""A kernel that has not answered for so long is busy with something else, and is not waited for."""

BUSY = "The kernel is busy: its variables were not read."
NO_KERNEL = "No kernel is running: there are no variables."
UNREADABLE = "The kernel's variables could not be read."


@dataclass(frozen=True)
class Reading:
    """What a kernel holds, and how many more; `note` says in one line why that is not all there is.

    `wanted` answers what was asked for by name, in order: None where there is none of that name. `process` is as in
    `inquiry.Answer`.
    """

    variables: tuple[Variable, ...] = ()
    left_out: int = 0
    wanted: tuple[Variable | None, ...] = ()
    note: str = ""
    process: str = ""


class Reader(Protocol):
    """Reads the variables of kernels of one language, without a trace in them."""

    def expressions(self, wanted: Sequence[str], *, listed: bool) -> dict[str, str]:
        """What the kernel is asked to evaluate: all variables where `listed`, and those `wanted` in detail."""
        ...

    def read(self, answers: Mapping[str, Any]) -> tuple[list[Variable], int, list[Variable | None]]:
        """The variables, how many more there are, and those wanted. Raises `ValueError` when that is no answer."""
        ...


READERS: dict[str, Reader] = {"python": PythonVariables()}
"""By the kernel's language in lower case."""


async def read_variables(
    manager: AsyncKernelManager,
    language: str,
    wanted: Sequence[str] = (),
    *,
    listed: bool = True,
    seconds: float = BUSY_SECONDS,
) -> Reading:
    """What the kernel of `manager` holds: all variables where `listed`, those `wanted` (`df`, `df.price`) in detail.

    It is not waited for longer than `seconds`: what cannot be read is said in the note.
    """
    reader = READERS.get(language)
    asked = listed or bool(wanted)
    expressions = reader.expressions(wanted, listed=listed) if reader is not None and asked else {}
    try:
        if not await is_alive(manager):
            return Reading(note=NO_KERNEL if asked else "")
        answer = await inquire(manager, expressions, seconds)
    except KernelError:
        return Reading(note=UNREADABLE if asked else "")
    reading = Reading(process=answer.process)
    if not asked:
        return reading
    if reader is None:
        return replace(reading, note=f"The variables of a kernel for {language} are not read.")
    if answer.expressions is None:
        return replace(reading, note=BUSY)
    try:
        variables, left_out, named = reader.read(answer.expressions)
    except ValueError:
        return replace(reading, note=UNREADABLE)
    return replace(reading, variables=tuple(variables), left_out=left_out, wanted=tuple(named))
