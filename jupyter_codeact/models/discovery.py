"""Which model servers listen on this machine, found by asking the usual ports for their models.

Only the loopback address is asked, without a proxy, and no redirect is followed: nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tornado.httpclient import HTTPError
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from jupyter_codeact.models.listing import ListedModel, read_models
from jupyter_codeact.models.providers import LOCAL

LOOPBACK: Final = "127.0.0.1"
SECONDS: Final = 0.9
"""How long is waited for all of them together; a user waits for it, and a loopback address answers in milliseconds."""

_MAX_BYTES = 2_000_000
_OPENAI_PATH, _LM_STUDIO_PATH = "/v1/models", "/api/v0/models"
_LM_STUDIO, _UNKNOWN = "LM Studio", "Model server"


@dataclass(frozen=True)
class Found:
    """A model server that answers: its kind, its base URL, and its chat models."""

    kind: str
    base_url: str
    models: tuple[ListedModel, ...]


async def discover(ports: Iterable[int], seconds: float = SECONDS) -> list[Found]:
    """The model servers on these ports of the loopback address, in the ports' order, within so many seconds.

    What answers with anything else than a list of models, or not in time, is left out. Never raises.
    """
    client = SimpleAsyncHTTPClient(force_instance=True, max_clients=100, max_buffer_size=_MAX_BYTES)
    tasks = [asyncio.ensure_future(_look(client, port, seconds)) for port in dict.fromkeys(ports)]
    try:
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        return [found for task in tasks if task.done() and (found := task.result()) is not None]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        client.close()


async def _look(client: SimpleAsyncHTTPClient, port: int, seconds: float) -> Found | None:
    """What listens on the port. LM Studio tells more of its models at an address of its own, which is then asked."""
    body = await _get(client, port, _OPENAI_PATH, seconds)
    models = read_models(body)
    if models is None or not _is_list(body):
        return None
    kind = _kind(body, port)
    if kind in (_LM_STUDIO, _UNKNOWN) and _is_list(more := await _get(client, port, _LM_STUDIO_PATH, seconds)):
        kind, models = _LM_STUDIO, read_models(more) or models
    return Found(kind, f"http://{LOOPBACK}:{port}/v1", tuple(models))


async def _get(client: SimpleAsyncHTTPClient, port: int, path: str, seconds: float) -> bytes:
    """The body of the response with status 200; empty when there is none."""
    try:
        response = await client.fetch(
            f"http://{LOOPBACK}:{port}{path}",
            follow_redirects=False,
            decompress_response=False,
            raise_error=False,
            connect_timeout=seconds,
            request_timeout=seconds,
        )
    except (OSError, HTTPError):
        return b""
    return response.body if response.code == 200 else b""


def _is_list(body: bytes) -> bool:
    """Whether the body calls itself a list, as all model servers' do; other programs' JSON on these ports does not."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("object") == "list"


def _kind(body: bytes, port: int) -> str:
    """The server's name, by what it calls itself, else by its port if servers there call themselves nothing."""
    data = json.loads(body).get("data")
    entries = data if isinstance(data, list) else []
    owners = {str(entry.get("owned_by")) for entry in entries if isinstance(entry, dict)}
    for server in LOCAL:
        if server.owner in owners or (server.port == port and not server.owner):
            return server.name
    return _UNKNOWN
