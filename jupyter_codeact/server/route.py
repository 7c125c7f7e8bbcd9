"""What all HTTP routes under `/jupyter-codeact/` share: who may call them, bodies in, answers and errors out."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado import web

from jupyter_codeact.errors import (
    CodeActError,
    Conflict,
    Forbidden,
    Invalid,
    JournalClosed,
    JournalLocked,
    JournalNewer,
    KernelError,
    ModelError,
    TooLarge,
    Unknown,
)

RESOURCE = "codeact"
MAX_BODY = 20_000_000
"""Bytes of a request's body; a message comes with the notebook's sources."""

_STATUS: tuple[tuple[type[CodeActError], int], ...] = (
    (Invalid, 400),
    (Forbidden, 403),
    (Unknown, 404),
    (Conflict, 409),
    (JournalLocked, 409),
    (JournalNewer, 409),
    (JournalClosed, 503),
    (TooLarge, 413),
    (KernelError, 409),
    (ModelError, 502),
    (CodeActError, 500),
)


def status_of(error: CodeActError) -> int:
    """The HTTP status that stands for the error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def parse_number(text: str, name: str) -> int:
    """The query argument `name` as a number from 0. Raises HTTP 400."""
    if not text.isdecimal():
        raise web.HTTPError(400, f"{name} must be a number from 0.")
    return int(text)


class Route(APIHandler):
    """A route of this extension."""

    auth_resource = RESOURCE

    @property
    def settings_app(self) -> Any:
        return self.settings["codeact"]

    async def reply(self, work: Awaitable[Any], status: int = 200) -> None:
        """The result of `work` is sent as JSON; an error of ours as `{message, reason}` with its status."""
        try:
            answer = await work
        except CodeActError as error:
            self.refuse(error)
            return
        self.set_status(status)
        self.finish(json.dumps(answer) if status != 204 else None)

    def refuse(self, error: CodeActError) -> None:
        """The answer is `{message, reason}`, with the status that fits."""
        self.set_status(status_of(error))
        self.finish(json.dumps({"message": str(error), "reason": type(error).__name__}))

    def body(self) -> dict[str, Any]:
        """The request's JSON object. Raises HTTP 400 or 413."""
        if len(self.request.body) > MAX_BODY:
            raise web.HTTPError(413, f"The request is over {MAX_BODY:,} bytes.", reason="Payload Too Large")
        body = self.get_json_body()
        if body is not None and not isinstance(body, dict):
            raise web.HTTPError(400, "The body must be a JSON object.")
        return body or {}

    async def may_execute(self) -> None:
        """Raises HTTP 403 unless the user may execute in kernels and write documents."""
        for action, resource in (("execute", "kernels"), ("write", "contents")):
            if not await ensure_async(self.authorizer.is_authorized(self, self.current_user, action, resource)):
                raise web.HTTPError(403, f"You are not allowed to {action} {resource}.")

    def number(self, name: str) -> int:
        """The query argument `name`, a number from 0; 0 when absent. Raises HTTP 400."""
        return parse_number(self.get_query_argument(name, "0"), name)
