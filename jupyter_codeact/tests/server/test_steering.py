"""Messages sent during a run: they wait, may be changed or taken back, and reach the model at the next step."""

from __future__ import annotations

import re
from typing import Any

import pytest

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Reply
from jupyter_codeact.tests.server.conftest import Client

WAITS = "import os, time\nprint('begun', flush=True)\nwhile not os.path.exists('go'):\n    time.sleep(0.02)"


_NONCE = re.compile(r"(?<=<message) \w+(?=>)|(?<=</message) \w+(?=>)")
"""The random word in the marks around a message."""


def told(endpoint: Endpoint, number: int) -> str:
    """What request `number` (from 0) told the model last, without the random word in its marks."""
    return _NONCE.sub("", str(endpoint.requests[number].body["messages"][-1]["content"]))


async def queue(client: Client, *names: str) -> None:
    """The messages are sent, each under its text as id."""
    for name in names:
        await client.command("messages", message_id=name, text=name, kernel_id=client.kernel_id)


@pytest.fixture
async def running(client: Client, endpoint: Endpoint) -> Client:
    """A run whose first cell ends when there is a file `go`."""
    endpoint.set_script([cell(WAITS), cell("print('two')"), "Done."])
    await client.send("Go")
    await client.until("cell_output")
    return client


def path(client: Client, name: str) -> tuple[str, ...]:
    return ("conversations", client.conversation_id, "messages", name)


async def test_what_waits_is_told_as_it_was_last_revised(running: Client, endpoint: Endpoint) -> None:
    await queue(running, "first", "second", "third")
    body = {"revision_id": "r1", "text": "first, but better"}
    revised = await running.call("PATCH", *path(running, "first"), body=body)
    assert await running.call("PATCH", *path(running, "first"), body=body) == revised
    withdrawn = await running.call("DELETE", *path(running, "second"))
    assert await running.call("DELETE", *path(running, "second")) == withdrawn
    status, answer = await running.refused("PATCH", *path(running, "second"), body={"revision_id": "r2", "text": "x"})
    assert (status, answer["message"]) == (409, "That message was taken back; send it anew.")
    (running.root / "go").touch()
    await running.until("run_finished")
    assert "<message>\nfirst, but better\n</message>\n<message>\nthird\n</message>" in told(endpoint, 1)
    assert "second" not in str([request.body for request in endpoint.requests])
    for former, latter in zip(endpoint.requests, endpoint.requests[1:], strict=False):
        sent = former.body["messages"]
        assert latter.body["messages"][: len(sent)] == sent
    shown = [(message["text"], message["withdrawn"]) for message in (await running.state())["messages"]]
    assert shown == [("Go", False), ("first, but better", False), ("second", True), ("third", False)]
    assert (await running.call("GET", "conversations", search="second")) == []
    status, answer = await running.refused("DELETE", *path(running, "first"))
    assert (status, "Send another one" in answer["message"]) == (409, True)


async def test_a_message_that_a_request_told_of_waits_no_more_though_nothing_is_answered_yet(
    client: Client, endpoint: Endpoint
) -> None:
    endpoint.set_script([cell(WAITS), Reply(cell("print('two')"), delay=0.2, chunk_chars=4), "Done."])
    await client.send("Go")
    await client.until("cell_output")
    await queue(client, "early")
    (client.root / "go").touch()
    seq = (await client.state())["seq"]
    await client.until("reply_delta", after=seq)  # of the second reply: its request was sent
    await queue(client, "late")
    for call in (("PATCH", {"revision_id": "r", "text": "otherwise"}), ("DELETE", None)):
        status, answer = await client.refused(call[0], *path(client, "early"), body=call[1])
        assert (status, answer["reason"]) == (409, "Conflict")
    await client.call("PATCH", *path(client, "late"), body={"revision_id": "r", "text": "later"})
    frames = await client.until("run_finished")
    assert "early" in told(endpoint, 1)
    assert "<message>\nlater\n</message>" in told(endpoint, 2)
    assert [frame["text"] for frame in frames if frame["kind"] == "message_revised"] == ["later"]


async def test_the_page_is_told_what_does_not_wait_any_more(running: Client) -> None:
    seq = (await running.state())["seq"]
    await queue(running, "early")
    (running.root / "go").touch()
    frames = await running.until("run_finished", after=seq)
    before = next(frame["seq"] for frame in frames if frame.get("message_id") == "early")
    asked = [frame["told_seq"] for frame in frames if frame["kind"] == "activity"]
    replied = [frame["seen_seq"] for frame in frames if frame["kind"] == "model_replied"]
    assert asked[-1] >= replied[0] >= before


@pytest.mark.parametrize("name", ["Go", "unknown"])
async def test_only_what_steers_waits(running: Client, name: str) -> None:
    body: dict[str, Any] = {"revision_id": "r", "text": "x"}
    first = (await running.state())["messages"][0]["message_id"]
    status, _ = await running.refused("PATCH", *path(running, first if name == "Go" else name), body=body)
    assert status == (409 if name == "Go" else 404)
    assert (await running.refused("PATCH", *path(running, first), body={"text": "x"}))[0] == 400
    await queue(running, "left")
    await running.command("stop")
    await running.until("run_finished")
    assert (await running.refused("DELETE", *path(running, "left")))[0] == 409


async def test_an_answer_ends_the_run_when_all_that_waited_was_taken_back(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([Reply("The answer.", delay=0.3, chunk_chars=2), "Another."])
    await client.send("Go")
    await client.until("reply_delta")
    await queue(client, "never mind")
    await client.call("DELETE", *path(client, "never mind"))
    await client.until("run_finished")
    assert len(endpoint.requests) == 1
    assert (await client.state())["runs"][0]["answer"] == "The answer."
