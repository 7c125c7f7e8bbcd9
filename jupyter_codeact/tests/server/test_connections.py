"""Connections over HTTP: made, checked and chosen by users, within what the administrator allows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_codeact.models.providers import HOSTED
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.server.conftest import SECRET, Client


@pytest.fixture
def jp_server_config(endpoint: Endpoint) -> dict[str, Any]:
    """Nothing is configured but that cells run without asking; the endpoint is where this machine is searched."""
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_codeact": True}},
        "CodeAct": {"approval": "auto", "local_ports": [endpoint.port]},
    }


async def test_what_can_be_connected_is_listed(client: Client, endpoint: Endpoint) -> None:
    answer = await client.call("GET", "endpoints")
    model = {"name": "scripted", "context_tokens": None, "vision": None}
    assert answer["found"] == [{"kind": "Model server", "base_url": endpoint.base_url, "models": [model]}]
    assert [row["name"] for row in answer["providers"]] == [provider.name for provider in HOSTED]
    client.settings().allowed_hosts = ["api.mistral.ai", "elsewhere"]
    answer = await client.call("GET", "endpoints")
    assert (answer["found"], [row["name"] for row in answer["providers"]]) == ([], ["Mistral"])


async def test_the_search_can_be_switched_off(client: Client, endpoint: Endpoint) -> None:
    client.settings().local_ports = []
    assert (await client.call("GET", "endpoints"))["found"] == []
    assert endpoint.connections == 0


async def test_a_connection_is_made_shown_and_changed_without_its_secrets(client: Client, endpoint: Endpoint) -> None:
    body = {
        "base_url": f"{endpoint.base_url}?token={SECRET}", "model": "m", "api_key": SECRET,
        "extra_headers": {"X-Key": SECRET}, "extra_body": {"top_p": 1},
        "price": {"prompt": 0.5, "completion": 1.5, "cached": None}, "context_tokens": 8192, "vision": False,
    }  # fmt: skip
    await client.call("PUT", "connections", "mine", body=body)
    [row] = await client.call("GET", "connections")
    assert row == {
        "name": "mine", "base_url": endpoint.base_url, "model": "m", "has_key": True, "header_names": ["X-Key"],
        "extra_body": {"top_p": 1}, "price": {"prompt": 0.5, "completion": 1.5, "cached": None}, "context_tokens": 8192,
        "vision": False, "chosen": True,
    }  # fmt: skip
    await client.call("PUT", "connections", "mine", body={"base_url": endpoint.base_url, "model": "n", "vision": None})
    await client.call("PUT", "connections", "mine", body={"chosen": True})
    [changed] = await client.call("GET", "connections")
    assert changed == {**row, "model": "n", "vision": None}
    endpoint.set_script(["ok"], repeat=True)
    rows = await client.call("POST", "connections", "mine", "check")
    assert {item["level"] for item in rows} <= {"ok", "warn"}
    asked = endpoint.requests[0]
    assert (asked.headers["authorization"], asked.headers["x-key"]) == (f"Bearer {SECRET}", SECRET)
    assert SECRET in asked.path
    await client.call("DELETE", "connections", "mine")
    assert await client.call("GET", "connections") == []


async def test_secrets_do_not_go_to_another_address(client: Client, endpoint: Endpoint) -> None:
    body = {"base_url": "http://127.0.0.1:9/v1", "api_key": SECRET, "extra_headers": {"X-Key": SECRET}}
    await client.call("PUT", "connections", "mine", body=body)
    draft = {"base_url": endpoint.base_url}
    assert [model["name"] for model in await client.call("POST", "connections", "mine", "models", body=draft)] == [
        "scripted"
    ]
    await client.call("PUT", "connections", "mine", body={**draft, "model": "m"})
    endpoint.set_script(["ok"], repeat=True)
    await client.call("POST", "connections", "mine", "check")
    assert SECRET not in json.dumps([request.headers for request in endpoint.requests])


async def test_models_are_listed_for_a_draft_and_nothing_is_stored(client: Client, endpoint: Endpoint) -> None:
    where = ("connections", "draft", "models")
    [model] = await client.call("POST", *where, body={"base_url": endpoint.base_url, "api_key": "k"})
    assert model == {"name": "scripted", "context_tokens": None, "vision": None}
    assert await client.call("GET", "connections") == []
    status, problem = await client.refused("POST", *where, body={})
    assert (status, problem["reason"]) == (400, "Invalid")
    status, problem = await client.refused("POST", *where, body={"base_url": "http://127.0.0.1:9/v1"})
    assert (status, problem["reason"]) == (502, "ModelError")
    client.settings().allowed_models = ["other"]
    assert await client.call("POST", *where, body={"base_url": endpoint.base_url}) == []


@pytest.mark.parametrize(
    "body",
    [
        {"base_url": "http://h/v1", "context_tokens": 0},
        {"base_url": "http://h/v1", "price": {"prompt": -1, "completion": 1}},
        {"base_url": "http://h/v1", "extra_headers": {"X": 1}},
        {"model": "m"},
    ],
)
async def test_what_is_malformed_is_refused(client: Client, body: dict[str, Any]) -> None:
    status, problem = await client.refused("PUT", "connections", "mine", body=body)
    assert (status, problem["reason"]) == (400, "Invalid")


async def test_what_is_not_allowed_is_refused_in_one_line(client: Client, endpoint: Endpoint) -> None:
    good = {"base_url": endpoint.base_url, "model": "good"}
    await client.call("PUT", "connections", "mine", body=good)
    await client.call("PUT", "connections", "offline", body={})
    client.settings().allowed_hosts = ["elsewhere"]
    client.settings().allowed_models = ["good"]
    refusals = [
        await client.refused("PUT", "connections", "other", body=good),
        await client.refused("PUT", "connections", "mine", body={"chosen": True}),
        await client.refused("POST", "connections", "mine", "check"),
        await client.refused("POST", "connections", "mine", "models"),
        await client.refused(
            "POST", "conversations", client.conversation_id, "messages",
            body={"message_id": "m", "text": "Go", "kernel_id": client.kernel_id, "model": "mine"},
        ),
    ]  # fmt: skip
    client.settings().allowed_hosts = []
    refusals.append(await client.refused("PUT", "connections", "mine", body={"model": "bad"}))
    assert {(status, problem["reason"]) for status, problem in refusals} == {(403, "Forbidden")}
    assert all(problem["message"].startswith("The administrator does not allow") for _, problem in refusals)
    assert endpoint.connections == 0
    assert (await client.call("GET", "connections"))[0]["model"] == "good"


async def test_users_cannot_allow_more_steps_than_the_ceiling(client: Client, endpoint: Endpoint) -> None:
    await client.call("PUT", "connections", "mine", body={"base_url": endpoint.base_url, "model": "m"})
    client.settings().max_steps, client.settings().steps_ceiling = 1, 2
    endpoint.set_script([cell("1")], repeat=True)
    await client.send("Go")
    await client.until("run_finished")
    await client.command("continue", continue_id="c", steps=900)
    await client.until("run_finished", after=(await client.state())["seq"])
    assert [run["limits"]["steps"] for run in (await client.state())["runs"]] == [1, 2]


async def test_the_choice_sticks_to_its_conversation(client: Client, endpoint: Endpoint) -> None:
    for name in ("first", "second"):
        await client.call("PUT", "connections", name, body={"base_url": endpoint.base_url, "model": name})
    endpoint.set_script(["Done."], repeat=True)
    status = await client.call("GET", "status")
    assert [choice["name"] for choice in status["model"]["choices"]] == ["first", "second", "offline"]
    assert (status["model"]["connection"], status["model"]["fixed"]) == ("first", False)
    assert status["approvals"] == {"offline": "auto", "model": "auto"}

    async def run(**more: str) -> str:
        after = (await client.state())["seq"]
        await client.send("Go", **more)
        await client.until("run_finished", after=after)
        connection: str = (await client.state())["runs"][-1]["connection"]
        return connection

    assert await run() == "first"
    assert await run(model="second") == "second"
    assert await run() == "second"
    assert await run(model="offline") == "built-in"
    await client.call("PUT", "connections", "second", body={"chosen": True})
    assert await run() == "built-in"
    assert await run(model="first") == "first"
    await client.call("DELETE", "connections", "first")
    assert await run() == "second"


async def test_a_run_knows_what_its_connection_says_of_the_model(client: Client, endpoint: Endpoint) -> None:
    price = {"prompt": 0.5, "completion": 1.5, "cached": 0.1}
    body = {"base_url": endpoint.base_url, "model": "m", "context_tokens": 8192, "price": price}
    await client.call("PUT", "connections", "mine", body=body)
    endpoint.set_script(["Done."])
    await client.send("Go")
    await client.until("run_finished")
    [run] = (await client.state())["runs"]
    assert (run["context_tokens"], run["price"]) == (8192, price)
