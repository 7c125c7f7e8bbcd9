"""The server's event loop, which all its users share, is not kept from its work."""

from __future__ import annotations

import asyncio
from pathlib import Path

from jupyter_codeact.events import CellOutput, ConversationStarted, UserMessage

from .conftest import Client

CONVERSATIONS = 60
OUTPUTS = 2_000


def write_many(folder: Path, root: str) -> None:
    """Long conversations, about as many bytes as a year of them takes."""
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 400}
    line = CellOutput(seq=3, cell_id="c", op="append", index=0, output=output).model_dump_json()
    for number in range(CONVERSATIONS):
        name = f"long{number}"
        started = ConversationStarted(seq=1, conversation_id=name, notebook_path="a.ipynb", root=root)
        message = UserMessage(seq=2, message_id="m", text=f"Question {number}")
        begun = [started.model_dump_json(), message.model_dump_json()]
        (folder / f"{name}.jsonl").write_text("\n".join([*begun, *[line] * OUTPUTS]) + "\n", "utf-8")


async def longest_pause(over: asyncio.Event) -> float:
    """Seconds for which the loop did not turn, at most, until `over`."""
    clock = asyncio.get_running_loop().time
    longest = 0.0
    while not over.is_set():
        began = clock()
        await asyncio.sleep(0.002)
        longest = max(longest, clock() - began)
    return longest


async def test_others_are_served_while_the_conversations_are_listed(client: Client) -> None:
    settings = client.settings()
    write_many(Path(settings.journal_dir), str(client.root))
    over = asyncio.Event()
    pausing = asyncio.create_task(longest_pause(over))
    clock = asyncio.get_running_loop().time
    began = clock()
    rows = await client.call("GET", "conversations")
    took = clock() - began
    over.set()
    assert len(rows) == CONVERSATIONS + 1
    assert await pausing < took / 2
