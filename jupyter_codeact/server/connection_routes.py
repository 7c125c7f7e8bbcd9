"""The HTTP routes of the connections to models; no logic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_codeact.server.route import RESOURCE, Route

if TYPE_CHECKING:
    from jupyter_codeact.server.service import Service


class ConnectionsRoute(Route):
    """The named connections."""

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.connections.rows())


class EndpointsRoute(Route):
    """What can be connected: model servers found on this machine, and hosted providers."""

    @web.authenticated
    @authorized("read", resource=RESOURCE)
    async def get(self) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.connections.endpoints())


class ConnectionRoute(Route):
    """One connection; its key goes in, never out."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def put(self, name: str) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.connections.put(name, self.body()))

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def delete(self, name: str) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.connections.delete(name), 204)


class ModelsRoute(Route):
    """The models that a connection, stored or not yet, would offer."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self, name: str) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.connections.models(name, self.body()))


class CheckRoute(Route):
    """Whether a connection works, a row a question."""

    @web.authenticated
    @authorized("write", resource=RESOURCE)
    async def post(self, name: str) -> None:
        service: Service = await self.settings_app.service()
        await self.reply(service.connections.check(name))


CONNECTION_ROUTES: list[tuple[str, type[Route]]] = [
    (r"/jupyter-codeact/endpoints", EndpointsRoute),
    (r"/jupyter-codeact/connections", ConnectionsRoute),
    (r"/jupyter-codeact/connections/([^/]+)", ConnectionRoute),
    (r"/jupyter-codeact/connections/([^/]+)/models", ModelsRoute),
    (r"/jupyter-codeact/connections/([^/]+)/check", CheckRoute),
]
