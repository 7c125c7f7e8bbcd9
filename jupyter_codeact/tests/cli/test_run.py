"""`jupyter codeact run` as a process of its own: real endpoint, real kernel."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from jupyter_codeact.events import RunStarted
from jupyter_codeact.journal.file_journal import read
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Call, Fault, Reply

SECRET = "canary-key-91c2"


@dataclass
class Finished:
    """How the command ended."""

    code: int
    out: str
    err: str


class Command:
    """`jupyter codeact` in a folder, with the endpoint configured by environment."""

    def __init__(self, folder: Path, endpoint: Endpoint) -> None:
        self.folder = folder
        self._env = {**os.environ, "JUPYTER_CODEACT_BASE_URL": endpoint.base_url, "JUPYTER_CODEACT_API_KEY": SECRET}
        self._env["JUPYTER_CODEACT_MODEL"] = "test"

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        """The process, with no terminal."""
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jupyter_codeact.cli.app", *arguments,
            cwd=self.folder, env=self._env, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def run(self, *arguments: str) -> Finished:
        """How `jupyter codeact run a.ipynb TASK ARGUMENTS` ended."""
        process = await self.start("run", "a.ipynb", "Do it", *arguments)
        return await self.end(process)

    async def end(self, process: asyncio.subprocess.Process) -> Finished:
        """How the process ended, by itself."""
        out, err = await asyncio.wait_for(process.communicate(), 120)
        return Finished(process.returncode or 0, out.decode(), err.decode())

    def notebook(self) -> nbformat.NotebookNode:
        """The notebook, valid."""
        notebook: nbformat.NotebookNode = nbformat.read(self.folder / "a.ipynb", as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
        return notebook

    def configure(self, *lines: str) -> None:
        """The lines are in the administrator's configuration file."""
        folder = Path(self._env["JUPYTER_CONFIG_DIR"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "jupyter_codeact_config.py").write_text("\n".join(lines), "utf-8")

    def journal(self) -> Path:
        """The only journal."""
        (path,) = Path(self._env["JUPYTER_DATA_DIR"], "codeact", "conversations").glob("*.jsonl")
        return path


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with Endpoint([]) as served:
        yield served


@pytest.fixture
def command(tmp_path: Path, endpoint: Endpoint) -> Command:
    return Command(tmp_path, endpoint)


async def test_an_error_is_corrected_and_the_answer_is_on_stdout(command: Command, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("print(totl)"), cell("total = 42\nprint(total)"), "It is 42."])
    finished = await command.run("--approval", "auto")
    assert (finished.code, finished.out) == (0, "It is 42.\n")
    *steps, closing = finished.err.splitlines()
    assert [line.split(":")[0] for line in steps] == ["step 1", "step 2"]
    assert re.fullmatch(r"2 cells, 1 fixed, (< )?\d+(\.\d)? s, ~[\d.]+k tokens", closing)
    cells = command.notebook()["cells"]
    assert [made["outputs"][0]["output_type"] for made in cells] == ["error", "stream"]
    assert "\x1b" not in endpoint.requests[1].body["messages"][-1]["content"]
    places = [command.journal(), command.folder / "a.ipynb"]
    assert SECRET not in finished.out + finished.err + "".join(place.read_text("utf-8") for place in places)


async def test_a_function_call_runs_a_cell_where_that_is_wished_for(command: Command, endpoint: Endpoint) -> None:
    endpoint.refuses = ()
    endpoint.set_script([Reply("So:", calls=(Call('{"code": "6 * 7"}'),)), "It is 42."])
    finished = await command.run("--approval", "auto", "--action-format", "tool")
    assert (finished.code, finished.out) == (0, "It is 42.\n")
    assert command.notebook()["cells"][0]["source"] == "6 * 7"
    assert endpoint.requests[0].body["tools"][0]["function"]["name"] == "run_cell"


async def test_a_model_that_nobody_knows_is_asked_how_it_acts(command: Command, endpoint: Endpoint) -> None:
    endpoint.refuses = ()
    calls = Reply(calls=(Call('{"code": "6 * 7"}'),), finish_reason="tool_calls")
    endpoint.set_script([calls, calls, "It is 42."])
    assert (await command.run("--approval", "auto")).out == "It is 42.\n"
    events = read(command.journal())[0]
    assert [event.action_format for event in events if isinstance(event, RunStarted)] == ["tool"]


async def test_json_prints_the_journals_events(command: Command, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("1 + 1"), "Two."])
    finished = await command.run("--approval", "auto", "--json")
    printed = [json.loads(line) for line in finished.out.splitlines()]
    assert printed == [event.model_dump(mode="json") for event in read(command.journal())[0]]


async def test_a_limit_ends_with_3_and_the_notebook_is_saved(command: Command, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("1"), cell("2"), "never"])
    finished = await command.run("--approval", "auto", "--max-steps", "2")
    assert finished.code == 3
    assert "limit of 2 steps" in finished.err
    assert len(command.notebook()["cells"]) == 2


async def test_a_failing_model_ends_with_1_and_a_line(command: Command, endpoint: Endpoint) -> None:
    endpoint.set_script([Fault("echo_key")])
    finished = await command.run("--approval", "auto")
    assert finished.code == 1
    assert len(finished.err.strip().splitlines()) == 1
    assert "Traceback" not in finished.err
    assert SECRET not in finished.err + command.journal().read_text("utf-8")


