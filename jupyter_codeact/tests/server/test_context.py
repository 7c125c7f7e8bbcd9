"""What the model is told of notebook and kernel: real endpoint, real kernel."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

from jupyter_codeact.agent.nonce import PATTERN
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.kernels.playing import User
from jupyter_codeact.tests.server.conftest import Client
from jupyter_codeact.tests.server.test_attachments import png

NOTEBOOK = {
    "path": "analysis.ipynb",
    "active_cell_id": "b",
    "cells": [
        {"cell_id": "a", "cell_type": "markdown", "source": "# Sales"},
        {
            "cell_id": "b",
            "source": "n",
            "execution_count": 2,
            "outputs": [
                {"output_type": "execute_result", "execution_count": 2, "data": {"text/plain": "42"}, "metadata": {}}
            ],
        },
    ],
}


def told(endpoint: Endpoint, request: int = -1) -> str:
    """The text of the last message of a request, with bare tags."""
    content = endpoint.requests[request].body["messages"][-1]["content"]
    text = content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)
    return re.sub(rf"^(</?\w+) {PATTERN}", r"\1", text, flags=re.MULTILINE)


def blocks(text: str, tag: str) -> list[str]:
    """The lines between `<tag>` and `</tag>`, a text a block."""
    return re.findall(rf"^<{tag}[^>]*>\n(.*?)\n</{tag}>$", text, re.DOTALL | re.MULTILINE)


async def user_of(client: Client) -> User:
    """The user's JupyterLab, beside the page with the panel."""
    manager: Any = client.server.kernel_manager.get_kernel(client.kernel_id)
    user = User(manager)
    await user.open()
    return user


async def user_runs(client: Client, source: str) -> None:
    """A cell of the user's has run."""
    user = await user_of(client)
    assert (await user.reply(user.submit(source)))["status"] == "ok"
    user.close()


async def ask(client: Client, text: str = "Go", **more: Any) -> str:
    """The run that the message started has ended."""
    before = (await client.state())["seq"]
    await client.send(text, **more)
    finished = (await client.until("run_finished", after=before))[-1]
    assert finished["reason"] == "answered", finished
    return str(finished["run_id"])


async def test_notebook_outputs_and_variables_are_told_and_recorded(client: Client, endpoint: Endpoint) -> None:
    await user_runs(client, "n = 42")
    endpoint.set_script(["Hello."])
    await ask(client, notebook=NOTEBOOK)
    assert told(endpoint) == (
        "<message>\nGo\n</message>\n"
        '<notebook path="analysis.ipynb">\n# cell a (markdown)\n# Sales\n\n'
        "# cell b (code, [2], active)\nn\n# output of cell b\n42\n</notebook>\n"
        "<variables>\nn: int, 42\n</variables>"
    )
    events = await client.call("GET", "conversations", client.conversation_id, "events")
    context = next(event for event in events if event["kind"] == "user_message")["context"]
    assert [each["output"] for each in context["cells"]] == ["", "42"]
    assert [each["name"] for each in context["variables"]] == ["n"]


async def test_what_is_switched_off_is_not_told(client: Client, endpoint: Endpoint) -> None:
    await user_runs(client, "n, m = 42, 43")
    endpoint.set_script(["Hello."] * 3)
    await ask(client, notebook=NOTEBOOK, context={"notebook": False, "hidden": ["n"]})
    assert told(endpoint) == "<message>\nGo\n</message>\n<variables>\nm: int, 43\n</variables>"
    await ask(client, notebook=NOTEBOOK, context={"variables": False})
    assert "<variables>" not in told(endpoint)
    assert "# cell b" in told(endpoint)
    await ask(client, notebook=NOTEBOOK, context={"notebook": False, "variables": False})
    assert told(endpoint) == "<message>\nGo\n</message>"


