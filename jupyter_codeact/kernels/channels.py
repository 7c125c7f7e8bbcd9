"""The sockets of one connection to a kernel, and the messages on them."""

from __future__ import annotations

import hmac
import secrets
import time
import weakref
from collections.abc import Collection, Iterator
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, cast

import zmq
import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session

from .remote import is_behind_gateway

Channel: TypeAlias = Literal["shell", "control", "iopub", "stdin"]
SLICE_SECONDS = 0.005
"""Longest that received messages are worked on before others get their turn on the event loop."""


class Message(NamedTuple):
    """One message of the kernel; `request` and `sender` say which request of which session it is about."""

    channel: Channel
    kind: str
    header: dict[str, Any]
    request: str
    sender: str
    content: dict[str, Any]


def own_session(manager: AsyncKernelManager) -> Session:
    """A session with the kernel's key and an identity of its own: one that is shared gets another's replies."""
    shared = manager.session
    return Session(
        key=shared.key,
        signature_scheme=shared.signature_scheme,
        packer=shared.packer,
        unpacker=shared.unpacker,
    )


class Channels(Protocol):
    """The connections to one kernel, as its one reader uses them."""

    async def send(self, channel: Channel, message: dict[str, Any]) -> None:
        """`message`, made by the session, is on its way."""
        ...

    def answer(self, message: dict[str, Any]) -> None:
        """`message`, which answers one on stdin that was just received, is on its way."""
        ...

    async def wait(self, seconds: float) -> None:
        """A message may be there, or `seconds` have passed. Nothing is received, so this may be cancelled safely.
        Raises `KernelError` when nothing will come any more."""
        ...

    def receive(self) -> Iterator[Message]:
        """The messages that are there, for at most `SLICE_SECONDS`; damaged ones are passed over."""
        ...

    async def beats(self, seconds: float) -> bool:
        """Whether the kernel is found alive, whatever it is busy with, within `seconds`."""
        ...

    def close(self) -> None:
        """Nothing is left open."""
        ...


async def open_channels(manager: AsyncKernelManager, session: Session) -> Channels:
    """Sockets, or a websocket where the kernel is behind a gateway. Raises `KernelError`."""
    if is_behind_gateway(manager):
        from .gateway_channels import GatewayChannels

        return await GatewayChannels.open(manager, session)
    return SocketChannels(manager, session)


class SocketChannels:
    """Open sockets to a kernel; `close` leaves nothing behind.

    The context is our own, so that its unbounded receive queues (`RCVHWM` 0) are too: with a bounded one, iopub drops
    messages, `idle` among them, whenever the event loop stalls.
    """

    def __init__(self, manager: AsyncKernelManager, session: Session) -> None:
        self._session = session
        self._context = zmq.asyncio.Context()
        self._context.setsockopt(zmq.RCVHWM, 0)
        client = manager.client(session=session, context=self._context)
        # A kernel asks for input where the request came from. Each connection has another identity: a socket that is
        # still being closed would keep a second one of the same identity out.
        identity = secrets.token_hex(8).encode()
        self._sockets: dict[Channel, zmq.asyncio.Socket] = {
            "shell": cast("zmq.asyncio.Socket", client.connect_shell(identity)),
            "control": cast("zmq.asyncio.Socket", client.connect_control()),
            "iopub": cast("zmq.asyncio.Socket", client.connect_iopub()),
            "stdin": cast("zmq.asyncio.Socket", client.connect_stdin(identity)),
        }
        self._client = client
        self._poller = zmq.asyncio.Poller()
        self._blocking: dict[Channel, zmq.Socket[bytes]] = {}
        for channel, socket in self._sockets.items():
            self._poller.register(socket, zmq.POLLIN)
            self._blocking[channel] = zmq.Socket.shadow(socket.underlying)
        # Left to the garbage collector, a context waits for ever for sockets that would be closed only after it.
        self._end = weakref.finalize(self, _destroy, self._context, tuple(self._sockets.values()))

    async def send(self, channel: Channel, message: dict[str, Any]) -> None:
        await self._sockets[channel].send_multipart(self._session.serialize(message))

    def answer(self, message: dict[str, Any]) -> None:
        self._blocking["stdin"].send_multipart(self._session.serialize(message), zmq.NOBLOCK)

    async def wait(self, seconds: float) -> None:
        await self._poller.poll(round(seconds * 1000))

    def receive(self) -> Iterator[Message]:
        end = time.monotonic() + SLICE_SECONDS
        for channel, socket in self._blocking.items():
            while True:
                try:
                    parts = socket.recv_multipart(zmq.NOBLOCK)
                except zmq.Again:
                    break
                if (message := self._decode(channel, parts)) is not None:
                    yield message
                if time.monotonic() > end:
                    return

    async def beats(self, seconds: float) -> bool:
        """Whether the kernel's heartbeat, which a running cell does not stop, answers within `seconds`."""
        socket = cast("zmq.asyncio.Socket", self._client.connect_hb())
        try:
            await socket.send(b"ping")
            return bool(await socket.poll(round(seconds * 1000)))
        finally:
            socket.close(linger=0)

    def close(self) -> None:
        """All sockets are closed; requests that the kernel has not received never reach it, nor its successor."""
        self._end()

    def _decode(self, channel: Channel, parts: list[bytes]) -> Message | None:
        session = self._session
        try:
            _, frames = session.feed_identities(parts)
            signature, header, parent, metadata, content, *_ = cast("list[bytes]", frames)
            if session.auth and not hmac.compare_digest(signature, session.sign([header, parent, metadata, content])):
                return None
            named = session.unpack(header)
            request = session.unpack(parent)
            return Message(
                channel,
                str(named["msg_type"]),
                {**named, "msg_id": str(named["msg_id"])},
                request.get("msg_id", ""),
                request.get("session", ""),
                {**session.unpack(content)},
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def _destroy(context: zmq.asyncio.Context, sockets: Collection[zmq.asyncio.Socket]) -> None:
    """`sockets`, and all others of `context`, are closed at once."""
    for socket in sockets:
        socket.close(linger=0)
    context.destroy(linger=0)