async def test_what_the_administrator_does_not_allow_ends_with_1_and_a_line(
    command: Command, endpoint: Endpoint
) -> None:
    command.configure("c.CodeAct.allowed_hosts = ['elsewhere']", "c.CodeAct.steps_ceiling = 2")
    finished = await command.run("--approval", "auto")
    assert (finished.code, finished.out) == (1, "")
    assert finished.err.endswith(
        "does not allow connections to " + endpoint.base_url[7:-3] + "; allowed hosts: elsewhere.\n"
    )
    assert endpoint.connections == 0
    offline = await command.run("--model", "offline", "--max-steps", "900")
    assert offline.code in (0, 3)
    [started] = [event for event in read(command.journal())[0] if isinstance(event, RunStarted)]
    assert started.limits.steps == 2


async def test_asking_without_a_terminal_is_refused(command: Command, endpoint: Endpoint) -> None:
    finished = await command.run()
    assert finished.code == 2
    assert "--approval auto" in finished.err
    assert endpoint.requests == []


async def test_a_damaged_notebook_is_named_and_left_alone(command: Command) -> None:
    (command.folder / "a.ipynb").write_text("{ not json", "utf-8")
    finished = await command.run("--approval", "auto")
    assert finished.code == 1
    assert "a.ipynb" in finished.err
    assert (command.folder / "a.ipynb").read_text("utf-8") == "{ not json"


async def test_existing_cells_are_executed_first_on_wish(command: Command, endpoint: Endpoint) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 6"), nbformat.v4.new_markdown_cell("Hi")])  # type: ignore[no-untyped-call]
    nbformat.write(notebook, command.folder / "a.ipynb")  # type: ignore[no-untyped-call]
    endpoint.set_script([cell("print(x * 7)"), "42"])
    assert (await command.run("--approval", "auto", "--execute-existing")).code == 0
    cells = command.notebook()["cells"]
    assert [made["cell_type"] for made in cells] == ["code", "markdown", "code"]
    assert cells[2]["outputs"][0]["text"] == "42\n"
    told = endpoint.requests[0].body["messages"][-1]["content"]
    assert "x = 6" in told
    assert "\nx: int, 6\n</variables" in told


async def test_ctrl_c_ends_with_130_and_everything_saved(command: Command, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("import time\nprint('begun', flush=True)\ntime.sleep(600)"), "never"])
    process = await command.start("run", "a.ipynb", "Sleep", "--approval", "auto", "--json")
    assert process.stdout is not None
    seen = b""
    async for line in process.stdout:
        seen += line
        if b'"cell_output"' in line:
            break
    process.send_signal(signal.SIGINT)
    finished = await command.end(process)
    assert finished.code == 130
    assert [output["output_type"] for output in command.notebook()["cells"][0]["outputs"]] == ["stream", "error"]
    assert read(command.journal())[0][-1].kind == "run_finished"


async def test_a_missing_kernel_is_told_with_those_that_are_there(command: Command) -> None:
    finished = await command.run("--approval", "auto", "--kernel", "nope")
    assert finished.code == 1
    assert "nope" in finished.err
    assert "python3" in finished.err


async def test_a_kernel_of_another_language_is_chosen_by_name(command: Command, endpoint: Endpoint) -> None:
    endpoint.set_script(
        [cell("# Counting\nwc -l <nothing.txt", language="bash"), cell("echo 7", language="sh"), "Seven."]
    )
    finished = await command.run("--approval", "auto", "--kernel", "bash")
    assert (finished.code, finished.out) == (0, "Seven.\n")
    assert finished.err.startswith("step 1: Counting [1] error")
    notebook = command.notebook()
    assert notebook["metadata"]["kernelspec"] == {"name": "bash", "display_name": "Bash", "language": "bash"}
    assert notebook["cells"][1]["outputs"][0]["text"] == "7\n"
    assert "Bash code" in endpoint.requests[0].body["messages"][0]["content"]
    assert (
        endpoint.requests[1].body["messages"][-1]["content"].rpartition("\n</observation")[0].endswith("exit status 1")
    )


async def test_the_offline_analyst_needs_neither_key_nor_permission(command: Command) -> None:
    (command.folder / "sales.csv").write_text("region,price\nNorth,10\nSouth,20\nNorth,14\n", "utf-8")
    process = await command.start("run", "a.ipynb", "average price by region in sales.csv", "--model", "offline")
    finished = await command.end(process)
    assert finished.code == 0
    assert "12" in finished.out
    assert "20" in finished.out


async def test_doctor_tells_a_row_a_question(command: Command, endpoint: Endpoint) -> None:
    endpoint.refuses = ()
    endpoint.set_script([", ".join(str(number) for number in range(1, 41)), "yes"], repeat=True)
    finished = await command.end(await command.start("doctor"))
    rows = {line[6:].split("  ")[0]: line[:4].strip() for line in finished.out.splitlines()}
    assert rows["kernels"] == "ok"
    assert rows["reachable"] == "ok"
    assert rows["tool calls"] == rows["images"] == "ok"
    assert rows["conversations"] == "ok"
    assert finished.code == (1 if "fail" in rows.values() else 0)
