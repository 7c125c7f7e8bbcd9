"""Who may do what, and where the key is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from jupyter_codeact.server.routes import ROUTES
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.server.conftest import SECRET, Client


@pytest.fixture
def address(http_server: Any, http_server_port: tuple[Any, int], jp_base_url: str) -> str:
    """The server's base URL."""
    return f"http://127.0.0.1:{http_server_port[-1]}{jp_base_url.rstrip('/')}"


async def test_a_page_of_another_origin_cannot_follow(client: Client, address: str, jp_serverapp: ServerApp) -> None:
    url = f"{address}/jupyter-codeact/conversations/{client.conversation_id}/follow".replace("http", "ws", 1)
    cookie = await logged_in(address, jp_serverapp)
    own = await websocket_connect(HTTPRequest(url, headers={"Cookie": cookie}))
    own.close()
    with pytest.raises(HTTPClientError) as raised:
        await websocket_connect(HTTPRequest(url, headers={"Cookie": cookie, "Origin": "http://evil.example"}))
    assert raised.value.code == 403


async def logged_in(address: str, server: ServerApp) -> str:
    """The cookie of a user who has logged in."""
    login = await AsyncHTTPClient().fetch(f"{address}/api/status?token={server.identity_provider.token}")
    return "; ".join(value.split(";")[0] for value in login.headers.get_list("Set-Cookie"))


def test_every_handler_says_who_may_call_it(jp_serverapp: ServerApp) -> None:
    """Jupyter Server's own check, which warns at start where unauthenticated access is off."""
    for pattern, route in ROUTES:
        assert jp_serverapp.web_app._check_handler_auth(pattern, route) == []


@pytest.mark.parametrize("source", ["api_key_file", "api_key_command"])
async def test_a_key_by_file_or_command_cannot_be_read_in_the_kernel(
    client: Client, endpoint: Endpoint, tmp_path: Path, source: str
) -> None:
    """Where a kernel sees a key from the environment: its own, its parent's, and its configuration."""
    file = tmp_path / "key"
    file.write_text(SECRET)
    file.chmod(0o600)
    settings = client.settings()
    settings.api_key = ""
    setattr(settings, source, str(file) if source == "api_key_file" else f"cat {file}")
    probe = "import os\nprint(dict(os.environ), open(f'/proc/{os.getppid()}/environ').read(), get_ipython().config)"
    endpoint.set_script([cell(probe), "Done."])
    await client.send("Go")
    frames = await client.until("run_finished")
    assert any(frame["kind"] == "cell_output" and "PATH" in str(frame["output"]) for frame in frames)
    assert "canary" not in json.dumps(frames)
    assert endpoint.requests[0].headers["authorization"] == f"Bearer {SECRET}"


async def test_an_error_of_a_command_says_what_is_wrong(client: Client) -> None:
    where = ("conversations", client.conversation_id, "messages")
    assert await client.refused("POST", *where, body={"text": "Go"}) == (
        400,
        {"message": "message_id: Field required", "reason": "Invalid"},
    )
    status, problem = await client.refused("POST", *where, body={"message_id": "m", "text": "x" * 1_000_001})
    assert (status, problem["reason"]) == (413, "TooLarge")
    status, problem = await client.refused("POST", *where, body={"message_id": "m", "text": "x", "kernel_id": "gone"})
    assert (status, problem["reason"]) == (404, "Unknown")
    status, problem = await client.refused(
        "POST", "conversations", "nope", "messages", body={"message_id": "m", "text": "x"}
    )
    assert (status, problem["reason"]) == (404, "Unknown")
    status, problem = await client.refused("POST", *where, body=["not", "an", "object"])
    assert status == 400
    assert "object" in problem["message"]
