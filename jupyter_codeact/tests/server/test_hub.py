"""Behind a real JupyterHub: a base URL that is not the root, a proxy in between, users who are not each other."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint

from . import hub
from .hub import HubUser

pytestmark = pytest.mark.skipif(not hub.INSTALLED, reason="jupyterhub is not installed")

CODEACT = "/jupyter-codeact"


@pytest.fixture(scope="module")
def port() -> int:
    """Where the users' model is."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def users(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[HubUser]]:
    config = hub.settings(f"http://127.0.0.1:{port}/v1")
    with hub.hub(tmp_path_factory.mktemp("hub"), ["ann", "ben"], config) as users:
        yield users


@pytest.fixture
def ann(users: list[HubUser]) -> HubUser:
    return users[0]


@pytest.fixture
def ben(users: list[HubUser]) -> HubUser:
    return users[1]


@pytest.fixture
async def endpoint(port: int) -> AsyncIterator[Endpoint]:
    async with Endpoint(port=port) as endpoint:
        yield endpoint


async def begun(client: httpx.AsyncClient, notebook: str) -> tuple[str, str]:
    """The ids of a new conversation and of its kernel."""
    session = {"path": notebook, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
    kernel: str = (await client.post("/api/sessions", json=session)).raise_for_status().json()["kernel"]["id"]
    about = {"notebook_path": notebook, "kernel_id": kernel}
    made = (await client.post(f"{CODEACT}/conversations", json=about)).raise_for_status().json()
    return str(made["conversation_id"]), kernel


async def follow(user: HubUser, url: str, after: int) -> list[dict[str, Any]]:
    """What the websocket of a conversation says, behind event `after`, up to the end of a run."""
    address = f"{url.replace('http', 'ws', 1)}/follow?after={after}"
    connection = await websocket_connect(HTTPRequest(address, headers=user.headers))
    frames: list[dict[str, Any]] = []
    while not frames or frames[-1]["kind"] != "run_finished":
        message = await connection.read_message()
        assert message is not None, frames
        frames.append(json.loads(message))
    connection.close()
    return frames


async def test_the_status_stands_under_the_users_base_url(ann: HubUser, ben: HubUser) -> None:
    for user in (ann, ben):
        async with user.client as client:
            status = (await client.get(f"{CODEACT}/status")).raise_for_status().json()
        assert status["model"]["name"] == "scripted"
        assert httpx.URL(user.url).path == f"/hubs/user/{user.name}"


async def test_a_run_is_followed_through_the_proxy_and_answers(ann: HubUser, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("6 * 7"), "It is 42."])
    async with ann.client as client:
        conversation, kernel = await begun(client, "run.ipynb")
        message = {"message_id": "m1", "text": "Go", "kernel_id": kernel}
        (await client.post(f"{CODEACT}/conversations/{conversation}/messages", json=message)).raise_for_status()
        url = f"{ann.url}{CODEACT}/conversations/{conversation}"
        frames = await follow(ann, url, 0)
        again = await follow(ann, url, 3)
        state = (await client.get(f"{CODEACT}/conversations/{conversation}")).raise_for_status().json()
    events = [frame for frame in frames if "seq" in frame]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[-1]["reason"], events[-1]["answer"]) == ("answered", "It is 42.")
    assert [event for event in again if "seq" in event] == events[3:]
    (ran,) = state["cells"].values()
    assert (ran["status"], ran["outputs"][0]["data"]["text/plain"]) == ("ok", "42")


async def test_another_user_gets_in_nowhere(ann: HubUser, ben: HubUser) -> None:
    async with ann.client as client:
        conversation, kernel = await begun(client, "private.ipynb")
    private = f"{CODEACT}/conversations/{conversation}"
    message = {"message_id": "m1", "text": "Go", "kernel_id": kernel}
    async with httpx.AsyncClient(base_url=ann.url, headers=ben.headers) as stranger:
        for path in (f"{CODEACT}/status", f"{CODEACT}/conversations", private, f"{private}/events"):
            assert (await stranger.get(path)).status_code == 403
        assert (await stranger.post(f"{private}/messages", json=message)).status_code == 403
        assert (await stranger.delete(private)).status_code == 403
    with pytest.raises(HTTPClientError, match="403"):
        await follow(ben, f"{ann.url}{private}", 0)
    async with ben.client as client:
        assert (await client.get(private)).status_code == 404
        assert (await client.post(f"{private}/messages", json=message)).status_code == 404
        assert (await client.get(f"{CODEACT}/conversations")).json() == []
    with pytest.raises(HTTPClientError, match="404"):
        await follow(ben, f"{ben.url}{private}", 0)


async def test_who_is_not_logged_in_gets_in_nowhere(ann: HubUser) -> None:
    async with httpx.AsyncClient(base_url=ann.url) as nobody:
        assert (await nobody.get(f"{CODEACT}/status")).status_code == 403
        assert (await nobody.get(f"{CODEACT}/conversations")).status_code == 403
    async with httpx.AsyncClient(base_url=ann.url, headers={"Authorization": "token wrong"}) as nobody:
        assert (await nobody.get(f"{CODEACT}/status")).status_code == 403
