"""What is found out about an endpoint by asking it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jupyter_codeact.models.allowed import Allowed
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.probe import check
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Answer, Fault, Item, Reply
from jupyter_codeact.tests.wire import Request

NUMBERS = ", ".join(map(str, range(1, 41)))


def to(endpoint: Endpoint, model: str = "") -> Connection:
    return Connection("test", endpoint.base_url, "key", model)


async def levels(endpoint: Endpoint, model: str = "scripted") -> dict[str, str]:
    return {row.name: row.level for row in await check(to(endpoint, model))}


ROWS = ["reachable", "model", "context length", "streams", "usage", "stop strings", "tool calls", "images"]


async def test_a_good_endpoint() -> None:
    async with Endpoint(
        [Reply(NUMBERS, delay=0.005), "yes"], models=[{"id": "big", "max_model_len": 8192}], repeat=True, refuses=()
    ) as endpoint:
        rows = await check(to(endpoint, "big"))
    assert [(row.name, row.level, row.action) for row in rows] == [(name, "ok", "") for name in ROWS]
    assert rows[2].detail == "8,192 tokens"
    asked = {
        "tools" if "tools" in request.body else type(request.body["messages"][0]["content"]).__name__
        for request in endpoint.requests
    }
    assert asked == {"str", "tools", "list"}


async def test_a_model_that_takes_no_images_is_sent_none() -> None:
    async with Endpoint([NUMBERS], repeat=True) as endpoint:
        rows = {row.name: row for row in await check(replace(to(endpoint, "scripted"), vision=False))}
    assert (rows["images"].level, rows["images"].detail) == ("ok", "not sent: this model takes none")
    assert not any(b"image_url" in request.raw for request in endpoint.requests)


async def test_a_cold_start_is_no_gateway_that_buffers() -> None:
    """Pieces that came all at once after a wait are asked for again, when the model is awake."""
    async with Endpoint([Reply(NUMBERS, first_delay=0.6), Reply(NUMBERS, delay=0.002), "yes"], repeat=True) as endpoint:
        assert (await levels(endpoint))["streams"] == "ok"


async def test_a_model_that_thinks_before_it_writes_is_no_gateway_that_buffers() -> None:
    script: list[Item] = [Reply(NUMBERS, first_delay=0.6, delay=0.002), "yes"]
    async with Endpoint(script, repeat=True, refuses=()) as endpoint:
        assert (await levels(endpoint))["streams"] == "ok"
        assert len(endpoint.requests) == 3


async def test_a_key_that_may_not_list_models_can_do_all_else() -> None:
    async with Endpoint([NUMBERS], pages={"/v1/models": Fault("status", status=403)}, repeat=True) as endpoint:
        found = await levels(endpoint)
        assert (found["reachable"], found["streams"]) == ("warn", "ok")
        [row] = await check(to(endpoint))
    assert (row.name, row.level, row.action) == ("reachable", "fail", "set a valid key for this connection")


@pytest.mark.parametrize(
    ("item", "name", "level"),
    [
        (Reply(NUMBERS, first_delay=0.6), "streams", "warn"),
        (Reply(NUMBERS, chunk_chars=1000), "streams", "warn"),
        (Reply(NUMBERS, usage=None), "usage", "warn"),
        (Fault("refuse", parameter="image", text=NUMBERS), "images", "warn"),
        (Fault("refuse", parameter="tools", text=NUMBERS), "tool calls", "warn"),
        (Fault("refuse", parameter="stop", text=NUMBERS), "stop strings", "warn"),
        (Fault("status", status=401), "streams", "fail"),
        (Fault("raw", body="<html>"), "streams", "fail"),
        (Fault("hang"), "streams", "fail"),
    ],
)
async def test_findings(item: Item, name: str, level: str) -> None:
    async with Endpoint([item], repeat=True, refuses=()) as endpoint:
        rows = {row.name: row for row in await check(to(endpoint, "scripted"), first_byte_seconds=1)}
    assert rows[name].level == level
    assert rows[name].action


async def test_a_short_reply_tells_nothing_about_streaming() -> None:
    async with Endpoint(["1"], repeat=True) as endpoint:
        rows = {row.name: row for row in await check(to(endpoint, "scripted"))}
    assert (rows["streams"].level, rows["streams"].detail) == ("ok", "the reply was too short to tell")


async def test_an_error_about_images_alone_is_a_warning() -> None:
    """Some servers fail with a status of their own on what they do not know."""

    def answer(request: Request) -> Answer:
        content: Any = request.body["messages"][0]["content"]
        return NUMBERS if isinstance(content, str) else Fault("status", status=503, body="no")

    async with Endpoint([answer], repeat=True) as endpoint:
        rows = {row.name: row for row in await check(to(endpoint, "scripted"))}
    assert rows["images"].level == "warn"
    assert "none is needed" in rows["images"].action
    assert not any(row.level == "fail" for row in rows.values())


async def test_a_model_that_is_not_listed_is_a_warning() -> None:
    async with Endpoint([NUMBERS], repeat=True) as endpoint:
        assert (await levels(endpoint, "other"))["model"] == "warn"
        assert (await levels(endpoint, ""))["model"] == "ok"


async def test_a_model_that_is_not_allowed_is_not_asked() -> None:
    async with Endpoint([NUMBERS], models=["small", "big"], repeat=True) as endpoint:
        rows = {row.name: row for row in await check(to(endpoint), Allowed(models=["b*"]))}
    assert rows["model"].detail == "big (the first that is listed)"
    assert {request.body["model"] for request in endpoint.requests} == {"big"}


async def test_an_endpoint_that_is_not_there() -> None:
    async with Endpoint() as endpoint:
        gone = to(endpoint)
    [row] = await check(gone)
    assert (row.name, row.level) == ("reachable", "fail")
    assert "connection refused" in row.detail
    assert row.action == "start the model server there, or correct the base URL"
