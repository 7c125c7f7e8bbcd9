"""Baselines: code executed over Jupyter's own client, and over a Jupyter server's websocket, with nothing around."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from benchmarks.server import AUTHORIZED, Server


class RawKernel:
    """A kernel's channels, as jupyter_client gives them."""

    def __init__(self, client: AsyncKernelClient) -> None:
        self._client = client

    async def execute(self, code: str, busy: asyncio.Event | None = None) -> float:
        """Seconds until the reply to `code` and the kernel's idle were both there; all its messages were read.

        `busy` is set when the kernel says that it began.
        """
        started = time.perf_counter()
        request = self._client.execute(code)
        await asyncio.gather(self._replied(request), self._idle(request, busy))
        return time.perf_counter() - started

    async def _replied(self, request: str) -> None:
        while (await self._client.get_shell_msg(timeout=600))["parent_header"].get("msg_id") != request:
            pass

    async def _idle(self, request: str, busy: asyncio.Event | None) -> None:
        while True:
            message = await self._client.get_iopub_msg(timeout=600)
            mine = message["parent_header"].get("msg_id") == request
            if mine and message["msg_type"] == "execute_input" and busy is not None:
                busy.set()
            if mine and message["content"].get("execution_state") == "idle":
                return


@asynccontextmanager
async def raw_kernel(manager: AsyncKernelManager) -> AsyncIterator[RawKernel]:
    """The kernel of `manager`, ready."""
    client: Any = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        yield RawKernel(client)
    finally:
        client.stop_channels()


class SocketKernel:
    """A kernel of a Jupyter server, as a page reaches it."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket
        self._session = uuid4().hex

    async def execute(self, code: str) -> float:
        """As `RawKernel.execute`."""
        started = time.perf_counter()
        request = uuid4().hex
        header = {"msg_id": request, "msg_type": "execute_request", "session": self._session, "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "user_expressions": {}}
        whole = {
            "header": {**header, "username": "", "date": ""},
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
            "buffers": [],
        }
        await self._socket.write_message(json.dumps(whole))
        missing = {"execute_reply", "idle"}
        while missing:
            message = json.loads(str(await self._socket.read_message()))
            if message["parent_header"].get("msg_id") == request:
                missing -= {message["msg_type"], message["content"].get("execution_state")}
        return time.perf_counter() - started


@asynccontextmanager
async def socket_kernel(server: Server) -> AsyncIterator[SocketKernel]:
    """A new kernel of `server`, ready."""
    async with server.client as client:
        made = (await client.post("/api/kernels", json={"name": "python3"})).raise_for_status().json()
    url = f"ws://127.0.0.1:{server.port}/api/kernels/{made['id']}/channels"
    socket = await websocket_connect(HTTPRequest(url, headers=AUTHORIZED))
    try:
        kernel = SocketKernel(socket)
        await kernel.execute("")
        yield kernel
    finally:
        socket.close()
