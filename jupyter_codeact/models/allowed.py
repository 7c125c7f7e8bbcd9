"""Which endpoints and models the administrator allows; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from jupyter_codeact.errors import Forbidden
from jupyter_codeact.models.connection import Connection

# Addresses in which every parser sees the same host: where parsers differ, one host could pass for another.
_PLAIN_ADDRESS = re.compile(
    r"(https?)://((?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)(?:[/?#][!-\[\]-~]*)?",
    re.IGNORECASE | re.ASCII,
)
_USUAL_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Allowed:
    """Patterns with `*` and `?`: of hosts, with their port unless it is the scheme's usual one, and of models.

    No pattern at all allows everything. The built-in analyst is always allowed.
    """

    hosts: Sequence[str] = ()
    models: Sequence[str] = ()

    def check(self, connection: Connection) -> None:
        """Raises `Forbidden` unless the connection's host, and its model if it names one, are allowed."""
        if not self._host(connection):
            raise Forbidden(
                f"The administrator does not allow connections to {connection.host or 'this address'}; "
                f"allowed hosts: {', '.join(self.hosts)}."
            )
        if connection.model and not self.model(connection.model):
            raise Forbidden(
                f"The administrator does not allow the model {connection.model!r}; "
                f"allowed models: {', '.join(self.models)}."
            )

    def permits(self, connection: Connection) -> bool:
        """Whether `check` would not raise."""
        try:
            self.check(connection)
        except Forbidden:
            return False
        return True

    def model(self, name: str) -> bool:
        """Whether a model of that name is allowed."""
        return not self.models or any(fnmatchcase(name, pattern) for pattern in self.models)

    def _host(self, connection: Connection) -> bool:
        if not self.hosts:
            return True
        address = _PLAIN_ADDRESS.fullmatch(connection.url)
        if address is None:
            return False
        scheme, host = address[1].lower(), address[2].lower()
        host = host.removesuffix(_USUAL_PORTS[scheme])
        return any(fnmatchcase(host, pattern.lower()) for pattern in self.hosts)


ALL = Allowed()
