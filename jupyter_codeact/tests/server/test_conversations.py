"""Conversations as wholes through the server's API: searched, renamed, deleted and brought back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.utils import ensure_async

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.server.conftest import Client


async def test_conversations_are_searched_and_renamed(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script(["The lorries wait."])
    await client.send("What drives late deliveries?")
    await client.until("run_finished")
    (row,) = await client.call("GET", "conversations", search="LORRIES", notebook=client.path)
    assert (row["title"], row["found"]) == ("What drives late deliveries?", "The lorries wait.")
    assert await client.call("GET", "conversations", search="lorries", notebook="other.ipynb") == []
    await client.call("PATCH", "conversations", client.conversation_id, body={"title": "Late ones"})
    (row,) = await client.call("GET", "conversations", search="late ones")
    assert (row["title"], row["found"]) == ("Late ones", "")
    assert (await client.state())["title"] == "Late ones"
    status, answer = await client.refused("GET", "conversations", search="x" * 201)
    assert (status, answer["reason"]) == (400, "Invalid")


async def test_a_deletion_is_undone_or_final(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("print(6 * 7)"), "42"])
    await client.send("Go")
    await client.until("run_finished")
    before = await client.state()
    mine = ("conversations", client.conversation_id)
    await client.call("DELETE", *mine, undo="1")
    assert await client.call("GET", "conversations") == []
    assert (await client.refused("GET", *mine))[0] == 404
    assert (await client.call("POST", *mine, "restore"))["conversation_id"] == client.conversation_id
    assert await client.state() == before
    await client.call("DELETE", *mine)
    status, answer = await client.refused("POST", *mine, "restore")
    assert (status, "not kept any more" in answer["message"]) == (404, True)


async def test_a_conversation_at_work_is_not_deleted(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("import time\nprint('begun', flush=True)\ntime.sleep(600)"), "Stopped."])
    await client.send("Sleep")
    await client.until("cell_output")
    mine = ("conversations", client.conversation_id)
    status, answer = await client.refused("DELETE", *mine, undo="1")
    assert (status, answer["message"]) == (409, "A run is live in this conversation. Stop it first.")
    await client.command("stop")
    await client.until("run_finished")


def write(path: Path, *conversations: str) -> None:
    """There is a notebook at `path` with a record of `conversations`."""
    own = {"conversations": dict.fromkeys(conversations, 7)}
    notebook = {"cells": [], "metadata": {"jupyter_codeact": own}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), "utf-8")


async def at_rest(client: Client) -> None:
    """No run is live: the last one was wound up, a moment after its end."""
    while any(row["live"] for row in await client.call("GET", "conversations")):  # noqa: ASYNC110 - over HTTP
        await asyncio.sleep(0.01)


async def test_the_conversations_of_a_notebook_that_was_moved_go_with_it(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script(["It rains.", "It pours."])
    await client.send("How is the weather?")
    await client.until("run_finished")
    await at_rest(client)
    mine = client.conversation_id
    body = {"notebook_path": "late/renamed.ipynb", "conversations": ["none", mine]}
    before = await client.call("GET", "conversations", notebook=client.path)

    # Where it was is a notebook of the same name, which is another one.
    write(client.root / client.path, "another")
    assert await client.call("POST", "moved", body=body) == {"moved": [mine]}
    assert await client.call("POST", "moved", body=body) == {"moved": [mine]}
    (row,) = await client.call("GET", "conversations", notebook="late/renamed.ipynb")
    assert row == {**before[0], "notebook_path": "late/renamed.ipynb"}
    assert await client.call("GET", "conversations", notebook=client.path) == []
    state = await client.state()
    assert state["notebook_path"] == "late/renamed.ipynb"
    events = await client.call("GET", "conversations", mine, "events")
    assert [event["kind"] for event in events].count("notebook_moved") == 1
    await client.send("And now?")
    await client.until("run_finished", after=state["seq"])
    assert (await client.state())["runs"][-1]["reason"] == "answered"


async def test_a_copy_of_a_notebook_takes_no_conversation(client: Client, endpoint: Endpoint) -> None:
    mine = client.conversation_id
    write(client.root / client.path, mine)
    body = {"notebook_path": "copy.ipynb", "conversations": [mine]}
    assert await client.call("POST", "moved", body=body) == {"moved": []}
    (client.root / client.path).write_text("no notebook at all")
    assert await client.call("POST", "moved", body=body) == {"moved": []}
    assert (await client.state())["notebook_path"] == client.path

    (client.root / client.path).unlink()
    endpoint.set_script([cell("import time\nprint('begun', flush=True)\ntime.sleep(600)"), "Stopped."])
    await client.send("Sleep")
    await client.until("cell_output")
    assert await client.call("POST", "moved", body=body) == {"moved": []}
    await client.command("stop")
    await client.until("run_finished")
    await at_rest(client)
    assert await client.call("POST", "moved", body=body) == {"moved": [mine]}
    status, answer = await client.refused("POST", "moved", body={**body, "notebook_path": "../up.ipynb"})
    assert (status, answer["reason"]) == (400, "Invalid")


async def test_whether_notebooks_were_moved_is_found_out_with_few_reads(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = {"notebook_path": client.path}
    made = [await client.call("POST", "conversations", body=about) for _ in range(3)]
    mine = [client.conversation_id, *(each["conversation_id"] for each in made)]
    write(client.root / client.path, *mine)
    contents = client.server.contents_manager
    get: Callable[..., Any] = contents.get
    read: list[str] = []

    async def reading(path: str, **how: Any) -> Any:
        read.append(path)
        return await ensure_async(get(path, **how))

    monkeypatch.setattr(contents, "get", reading)
    assert await client.call("POST", "moved", body={"notebook_path": "copy.ipynb", "conversations": mine}) == {
        "moved": []
    }
    assert read == [client.path]
    assert await client.call("POST", "moved", body={**about, "conversations": mine}) == {"moved": mine}
    assert read == [client.path]
