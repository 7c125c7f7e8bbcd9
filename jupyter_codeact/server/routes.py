"""The HTTP routes and the websocket under `/jupyter-codeact/`: authentication, bodies in, answers out; no logic."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from jupyter_codeact.errors import CodeActError
from jupyter_codeact.server.connection_routes import CONNECTION_ROUTES
from jupyter_codeact.server.conversation_routes import CONVERSATION_ROUTES
from jupyter_codeact.server.export import ExportRoute
from jupyter_codeact.server.route import RESOURCE, Route, parse_number, status_of

if TYPE_CHECKING:
    from jupyter_codeact.server.service import Service


class StatusRoute(Route):
    """What the panel must know first."""

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.status())


class MessagesRoute(Route):
    """A message starts a run, or steers the live one."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self, conversation_id: str) -> None:
        await self.may_execute()
        service: Service = await self.settings_app.service()
        await self.reply(service.send(conversation_id, self.body()), 202)


class MessageRoute(Route):
    """The user changes, or takes back, a message that waits."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def patch(self, conversation_id: str, message_id: str) -> None:
        await self.may_execute()
        service: Service = await self.settings_app.service()
        await self.reply(service.revise(conversation_id, message_id, self.body()))

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def delete(self, conversation_id: str, message_id: str) -> None:
        await self.may_execute()
        service: Service = await self.settings_app.service()
        await self.reply(service.withdraw(conversation_id, message_id))


class DecisionsRoute(Route):
    """The user approves, edits or rejects the proposed cell."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self, conversation_id: str) -> None:
        await self.may_execute()
        service: Service = await self.settings_app.service()
        await self.reply(service.decide(conversation_id, self.body()))


class ChangesRoute(Route):
    """A page saw that cells of the agent's were edited or deleted."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self, conversation_id: str) -> None:
        await self.may_execute()
        service: Service = await self.settings_app.service()
        await self.reply(service.report(conversation_id, self.body()))


class VariablesRoute(Route):
    """What the kernel of the query argument `kernel_id` holds."""

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self) -> None:
        await self.may_execute()
        service: Service = await self.settings_app.service()
        await self.reply(service.variables(self.get_query_argument("kernel_id", "")))


class StopRoute(Route):
    """The user stops the run."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self, conversation_id: str) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.stop(conversation_id, self.body()))


class ContinueRoute(Route):
    """The user allows more steps."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self, conversation_id: str) -> None:
        await self.may_execute()
        service: Service = await self.settings_app.service()
        await self.reply(service.resume(conversation_id, self.body()), 202)


class EventsRoute(Route):
    """The durable events, once."""

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self, conversation_id: str) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.events(conversation_id, self.number("after")))


class FollowRoute(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """The durable events, then the live ones and notices, a JSON object a frame, for as long as the socket is open."""

    auth_resource = RESOURCE
    _sending: asyncio.Task[None] | None = None

    @ws_authenticated
    async def get(self, conversation_id: str) -> None:
        user = self.current_user
        if not await ensure_async(self.authorizer.is_authorized(self, user, "read", RESOURCE)):
            raise web.HTTPError(403, "You are not allowed to read conversations.")
        self._after = parse_number(self.get_query_argument("after", "0"), "after")
        self._client = self.get_query_argument("client", "")
        service: Service = await self.settings["codeact"].service()
        try:
            self._follower = await service.follower(conversation_id, self._after, self._client)
        except CodeActError as error:
            raise web.HTTPError(status_of(error), str(error)) from error
        await super().get(conversation_id)

    async def open(self, conversation_id: str) -> None:
        super().open(conversation_id)
        # Without it each frame waits for the peer's delayed acknowledgement: 40 ms.
        self.set_nodelay(True)
        self._sending = asyncio.create_task(self._send())

    def on_close(self) -> None:
        if self._sending is not None:
            self._sending.cancel()

    async def _send(self) -> None:
        """Frames are written as fast as the page takes them; nothing is queued for a slow one."""
        try:
            async with aclosing(self._follower) as items:
                async for item in items:
                    await self.write_message(item.model_dump_json())
        except WebSocketClosedError:
            return
        except Exception:
            self.log.exception("A follower of a conversation failed")
        self.close()

    def get_compression_options(self) -> None:
        """None: the frames are small, and compressing them costs more than it saves on the way to a browser."""


def _routes() -> list[tuple[str, type[Any]]]:
    conversation = r"/jupyter-codeact/conversations/([^/]+)"
    return [
        (r"/jupyter-codeact/status", StatusRoute),
        *CONNECTION_ROUTES,
        (r"/jupyter-codeact/variables", VariablesRoute),
        *CONVERSATION_ROUTES,
        (conversation + "/messages", MessagesRoute),
        (conversation + r"/messages/([^/]+)", MessageRoute),
        (conversation + "/decisions", DecisionsRoute),
        (conversation + "/changes", ChangesRoute),
        (conversation + "/stop", StopRoute),
        (conversation + "/continue", ContinueRoute),
        (conversation + "/events", EventsRoute),
        (conversation + "/export", ExportRoute),
        (conversation + "/follow", FollowRoute),
    ]


ROUTES = cast("list[tuple[str, type[APIHandler]]]", _routes())
