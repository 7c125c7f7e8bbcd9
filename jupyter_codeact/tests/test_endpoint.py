"""The scripted endpoint, as a program."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.tests.models.test_openai_model import chunks_of, text_of


async def test_as_a_program(tmp_path: Path) -> None:
    script = tmp_path / "replies.json"
    script.write_text(json.dumps(["one", {"text": "two", "chunk_chars": 1}, {"fault": "status", "status": 401}]))
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "jupyter_codeact.tests.endpoint",
        "--script",
        str(script),
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    url = (await program.stdout.readline()).decode().strip()
    model = OpenAIModel(url, "", "m")
    assert [text_of(await chunks_of(model)) for _ in range(2)] == ["one", "two"]
    root = url.removesuffix("/v1")
    assert len(await ask(f"{root}/requests")) == 2
    assert await ask(f"{root}/script", {"replies": ["again"], "repeat": True}) == {"replies": 1}
    assert [text_of(await chunks_of(model)) for _ in range(2)] == ["again", "again"]
    await model.aclose()
    program.terminate()
    await program.wait()


async def ask(url: str, body: object = None) -> Any:
    """The JSON at `url`, or the answer to putting `body` there."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, method="GET" if body is None else "PUT")  # noqa: S310

    def read() -> Any:
        with urlopen(request) as response:  # noqa: S310
            return json.load(response)

    return await asyncio.to_thread(read)
