"""The HTTP routes of conversations as wholes; no logic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_codeact.server.route import RESOURCE, Route

if TYPE_CHECKING:
    from jupyter_codeact.server.service import Service


class ConversationsRoute(Route):
    """The conversations."""

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self) -> None:
        service: Service = await self.settings_app.service()
        notebook, search = self.get_query_argument("notebook", None), self.get_query_argument("search", "")
        await self.reply(service.conversations.list(notebook, search))

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.conversations.create(self.body()), 201)


class MovedRoute(Route):
    """A notebook is found where it was not before."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.conversations.moved(self.body()))


class ConversationRoute(Route):
    """One conversation."""

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self, conversation_id: str) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.conversation(conversation_id))

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def patch(self, conversation_id: str) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.conversations.rename(conversation_id, self.body()))

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def delete(self, conversation_id: str) -> None:
        service: Service = await self.settings_app.service()
        undo = self.get_query_argument("undo", "") == "1"
        await self.reply(service.conversations.delete(conversation_id, undo=undo), 204)


class RestoreRoute(Route):
    """The user undoes a deletion."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self, conversation_id: str) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.conversations.restore(conversation_id))


_CONVERSATION = r"/jupyter-codeact/conversations/([^/]+)"

CONVERSATION_ROUTES = [
    (r"/jupyter-codeact/conversations", ConversationsRoute),
    (r"/jupyter-codeact/moved", MovedRoute),
    (_CONVERSATION, ConversationRoute),
    (_CONVERSATION + "/restore", RestoreRoute),
]