async def test_attachments_are_read_told_and_sent(client: Client, endpoint: Endpoint, jp_root_dir: Path) -> None:
    await user_runs(client, "import pandas as pd; sales = pd.DataFrame({'price': [1, 2]})")
    (jp_root_dir / "notes.txt").write_text("Prices are in cents.")
    (jp_root_dir / "plot.png").write_bytes(png())
    endpoint.set_script(["Hello."])
    attachments = [
        {"kind": "file", "name": "notes.txt"},
        {"kind": "selection", "name": "cell b", "text": "n + 1"},
        {"kind": "variable", "name": "sales.price"},
        {"kind": "file", "name": "plot.png"},
        {"name": "old", "text": "as ever"},
    ]
    await ask(client, attachments=attachments, context={"variables": False})
    assert blocks(told(endpoint), "attachment") == [
        "Prices are in cents.",
        "n + 1",
        "sales.price: pandas.Series, 2 values, int64: 1, 2",
        "[image/png, 4x3]",
        "as ever",
    ]
    assert '<attachment kind="file" name="notes.txt">' in told(endpoint)
    assert '<attachment name="old">' in told(endpoint)
    (image,) = [p for p in endpoint.requests[-1].body["messages"][-1]["content"] if p["type"] == "image_url"]
    assert image["image_url"]["url"].startswith("data:image/png;base64,")


async def test_an_attachment_that_cannot_be_is_refused_in_words(client: Client, endpoint: Endpoint) -> None:
    where = ("conversations", client.conversation_id, "messages")
    for attachment, status, words in (
        ({"kind": "file", "name": "../secret"}, 400, "not among the files"),
        ({"kind": "variable", "name": "nothing"}, 400, "no variable nothing"),
        ({"kind": "image", "name": "x", "mime": "image/png", "data": "x" * 14_000_000}, 413, "Attach a smaller image"),
        ({"name": "notes.txt", "text": "x" * 1_000_001}, 413, "notes.txt has more than 1,000,000 characters"),
        ({"kind": "cat", "name": "x"}, 400, "kind"),
    ):
        body = {"message_id": "m", "text": "Go", "kernel_id": client.kernel_id, "attachments": [attachment]}
        code, problem = await client.refused("POST", *where, body=body)
        assert (code, words in problem["message"]) == (status, True), problem
    assert (await client.state())["messages"] == []


async def test_the_panel_is_told_what_can_be_attached(client: Client, endpoint: Endpoint) -> None:
    status = await client.call("GET", "status")
    assert status["attachments"] == {"most": 20, "file_bytes": 1_000_000, "image_bytes": 10_000_000}
    too_many = [{"name": str(number)} for number in range(21)]
    where = ("conversations", client.conversation_id, "messages")
    body = {"message_id": "m", "text": "Go", "kernel_id": client.kernel_id, "attachments": too_many}
    assert (await client.refused("POST", *where, body=body))[0] == 400


async def test_a_message_that_is_sent_again_is_not_read_again(client: Client, endpoint: Endpoint) -> None:
    await user_runs(client, "n = 42")
    endpoint.set_script(["Hello."])
    body = {
        "message_id": "m",
        "text": "Go",
        "kernel_id": client.kernel_id,
        "attachments": [{"kind": "variable", "name": "n"}],
    }
    accepted = await client.command("messages", **body)
    await client.until("run_finished")
    await user_runs(client, "del n")
    assert await client.command("messages", **body) == accepted
    assert len(endpoint.requests) == 1


async def test_the_panel_reads_the_variables(client: Client) -> None:
    await user_runs(client, "n = 42")
    answer = await client.call("GET", "variables", kernel_id=client.kernel_id)
    assert answer == {"variables": [{"name": "n", "type": "int", "summary": "42", "columns": []}], "note": ""}
    assert (await client.refused("GET", "variables"))[0] == 404


async def test_a_cell_that_the_user_ran_is_news_in_one_line(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("1"), "Done."])
    await client.send("Go", approval="ask")
    await client.until("approval_requested")
    await user_runs(client, "mine = 1\nyours = 2")
    await client.command("decisions", decision_id="d", step=1, decision="approve")
    await client.until("run_finished")
    assert blocks(told(endpoint), "news") == ["The user ran a cell: mine = 1 (ok)"]


