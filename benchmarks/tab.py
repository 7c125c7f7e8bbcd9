"""What a page does, without a browser: it follows one conversation and writes its notebook."""

from __future__ import annotations

import json
from pathlib import Path

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from benchmarks.server import AUTHORIZED
from jupyter_codeact.documents.file_document import FileDocument
from jupyter_codeact.events import CellFinished, EventAdapter, RunFinished
from jupyter_codeact.journal.fold import State, apply


class Tab:
    """One page on the conversation `name`, whose notebook it projects what it hears into and saves.

    `problems` has a line for each event that came twice, or not after the one before it.
    """

    def __init__(self, name: str, folder: Path, problems: list[str]) -> None:
        self.name = name
        self.state = State()
        self.heard = 0
        self._problems = problems
        self._document = FileDocument(folder / f"{name}.ipynb")
        self._socket: WebSocketClientConnection | None = None
        self._is_closed = False

    async def follow(self, port: int) -> None:
        """The socket was open, from behind the last event that is known, until it was closed.

        Raises `OSError` or `HTTPClientError` when the server does not take it.
        """
        path = f"/jupyter-codeact/conversations/{self.name}/follow?after={self.state.seq}"
        self._socket = await websocket_connect(HTTPRequest(f"ws://127.0.0.1:{port}{path}", headers=AUTHORIZED))
        if self._is_closed:  # while it was being opened
            self._socket.close()
        while (frame := await self._socket.read_message()) is not None:
            self._take(str(frame))

    def close(self) -> None:
        """The socket is closed, as by a page that goes; it is not opened again."""
        self._is_closed = True
        if self._socket is not None:
            self._socket.close()

    def drop(self) -> None:
        """The connection is gone without a word."""
        if self._socket is not None and self._socket.protocol is not None:
            self._socket.protocol._abort()  # noqa: SLF001 - there is no public way to be this impolite

    def _take(self, frame: str) -> None:
        if "seq" not in json.loads(frame):
            return
        event = EventAdapter.validate_json(frame)
        if event.seq != self.state.seq + 1:
            self._problems.append(f"{self.name}: event {event.seq} came after {self.state.seq}")
        apply(self.state, event)
        self.heard += 1
        if isinstance(event, CellFinished | RunFinished):
            self._document.save(self.state)
