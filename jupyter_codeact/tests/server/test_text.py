"""Text of every kind from a kernel to the journal, the page, the notebook and the model (F34)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from jupyter_codeact.documents.file_document import FileDocument
from jupyter_codeact.journal.reading import record
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint

from .conftest import Client

TEXTS = {
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea e\u0301 \u200d\ufe0f",
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c \u0645\u0631\u062d\u0628\u0627 \u2066x\u2069",
    "line ends of other worlds": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "NUL and other controls": "a\x00b\x01c\x7fd\ufeffe\ufffff",
    "ANSI and OSC": "\x1b[31mred\x1b[0m \x1b]8;;https://example.org\x07link\x1b]8;;\x07 \x9b1m",
    "markup": "</script><!-- <img src=x onerror=alert(1)> &amp; ```\n# no heading\n",
    "escapes": "\\ud800 \\u0000 \\n \"quoted\" 'too'",
    "a bar": "10%\r50%\r100%\n",
    "a very long line": "y" * 400_000 + "\n",
}


@pytest.mark.parametrize("name", TEXTS)
async def test_what_a_kernel_prints_is_the_same_everywhere(
    client: Client, endpoint: Endpoint, tmp_path: Path, name: str
) -> None:
    text = TEXTS[name]
    source = f"text = {text!r}" if len(text) < 1000 else f"text = {text[0]!r} * {len(text) - 1} + {text[-1]!r}"
    endpoint.set_script([cell(f"{source}\nprint(text, end='')\nprint(ascii(text[:200]))"), "Done."])
    await client.send("Go")
    await client.until("run_finished")
    expected = text + ascii(text[:200]) + "\n"

    assert printed(await client.state()) == expected
    page = [frame for frame in await client.until("run_finished") if "seq" in frame]
    path = Path(client.settings().journal_dir)
    on_disk = record(path / f"{client.conversation_id}.jsonl")
    assert [json.loads(event.model_dump_json()) for event in on_disk.events] == page
    assert printed(on_disk.state.model_dump()) == expected

    FileDocument(tmp_path / "a.ipynb").save(on_disk.state)
    notebook = nbformat.read(tmp_path / "a.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    assert "".join(output["text"] for output in notebook.cells[0]["outputs"]) == expected

    told = endpoint.requests[1].body["messages"][-1]["content"]
    assert ascii(text[:200]) in told
    assert not any(ord(character) < 32 and character not in "\n\t" for character in told)
    assert len(told) < 10_000


async def test_a_lone_surrogate_is_visibly_escaped(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("x = 'a\\ud800b'\nx"), "\ud83d is half of it."])
    await client.send("Go \ud800")
    assert (await client.until("run_finished"))[-1]["reason"] == "answered"
    state = await client.state()
    assert next(iter(state["cells"].values()))["outputs"][0]["data"]["text/plain"] == "'a\\ud800b'"


def printed(state: dict[str, Any]) -> str:
    """What the cells of the state printed."""
    return "".join(output["text"] for made in state["cells"].values() for output in made["outputs"])
