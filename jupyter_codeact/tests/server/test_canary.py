"""Wherever the key is given, it goes to the endpoint and nowhere else: S6 of docs/security.md."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from jupyter_codeact.exports.formats import FORMATS
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Fault
from jupyter_codeact.tests.server.conftest import SECRET, Client

PLACES = ("trait", "file", "command", "header", "panel", "panel header", "codeact environment", "openai environment")
HEADER = "X-Gateway-Key"


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> str:
    """Where the key is given."""
    return str(request.param)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file with the key."""
    file = tmp_path / "given.key"
    file.write_text(SECRET)
    file.chmod(0o600)
    return file


@pytest.fixture
def jp_server_config(endpoint: Endpoint, place: str, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The extension, with the key in that place; what the panel stores comes later."""
    settings: dict[str, Any] = {"approval": "auto", "local_ports": []}
    given = {"base_url": endpoint.base_url, "model": "test"}
    if place == "trait":
        settings |= {**given, "api_key": SECRET}
    elif place == "file":
        settings |= {**given, "api_key_file": str(key_file)}
    elif place == "command":
        settings |= {**given, "api_key_command": f"cat {key_file}"}
    elif place == "header":
        settings |= {**given, "extra_headers": {HEADER: SECRET}}
    elif place == "codeact environment":
        monkeypatch.setenv("JUPYTER_CODEACT_BASE_URL", endpoint.base_url)
        monkeypatch.setenv("JUPYTER_CODEACT_API_KEY", SECRET)
        monkeypatch.setenv("JUPYTER_CODEACT_MODEL", "test")
    elif place == "openai environment":
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    return {"ServerApp": {"jpserver_extensions": {"jupyter_codeact": True}}, "CodeAct": settings}


def echo(request: Any) -> Fault:
    """An endpoint that repeats what it was given, in words and in headers."""
    given = [request.headers.get("authorization", ""), request.headers.get(HEADER.lower(), "")]
    said = {"error": {"message": f"Wrong key: {' '.join(given)}", "code": given[-1] or given[0]}}
    return Fault("status", status=401, headers={"X-Given": given[-1] or given[0]}, body=said)


async def test_the_key_goes_to_the_endpoint_and_nowhere_else(
    client: Client,
    endpoint: Endpoint,
    place: str,
    key_file: Path,
    tmp_path: Path,
    isolated_home: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A cell that looks for it, an answer, a refusal that repeats it, a check, and all exports, with debug logs."""
    caplog.set_level(logging.DEBUG)
    model = ""
    if place.startswith("panel"):
        model = "mine"
        body: dict[str, Any] = {"base_url": endpoint.base_url, "model": "test", "chosen": True}
        body |= {"extra_headers": {HEADER: SECRET}} if place == "panel header" else {"api_key": SECRET}
        await client.call("PUT", "connections", "mine", body=body)
    probe = "import os\nprint(sorted(set(os.environ) - {'OPENAI_API_KEY'}), get_ipython().config)"
    if place != "openai environment":
        probe = "import os\nprint(dict(os.environ), get_ipython().config)"
    endpoint.set_script([cell(probe), "Done.", *[echo] * 6])
    frames: list[dict[str, Any]] = []
    for text in ("Go", "Again"):
        await client.send(text, approval="auto", model=model)
        frames += await client.until("run_finished", after=frames[-1]["seq"] if frames else 0)
    assert [frame["reason"] for frame in frames if frame["kind"] == "run_finished"] == ["answered", "failed"]
    answers: list[Any] = [await client.call("GET", name) for name in ("status", "connections", "conversations")]
    if model:
        answers.append(await client.call("POST", "connections", model, "check"))
    answers.append(await client.state())
    for form in FORMATS:
        where = ("jupyter-codeact", "conversations", client.conversation_id, "export")
        exported = await client.fetch(*where, params={"format": form})
        answers.append(exported.body.decode() + str(list(exported.headers.get_all())))
    shown = json.dumps([frames, answers], default=str) + caplog.text
    assert SECRET not in shown
    first = endpoint.requests[0].headers
    assert SECRET in (first[HEADER.lower()] if place.endswith("header") else first["authorization"])
    logged = [record.getMessage() for record in [*caplog.get_records("setup"), *caplog.records]]
    assert not [line for line in logged if SECRET in line and "Config changed" not in line]
    told = any("came from the environment" in line for line in logged)
    assert told == (place == "codeact environment")
    files = [path for folder in (tmp_path, isolated_home) for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == f"{client.conversation_id}.jsonl" for path in files)
    kept = [path for path in files if SECRET.encode() in path.read_bytes()]
    assert {path.name for path in kept} <= {key_file.name, "connections.json"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
