"""The server's kernels as environments."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_async
from tornado.web import HTTPError

from jupyter_codeact.errors import KernelError, Unknown
from jupyter_codeact.kernels.environment import Environment
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.remote import describe
from jupyter_codeact.kernels.start_failure import start_failure
from jupyter_codeact.kernels.variables import Reading, read_variables


class ServerKernels:
    """Finds kernels by id, or by the notebook that they belong to, and connects to them.

    `kernel_manager` and `session_manager` are Jupyter Server's; `cell_timeout` gives seconds, or None.
    """

    def __init__(
        self, kernel_manager: Any, session_manager: Any, cell_timeout: Callable[[], float | None] = lambda: None
    ) -> None:
        self._kernels = kernel_manager
        self._sessions = session_manager
        self._cell_timeout = cell_timeout

    async def find(self, kernel_id: str, notebook_path: str) -> str:
        """The id of the kernel meant: that one, else the notebook's, which is started when it has none."""
        if kernel_id:
            if kernel_id not in self._kernels:
                raise Unknown("The notebook's kernel is gone. Start or choose a kernel for the notebook, then go on.")
            return kernel_id
        for known in await ensure_async(self._sessions.list_sessions()):
            if known["path"] == notebook_path and known.get("kernel"):
                return str(known["kernel"]["id"])
        try:
            started = await ensure_async(
                self._sessions.create_session(path=notebook_path, name=notebook_path, type="notebook")
            )
        except (HTTPError, LookupError, OSError, RuntimeError, ValueError) as error:
            raise KernelError(f"No kernel could be started for {notebook_path}: {error}") from error
        return str(started["kernel"]["id"])

    async def describe(self, kernel_id: str) -> tuple[str, str]:
        """The kernel's name and language; empty and "python" where that is not known."""
        if kernel_id not in self._kernels:
            return "", "python"
        name, language = await describe(self._kernels.get_kernel(kernel_id))
        return name, language or "python"

    async def variables(self, kernel_id: str, wanted: Sequence[str] = (), *, listed: bool = True) -> Reading:
        """What the kernel holds, as `read_variables` gives it. Raises `Unknown`."""
        if kernel_id not in self._kernels:
            raise Unknown("There is no such kernel. Start or choose a kernel for the notebook, then try again.")
        _, language = await self.describe(kernel_id)
        return await read_variables(self._kernels.get_kernel(kernel_id), language, wanted, listed=listed)

    @asynccontextmanager
    async def environment(self, kernel_id: str) -> AsyncIterator[Environment]:
        """The kernel, connected while the context is open; for that long Jupyter does not cull it."""
        try:
            manager = self._kernels.get_kernel(kernel_id)
        except KeyError as error:
            raise KernelError(
                "The notebook's kernel is gone. Start a kernel for the notebook, then continue."
            ) from error
        self._kernels.notify_connect(kernel_id)
        environment = KernelEnvironment(manager, cell_timeout=self._cell_timeout())
        try:
            await self._connect(environment, manager)
            yield environment
        finally:
            await environment.close()
            if kernel_id in self._kernels:
                self._kernels.notify_disconnect(kernel_id)

    async def _connect(self, environment: KernelEnvironment, manager: AsyncKernelManager) -> None:
        try:
            await environment.connect()
        except KernelError as error:
            raise type(error)(f"{error}{await start_failure(manager)}") from error
