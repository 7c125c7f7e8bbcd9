"""A real Jupyter server in a process of its own, with configuration, data and root of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from typing import Any

import httpx

START_SECONDS = 120.0
LOG_CHARS = 2000
LOOK_AGAIN_SECONDS = 0.002
TOKEN = "benchmark"  # noqa: S105 - the server lives for a few seconds, on loopback


@dataclass(frozen=True)
class Server:
    """A server that answers at `port`; `seconds` is what it took from the start of its process to its first answer."""

    port: int
    seconds: float
    log: Path
    process: Process

    @property
    def client(self) -> httpx.AsyncClient:
        """A client that is let in."""
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=AUTHORIZED, timeout=60)


AUTHORIZED = {"Authorization": f"token {TOKEN}"}


@asynccontextmanager
async def jupyter_server(
    config: Mapping[str, Any], *, python: Sequence[str] = (), directory: Path | None = None
) -> AsyncIterator[Server]:
    """A server with what is installed and `config` (traits by class), which has answered `GET /api/status`.

    `python` are options for the interpreter; what the process writes is in `Server.log`. All its files are in
    `directory`, which stays; without one, in one that does not.
    """
    with ExitStack() as stack:
        directory = directory or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = _free_port()
        log = directory / "log"
        command = [sys.executable, *python, *_arguments(port, directory, config)]
        started = time.perf_counter()
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *command, env=_environment(directory), stdout=output, stderr=output
            )
        try:
            seconds = await _first_answer(process, port, log) - started
            yield Server(port, seconds, log, process)
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


def _arguments(port: int, directory: Path, config: Mapping[str, Any]) -> list[str]:
    server = {"open_browser": False, "port": port, "ip": "127.0.0.1", "root_dir": str(directory), "allow_root": True}
    whole = {**config, "ServerApp": {**server, **config.get("ServerApp", {})}, "IdentityProvider": {"token": TOKEN}}
    file = directory / "config.json"
    file.write_text(json.dumps(whole), "utf-8")
    return ["-m", "jupyter_server", f"--config={file}"]


def _environment(directory: Path) -> dict[str, str]:
    own = {f"JUPYTER_{kind}_DIR": str(directory / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "OPENAI"))}
    return {**kept, **own}


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as socket:
        port: int = socket.getsockname()[1]
        return port


async def _first_answer(process: Process, port: int, log: Path) -> float:
    """When (of `perf_counter`) the server first answered. Raises `RuntimeError` with the end of its log."""
    deadline = time.perf_counter() + START_SECONDS
    async with httpx.AsyncClient(headers=AUTHORIZED, timeout=START_SECONDS) as client:
        while time.perf_counter() < deadline and process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
                continue
            writer.close()
            answer = await client.get(f"http://127.0.0.1:{port}/api/status")
            answer.raise_for_status()
            return time.perf_counter()
    raise RuntimeError(f"The server did not start ({process.returncode}): {_end_of(log)}")


def _end_of(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-LOG_CHARS:]
