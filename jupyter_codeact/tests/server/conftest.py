"""A Jupyter server with the extension, a notebook with a live kernel, and a model endpoint with a script."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_codeact.settings import CodeAct
from jupyter_codeact.tests.endpoint import Endpoint

Fetch = Callable[..., Awaitable[HTTPResponse]]
SECRET = "canary-key-7f3a"


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    """A model endpoint; set its replies with `endpoint.set_script`."""
    async with Endpoint([]) as served:
        yield served


@pytest.fixture
def jp_server_config(endpoint: Endpoint) -> dict[str, Any]:
    """The extension is on, the model is the endpoint's, cells run without asking."""
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_codeact": True}},
        "CodeAct": {"base_url": endpoint.base_url, "model": "test", "api_key": SECRET, "approval": "auto"},
    }


@dataclass
class Client:
    """What a page does, over HTTP and the websocket."""

    fetch: Fetch
    ws_fetch: Callable[..., Awaitable[Any]]
    server: ServerApp
    kernel_id: str = ""
    conversation_id: str = ""
    path: str = "analysis.ipynb"

    async def call(self, method: str, *parts: str, body: Any = None, **params: str) -> Any:
        """The JSON answer. Raises `HTTPClientError`."""
        content = json.dumps(body if body is not None else {}) if method in {"POST", "PUT", "PATCH"} else None
        answer = await self.fetch("jupyter-codeact", *parts, method=method, body=content, params=params)
        return json.loads(answer.body) if answer.body else None

    async def refused(self, method: str, *parts: str, body: Any = None, **params: str) -> tuple[int, dict[str, Any]]:
        """The status and the JSON of a command that must fail."""
        with pytest.raises(HTTPClientError) as raised:
            await self.call(method, *parts, body=body, **params)
        assert raised.value.response is not None
        return raised.value.code, json.loads(raised.value.response.body)

    @property
    def root(self) -> Path:
        """The folder that the server shows, where kernels start."""
        return Path(str(self.server.root_dir))

    def settings(self) -> CodeAct:
        """The server's settings, to be changed."""
        app: CodeAct = self.server.web_app.settings["codeact"]
        return app

    async def begin(self) -> None:
        """A notebook's kernel is started, and a conversation about it."""
        answer = await self.fetch(
            "api", "sessions", method="POST",
            body=json.dumps({"path": self.path, "name": "", "type": "notebook", "kernel": {"name": "python3"}}),
        )  # fmt: skip
        self.kernel_id = json.loads(answer.body)["kernel"]["id"]
        body = {"notebook_path": self.path, "kernel_id": self.kernel_id}
        self.conversation_id = (await self.call("POST", "conversations", body=body))["conversation_id"]

    async def command(self, name: str, **body: Any) -> Any:
        """A command on the conversation."""
        return await self.call("POST", "conversations", self.conversation_id, name, body=body)

    async def send(self, text: str, **more: Any) -> Any:
        """A message with a new id."""
        return await self.command("messages", message_id=uuid4().hex, text=text, kernel_id=self.kernel_id, **more)

    async def state(self) -> dict[str, Any]:
        """The folded state."""
        state: dict[str, Any] = await self.call("GET", "conversations", self.conversation_id)
        return state

    async def follow(self, after: int = 0, client: str = "") -> Any:
        """An open websocket."""
        params = {"after": str(after), "client": client}
        return await self.ws_fetch("jupyter-codeact", "conversations", self.conversation_id, "follow", params=params)

    async def until(self, *kinds: str, after: int = 0) -> list[dict[str, Any]]:
        """The frames from `after` to the first of one of `kinds`."""
        socket = await self.follow(after)
        frames: list[dict[str, Any]] = []
        while not frames or frames[-1]["kind"] not in kinds:
            message = await socket.read_message()
            assert message is not None, f"the socket closed after {frames[-1:]}"
            frames.append(json.loads(message))
        socket.close()
        return frames


@pytest.fixture
async def client(jp_fetch: Fetch, jp_ws_fetch: Any, jp_serverapp: ServerApp) -> Client:
    """A page with a notebook, its kernel and an empty conversation."""
    page = Client(jp_fetch, jp_ws_fetch, jp_serverapp)
    await page.begin()
    return page
