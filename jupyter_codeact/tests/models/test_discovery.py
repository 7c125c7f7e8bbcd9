"""Which servers on this machine are found, and what is never asked."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from jupyter_codeact.models.discovery import SECONDS, Found, discover
from jupyter_codeact.models.listing import ListedModel
from jupyter_codeact.models.providers import LOCAL
from jupyter_codeact.settings import CodeAct
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Fault


def models(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"object": "list", "data": entries}).encode()


async def test_servers_are_found_with_their_models() -> None:
    llama = {"id": "q.gguf", "owned_by": "llamacpp", "meta": {"n_ctx": 8192}}
    lm_studio = models(
        {"id": "qwen", "type": "vlm", "max_context_length": 32768},
        {"id": "nomic", "type": "embeddings"},
    )
    async with (
        Endpoint(models=[llama]) as first,
        Endpoint(models=["qwen", "nomic"], pages={"/api/v0/models": Fault("raw", body=lm_studio)}) as second,
        Endpoint(models=[]) as third,
    ):
        found = await discover([first.port, second.port, third.port])
    assert found == [
        Found("llama.cpp", f"http://127.0.0.1:{first.port}/v1", (ListedModel("q.gguf", 8192),)),
        Found("LM Studio", f"http://127.0.0.1:{second.port}/v1", (ListedModel("qwen", 32768, True),)),
        Found("Model server", f"http://127.0.0.1:{third.port}/v1", ()),
    ]
    assert first.visited == ["/v1/models"]
    assert second.visited == ["/v1/models", "/api/v0/models"]


@pytest.mark.parametrize(
    "page",
    [
        Fault("raw", body="<html>A page</html>"),
        Fault("raw", body='{"status": "ok"}'),
        Fault("raw", body='{"data": [{"id": "row 1"}]}'),
        Fault("raw", body="[" * 100_000),
        Fault("raw", body=b"\xff\xfe\x00"),
        Fault("raw", body="x" * 3_000_000),
        Fault("status", status=404, body="<html>"),
        Fault("status", status=401, body={"error": "Unauthorized"}),
        Fault("status", status=500, body=models({"id": "a"}).decode()),
    ],
)
async def test_other_servers_are_not(page: Fault) -> None:
    async with Endpoint(pages={"/v1/models": page}) as other:
        assert await discover([other.port]) == []


async def test_a_redirect_is_not_followed() -> None:
    async with Endpoint(models=["a"]) as target:
        away = Fault("status", status=307, headers={"Location": f"{target.base_url}/models"})
        async with Endpoint(pages={"/v1/models": away}) as other:
            assert await discover([other.port]) == []
    assert target.connections == 0


async def test_a_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Endpoint(models=["a"]) as proxy, Endpoint(models=["b"]) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        [found] = await discover([server.port])
    assert found.models == (ListedModel("b"),)
    assert proxy.connections == 0


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a program that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_the_silent_are_not_waited_for(silent: int) -> None:
    async with (
        Endpoint(models=["a"]) as good,
        Endpoint(pages={"/v1/models": Fault("hang")}) as hanging,
        Endpoint(pages={"/v1/models": Fault("stall", seconds=0.05)}) as dripping,
    ):
        started = monotonic()
        found = await discover([silent, hanging.port, dripping.port, good.port], seconds=0.3)
        assert monotonic() - started < 2.0
    assert [item.base_url for item in found] == [good.base_url]


async def test_what_does_not_speak_http_is_not_found() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\x00\xff\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        assert await discover([server.sockets[0].getsockname()[1]]) == []


async def test_nobody_listens_and_nothing_is_to_be_asked() -> None:
    async with Endpoint() as gone:
        port = gone.port
    assert await discover([port, port]) == []
    assert await discover([]) == []


def test_the_user_waits_less_than_a_second() -> None:
    assert SECONDS <= 1.0


def test_the_usual_ports_are_those_of_the_table() -> None:
    assert CodeAct().local_ports == [server.port for server in LOCAL]
