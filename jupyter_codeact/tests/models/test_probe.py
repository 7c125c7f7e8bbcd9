"""What is found out about an endpoint by asking it."""

from __future__ import annotations

import pytest

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.probe import check, list_models, with_model
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Fault, Item, Reply

NUMBERS = ", ".join(map(str, range(1, 41)))


def to(endpoint: Endpoint, model: str = "") -> Connection:
    return Connection("test", endpoint.base_url, "key", model)


async def levels(endpoint: Endpoint, model: str = "scripted") -> dict[str, str]:
    return {row.name: row.level for row in await check(to(endpoint, model))}


async def test_models_are_listed_and_the_first_is_taken() -> None:
    async with Endpoint(models=["small", "big"]) as endpoint:
        assert await list_models(to(endpoint)) == ["small", "big"]
        assert (await with_model(to(endpoint))).model == "small"
        assert (await with_model(to(endpoint, "mine"))).model == "mine"


async def test_no_models_is_told_in_words() -> None:
    async with Endpoint(models=[]) as endpoint:
        with pytest.raises(ModelError, match=r"lists no models; load one there"):
            await with_model(to(endpoint))


async def test_a_wrong_path_is_told_in_words() -> None:
    async with Endpoint() as endpoint:
        with pytest.raises(ModelError, match="usually ends in /v1"):
            await list_models(Connection(base_url=endpoint.base_url.removesuffix("/v1")))


async def test_a_good_endpoint() -> None:
    async with Endpoint([Reply(NUMBERS, delay=0.005), "yes"], refuses=()) as endpoint:
        rows = await check(to(endpoint, "scripted"))
    assert {row.name: row.level for row in rows} == {
        "reachable": "ok",
        "model": "ok",
        "streams": "ok",
        "usage": "ok",
        "stop strings": "ok",
        "tool calls": "ok",
    }
    assert not any(row.action for row in rows)


@pytest.mark.parametrize(
    ("item", "name", "level"),
    [
        (Reply(NUMBERS, first_delay=0.6), "streams", "warn"),
        (Reply("1"), "streams", "warn"),
        (Reply(NUMBERS, usage=None), "usage", "warn"),
        (Fault("status", status=401), "streams", "fail"),
        (Fault("raw", body="<html>"), "streams", "fail"),
        (Fault("hang"), "streams", "fail"),
    ],
)
async def test_findings(item: Item, name: str, level: str) -> None:
    async with Endpoint([item]) as endpoint:
        rows = {row.name: row for row in await check(to(endpoint, "scripted"), first_byte_seconds=1)}
    assert rows[name].level == level
    assert rows[name].action


async def test_refused_stop_strings_are_found() -> None:
    fault = Fault("refuse", parameter="stop", text=NUMBERS)
    async with Endpoint([fault, fault]) as endpoint:
        assert (await levels(endpoint))["stop strings"] == "warn"


async def test_refused_tool_calls_are_found() -> None:
    async with Endpoint([NUMBERS, Fault("refuse", parameter="tools")], refuses=()) as endpoint:
        assert (await levels(endpoint))["tool calls"] == "warn"
        assert endpoint.requests[-1].body["tools"][0]["function"]["name"] == "run_cell"


async def test_a_model_that_is_not_listed_is_a_warning() -> None:
    async with Endpoint([NUMBERS] * 4) as endpoint:
        assert (await levels(endpoint, "other"))["model"] == "warn"
        assert (await levels(endpoint, ""))["model"] == "ok"


async def test_an_endpoint_that_is_not_there() -> None:
    async with Endpoint() as endpoint:
        gone = to(endpoint)
    [row] = await check(gone)
    assert (row.name, row.level) == ("reachable", "fail")
    assert "connection refused" in row.detail
    assert row.action == "start the model server there, or correct the base URL"
