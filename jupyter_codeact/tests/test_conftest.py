"""The tests' own ground: what `conftest.py` promises to the others."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir


async def test_a_real_server_answers_on_the_loop_of_the_test(
    jp_fetch: Any, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    response = await jp_fetch("api", "status")
    assert json.loads(response.body)["kernels"] == 0
    assert asyncio.get_running_loop() is jp_asyncio_loop


async def test_a_websocket_opens_to_the_real_server(jp_ws_fetch: Any) -> None:
    opened = await jp_ws_fetch("api", "events", "subscribe")
    assert opened.protocol is not None
    opened.close()
    assert await opened.read_message() is None


def test_homes_and_jupyter_directories_are_the_tests_own(isolated_home: Path) -> None:
    assert Path.home() == isolated_home
    for directory in (jupyter_config_dir(), jupyter_data_dir(), jupyter_runtime_dir()):
        assert isolated_home in Path(directory).parents
        assert not Path(directory).exists()


def test_no_model_is_configured() -> None:
    assert not [name for name in os.environ if name.startswith(("OPENAI_", "JUPYTER_CODEACT_"))]


@pytest.mark.parametrize("connect", [socket.socket.connect, socket.socket.connect_ex], ids=["connect", "connect_ex"])
def test_a_connection_beyond_loopback_is_refused_and_remembered(
    connect: Any, connections_beyond_loopback: list[str]
) -> None:
    name = connect.__name__
    with socket.socket() as client, pytest.raises(ConnectionRefusedError):
        getattr(client, name)(("192.0.2.1", 443))
    assert connections_beyond_loopback == ["192.0.2.1 port 443"]
    connections_beyond_loopback.clear()


async def test_asyncio_connections_beyond_loopback_are_refused(connections_beyond_loopback: list[str]) -> None:
    with pytest.raises(OSError, match="loopback addresses only"):
        await asyncio.open_connection("192.0.2.1", 443)
    assert connections_beyond_loopback == ["192.0.2.1 port 443"]
    connections_beyond_loopback.clear()


async def test_connections_to_loopback_work() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(4))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"ping")
        assert await reader.read() == b"ping"
        writer.close()
