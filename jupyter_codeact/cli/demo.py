"""`jupyter codeact demo`: JupyterLab on an example notebook, its data beside it, the panel open."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import webbrowser
from pathlib import Path

from jupyter_codeact.errors import CodeActError

FIRST_PORT = 8888
START_SECONDS = 60.0
NOTEBOOK, DATA = "deliveries.ipynb", "deliveries.csv"
PANEL = "jupyter-codeact-panel"


async def demo(browser: bool, port: int) -> int:
    """JupyterLab ran until it was ended. Its exit code.

    It works on a copy of the examples, so that playing with them changes nothing of the installation.
    """
    folder = Path(tempfile.mkdtemp(prefix="codeact-demo-"))
    work = folder / "examples"
    shutil.copytree(_examples(), work, ignore=shutil.ignore_patterns("*.py", ".*", "__pycache__"))
    _write_workspace(folder / "workspaces")
    _write_settings(folder / "settings" / "@jupyterlab" / "apputils-extension")
    port = port or _free_port()
    token = secrets.token_hex(16)
    server = await asyncio.create_subprocess_exec(
        *_command(folder, work, port), env={**os.environ, "JUPYTER_TOKEN": token}, stdin=asyncio.subprocess.DEVNULL
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.terminate)
    await _answering(server, port)
    url = f"http://127.0.0.1:{port}/lab?token={token}"
    sys.stdout.write(f"\nJupyterLab is ready:\n\n    {url}\n\nIts files: {work}\nCtrl-C ends it.\n\n")
    sys.stdout.flush()
    if browser:
        await asyncio.to_thread(webbrowser.open, url)
    await server.wait()
    return 0


def _command(folder: Path, work: Path, port: int) -> list[str]:
    options = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.open_browser=False",
        f"--ServerApp.root_dir={work}",
        f"--LabApp.workspaces_dir={folder / 'workspaces'}",
        f"--LabApp.user_settings_dir={folder / 'settings'}",
        "--log-level=ERROR",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return [sys.executable, "-m", "jupyterlab", *options]


def _examples() -> Path:
    """The examples of the checkout, or those that were installed with the package."""
    package = Path(__file__).parents[1]
    for folder in (package / "examples", package.parent / "examples"):
        if (folder / NOTEBOOK).exists():
            return folder
    raise CodeActError("The examples are not installed; reinstall jupyter_codeact.")


def _write_workspace(folder: Path) -> None:
    """JupyterLab's default workspace has the notebook and its data open, and the panel on the right."""
    tabs = [f"notebook:{NOTEBOOK}", f"csvtable:{DATA}"]
    dock = {"type": "tab-area", "currentIndex": 0, "widgets": tabs}
    data = {
        "layout-restorer:data": {
            "main": {"dock": dock, "current": tabs[0]},
            "right": {"collapsed": False, "visible": True, "current": PANEL, "widgets": [PANEL]},
            "relativeSizes": [0.2, 0.5, 0.3],
        },
        tabs[0]: {"data": {"path": NOTEBOOK, "factory": "Notebook"}},
        tabs[1]: {"data": {"path": DATA, "factory": "CSVTable"}},
    }
    folder.mkdir()
    text = json.dumps({"data": data, "metadata": {"id": "default"}})
    (folder / "default-37a8.jupyterlab-workspace").write_text(text, "utf-8")


def _write_settings(folder: Path) -> None:
    """JupyterLab asks nothing and fetches nothing: the first thing to be seen is the notebook."""
    folder.mkdir(parents=True)
    text = json.dumps({"checkForUpdates": False, "fetchNews": "false"})
    (folder / "notification.jupyterlab-settings").write_text(text, "utf-8")


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CodeActError(f"No port from {FIRST_PORT} on is free; name one with --port.")


async def _answering(server: asyncio.subprocess.Process, port: int) -> None:
    """The server accepts connections."""
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        if server.returncode is not None:
            raise CodeActError(f"JupyterLab ended at once (exit code {server.returncode}); its reason stands above.")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    server.terminate()
    raise CodeActError(f"JupyterLab did not answer within {START_SECONDS:g} s.")
