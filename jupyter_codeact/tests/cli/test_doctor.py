"""What `jupyter codeact doctor` says of the connection."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from jupyter_codeact.cli.doctor import doctor
from jupyter_codeact.settings import CodeAct
from jupyter_codeact.tests.endpoint import Endpoint

KEY = "sk-canary-0123456789"
NUMBERS = ", ".join(map(str, range(1, 41)))


async def rows(capsys: pytest.CaptureFixture[str], **traits: Any) -> dict[str, str]:
    """What was printed, by the names of the rows; the key never is."""
    await doctor(CodeAct(config=Config({"CodeAct": traits})))
    printed = capsys.readouterr().out
    assert "canary" not in printed
    lines = re.findall(r"^(\w+) +(.+?)  +(.*)$", printed, re.MULTILINE)
    return {name: f"{level}: {rest}" for level, name, rest in lines}


async def test_a_connection_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    async with Endpoint([NUMBERS], models=[{"id": "m", "max_model_len": 8192}], repeat=True) as endpoint:
        found = await rows(capsys, base_url=endpoint.base_url, api_key=KEY)
    assert found["API key"] == "ok: there is one"
    assert found["context length"] == "ok: 8,192 tokens"
    expected = {"reachable", "model", "streams", "usage", "stop strings", "tool calls", "images", "conversations"}
    assert expected <= set(found)


async def test_without_a_connection_it_says_what_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    async with Endpoint() as endpoint:
        found = await rows(capsys, local_ports=[endpoint.port])
    assert found["connection"].startswith("ok: none; the built-in offline analyst answers  ->  to connect a model")
    assert found["connection"].endswith(f"found on this machine: Model server at {endpoint.base_url}")
    assert "found" not in (await rows(capsys, local_ports=[]))["connection"]


async def test_a_key_that_others_can_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(0o644)
    async with Endpoint() as endpoint:
        gone = endpoint.base_url
    found = await rows(capsys, base_url=gone, api_key_file=str(file))
    assert found["API key"] == f"warn: others can read {file}  ->  chmod 600 {file}"
    monkeypatch.setenv("JUPYTER_CODEACT_API_KEY", KEY)
    found = await rows(capsys, base_url=gone)
    assert found["API key"].startswith("warn: from the environment")
    assert found["reachable"].startswith("fail: connection refused")


async def test_what_cannot_be_used_is_a_failure_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    missing = await rows(capsys, base_url="http://127.0.0.1:9/v1", api_key_file="/no/such/key")
    assert missing["connection"] == (
        "fail: CodeAct.api_key_file: /no/such/key cannot be read (No such file or directory)"
        "  ->  write the key into it, with file mode 0600"
    )
    forbidden = await rows(capsys, base_url="http://127.0.0.1:9/v1", allowed_hosts=["elsewhere"])
    assert forbidden["connection"].startswith("fail: The administrator does not allow connections to 127.0.0.1:9")
