"""A conversation whose journal cannot be written from here, through the server's API (F31)."""

from __future__ import annotations

import json
from pathlib import Path

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint

from .conftest import Client


async def test_a_newer_journal_is_shown_and_takes_no_command(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("print(6)"), "Six."])
    await client.send("How many?")
    await client.until("run_finished")
    newer = Path(client.settings().journal_dir) / "newer.jsonl"
    content = newer.with_name(f"{client.conversation_id}.jsonl").read_text("utf-8")
    content = content.replace('"schema_version":1', '"schema_version":2,"mood":"good"')
    content = content.replace(f'"{client.conversation_id}"', '"newer"')
    newer.write_text(content, "utf-8")
    client.conversation_id = "newer"

    state = await client.state()
    assert (state["runs"][0]["answer"], state["live"]) == ("Six.", False)
    frames = await client.until("run_finished")
    why = f"{newer}: written by a newer jupyter_codeact; upgrade to go on with it"
    assert frames[0] == {"kind": "read_only", "detail": why}
    assert "lease" not in [frame["kind"] for frame in frames]
    commands = {
        "messages": {"message_id": "m", "text": "And now?", "kernel_id": client.kernel_id},
        "continue": {"continue_id": "c", "kernel_id": client.kernel_id},
        "stop": {},
    }
    for name, body in commands.items():
        status, problem = await client.refused("POST", "conversations", "newer", name, body=body)
        assert (status, problem) == (409, {"message": why, "reason": "JournalNewer"})
    rows = {row["conversation_id"]: row for row in await client.call("GET", "conversations")}
    assert rows["newer"]["title"] == "How many?"
    assert newer.read_text("utf-8") == content


async def test_a_run_goes_on_in_memory_where_nothing_can_be_saved(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("print(6)"), "Six.", "Saved."])
    folder = client.root / "no-folder"
    folder.write_text("")
    await client.call("DELETE", "conversations", client.conversation_id)
    service = await client.settings().service()  # type: ignore[attr-defined]
    service._store.directory = folder / "conversations"
    body = {"notebook_path": client.path, "kernel_id": client.kernel_id}
    client.conversation_id = (await client.call("POST", "conversations", body=body))["conversation_id"]
    await client.send("How many?")
    frames = await client.until("run_finished")
    unsaved = next(frame["detail"] for frame in frames if frame["kind"] == "unsaved")
    assert unsaved.startswith(str(folder))
    assert frames[-1]["answer"] == "Six."
    assert [row["title"] for row in await client.call("GET", "conversations")] == ["How many?"]
    folder.unlink()
    await client.send("Again")
    await client.until("run_finished", after=frames[-1]["seq"])
    saved = (folder / "conversations" / f"{client.conversation_id}.jsonl").read_text("utf-8")
    assert [json.loads(line)["seq"] for line in saved.splitlines()] == list(range(1, (await client.state())["seq"] + 1))
