"""The model in use, made of the settings, the connection chosen in the panel, and the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from traitlets.utils.importstring import import_item

from jupyter_codeact.errors import CodeActError, ModelError
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.connections import OFFLINE, ConnectionStore, resolve
from jupyter_codeact.models.model import Model
from jupyter_codeact.models.offline_model import OfflineModel
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.models.probe import with_model
from jupyter_codeact.settings import CodeAct

VARIABLES = (
    "JUPYTER_CODEACT_BASE_URL",
    "JUPYTER_CODEACT_API_KEY",
    "JUPYTER_CODEACT_MODEL",
    "OPENAI_BASE_URL",
    "OPENAI_API_KEY",
)


def relevant_environment(key: str = "") -> dict[str, str]:
    """The variables that configure a model; `key` is the one that was taken out of the environment."""
    found = {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}
    return {**found, "JUPYTER_CODEACT_API_KEY": key} if key else found


def from_traits(settings: CodeAct) -> Connection | None:
    """The connection that the configuration file sets, if any."""
    if not (settings.base_url or settings.api_key or settings.model):
        return None
    return Connection(
        "", settings.base_url, settings.api_key, settings.model, settings.extra_headers, settings.extra_body
    )


class Models:
    """Makes the model in use; one object a connection, so that what its endpoint refused stays remembered."""

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
        self._made: dict[tuple[str, ...], OpenAIModel] = {}
        self._offline = OfflineModel()

    def connection(self, name: str = "") -> Connection | None:
        """The connection in use, or the one that the user named; None for the offline analyst."""
        stored = self._store.chosen
        if name:
            stored = Connection(name=OFFLINE) if name == OFFLINE else self._store.get(name)
        return resolve(
            flags=self._flags, traits=from_traits(self._settings), stored=stored, environment=self._environment
        )

    async def model(self, name: str = "") -> Model:
        """The model in use, or that of the connection that the user named. Raises `ModelError`, `Unknown`."""
        if self._settings.model_class:
            return _custom(self._settings.model_class)
        connection = self.connection(name)
        if connection is None:
            return self._offline
        identity = _identity(connection)
        if identity not in self._made:
            self._made[identity] = OpenAIModel.of(await with_model(connection))
        return self._made[identity]

    def status(self) -> dict[str, Any]:
        """What is shown of the model; nothing is asked of the endpoint."""
        try:
            connection = None if self._settings.model_class else self.connection()
        except CodeActError as error:
            return {"name": "", "connection": "", "ready": False, "problem": str(error), "offline": False}
        if self._settings.model_class:
            name, where, offline = self._settings.model_class.rpartition(".")[2], "model_class", False
        elif connection is None:
            name, where, offline = self._offline.name, self._offline.connection, True
        else:
            name, where, offline = connection.model, connection.name, False
        return {"name": name, "connection": where, "ready": True, "problem": "", "offline": offline}

    async def aclose(self) -> None:
        """The connections to endpoints are closed."""
        for model in self._made.values():
            await model.aclose()
        self._made.clear()


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
    )


def _custom(name: str) -> Model:
    try:
        model: Model = import_item(name)()
    except (ImportError, AttributeError, TypeError) as error:
        raise ModelError(f"CodeAct.model_class {name!r} cannot be made: {error}") from error
    return model
