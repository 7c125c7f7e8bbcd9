"""Kernels of the command line: started on this machine, and surely stopped again."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.errors import KernelError

from .start_failure import remedy

KEY_VARIABLE = "JUPYTER_CODEACT_API_KEY"
STOP_SECONDS = 4.0
"""A kernel gets half of it to end by itself, half to end when told to, and is then killed."""

_LAST_LINE_BYTES = 4_000


@asynccontextmanager
async def local_kernel(
    kernel_name: str = "", cwd: str | None = None, env: Mapping[str, str] | None = None
) -> AsyncIterator[AsyncKernelManager]:
    """The manager of a started kernel, stopped at the end whatever happens.

    `kernel_name` empty means Python's own; `env` is added to this process's environment, of which the kernel inherits
    all but the key. Raises `KernelError`; also one from within gets the reason that a dead kernel left on stderr.
    """
    name = kernel_name or NATIVE_KERNEL_NAME
    manager = AsyncKernelManager(kernel_name=name)
    manager.shutdown_wait_time = STOP_SECONDS
    _check(name)
    environment = {**os.environ, **(env or {})}
    environment.pop(KEY_VARIABLE, None)
    with tempfile.TemporaryFile() as errors:
        try:
            await manager.start_kernel(cwd=cwd or str(Path.cwd()), env=environment, stderr=errors)
            yield manager
        except OSError as error:
            raise KernelError(f"the kernel {name} cannot be started: {error}") from error
        except KernelError as error:
            errors.seek(max(0, errors.seek(0, os.SEEK_END) - _LAST_LINE_BYTES))
            cause = errors.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
            if not cause or await manager.is_alive():
                raise
            raise type(error)(f"{error}: {cause}{remedy(cause)}") from error
        finally:
            if manager.has_kernel:
                await manager.shutdown_kernel()


def _check(name: str) -> None:
    specs = KernelSpecManager()
    try:
        specs.get_kernel_spec(name)
    except NoSuchKernel as error:
        available = ", ".join(sorted(specs.find_kernel_specs())) or "none"
        raise KernelError(
            f"no kernel is named {name}; available: {available}. Python's is installed with: "
            f"{sys.executable} -m pip install ipykernel"
        ) from error
