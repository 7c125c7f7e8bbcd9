"""The commands on the connections that users make."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from jupyter_codeact.errors import Invalid, Unknown
from jupyter_codeact.events import Price
from jupyter_codeact.models.catalogue import list_models
from jupyter_codeact.models.choice import Models
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.connections import OFFLINE, ConnectionStore, with_secrets_of
from jupyter_codeact.models.discovery import discover
from jupyter_codeact.models.probe import check
from jupyter_codeact.models.providers import HOSTED
from jupyter_codeact.server.bodies import NewConnection, parse
from jupyter_codeact.settings import CodeAct


class Connections:
    """Keys go in, never out. What the administrator does not allow is neither stored nor asked."""

    def __init__(self, store: ConnectionStore, models: Models, settings: CodeAct) -> None:
        self._store = store
        self._models = models
        self._settings = settings

    async def rows(self) -> list[dict[str, Any]]:
        """A row a connection."""
        chosen = self._store.chosen
        return [
            {
                "name": item.name,
                "base_url": item.shown_url,
                "model": item.model,
                "has_key": bool(item.api_key),
                "header_names": sorted(item.extra_headers),
                "extra_body": dict(item.extra_body),
                "price": item.price.model_dump() if item.price else None,
                "context_tokens": item.context_tokens,
                "vision": item.vision,
                "chosen": chosen is not None and chosen.name == item.name,
            }
            for item in self._store.list()
        ]

    async def endpoints(self) -> dict[str, Any]:
        """What can be connected: the model servers that listen on this machine, and the hosted providers."""
        allowed = self._models.allowed
        found = [
            asdict(item)
            for item in await discover(self._settings.local_ports)
            if allowed.permits(Connection(base_url=item.base_url))
        ]
        providers = [asdict(item) for item in HOSTED if allowed.permits(Connection(base_url=item.base_url))]
        return {"found": found, "providers": providers}

    async def put(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """The connection is stored and, if so wished, in use. `offline` can be chosen, not changed."""
        wanted = parse(NewConnection, body)
        if name != OFFLINE:
            self._store.put(self._draft(name, wanted))
        if wanted.chosen or name == OFFLINE:
            self._store.choose(name)
        return {"name": name}

    async def models(self, name: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The models that a connection would offer; nothing is stored."""
        models = await list_models(self._draft(name, parse(NewConnection, body)))
        return [asdict(model) for model in models if self._models.allowed.model(model.name)]

    async def check(self, name: str) -> list[dict[str, Any]]:
        """What was found about the endpoint, a row a question."""
        connection = self._store.get(name)
        allowed = self._models.allowed
        allowed.check(connection)
        return [asdict(row) for row in await check(connection, allowed)]

    async def delete(self, name: str) -> None:
        """The connection is gone."""
        self._store.delete(name)

    def _draft(self, name: str, wanted: NewConnection) -> Connection:
        """The stored connection of that name, or a new one, with what the body says. Raises `Invalid`, `Forbidden`."""
        before = self._known(name)
        said = {field: getattr(wanted, field) for field in wanted.model_fields_set - {"chosen"}}
        if wanted.price:
            said["price"] = Price.model_validate(wanted.price.model_dump())
        if not wanted.base_url:
            said.pop("base_url", None)
            if before is None:
                raise Invalid("base_url: a new connection needs one, such as http://localhost:11434/v1")
        draft = replace(before or Connection(name), **said)
        if before is not None:
            # Elsewhere, nothing of what was known holds.
            same = draft.origin == before.origin
            draft = with_secrets_of(before, draft) if same else replace(Connection(name), **said)
        self._models.allowed.check(draft)
        return draft

    def _known(self, name: str) -> Connection | None:
        try:
            return self._store.get(name)
        except Unknown:
            return None
