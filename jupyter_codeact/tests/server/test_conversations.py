"""Conversations as wholes through the server's API: searched, renamed, deleted and brought back."""

from __future__ import annotations

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
