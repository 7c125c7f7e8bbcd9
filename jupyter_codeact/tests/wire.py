"""HTTP/1.1 on a raw asyncio connection, low enough to break its rules on purpose."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, TypeAlias

Framing: TypeAlias = Literal["chunked", "close"]


@dataclass
class Request:
    """One request as it arrived; header names are lower case.

    `disconnected` is set when the client went away before the answer was complete.
    """

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    disconnected: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def body(self) -> Any:
        """The parsed JSON body; None when there is none."""
        return json.loads(self.raw) if self.raw else None


class Wire:
    """One connection of a client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._ahead = b""
        self._chunked = False
        self.keep_alive = True

    async def read_request(self) -> Request | None:
        """The next request; None when the client closed the connection, also in the middle of one."""
        try:
            return await self._read_request()
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def _read_request(self) -> Request:
        head = self._ahead + await self._reader.readuntil(b"\r\n\r\n")
        self._ahead = b""
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, path, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        self.keep_alive = headers.get("connection", "").lower() != "close"
        raw = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Request(method, path, headers, raw)

    async def client_gone(self) -> None:
        """Returns when the client closed its side; a request sent ahead is kept for `read_request`."""
        while not self._reader.at_eof():
            try:
                self._ahead += await self._reader.read(1)
            except ConnectionError:
                return

    async def head(
        self,
        status: int,
        headers: Mapping[str, str],
        *,
        framing: Framing | None = None,
        length: int | None = None,
    ) -> None:
        """Sends the status line and the headers; the body follows by `write`, framed as said."""
        self._chunked = framing == "chunked"
        if framing == "close":
            self.keep_alive = False
        phrase = HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else "Unnamed"
        lines = [f"HTTP/1.1 {status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self._chunked:
            lines.append("Transfer-Encoding: chunked")
        if length is not None:
            lines.append(f"Content-Length: {length}")
        lines.append(f"Connection: {'keep-alive' if self.keep_alive else 'close'}")
        self._writer.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))
        await self._writer.drain()

    async def write(self, data: bytes) -> None:
        """Sends a piece of the body, now."""
        if not data:
            return
        self._writer.write(b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data)
        await self._writer.drain()

    async def end(self) -> None:
        """Ends the body as its framing demands."""
        if self._chunked:
            self._writer.write(b"0\r\n\r\n")
            await self._writer.drain()

    async def answer(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        """Sends a whole response; text and bytes as they are, everything else as JSON."""
        if isinstance(body, bytes):
            data, kind = body, "application/octet-stream"
        elif isinstance(body, str):
            data, kind = body.encode("utf-8", "surrogatepass"), "text/plain"
        else:
            data, kind = json.dumps(body).encode(), "application/json"
        await self.head(status, {"Content-Type": kind, **(headers or {})}, length=len(data))
        self._writer.write(data)
        await self._writer.drain()

    async def close(self) -> None:
        """Closes the connection, at once."""
        self.keep_alive = False
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except ConnectionError:
            return
