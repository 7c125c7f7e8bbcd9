"""A Jupyter server's start with the extension, against the same without it.

From the start of the process to the first answered `GET /api/status`; everything else that is installed, such as
JupyterLab, is on in both. Also: what the extension imports at the start, and the size of the built front end.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import httpx

from benchmarks.measure import Line, Sample, alternate, print_table
from benchmarks.server import Server, jupyter_server
from jupyter_codeact.agent.prompts import system_prompt

LABEXTENSION = Path(__file__).parents[1] / "jupyter_codeact" / "labextension"
_IMPORTED = re.compile(r"^import time:\s*\d+ \|\s*(\d+) \|\s*(\S+)$", re.MULTILINE)


async def start(*, extension: bool) -> Sample:
    """What one start took; the processor's time is that of the process's whole life, its orderly end included."""
    before = getrusage(RUSAGE_CHILDREN)
    async with jupyter_server(_config(extension=extension)) as server:
        assert (await _ours_answers(server)) is extension
    after = getrusage(RUSAGE_CHILDREN)
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return {"start": server.seconds * 1000, "processor time": processor * 1000}


INITIALISE = """
import sys, time
from jupyter_server.serverapp import ServerApp

extensions = {"jupyter_codeact": sys.argv[1] == "True"}
began = time.process_time()
ServerApp(log_level="ERROR").initialize(
    ["--allow-root", "--no-browser", "--port=0", f"--ServerApp.jpserver_extensions={extensions}"],
    find_extensions=False, new_httpserver=False,
)
print(time.process_time() - began)
"""


async def initialise(*, extension: bool) -> Sample:
    """The processor's time to initialise a server with at most this one extension: what hides in the noise above."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        INITIALISE,
        str(extension),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    out, _ = await process.communicate()
    return {"initialising": float(out) * 1000}


async def imports() -> dict[str, int]:
    """The modules that a server with the extension has imported when it answers, with the microseconds that each,
    and what it imported first, took."""
    async with jupyter_server(_config(extension=True), python=["-X", "importtime"]) as server:
        log = server.log.read_text("utf-8", "replace")
    return {name: int(microseconds) for microseconds, name in _IMPORTED.findall(log)}


def labextension() -> str:
    """The size of the built front end, without the builder's log; a development build is no measure."""
    files = [path for path in LABEXTENSION.rglob("*") if path.is_file() and path.name != "build_log.json"]
    if not files or any(path.suffix == ".map" for path in files):
        return "The front end is not built for production: run `jlpm build:prod` first."
    return f"The built front end has {sum(path.stat().st_size for path in files) / 1000:.0f} KB (goal: < 400)."


def _config(*, extension: bool) -> dict[str, object]:
    return {"ServerApp": {"jpserver_extensions": {"jupyter_codeact": extension}}}


async def _ours_answers(server: Server) -> bool:
    async with server.client as client:
        # Without a token: a route that exists refuses, and makes nothing.
        answer = await client.get("/jupyter-codeact/status", headers={"Authorization": ""})
    return answer.status_code != httpx.codes.NOT_FOUND


async def measure(rounds: int) -> None:
    """The table and the facts beside it are printed."""
    print("### Start of the server\n")
    pairs = await alternate(rounds, lambda: start(extension=True), lambda: start(extension=False))
    print_table(pairs, [Line("start", "ms", most_added=100), Line("processor time", "ms", most_added=100)])
    pairs = await alternate(rounds, lambda: initialise(extension=True), lambda: initialise(extension=False))
    print_table(pairs, [Line("initialising", "ms", most_added=100)])
    modules = await imports()
    print(f"`jupyter_codeact` is imported in {modules['jupyter_codeact.server.app'] / 1000:.0f} ms;", end=" ")
    for name in ("openai", "pydantic", "jupyter_codeact.events"):
        print(f"`{name}` is {'IMPORTED' if name in modules else 'not imported'};", end=" ")
    print(f"{len(modules)} modules in all.")
    print(labextension())
    print(f"The fixed prompt has {len(system_prompt('fenced', 'python').encode()):,} bytes (goal: < 4,096).")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    asyncio.run(measure(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
