"""Which model answers: the first of flags, traits, the connection chosen in the panel, and the environment."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from jupyter_codeact.errors import Invalid, Unknown
from jupyter_codeact.events import Price
from jupyter_codeact.models.connection import Connection

OFFLINE: Final = "offline"
"""As a model's or a connection's name: the built-in analyst, whatever else is configured."""

_FILE = "connections.json"


def resolve(
    *,
    flags: Connection | None = None,
    traits: Connection | None = None,
    stored: Connection | None = None,
    environment: Mapping[str, str] | None = None,
) -> Connection | None:
    """The connection in use; None for the offline analyst. Its model may be empty: ask the endpoint then.

    The first source that has a base URL says which endpoint it is. The others fill in what it leaves open, earlier
    ones first, unless they name another endpoint: a key is never sent to a host it was not meant for. A source
    without a base URL is meant for any endpoint, except that the key of `traits`, `stored` or `OPENAI_API_KEY` is
    then meant for OpenAI's own; an administrator's key does not go to an address that a user chose.
    """
    own, openai = _from_environment(environment or {})
    sources = [source for source in (flags, _bound(traits), _bound(stored), own, _bound(openai)) if source]
    for source in sources:
        if OFFLINE in (source.model, source.name):
            return None
        if source.model or source.base_url:
            break
    main = next((source for source in sources if source.base_url), None)
    if main is None:
        main = next((source for source in sources if source.has_key), None)
    if main is None:
        return None
    fitting = [source for source in sources if not source.base_url or source.origin == main.origin]
    keyed = next((source for source in fitting if source.has_key), main)
    model = next((source.model for source in fitting if source.model), "")
    # What is known of another model does not hold for this one.
    knowing = [source for source in fitting if source.model in ("", model)]
    return Connection(
        name=main.name or main.host,
        base_url=main.base_url or main.url,
        api_key=keyed.api_key,
        model=model,
        extra_headers=next((source.extra_headers for source in fitting if source.extra_headers), {}),
        extra_body=next((source.extra_body for source in fitting if source.extra_body), {}),
        api_key_file=keyed.api_key_file,
        api_key_command=keyed.api_key_command,
        price=next((source.price for source in knowing if source.price is not None), None),
        context_tokens=next((source.context_tokens for source in knowing if source.context_tokens is not None), None),
        vision=next((source.vision for source in knowing if source.vision is not None), None),
    )


class ConnectionStore:
    """The connections made in the panel: one JSON file, mode 0600, in `directory`. Its keys stay on the server.

    Every method raises `Invalid`, naming the file, when it is damaged, and leaves it untouched then.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self._path = Path(directory) / _FILE

    def list(self) -> tuple[Connection, ...]:
        """All connections, by name."""
        _, connections = self._read()
        return tuple(connections[name] for name in sorted(connections))

    def get(self, name: str) -> Connection:
        """The connection of that name; raises `Unknown`."""
        return _named(self._read()[1], name)

    @property
    def chosen(self) -> Connection | None:
        """The connection in use, `Connection(name=OFFLINE)` for the built-in analyst; None when none was chosen."""
        name, connections = self._read()
        return Connection(name=OFFLINE) if name == OFFLINE else connections.get(name)

    def choose(self, name: str) -> None:
        """The connection of that name is in use; `OFFLINE` is always there. Raises `Unknown`."""
        _, connections = self._read()
        if name != OFFLINE:
            _named(connections, name)
        self._write(name, connections)

    def put(self, connection: Connection) -> None:
        """The connection is stored under its name; the first one is chosen. What is secret of it may be left out, see
        `with_secrets_of`."""
        if not connection.name or connection.name == OFFLINE:
            raise Invalid(f"a connection cannot be named {connection.name!r}; give it another name")
        chosen, connections = self._read()
        before = connections.get(connection.name)
        whole = with_secrets_of(before, connection) if before is not None else connection
        self._write(chosen or connection.name, {**connections, connection.name: whole})

    def delete(self, name: str) -> None:
        """The connection is gone; if it was in use, none is chosen. Raises `Unknown`."""
        chosen, connections = self._read()
        del connections[_named(connections, name).name]
        self._write("" if chosen == name else chosen, connections)

    def _read(self) -> tuple[str, dict[str, Connection]]:
        """The name of the connection in use, and all connections."""
        try:
            content = json.loads(self._path.read_text("utf-8"))
            connections = {name: _parse(name, value) for name, value in content["connections"].items()}
            return str(content.get("chosen", "")), connections
        except FileNotFoundError:
            return "", {}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # Its text may hold a key, so it is not quoted.
            damage = Invalid(f"{self._path} is damaged ({type(error).__name__}); correct it or move it away")
        except OSError as error:
            damage = Invalid(f"{self._path} cannot be read: {error.strerror}; correct its permissions")
        raise damage

    def _write(self, chosen: str, connections: Mapping[str, Connection]) -> None:
        """The file has that content, or is as before; nobody else can read it at any moment."""
        content = {"chosen": chosen, "connections": {name: _plain(item) for name, item in connections.items()}}
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=f".{_FILE}.")
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(content, file, indent=2)
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(self._path)
            finally:
                Path(temporary).unlink(missing_ok=True)
        except OSError as error:
            failure = Invalid(f"{self._path} cannot be written: {error.strerror}; correct its permissions")
        else:
            return
        raise failure


