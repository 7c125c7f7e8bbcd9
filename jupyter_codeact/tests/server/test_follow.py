"""A page whose socket is dropped at any moment, and which comes back behind the last event it knows (F26)."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Reply

from .conftest import Client

SOURCE = "for number in range(8):\n    print(number, flush=True)"
PROSE = "What the cell printed is all that there is to say about it. " * 3
REPLIES = [Reply(text, chunk_chars=9, delay=0.001) for text in (cell(SOURCE, PROSE), f"{PROSE}Done.")]
MOST_FRAMES = 60
"""More than a run has: a drop behind the end is none."""


@dataclass
class Page:
    """What a page knows: the events, and what was streamed of a reply since its socket was opened.

    All of it, but for what a slow page does not need any more: behind the reply's own event nothing of it is streamed.
    """

    after: int
    events: list[dict[str, Any]] = field(default_factory=list)
    streamed: str = ""

    def take(self, frame: dict[str, Any]) -> None:
        """`frame` follows what is known; what was streamed of a reply is its beginning, whenever the page came in."""
        if frame["kind"] == "reply_delta":
            self.streamed = frame["text"] if frame["restart"] else self.streamed + frame["text"]
        if "seq" not in frame:
            return
        assert frame["seq"] == self.seq + 1
        if frame["kind"] == "model_replied":
            assert self.streamed.startswith(frame["text"]) or frame["text"].startswith(self.streamed)
            self.streamed = ""
        self.events.append(frame)

    @property
    def seq(self) -> int:
        return self.after + len(self.events)


async def follow(client: Client, page: Page, drops: list[int]) -> None:
    """The page has seen the run to its end; its connection broke each time after so many frames."""
    while not page.events or page.events[-1]["kind"] != "run_finished":
        left = drops.pop() if drops else MOST_FRAMES
        page.streamed = ""
        socket = await client.follow(page.seq)
        while left and (message := await socket.read_message()) is not None:
            left -= 1
            page.take(json.loads(message))
            if page.events and page.events[-1]["kind"] == "run_finished":
                break
        socket.protocol._abort()  # no closing handshake: the network is gone


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, MOST_FRAMES), max_size=8), min_size=1, max_size=3))
async def test_sockets_dropped_in_mid_stream_resume_without_gap_or_repetition(
    client: Client, endpoint: Endpoint, pages: list[list[int]]
) -> None:
    endpoint.set_script(REPLIES)
    before = (await client.state())["seq"]
    await client.send("Go")
    following = [Page(before) for _ in pages]
    await asyncio.gather(*(follow(client, page, drops) for page, drops in zip(following, pages, strict=True)))
    stored = await client.call("GET", "conversations", client.conversation_id, "events", after=str(before))
    assert all(page.events == stored for page in following)
