"""A real Jupyter Kernel Gateway, and kernels behind it as Jupyter Server manages them."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from typing import Any

from jupyter_server.gateway.gateway_client import GatewayClient
from jupyter_server.gateway.managers import GatewayKernelManager
from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from traitlets.config import Config

INSTALLED = find_spec("kernel_gateway") is not None
TOKEN = "gateway-token"


@contextmanager
def gateway_process(token: str = TOKEN) -> Iterator[str]:
    """The URL of a gateway that is starting; stopped, with its kernels, at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "kernel_gateway", "--ip=127.0.0.1", f"--port={port}", "--port_retries=0"],
        env={**os.environ, "KG_AUTH_TOKEN": token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def answers(url: str) -> None:
    """The gateway at `url` serves requests."""
    client = AsyncHTTPClient()
    for _ in range(600):
        try:
            await client.fetch(f"{url}/api", headers={"Authorization": f"token {TOKEN}"})
            return
        except HTTPClientError:
            return  # an answer, whatever it says
        except OSError:
            await asyncio.sleep(0.1)
    raise AssertionError("the gateway did not start")


def connect_to(url: str, token: str = TOKEN) -> None:
    """Jupyter Server's gateway client, one for the process, is for `url`."""
    GatewayClient.clear_instance()
    config: Any = Config()
    config.GatewayClient.url = url
    config.GatewayClient.auth_token = token
    GatewayClient.instance(config=config)


@asynccontextmanager
async def remote_kernel(name: str = "python3") -> AsyncIterator[GatewayKernelManager]:
    """The manager of a kernel behind a gateway of its own; without a token, which Jupyter's own client never sends."""
    with gateway_process(token="") as url:
        await answers(url)
        connect_to(url, token="")
        manager = GatewayKernelManager()  # type: ignore[no-untyped-call]
        await manager.start_kernel(kernel_name=name)
        try:
            yield manager
        finally:
            await manager.shutdown_kernel()
            GatewayClient.clear_instance()
