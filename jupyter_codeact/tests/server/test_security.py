"""Who may do what, and where the key is not."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth.authorizer import AllowAllAuthorizer, Authorizer
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from jupyter_codeact.server.routes import ROUTES
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Fault
from jupyter_codeact.tests.server.conftest import SECRET, Client

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CALLS = [
    (method, re.sub(r"\(\[\^/\]\+\)", "x", pattern), route)
    for pattern, route in ROUTES
    for method in METHODS
    if method.lower() in vars(route)
]


@pytest.fixture
def address(http_server: Any, http_server_port: tuple[Any, int], jp_base_url: str) -> str:
    """The server's base URL."""
    return f"http://127.0.0.1:{http_server_port[-1]}{jp_base_url.rstrip('/')}"


def test_every_route_of_the_contract_is_walked() -> None:
    assert len({path for _, path, _ in CALLS}) == len(ROUTES) == 18
    assert len(CALLS) >= 20


@pytest.mark.parametrize("open_to_all", [False, True], ids=["strict", "unauthenticated access allowed"])
async def test_no_route_answers_an_anonymous_request(jp_serverapp: ServerApp, address: str, open_to_all: bool) -> None:
    jp_serverapp.web_app.settings["allow_unauthenticated_access"] = open_to_all
    for method, path, route in CALLS:
        body = b"{}" if method in {"POST", "PUT", "PATCH"} else None
        with pytest.raises(HTTPClientError) as raised:
            await AsyncHTTPClient().fetch(
                address + path,
                method=method, body=body, follow_redirects=False,
            )  # fmt: skip
        assert raised.value.code == 403, f"{method} {path} ({route.__name__})"


async def test_a_cookie_alone_changes_nothing_without_xsrf_or_from_another_origin(
    jp_serverapp: ServerApp, address: str
) -> None:
    """What another page in the user's browser can send: the cookie, but not the token."""
    client = AsyncHTTPClient()
    cookie = await logged_in(address, jp_serverapp)
    assert "username" in cookie
    for method, path, route in CALLS:
        if method == "GET":
            continue  # no GET has an effect, and its answer cannot be read from another origin
        body = b"{}" if method in {"POST", "PUT", "PATCH"} else None
        for origin, refusal in ({}, 403), ({"Origin": "http://evil.example"}, 404):
            headers = {"Cookie": cookie, **origin}
            with pytest.raises(HTTPClientError) as raised:
                await client.fetch(address + path, method=method, body=body, headers=headers)
            assert raised.value.code == refusal, f"{method} {path} ({route.__name__}) {origin}"


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


class NoKernels(AllowAllAuthorizer):
    """An administrator's rule: nobody executes code."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return (action, resource) != ("execute", "kernels")


async def test_an_authorizer_that_denies_kernels_is_asked(
    client: Client, endpoint: Endpoint, jp_serverapp: ServerApp
) -> None:
    endpoint.set_script([cell("1")])
    authorizer: Authorizer = NoKernels(parent=jp_serverapp)
    jp_serverapp.web_app.settings["authorizer"] = authorizer
    for name, body in (
        ("messages", {"message_id": "m", "text": "Go", "kernel_id": client.kernel_id}),
        ("decisions", {"decision_id": "d", "step": 1, "decision": "approve"}),
        ("continue", {"continue_id": "c"}),
        ("changes", {"change_id": "c", "cells": []}),
    ):
        status, _ = await client.refused("POST", "conversations", client.conversation_id, name, body=body)
        assert status == 403, name
    assert (await client.refused("GET", "variables"))[0] == 403
    assert endpoint.requests == []


async def test_the_key_is_nowhere_but_in_requests_to_the_endpoint(
    client: Client, endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    """A whole scenario with debug logs, and an endpoint that repeats the key in its refusal."""
    caplog.set_level(logging.DEBUG)
    probe = "import os\nprint(dict(os.environ), get_ipython().config)"
    endpoint.set_script([cell(probe), "Done.", Fault("echo_key"), Fault("echo_key")])
    await client.call(
        "PUT", "connections", "mine", body={"base_url": endpoint.base_url, "model": "m", "api_key": SECRET + "2"}
    )
    frames: list[dict[str, Any]] = []
    for text in ("Go", "Again"):
        await client.send(text)
        frames += await client.until("run_finished", after=frames[-1]["seq"] if frames else 0)
    answers = [
        await client.call("GET", "status"),
        await client.call("GET", "connections"),
        await client.call("GET", "conversations"),
        await client.call("POST", "connections", "mine", "check"),
        await client.state(),
    ]
    shown = json.dumps([frames, answers]) + caplog.text
    assert "canary" not in shown
    assert endpoint.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    base = tmp_path_factory.getbasetemp()
    kept = [path for path in base.rglob("*") if path.is_file() and b"canary-key" in path.read_bytes()]
    assert {path.name for path in kept} <= {"connections.json"}
    for path in kept:
        assert path.stat().st_mode & 0o077 == 0


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
