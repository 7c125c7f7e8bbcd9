"""The model in use, made of the settings, the connection chosen in the panel, and the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from traitlets.utils.importstring import import_item

from jupyter_codeact.errors import CodeActError, ModelError, Unknown
from jupyter_codeact.events import Price
from jupyter_codeact.models.allowed import Allowed
from jupyter_codeact.models.catalogue import completed
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.connections import OFFLINE, ConnectionStore, resolve
from jupyter_codeact.models.keys import Keys
from jupyter_codeact.models.model import Model
from jupyter_codeact.models.offline_model import OfflineModel
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.settings import CodeAct

VARIABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "JUPYTER_CODEACT_BASE_URL": "Base URL of the endpoint.",
        "JUPYTER_CODEACT_API_KEY": "Its key. It is taken out of the environment that kernels inherit, but the server's "
        "own can still be read there (`/proc`): `CodeAct.api_key_file` and `CodeAct.api_key_command` are safer.",
        "JUPYTER_CODEACT_MODEL": "Name of the model, or `offline`.",
        "OPENAI_BASE_URL": "Base URL, as the `openai` package reads it.",
        "OPENAI_API_KEY": "Key for `OPENAI_BASE_URL`; without that, for OpenAI's own endpoint and no other.",
    }
)


def relevant_environment(key: str = "") -> dict[str, str]:
    """The variables that configure a model; `key` is the one that was taken out of the environment."""
    found = {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}
    return {**found, "JUPYTER_CODEACT_API_KEY": key} if key else found


def from_traits(settings: CodeAct) -> Connection:
    """What the configuration file sets; headers and body only beside an endpoint, a key or a model of its own."""
    known = Connection(
        price=Price(prompt=settings.price[0], completion=settings.price[1]) if settings.price else None,
        context_tokens=settings.context_tokens,
        vision=settings.vision,
    )
    mine = replace(
        known,
        base_url=settings.base_url,
        api_key=settings.api_key,
        model=settings.model,
        api_key_file=settings.api_key_file,
        api_key_command=settings.api_key_command,
    )
    if mine == known:
        return known
    return replace(mine, extra_headers=settings.extra_headers, extra_body=settings.extra_body)


class Models:
    """Makes the model in use; one object a connection, so that what its endpoint refused stays remembered.

    What the administrator does not allow is refused here, for the panel and the command line alike.
    """

    def __init__(
        self,
        settings: CodeAct,
        store: ConnectionStore,
        environment: Mapping[str, str],
        flags: Connection | None = None,
    ) -> None:
        self._flags = flags
        self._settings = settings
        self._store = store
        self._environment = environment
        self._keys = Keys()
        self._made: dict[tuple[str, ...], OpenAIModel] = {}
        self._offline = OfflineModel()

    @property
    def allowed(self) -> Allowed:
        """What the administrator allows."""
        return Allowed(self._settings.allowed_hosts, self._settings.allowed_models)

    @property
    def fixed(self) -> bool:
        """Whether the configuration file, or a flag, says who answers, whatever users choose."""
        given = (self._flags, from_traits(self._settings))
        says = any(source and (source.base_url or source.has_key or source.model == OFFLINE) for source in given)
        return says or bool(self._settings.model_class)

    def connection(self, name: str = "") -> Connection | None:
        """The connection in use, or the one that the user named; None for the offline analyst.

        Its key may still have to be read. Raises `Unknown` and `Forbidden`.
        """
        found = self._resolved(self._named(name) if name else self._store.chosen)
        if found is not None:
            self.allowed.check(found)
        return found

    async def keyed(self, name: str = "") -> Connection | None:
        """As `connection`, with its key. Raises `ModelError` when that cannot be read."""
        connection = self.connection(name)
        return None if connection is None else await self._keys.fill(connection)

    async def model(self, name: str = "") -> Model:
        """The model in use, or that of the connection that the user named.

        Raises `ModelError`, `Unknown`, `Forbidden`.
        """
        if self._settings.model_class:
            return _custom(self._settings.model_class)
        connection = await self.keyed(name)
        if connection is None:
            return self._offline
        identity = _identity(connection)
        if identity not in self._made:
            self._made[identity] = OpenAIModel.of(await completed(connection, self.allowed))
        return self._made[identity]

    def choice_of(self, model: str, connection: str) -> str:
        """The name by which a run's model can be chosen again; empty when it cannot be any more."""
        if (model, connection) == (self._offline.name, self._offline.connection):
            return OFFLINE
        return connection if any(choice["name"] == connection for choice in self.choices()) else ""

    def choices(self) -> list[dict[str, Any]]:
        """What a user can choose for a conversation, by name: one alone where that is fixed."""
        if self._settings.model_class:
            return []
        configured = self._resolved(None)
        found = [] if self.fixed else list(self._store.list())
        if configured is not None and configured.name not in {item.name for item in found}:
            found.insert(0, configured)
        rows = [
            {"name": item.name, "model": item.model or item.host, "offline": False, "vision": self._vision(item)}
            for item in found
            if self.allowed.permits(item)
        ]
        offline = {"name": OFFLINE, "model": self._offline.name, "offline": True, "vision": False}
        return rows if self.fixed and configured is not None else [*rows, offline]

    def status(self) -> dict[str, Any]:
        """What is shown of the model; nothing is asked of the endpoint."""
        shown: dict[str, Any] = {"name": "", "connection": "", "ready": True, "problem": "", "offline": False}
        shown |= {"fixed": self.fixed, "choices": []}
        if self._settings.model_class:
            return {**shown, "name": self._settings.model_class.rpartition(".")[2], "connection": "model_class"}
        try:
            shown["choices"] = self.choices()
            connection = self.connection()
        except CodeActError as error:
            return {**shown, "ready": False, "problem": str(error)}
        if connection is None:
            return {**shown, "name": self._offline.name, "connection": self._offline.connection, "offline": True}
        return {**shown, "name": connection.model, "connection": connection.name}

    async def aclose(self) -> None:
        """The connections to endpoints are closed."""
        for model in self._made.values():
            await model.aclose()
        self._made.clear()

    def _vision(self, item: Connection) -> bool | None:
        """Whether the model takes images, as far as that is set, was listed or was learnt from a refusal."""
        made = [model for model in self._made.values() if (model.connection, model.name) == (item.name, item.model)]
        return made[-1].vision if made else item.vision

    def _named(self, name: str) -> Connection | None:
        """What the user chose by that name: None for what is configured without the panel."""
        if name == OFFLINE:
            return Connection(name=OFFLINE)
        try:
            return self._store.get(name)
        except Unknown:
            configured = self._resolved(None)
            if configured is None or configured.name != name:
                raise
        return None

    def _resolved(self, stored: Connection | None) -> Connection | None:
        return resolve(
            flags=self._flags, traits=from_traits(self._settings), stored=stored, environment=self._environment
        )


def is_offline(model: Model) -> bool:
    """Whether the cells of `model` are the product's own code, so that they need no approval by default."""
    return isinstance(model, OfflineModel)


def _identity(connection: Connection) -> tuple[str, ...]:
    """All that distinguishes a connection's requests."""
    return (
        connection.name,
        connection.url,
        connection.api_key,
        connection.model,
        repr(dict(connection.extra_headers)),
        repr(dict(connection.extra_body)),
        repr((connection.price, connection.context_tokens, connection.vision)),
    )


def _custom(name: str) -> Model:
    try:
        model: Model = import_item(name)()
    except (ImportError, AttributeError, TypeError) as error:
        raise ModelError(f"CodeAct.model_class {name!r} cannot be made: {error}") from error
    return model
