"""Branches through the server's API: real endpoint, real kernel."""

from __future__ import annotations

import dataclasses

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.server.conftest import Client


async def branched(client: Client, seq: int) -> Client:
    """A page that shows the branch from before message `seq`."""
    body = {"branch": {"conversation_id": client.conversation_id, "seq": seq}}
    made = await client.call("POST", "conversations", body=body)
    return dataclasses.replace(client, conversation_id=made["conversation_id"])


async def asked(client: Client, endpoint: Endpoint, text: str, *replies: str) -> int:
    """The number of the message `text`, once its run has ended."""
    endpoint.set_script(list(replies))
    seq: int = (await client.send(text))["seq"]
    await client.until("run_finished", after=seq)
    return seq


async def test_a_branch_goes_on_from_before_the_message_with_the_kernel_as_it_is(
    client: Client, endpoint: Endpoint
) -> None:
    await asked(client, endpoint, "Begin", cell("x = 1"), "x is 1.")
    second = await asked(client, endpoint, "Double it", cell("x = 2 * x"), "x is 2.")
    before = endpoint.requests[0].body["messages"]
    branch = await branched(client, second)
    state = await branch.state()
    assert [message["text"] for message in state["messages"]] == ["Begin"]
    assert state["branched_from"] == {
        "conversation_id": client.conversation_id,
        "seq": second,
        "title": "Begin",
        "through_seq": state["seq"],
    }
    seq = await asked(branch, endpoint, "Treble it", cell("print(3 * x)"), "Done.")
    assert seq == state["seq"] + 1
    told = endpoint.requests[0].body["messages"]
    assert told[:-1] == before[:-1], "the prompt before the message is the same, byte for byte"
    assert ">\nThe user went back to this point of the conversation: what was said and run" in told[-1]["content"]
    assert "Treble it" in told[-1]["content"]
    assert "Double it" not in str(told)
    (made,) = [made for made in (await branch.state())["cells"].values() if made["submitted_seq"] > seq]
    assert made["outputs"][0]["text"] == "6\n"  # x is still 2
    rows = await client.call("GET", "conversations")
    assert [row["branched_from"] for row in rows] == [client.conversation_id, ""]
    assert len((await client.state())["messages"]) == 2


async def test_a_branch_outlives_what_it_came_from_and_is_made_once(client: Client, endpoint: Endpoint) -> None:
    seq = await asked(client, endpoint, "Begin", "Well.")
    body = {"conversation_id": "mine", "branch": {"conversation_id": client.conversation_id, "seq": seq}}
    assert (await client.call("POST", "conversations", body=body))["conversation_id"] == "mine"
    await client.call("DELETE", "conversations", client.conversation_id)
    assert (await client.call("POST", "conversations", body=body))["conversation_id"] == "mine"
    branch = dataclasses.replace(client, conversation_id="mine")
    await asked(branch, endpoint, "Otherwise", "Well, well.")
    assert (await branch.state())["title"] == "Otherwise"


async def test_what_cannot_be_branched_from_is_refused_in_words(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("import time\nprint('begun', flush=True)\ntime.sleep(600)")])
    seq = (await client.send("Sleep"))["seq"]
    await client.until("cell_output")

    async def refused(**point: object) -> tuple[int, str]:
        body = {"branch": {"conversation_id": client.conversation_id, "seq": seq, **point}}
        status, answer = await client.refused("POST", "conversations", body=body)
        return status, answer["message"]

    assert await refused() == (409, "A run is live in this conversation. Stop it first.")
    await client.command("stop")
    await client.until("run_finished")
    assert (await refused(seq=1))[0] == 400
    assert (await refused(seq="x"))[0] == 400
    assert (await refused(conversation_id="nowhere"))[0] == 404
    assert (await refused(conversation_id="../x"))[0] == 400
