"""The commands on the connections that users make."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.connections import OFFLINE, ConnectionStore
from jupyter_codeact.models.probe import check
from jupyter_codeact.server.bodies import NewConnection, parse


class Connections:
    """Keys go in, never out."""

    def __init__(self, store: ConnectionStore) -> None:
        self._store = store

    async def rows(self) -> list[dict[str, Any]]:
        """A row a connection."""
        chosen = self._store.chosen
        return [
            {
                "name": item.name,
                "base_url": item.base_url,
                "model": item.model,
                "has_key": bool(item.api_key),
                "chosen": chosen is not None and chosen.name == item.name,
            }
            for item in self._store.list()
        ]

    async def put(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """The connection is stored and, if so wished, in use. `offline` can be chosen, not changed."""
        if name == OFFLINE:
            self._store.choose(OFFLINE)
            return {"name": OFFLINE}
        wanted = parse(NewConnection, body)
        self._store.put(
            Connection(name, wanted.base_url, wanted.api_key, wanted.model, wanted.extra_headers, wanted.extra_body)
        )
        if wanted.chosen:
            self._store.choose(name)
        return {"name": name}

    async def check(self, name: str) -> list[dict[str, Any]]:
        """What was found about the endpoint, a row a question."""
        return [asdict(row) for row in await check(self._store.get(name))]

    async def delete(self, name: str) -> None:
        """The connection is gone."""
        self._store.delete(name)
