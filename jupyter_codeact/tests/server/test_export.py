"""A conversation as a file, over HTTP; and what is in it is what the endpoint was sent."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from tornado.httpclient import HTTPClientError

from jupyter_codeact.exports.formats import FORMATS
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.server.conftest import SECRET, Client

PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"


async def exported(client: Client, format_name: str) -> Any:
    return await client.fetch(
        "jupyter-codeact", "conversations", client.conversation_id, "export", params={"format": format_name}
    )


async def conversation(client: Client, endpoint: Endpoint) -> None:
    """Two runs, an error that is corrected, a reply that is rejected, and a plot."""
    endpoint.set_script(
        ["", cell("print(totl)"), cell("total = 42\nprint(total)"), "It is 42.", cell(PLOT), "A line that rises."]
    )
    seq = 0
    for text in ("What is the total?\n<b>Now</b>", "Plot it: süß/../x.csv"):
        await client.send(text, attachments=[{"name": "notes.txt", "text": "```\n"}])
        seq = (await client.until("run_finished", after=seq))[-1]["seq"]


async def test_openai_lines_reproduce_the_requests_that_were_sent(client: Client, endpoint: Endpoint) -> None:
    await conversation(client, endpoint)
    (line,) = (await exported(client, "openai")).body.decode().splitlines()
    messages = json.loads(line)["messages"]
    ends = [number for number, message in enumerate(messages) if message["role"] == "assistant"]
    requests = [request.body["messages"] for request in endpoint.requests]
    assert [messages[:end] for end in ends] == requests
    assert len(requests) == 6
    assert any(part["type"] == "image_url" for part in requests[-1][-1]["content"])
    assert messages[-1] == {"role": "assistant", "content": "A line that rises."}


async def test_every_format_comes_as_an_attachment_without_the_key(client: Client, endpoint: Endpoint) -> None:
    await conversation(client, endpoint)
    for name, form in FORMATS.items():
        answer = await exported(client, name)
        assert answer.headers["Content-Type"] == form.content_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith('attachment; filename="What-is-the-total-b-Now-b-')
        assert disposition.endswith(form.extension)
        assert SECRET.encode() not in answer.body
    notebook = nbformat.reads((await exported(client, "ipynb")).body.decode(), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    kinds = [(made["cell_type"], made.get("execution_count")) for made in notebook["cells"]]
    assert [kind for kind in kinds if kind[0] == "code"] == [("code", 1), ("code", 2), ("code", 3)]
    events = [json.loads(line) for line in (await exported(client, "jsonl")).body.splitlines()]
    assert events == await client.call("GET", "conversations", client.conversation_id, "events")


@pytest.mark.parametrize("name", ["", "html", "../../etc"])
async def test_an_unknown_format_is_refused_with_those_there_are(client: Client, name: str) -> None:
    with pytest.raises(HTTPClientError) as raised:
        await exported(client, name)
    assert raised.value.response is not None
    problem = json.loads(raised.value.response.body)
    assert (raised.value.code, problem["reason"]) == (400, "Invalid")
    assert "codeactinstruct" in problem["message"]


async def test_a_conversation_that_is_not_there_has_no_export(client: Client) -> None:
    client.conversation_id = "nope"
    with pytest.raises(HTTPClientError, match="404"):
        await exported(client, "jsonl")
