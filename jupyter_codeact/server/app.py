"""The server extension: traits become objects, once they are needed."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp

from jupyter_codeact.server.routes import ROUTES
from jupyter_codeact.settings import CodeAct

if TYPE_CHECKING:
    from jupyter_codeact.server.service import Service

KEY_VARIABLE = "JUPYTER_CODEACT_API_KEY"


class CodeActApp(CodeAct, ExtensionApp):
    """Serves `/jupyter-codeact/`.

    The vocabulary and all that stands on it take about a tenth of a second to import; they are imported by the first
    request, in a thread, so that servers start as fast with the extension as without.
    """

    name = "codeact"
    extension_url = "/lab"
    load_other_extensions = True

    def initialize_settings(self) -> None:
        """The key is out of the environment that kernels inherit."""
        self._environment_key = os.environ.pop(KEY_VARIABLE, "")
        self._service: Service | None = None
        self._starting = asyncio.Lock()

    def initialize_handlers(self) -> None:
        """The routes are known to the server."""
        self.handlers.extend(ROUTES)

    async def service(self) -> Service:
        """What the routes command; made at the first request."""
        async with self._starting:
            if self._service is None:
                make = await asyncio.to_thread(_import_service)
                assert self.serverapp is not None
                self._service = make(self, self.serverapp, self._environment_key)
        return self._service

    def current_activity(self) -> Any:
        """The live runs: a server with one is not idle."""
        return self._service.runs.activity() if self._service is not None else None

    async def stop_extension(self) -> None:
        """Runs are parked and journals closed."""
        if self._service is not None:
            await self._service.close()


def _import_service() -> type[Service]:
    from jupyter_codeact.server.service import Service

    return Service


main = launch_new_instance = CodeActApp.launch_instance