async def test_a_restart_during_a_run_pauses_it_and_is_news_in_one_line_and_once(
    client: Client, endpoint: Endpoint
) -> None:
    endpoint.set_script([cell("1"), "Done.", "Yes."])
    await client.send("Go", approval="ask")
    await client.until("approval_requested")
    await client.fetch("api", "kernels", client.kernel_id, "restart", method="POST", body="{}")
    await client.command("decisions", decision_id="d1", step=1, decision="approve")
    paused = (await client.until("run_finished"))[-1]
    assert (paused["reason"], "the run has paused; try again" in paused["detail"]) == ("failed", True)
    await client.command("continue", continue_id="c1")
    await client.until("run_finished", after=paused["seq"])
    assert blocks(told(endpoint), "news") == ["The kernel was restarted: its variables and imports are gone"]
    assert blocks(told(endpoint), "observation") == ["The kernel was restarted before this cell ran; it was not run."]
    await ask(client, "And now?")
    assert "restarted" not in told(endpoint)


async def test_a_restart_between_runs_is_news_in_one_line_and_once(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("x = 1"), "Done.", "It is gone.", "Still gone."])
    await ask(client)
    await client.fetch("api", "kernels", client.kernel_id, "restart", method="POST", body="{}")
    await ask(client, "And now?")
    assert blocks(told(endpoint), "news") == ["The kernel was restarted: its variables and imports are gone"]
    await ask(client, "Again?")
    assert "restarted" not in told(endpoint)


async def test_another_kernel_is_news(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("x = 1"), "Done.", "Oh."])
    await ask(client)
    started = await client.fetch("api", "kernels", method="POST", body=json.dumps({"name": "python3"}))
    client.kernel_id = json.loads(started.body)["id"]
    await ask(client, "And now?")
    assert blocks(told(endpoint), "news") == [
        "The user chose another kernel: the variables and imports are gone with the one before"
    ]


async def test_an_edit_at_approval_is_told_in_one_line(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("a = 1\nprint('theirs')"), "Done."])
    await client.send("Go", approval="ask")
    await client.until("approval_requested")
    edit = {"decision_id": "d", "step": 1, "decision": "edit", "source": "a = 1\nprint('mine')"}
    await client.command("decisions", **edit)
    await client.until("run_finished")
    (observation,) = blocks(told(endpoint), "observation")
    assert observation.splitlines()[0] == (
        "The user edited the cell before it ran: line 2: \"print('theirs')\" -> \"print('mine')\""
    )
    assert observation.count("mine") == 2  # there, and in the output


async def test_an_edit_between_steps_is_told_in_one_line_and_once(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("print(1)"), cell("print(2)"), "Done.", "Yes."])
    await client.send("Go", approval="ask")
    await client.until("approval_requested")
    await client.command("decisions", decision_id="d1", step=1, decision="approve")
    after = (await client.until("observation_made"))[-1]["seq"]
    await client.until("approval_requested", after=after)
    first = next(iter((await client.state())["cells"]))
    for change_id, source in (("1", "print(10)"), ("2", "print(100)"), ("2", "print(100)"), ("3", "print(100)")):
        await client.command("changes", change_id=change_id, cells=[{"cell_id": first, "source": source}])
    await client.command("decisions", decision_id="d2", step=2, decision="approve")
    await client.until("run_finished")
    assert blocks(told(endpoint), "news") == [f'The user edited cell {first}: line 1: "print(1)" -> "print(100)"']
    await client.command("changes", change_id="4", cells=[{"cell_id": first}])
    await ask(client, "And now?")
    assert blocks(told(endpoint), "news") == [f"The user deleted cell {first}"]


async def test_a_busy_kernel_delays_a_message_by_two_seconds_at_most(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script(["Hello."])
    user = await user_of(client)
    busy = user.submit("import time; time.sleep(4)")
    await user.running(busy)
    began = time.monotonic()
    await client.send("Go")
    assert time.monotonic() - began < 3
    await client.until("run_finished")
    assert blocks(told(endpoint), "variables") == ["[The kernel is busy: its variables were not read.]"]
    await user.reply(busy)
    user.close()
