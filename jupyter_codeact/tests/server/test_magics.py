"""`%codeact` in a real notebook's kernel, of a real server: the cell that asks ends at once, and the agent's follow."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_core.paths import jupyter_runtime_dir

from jupyter_codeact.kernels.local import local_kernel
from jupyter_codeact.magics import spare_questions
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.server.test_crash import Server, served

LOAD = "%load_ext jupyter_codeact"


class Notebook:
    """The user's cells, which reach the kernel as JupyterLab's do."""

    def __init__(self, client: AsyncKernelClient) -> None:
        self._client = client

    async def run(self, source: str, cell_id: str = "") -> tuple[str, str]:
        """How the cell ended, and the text that it put out."""
        content = {
            "code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
            "stop_on_error": True,
        }  # fmt: skip
        request = self._client.session.msg("execute_request", content, metadata={"cellId": cell_id})
        self._client.shell_channel.send(request)
        text = ""
        while True:
            message = await self._client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            text += message["content"].get("text", "")
            if message["content"].get("execution_state") == "idle":
                break
        while True:
            reply = await self._client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
                return str(reply["content"]["status"]), text


@asynccontextmanager
async def opened(connection_file: str | Path) -> AsyncIterator[Notebook]:
    """A front end of the kernel."""
    client = AsyncKernelClient(connection_file=str(connection_file))
    client.load_connection_file()
    client.start_channels(hb=False, stdin=False)
    try:
        await client.wait_for_ready(timeout=60)
        yield Notebook(client)
    finally:
        client.stop_channels()


async def conversations(server: Server) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await server.call("GET", "jupyter-codeact/conversations?notebook=work/a%20b.ipynb")
    return rows


async def test_a_cell_asks_and_the_agents_cells_run_behind_it(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 6", id="first")])  # type: ignore[no-untyped-call]
    nbformat.write(notebook, tmp_path / "work" / "a b.ipynb")  # type: ignore[no-untyped-call]
    async with (
        Endpoint([cell("print(x * 7)"), "It is 42.", "Again 42."]) as endpoint,
        served(tmp_path, endpoint) as server,
    ):
        session = {"path": "work/a b.ipynb", "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        kernel = (await server.call("POST", "api/sessions", session))["kernel"]["id"]
        async with opened(Path(jupyter_runtime_dir(), f"kernel-{kernel}.json")) as page:
            assert await page.run(f"x = 6\n{LOAD}") == ("ok", "")
            status, text = await page.run("%%codeact\nWhat is x\ntimes seven?", "asking")
            assert (status, text.count("\n")) == ("ok", 1)
            assert "CodeAct panel" in text
            (row,) = await conversations(server)
            state = await server.state(row["conversation_id"], '"answered"')
            assert state["messages"][0]["text"] == "What is x\ntimes seven?"
            (ran,) = state["cells"].values()
            assert (ran["after_cell_id"], ran["outputs"][0]["text"]) == ("asking", "42\n")
            assert "x = 6" in str(endpoint.requests[0].body["messages"][-1]["content"])
            assert (await page.run("%codeact And again?"))[0] == "ok"
            state = await server.state(row["conversation_id"], "Again 42.")
            assert [message["text"] for message in state["messages"]] == ["What is x\ntimes seven?", "And again?"]
            assert len(await conversations(server)) == 1


async def test_a_refusal_of_the_server_is_one_line(tmp_path: Path) -> None:
    busy = cell("import time\nwhile True: time.sleep(0.1)")
    async with Endpoint([busy, "never"]) as endpoint, served(tmp_path, endpoint) as server:
        await server.begin("mine")
        kernel = (await server.call("GET", "api/sessions"))[0]["kernel"]["id"]
        async with opened(Path(jupyter_runtime_dir(), f"kernel-{kernel}.json")) as page:
            await page.run(LOAD)
            other = await server.call("POST", "jupyter-codeact/conversations", {"notebook_path": "b.ipynb"})
            path = f"jupyter-codeact/conversations/{other['conversation_id']}/messages"
            asking = asyncio.create_task(page.run("import time; time.sleep(1)\n%codeact Go"))
            await server.call("POST", path, {"message_id": "m", "text": "Loop", "kernel_id": kernel})
            status, text = await asking
            assert status == "error"
            assert "in use by a run of conversation" in text
            assert text.strip().count("\n") == 0
            await server.call("POST", path.replace("messages", "stop"), {"stop_id": "s"})
            await server.state(other["conversation_id"], '"live": false')


async def test_without_a_server_it_says_how_to_start_one() -> None:
    async with local_kernel() as manager, opened(manager.connection_file) as page:
        assert (await page.run(LOAD))[0] == "ok"
        status, text = await page.run("%codeact Go")
        assert (status, text.strip().count("\n")) == ("error", 0)
        assert "jupyter lab" in text
        status, text = await page.run("%%codeact\n  ")
        assert "say what to do" in text


@pytest.mark.parametrize(
    ("cell_source", "becomes"),
    [
        ("%codeact What is x?", "get_ipython().run_line_magic('codeact', 'What is x?')"),
        ("if x:\n  %codeact Why 'so'??\ny?", "if x:\n  get_ipython().run_line_magic('codeact', \"Why 'so'??\")\ny?"),
        ("%%bash\n%codeact What?", "%%bash\n%codeact What?"),
        ("%codeact Plot x", "%codeact Plot x"),
        ("%codeact?", "%codeact?"),
    ],
)
def test_a_question_is_not_taken_for_a_call_of_the_help(cell_source: str, becomes: str) -> None:
    assert "".join(spare_questions(cell_source.splitlines(keepends=True))).rstrip("\n") == becomes


def test_the_package_itself_stays_light() -> None:
    """The server imports it at every start; only the kernel needs the magics."""
    program = "import sys, jupyter_codeact; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", f"import json; {program}"], check=True, capture_output=True, text=True)
    loaded = set(json.loads(done.stdout))
    assert not {"IPython", "pydantic", "jupyter_codeact.magics"} & loaded
