"""The websocket that takes the place of sockets where a kernel is behind a gateway.

The protocol is that of JupyterLab's pages: a JSON object a message, which names its channel. Gateways speak it on
`/api/kernels/<id>/channels`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from jupyter_server.gateway.gateway_client import GatewayClient
from jupyter_server.utils import url_escape, url_path_join
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, WebSocketError, websocket_connect

from jupyter_codeact.errors import KernelError, KernelGone

from .channels import SLICE_SECONDS, Channel, Message
from .remote import is_alive
from .waiting import wait_for

RECONNECT_SECONDS = 30.0
"""How long a websocket that broke is tried again. Meanwhile the gateway keeps what the kernel says for us."""

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_MOST_BYTES = 1 << 30
"""Of one message; tornado's own limit of 10 MB would end the connection over one large image."""


class GatewayChannels:
    """An open websocket to a kernel; `close` leaves nothing behind. Use `open`."""

    def __init__(self, manager: Any, session: Session) -> None:
        self._manager = manager
        self._session = session
        self._socket: WebSocketClientConnection | None = None
        self._received: deque[Message] = deque()
        self._news = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None
        self._in_our_name = False

    @classmethod
    async def open(cls, manager: Any, session: Session) -> GatewayChannels:
        """Connected, with `session` as the identity. Raises `KernelError` in words."""
        channels = cls(manager, session)
        channels._socket = await channels._connect()
        channels._reader = asyncio.create_task(channels._read(channels._socket))
        return channels

    async def send(self, channel: Channel, message: dict[str, Any]) -> None:
        """`message`, made by the session, is on its way. Raises `KernelGone` while the gateway is not reached."""
        try:
            if self._socket is None:
                raise WebSocketClosedError
            await self._socket.write_message(_as_frame(channel, message))
        except WebSocketClosedError as error:
            raise KernelGone(
                "the connection to the kernel gateway is lost: check the gateway, then continue"
            ) from error

    def answer(self, message: dict[str, Any]) -> None:
        """`message`, which answers one on stdin that was just received, is on its way, as long as there is one."""
        if self._socket is not None:
            self._socket.write_message(_as_frame("stdin", message))

    async def wait(self, seconds: float) -> None:
        """A message may be there, or `seconds` have passed."""
        if not self._received:
            self._check()
            self._news.clear()
            await wait_for(self._news, seconds)

    def receive(self) -> Iterator[Message]:
        """The messages that are there, for at most `SLICE_SECONDS`."""
        end = time.monotonic() + SLICE_SECONDS
        while self._received:
            yield self._received.popleft()
            if time.monotonic() > end:
                return

    async def beats(self, seconds: float) -> bool:
        """Whether the gateway says, within `seconds`, that the kernel runs: its heartbeat does not get here."""
        try:
            return await asyncio.wait_for(is_alive(self._manager), seconds)
        except (asyncio.TimeoutError, KernelError):
            return False

    def close(self) -> None:
        """The websocket is closed; what the gateway was sent already still reaches the kernel."""
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _check(self) -> None:
        """Raises what ended the reader: nothing more will come."""
        if self._reader is not None and self._reader.done() and not self._reader.cancelled():
            self._reader.result()

    async def _connect(self) -> WebSocketClientConnection:
        client: Any = GatewayClient.instance()
        url = url_path_join(
            client.ws_url or "", client.kernels_endpoint, url_escape(self._manager.kernel_id), "channels"
        )
        request = HTTPRequest(f"{url}?session_id={url_escape(self._session.session)}", **client.load_connection_args())
        try:
            return await websocket_connect(request, max_message_size=_MOST_BYTES)
        except HTTPClientError as error:
            raise KernelError(
                f"the kernel gateway refused to connect to the kernel (HTTP {error.code}: {error.message}): "
                "check its token and permissions in c.GatewayClient"
            ) from error
        except (OSError, WebSocketError) as error:
            raise KernelError(f"the kernel gateway cannot be reached ({error}): check that it is running") from error

    async def _read(self, socket: WebSocketClientConnection) -> None:
        while True:
            frame = await socket.read_message()
            if frame is None:
                self._socket = None
                socket = self._socket = await self._connect_again()
            elif (message := self._decode(frame)) is not None:
                self._received.append(message)
                self._news.set()

    async def _connect_again(self) -> WebSocketClientConnection:
        """Raises `KernelGone` when the kernel is gone, or when the gateway stays away."""
        end, pause = time.monotonic() + RECONNECT_SECONDS, _FIRST_PAUSE
        try:
            while True:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                try:
                    if not await is_alive(self._manager):
                        raise KernelGone("the kernel is gone: restart it, then continue")
                    return await self._connect()
                except KernelGone:
                    raise
                except KernelError as error:
                    if time.monotonic() >= end:
                        raise KernelGone(str(error)) from error
        finally:
            self._news.set()

    def _decode(self, frame: str | bytes) -> Message | None:
        """None for what is damaged, and for what the gateway says in our name: that it holds back outputs.

        How many are missing is seen from the numbers of the kernel's own messages. Of one that says everything in our
        name (IRkernel 1.3) and numbers nothing, all is kept, the gateway's words among its outputs.
        """
        try:
            message = json.loads(frame if isinstance(frame, str) else _first_part(frame))
            header, parent = message["header"], message["parent_header"]
            if header.get("session") == self._session.session:
                self._in_our_name = self._in_our_name or header["msg_type"] == "kernel_info_reply"
                if header["msg_type"] == "stream" and not self._in_our_name:
                    return None
            return Message(
                message["channel"],
                str(header["msg_type"]),
                {**header, "msg_id": str(header["msg_id"])},
                parent.get("msg_id", ""),
                parent.get("session", ""),
                {**message["content"]},
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def _as_frame(channel: Channel, message: dict[str, Any]) -> str:
    return json.dumps({**message, "channel": channel, "buffers": []}, default=json_default)


def _first_part(frame: bytes) -> bytes:
    """The JSON of a message with buffers: the count and the offsets of its parts, of 32 bits each, come first."""
    count = int.from_bytes(frame[:4], "big")
    offsets = [int.from_bytes(frame[4 * index : 4 * index + 4], "big") for index in range(1, count + 1)]
    return frame[offsets[0] : offsets[1] if count > 1 else len(frame)]