def _named(connections: Mapping[str, Connection], name: str) -> Connection:
    if name not in connections:
        raise Unknown(f"there is no connection {name!r}; choose one from the list or make it")
    return connections[name]


def with_secrets_of(before: Connection, connection: Connection) -> Connection:
    """The connection with the key and the extra headers of `before` where it has none, and the hidden parts of its URL.

    Only if it still leads to the same endpoint: the panel, which sees no secret, can so change the rest, and nobody can
    have a secret sent elsewhere.
    """
    if before.origin != connection.origin:
        return connection
    return replace(
        connection,
        base_url=before.base_url if connection.base_url == before.shown_url else connection.base_url,
        api_key=connection.api_key or before.api_key,
        extra_headers=connection.extra_headers or before.extra_headers,
    )


def _from_environment(environment: Mapping[str, str]) -> tuple[Connection, Connection]:
    """What the product's own variables say, and what those of the `openai` package say."""
    own = Connection(
        base_url=environment.get("JUPYTER_CODEACT_BASE_URL", ""),
        api_key=environment.get("JUPYTER_CODEACT_API_KEY", ""),
        model=environment.get("JUPYTER_CODEACT_MODEL", ""),
    )
    openai = Connection(base_url=environment.get("OPENAI_BASE_URL", ""), api_key=environment.get("OPENAI_API_KEY", ""))
    return own, openai


def _bound(source: Connection | None) -> Connection | None:
    """The source with the endpoint that its key is for, spelled out."""
    return replace(source, base_url=source.url) if source and source.has_key else source


def _plain(connection: Connection) -> dict[str, Any]:
    return {
        "base_url": connection.base_url,
        "api_key": connection.api_key,
        "model": connection.model,
        "extra_headers": dict(connection.extra_headers),
        "extra_body": dict(connection.extra_body),
        "price": connection.price.model_dump() if connection.price else None,
        "context_tokens": connection.context_tokens,
        "vision": connection.vision,
    }


def _parse(name: str, value: Mapping[str, Any]) -> Connection:
    return Connection(
        name=name,
        base_url=str(value.get("base_url") or ""),
        api_key=str(value.get("api_key") or ""),
        model=str(value.get("model") or ""),
        extra_headers={str(header): str(text) for header, text in (value.get("extra_headers") or {}).items()},
        extra_body=dict(value.get("extra_body") or {}),
        price=Price.model_validate(value["price"]) if value.get("price") else None,
        context_tokens=int(value["context_tokens"]) if value.get("context_tokens") else None,
        vision=value["vision"] if isinstance(value.get("vision"), bool) else None,
    )
