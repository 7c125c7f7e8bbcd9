"""Why a kernel of this machine does not start, as far as its own Python says so."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence

from jupyter_client.manager import AsyncKernelManager

from .remote import is_behind_gateway

IMPORT_SECONDS = 10.0
"""How long the import that is tried may take; then it is not what fails."""


async def start_failure(manager: AsyncKernelManager) -> str:
    """What importing the kernel's module fails with, and the remedy, to be put behind an error's text; else empty.

    What a kernel of Jupyter Server says before it dies stands on the server's terminal only: it is asked once more.
    """
    spec = None if is_behind_gateway(manager) else manager.kernel_spec
    command = import_command(spec.argv) if spec is not None else []
    if not command:
        return ""
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
    except OSError as error:
        return f": {command[0]} cannot be run: {error.strerror}"
    try:
        _, said = await asyncio.wait_for(process.communicate(), IMPORT_SECONDS)
    except asyncio.TimeoutError:
        process.kill()
        await process.wait()
        return ""
    cause = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return f": {cause}{remedy(cause)}" if process.returncode and cause else ""


def import_command(argv: Sequence[str]) -> list[str]:
    """How the Python of a kernel that is started by `argv` imports the kernel's module; empty for other kernels."""
    if "-m" not in argv[1:-1]:
        return []
    python = sys.executable if argv[0] in ("python", "python3") else argv[0]  # as Jupyter does
    return [python, "-c", f"import {argv[argv.index('-m') + 1]}"]


def remedy(cause: str) -> str:
    """What to do about a kernel that ends with `cause`, to be put behind it; empty where that is not known."""
    if "No module named" in cause and "ipykernel" in cause:
        return "; install it in that Python with: pip install ipykernel"
    return ""
