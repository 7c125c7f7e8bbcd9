"""`%codeact` and `%%codeact`: a notebook's cell asks the agent that the panel shows.

This runs in the user's kernel, and only asks: the server runs the agent, whose cells wait until the asking one has
ended. So nothing here waits for an answer, and nothing of the product is imported but this.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

SECONDS = 20.0
"""How long the server may take to answer a request; it answers before the agent begins."""

_QUESTION = re.compile(r"^(\s*)%codeact[ \t]+(.*\S[ \t]*\?+)[ \t]*$", re.MULTILINE)

NO_SERVER = (
    "no running Jupyter server has this kernel; start one with `jupyter lab`, open the notebook there, and ask again"
)


def load(shell: InteractiveShell) -> None:
    """The magics are there."""
    shell.magics_manager.register_function(codeact, magic_kind="line_cell")
    if spare_questions not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(spare_questions)


def spare_questions(lines: list[str]) -> list[str]:
    """The lines of a cell in which `%codeact` asks a question, which IPython would take for a call of its help."""
    if lines and lines[0].startswith("%%"):
        return lines
    return [_QUESTION.sub(_asked, line) for line in lines]


def _asked(line: re.Match[str]) -> str:
    return f"{line[1]}get_ipython().run_line_magic('codeact', {line[2]!r})"


def codeact(line: str, cell: str | None = None) -> None:
    """The agent of this notebook has been asked; raises `UsageError`, which IPython shows as one line."""
    text = "\n".join(part for part in (line.strip(), (cell or "").strip()) if part)
    if not text:
        raise UsageError("say what to do: %codeact plot the sales by month")
    kernel_id = _kernel_id()
    server, path = _find(kernel_id)
    rows = server.call("GET", f"jupyter-codeact/conversations?notebook={quote(path, safe='')}")
    conversation_id = rows[0]["conversation_id"] if rows else server.begin(path, kernel_id)
    notebook = {"path": path, "cells": server.cells(path), "active_cell_id": _asking_cell()}
    message = {"message_id": uuid4().hex, "text": text, "kernel_id": kernel_id, "notebook": notebook}
    server.call("POST", f"jupyter-codeact/conversations/{conversation_id}/messages", message)
    sys.stdout.write("Asked. The answer appears in the CodeAct panel; its cells run when this one has ended.\n")


@dataclass(frozen=True)
class Server:
    """A running Jupyter server, as its own file says: `url` with its base path, `token` maybe empty."""

    url: str
    token: str

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer; no proxy is used and no redirect followed. Raises `UsageError` in words."""
        where = urlsplit(self.url)
        kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        connection = kind(where.hostname or "localhost", where.port, timeout=SECONDS)
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, f"{where.path.rstrip('/')}/{path}", content, headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise UsageError(f"the Jupyter server at {self.url} does not answer: {error}") from None
        finally:
            connection.close()
        if response.status >= 300:
            raise UsageError(self._problem(response.status, path, answer))
        return json.loads(answer) if answer else None

    def begin(self, path: str, kernel_id: str) -> str:
        """The id of a new conversation about the notebook."""
        made = self.call("POST", "jupyter-codeact/conversations", {"notebook_path": path, "kernel_id": kernel_id})
        return str(made["conversation_id"])

    def cells(self, path: str) -> list[dict[str, str]]:
        """What the notebook holds, as it was last saved; nothing where the server does not give it."""
        try:
            content = self.call("GET", f"api/contents/{quote(path)}?type=notebook&content=1")["content"]
        except UsageError:
            return []
        return [
            {"cell_id": cell["id"], "cell_type": cell["cell_type"], "source": "".join(cell["source"])}
            for cell in content["cells"]
            if "id" in cell
        ]

    def _problem(self, status: int, path: str, answer: bytes) -> str:
        try:
            said = json.loads(answer).get("message") or ""
        except (ValueError, AttributeError):
            said = ""
        if status in (401, 403) and not self.token:
            return f"the Jupyter server at {self.url} has no token, only a password; start it with a token"
        if status == 404 and path.startswith("jupyter-codeact") and said in ("", "Not Found"):
            return f"the server at {self.url} has no agent: jupyter server extension enable jupyter_codeact"
        return str(said) or f"the Jupyter server at {self.url} answered {status} to {path.partition('?')[0]}"


def _find(kernel_id: str) -> tuple[Server, str]:
    """The server that runs this kernel, and the path of the kernel's notebook there."""
    refusal = NO_SERVER
    for server in _running():
        try:
            sessions = server.call("GET", "api/sessions")
        except UsageError as error:
            refusal = str(error)
            continue
        for session in sessions:
            if (session.get("kernel") or {}).get("id") == kernel_id and session.get("type") == "notebook":
                return server, str(session["path"])
    raise UsageError(refusal)


def _running() -> Iterator[Server]:
    """The running servers of this user; the one that started this kernel first."""
    from jupyter_server.serverapp import list_running_servers

    parent = os.environ.get("JPY_PARENT_PID", "")
    found = sorted(list_running_servers(), key=lambda facts: str(facts["pid"]) != parent)
    for facts in found:
        if facts.get("url", "").startswith("http"):
            yield Server(facts["url"], facts.get("token") or "")


def _kernel_id() -> str:
    """The id by which a server knows this kernel: it names the connection file."""
    from ipykernel.connect import get_connection_file

    try:
        name = Path(get_connection_file()).name
    except RuntimeError:
        raise UsageError(NO_SERVER) from None
    match = re.fullmatch(r"kernel-(.+)\.json", name)
    return match[1] if match else name


def _asking_cell() -> str | None:
    """The id of the cell that asks, where the front end says it, as JupyterLab does."""
    from IPython.core.getipython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    cell_id = kernel.get_parent("shell").get("metadata", {}).get("cellId") if kernel is not None else None
    return cell_id if isinstance(cell_id, str) else None
