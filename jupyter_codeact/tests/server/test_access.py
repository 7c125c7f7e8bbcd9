"""Every route of ours, method by method, against everybody who might ask: S1, S2 and S9 of docs/security.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth.authorizer import AllowAllAuthorizer
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse

from jupyter_codeact.server.routes import ROUTES
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.server.conftest import Client
from jupyter_codeact.tests.server.test_security import address, logged_in

__all__ = ["address"]

TALK = "conversations/none"
MINE = {
    ("GET", "status"): 200,
    ("GET", "endpoints"): 200,
    ("GET", "connections"): 200,
    ("PUT", "connections/none"): 400,
    ("DELETE", "connections/none"): 404,
    ("POST", "connections/none/models"): 400,
    ("POST", "connections/none/check"): 404,
    ("GET", "variables"): 404,
    ("GET", "conversations"): 200,
    ("POST", "conversations"): 400,
    ("POST", "moved"): 400,
    ("GET", TALK): 404,
    ("PATCH", TALK): 404,
    ("DELETE", TALK): 404,
    ("POST", f"{TALK}/restore"): 404,
    ("POST", f"{TALK}/messages"): 400,
    ("PATCH", f"{TALK}/messages/none"): 400,
    ("DELETE", f"{TALK}/messages/none"): 404,
    ("POST", f"{TALK}/decisions"): 400,
    ("POST", f"{TALK}/changes"): 400,
    ("POST", f"{TALK}/stop"): 404,
    ("POST", f"{TALK}/continue"): 404,
    ("GET", f"{TALK}/events"): 404,
    ("GET", f"{TALK}/export"): 400,
    ("GET", f"{TALK}/follow"): 404,
}
"""Each route's methods, and what the user whom the server knows is answered to an empty body, in an empty server."""

KERNELS = {"messages", "decisions", "changes", "continue", "variables"}
"""Of these, the ones that run code or tell what a kernel holds."""


def offered() -> Iterator[tuple[str, str]]:
    """The methods and paths that the extension serves."""
    for pattern, route in ROUTES:
        path = re.sub(r"\(\[\^/\]\+\)", "none", pattern).removeprefix("/jupyter-codeact/")
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            if method.lower() in vars(route):
                yield method, path


async def ask(address: str, method: str, path: str, **headers: str) -> HTTPResponse:
    """The answer, whatever it is; no redirect is followed."""
    body = b"{}" if method in {"POST", "PUT", "PATCH"} else None
    url = f"{address}/jupyter-codeact/{path}"
    request = HTTPRequest(url, method, headers, body, follow_redirects=False, request_timeout=30)
    return await AsyncHTTPClient().fetch(request, raise_error=False)


def kept(*folders: Path) -> dict[Path, bytes]:
    """Every file there, and what is in it."""
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_every_route_is_in_the_table() -> None:
    assert set(offered()) == set(MINE)


@pytest.mark.parametrize("open_to_all", [False, True], ids=["strict", "unauthenticated access allowed"])
async def test_nobody_else_is_answered_whoever_asks(
    jp_serverapp: ServerApp, address: str, endpoint: Endpoint, open_to_all: bool
) -> None:
    jp_serverapp.web_app.settings["allow_unauthenticated_access"] = open_to_all
    cookie = await logged_in(address, jp_serverapp)
    evil = "http://evil.example"
    for method, path in MINE:
        callers: dict[str, tuple[dict[str, str], set[int]]] = {
            "anonymous": ({}, {403}),
            "wrong token": ({"Authorization": "token wrong"}, {403}),
            "anonymous from elsewhere": ({"Origin": evil}, {403, 404}),
            "the cookie from elsewhere": ({"Cookie": cookie, "Origin": evil}, {403, 404}),
        }
        if method != "GET":
            callers["the cookie without the XSRF token"] = ({"Cookie": cookie}, {403})
        for who, (headers, refusals) in callers.items():
            answer = await ask(address, method, path, **headers)
            assert answer.code in refusals, f"{method} {path}: {who} got {answer.code}"
            assert "Location" not in answer.headers
    assert endpoint.requests == []


async def test_whom_the_server_knows_is_answered_and_no_get_changes_anything(
    jp_serverapp: ServerApp, address: str, endpoint: Endpoint, isolated_home: Path, tmp_path: Path
) -> None:
    jp_serverapp.web_app.settings["codeact"].local_ports = []
    token = {"Authorization": f"token {jp_serverapp.identity_provider.token}"}
    await ask(address, "GET", "status", **token)
    places = (isolated_home, tmp_path)
    before = kept(*places)
    answered: dict[tuple[str, str], int] = {}
    for method, path in MINE:
        answer = await ask(address, method, path, **token)
        answered[method, path] = answer.code
        assert "Location" not in answer.headers
        if method == "GET":
            assert kept(*places) == before, path
        before = kept(*places)
    assert answered == MINE
    assert endpoint.requests == []
    assert list(jp_serverapp.kernel_manager.list_kernel_ids()) == []


class Denying(AllowAllAuthorizer):
    """An administrator's rule: nobody does this."""

    denied = ("execute", "kernels")

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return (action, resource) != self.denied


@pytest.mark.parametrize("denied", [("execute", "kernels"), ("write", "contents")], ids=" ".join)
async def test_who_may_not_execute_or_write_cannot_run_steer_approve_or_continue(
    client: Client, endpoint: Endpoint, jp_serverapp: ServerApp, denied: tuple[str, str]
) -> None:
    """A run waits for approval; then the rule comes into force, and neither kernel nor model hears of anything more."""
    endpoint.set_script([cell("print('ran')"), "Done."])
    await client.send("Go", approval="ask")
    await client.until("approval_requested")
    authorizer = Denying(parent=jp_serverapp)
    authorizer.denied = denied
    jp_serverapp.web_app.settings["authorizer"] = authorizer
    kernel: Any = jp_serverapp.kernel_manager.get_kernel(client.kernel_id)
    heard = kernel.last_activity
    seq = (await client.state())["seq"]
    bodies: dict[str, dict[str, Any]] = {
        "messages": {"message_id": "m", "text": "Go on", "kernel_id": client.kernel_id},
        "decisions": {"decision_id": "d", "step": 1, "decision": "approve"},
        "changes": {"change_id": "c", "cells": []},
        "continue": {"continue_id": "c"},
    }
    for name, body in bodies.items():
        status, _ = await client.refused("POST", "conversations", client.conversation_id, name, body=body)
        assert status == 403, name
    assert (await client.refused("GET", "variables"))[0] == 403
    state = await client.state()
    assert state["seq"] == seq
    assert state["cells"] == {}
    assert kernel.last_activity == heard
    assert len(endpoint.requests) == 1
    jp_serverapp.web_app.settings["authorizer"] = AllowAllAuthorizer(parent=jp_serverapp)
    await client.command("stop")
    await client.until("run_finished")


@pytest.mark.parametrize(
    "path",
    ["../a.ipynb", "a/../../b.ipynb", "/etc/a.ipynb", "//a.ipynb", "..", "", ".", "..\\a.ipynb", "a\0.ipynb"],
)  # fmt: skip
async def test_a_notebook_that_is_not_below_the_root_is_refused(client: Client, path: str) -> None:
    status, problem = await client.refused("POST", "conversations", body={"notebook_path": path})
    assert (status, problem["reason"]) == (400, "Invalid")
    assert "among the files" in problem["message"]
