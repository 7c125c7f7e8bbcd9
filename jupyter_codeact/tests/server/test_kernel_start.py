"""Kernels that do not start, through the server's API (F19): the reason in words, and the conversation still works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.paths import jupyter_data_dir

from jupyter_codeact.kernels.start_failure import import_command, remedy
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint

from .conftest import Client


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    """Jupyter does not try again and again to start what cannot be started."""
    return {**jp_server_config, "KernelManager": {"autorestart": False}}


async def test_a_kernel_that_does_not_start_is_told_and_the_conversation_goes_on(
    client: Client, endpoint: Endpoint
) -> None:
    argv = ["python", "-m", "ipykernel_of_another_world", "-f", "{connection_file}"]
    spec = Path(jupyter_data_dir()) / "kernels" / "broken"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "b", "language": "python"}))
    body = {"path": "broken.ipynb", "name": "", "type": "notebook", "kernel": {"name": "broken"}}
    session = await client.fetch("api", "sessions", method="POST", body=json.dumps(body))
    python, client.kernel_id = client.kernel_id, json.loads(session.body)["kernel"]["id"]
    endpoint.set_script([cell("6 * 7"), "42."])
    await client.send("Go")
    finished = (await client.until("run_finished"))[-1]
    assert finished["reason"] == "failed"
    assert "No module named" in finished["detail"]
    assert finished["detail"].endswith("pip install ipykernel")
    assert "\n" not in finished["detail"]

    client.kernel_id = python
    await client.command("continue", continue_id="again", kernel_id=python)
    again = (await client.until("run_finished", after=finished["seq"]))[-1]
    assert (again["reason"], again["answer"]) == ("answered", "42.")


def test_the_import_that_is_tried_is_the_kernels_own() -> None:
    argv = ["/opt/python", "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    assert import_command(argv) == ["/opt/python", "-c", "import ipykernel_launcher"]
    assert import_command(["R", "--slave", "-e", "IRkernel::main()"]) == []
    assert remedy("ModuleNotFoundError: No module named 'ipykernel_launcher'").endswith("pip install ipykernel")
    assert remedy("killed") == ""
