"""The route that hands a conversation out as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_codeact.errors import CodeActError
from jupyter_codeact.server.route import RESOURCE, Route

if TYPE_CHECKING:
    from jupyter_codeact.server.service import Service


class ExportRoute(Route):
    """The conversation as a file to keep; browsers save it, and never show it as a page of this server."""

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self, conversation_id: str) -> None:
        service: Service = await self.settings_app.service()
        try:
            made = await service.export(conversation_id, self.get_query_argument("format", ""))
        except CodeActError as error:
            self.refuse(error)
            return
        plain = made.file_name.encode("ascii", "ignore").decode()
        self.set_header(
            "Content-Disposition", f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(made.file_name)}"
        )
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(made.text, set_content_type=made.content_type)
