"""A server that is killed in mid-cell, or whose disk is full: nothing is run twice, and the conversation goes on."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.paths import jupyter_data_dir
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from jupyter_codeact.journal.file_journal import read
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Fault

TOKEN = secrets.token_hex(8)
NAMES = ("cell", "model")


class Server:
    """A Jupyter server in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self._url = f"http://127.0.0.1:{port}/"

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer."""
        answer = await AsyncHTTPClient().fetch(
            self._url + path, method=method, body=None if body is None else json.dumps(body),
            headers={"Authorization": f"token {TOKEN}"}, request_timeout=60,
        )  # fmt: skip
        return json.loads(answer.body) if answer.body else None

    async def begin(self, conversation_id: str, path: str = "a.ipynb") -> None:
        """The notebook has a kernel, and a conversation."""
        session = {"path": path, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        await self.call("POST", "api/sessions", session)
        created = {"notebook_path": path, "conversation_id": conversation_id}
        await self.call("POST", "jupyter-codeact/conversations", created)

    async def send(self, conversation_id: str, message_id: str) -> None:
        """A message."""
        message = {"text": "Go", "message_id": message_id}
        await self.call("POST", f"jupyter-codeact/conversations/{conversation_id}/messages", message)

    async def state(self, conversation_id: str, condition: str) -> dict[str, Any]:
        """The conversation's state once `condition` stands in it."""
        for _ in range(600):
            state: dict[str, Any] = await self.call("GET", f"jupyter-codeact/conversations/{conversation_id}")
            if condition in json.dumps(state):
                return state
            await asyncio.sleep(0.1)
        raise AssertionError(f"{condition} never came")


@asynccontextmanager
async def served(root: Path, endpoint: Endpoint) -> AsyncIterator[Server]:
    """A server that answers; killed at the end, with the kernels that it started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", f"--port={port}", "--port-retries=0",
        f"--ServerApp.root_dir={root}", "--ServerApp.jpserver_extensions={'jupyter_codeact': True}",
        f"--CodeAct.base_url={endpoint.base_url}", "--CodeAct.model=test", "--CodeAct.approval=auto",
        env={**os.environ, "JUPYTER_TOKEN": TOKEN}, start_new_session=True, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    server = Server(process, port)
    try:
        for _ in range(600):
            try:
                await server.call("GET", "api/status")
                break
            except (OSError, HTTPClientError):
                await asyncio.sleep(0.1)
        yield server
    finally:
        if process.returncode is None:
            process.terminate()  # it stops its kernels
            await process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a Unix signal")
async def test_a_killed_servers_cell_is_lost_and_never_run_again(tmp_path: Path) -> None:
    effect = "open('effect.txt', 'a').write('once')"
    waiting = f"{effect}\nimport time; print('begun', flush=True); time.sleep(30)"
    async with Endpoint([cell(waiting), "I see.", "never"]) as endpoint:
        async with served(tmp_path, endpoint) as server:
            await server.begin("mine")
            await server.send("mine", "m1")
            await server.state("mine", r'"begun\n"')  # the output, not the source that prints it
            server.process.send_signal(signal.SIGKILL)
            await server.process.wait()
        async with served(tmp_path, endpoint) as server:
            state = await server.state("mine", '"lost"')
            assert not state["live"]
            assert state["runs"][0]["reason"] is None
            await server.send("mine", "m2")
            state = await server.state("mine", '"answered"')
            assert len(state["cells"]) == 1
        assert (tmp_path / "effect.txt").read_text("utf-8") == "once"
        told = endpoint.requests[-1].body["messages"][-1]["content"]
        assert "not rerun" in told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
async def test_a_server_that_is_asked_to_end_parks_its_runs(tmp_path: Path) -> None:
    """One in mid-cell, one that waits for its model: both can be resumed, and no cell is run again."""
    waiting = "open('effect.txt', 'a').write('once')\nprint('begun', flush=True)\nimport time; time.sleep(30)"
    async with Endpoint([cell(waiting), Fault("hang"), "I see.", "Me too."]) as endpoint:
        async with served(tmp_path, endpoint) as server:
            await server.begin("cell")
            await server.begin("model", "b.ipynb")
            await server.send("cell", "m1")
            await server.state("cell", r'"begun\n"')
            endpoint.asked.clear()
            await server.send("model", "m2")
            await endpoint.asked.wait()
            server.process.terminate()
            await asyncio.wait_for(endpoint.requests[1].disconnected.wait(), 5)
            await server.process.wait()
        journals = [Path(jupyter_data_dir()) / "codeact" / "conversations" / f"{name}.jsonl" for name in NAMES]
        assert [read(path)[0][-1].kind for path in journals] == ["cell_output", "run_started"]
        async with served(tmp_path, endpoint) as server:
            lost = await server.state("cell", '"lost"')
            assert (lost["live"], lost["runs"][0]["reason"]) == (False, None)
            for name in NAMES:
                await server.call("POST", f"jupyter-codeact/conversations/{name}/continue", {"continue_id": name})
                assert len((await server.state(name, '"answered"'))["cells"]) == (name == "cell")
        assert (tmp_path / "effect.txt").read_text("utf-8") == "once"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets one process limit the files of another")
async def test_a_run_goes_on_while_the_disk_is_full_and_is_saved_when_it_is_not(tmp_path: Path) -> None:
    replies = [cell("print('x' * 5000)"), "Done.", "Saved."]
    async with Endpoint(replies) as endpoint, served(tmp_path, endpoint) as server:
        await server.begin("full")
        path = Path(jupyter_data_dir()) / "codeact" / "conversations" / "full.jsonl"
        whole = path.stat().st_size
        limit_files(server.process.pid, whole + 10)
        await server.send("full", "m1")
        state = await server.state("full", '"answered"')
        assert state["runs"][0]["answer"] == "Done."
        assert path.stat().st_size == whole
        limit_files(server.process.pid, resource.RLIM_INFINITY)
        await server.send("full", "m2")
        state = await server.state("full", "Saved.")
        assert [event.seq for event in read(path)[0]] == list(range(1, state["seq"] + 1))


def limit_files(process: int, size: int) -> None:
    """No file of `process` grows beyond `size` bytes: to it, the disk is full."""
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
