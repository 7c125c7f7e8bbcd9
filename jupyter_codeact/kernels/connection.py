"""One connection to a running kernel: sockets, their one reader, and the watch over the kernel's process."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Protocol

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session

from jupyter_codeact.errors import KernelError, KernelGone

from .channels import Channel, Channels, Message, open_channels
from .process_exit import ExitWatch, is_local, watch_exit
from .remote import is_alive, is_behind_gateway
from .waiting import wait_for

BUSY_SECONDS = 5.0
"""A kernel that has not answered for so long, though its heart beats, is taken for busy: requests queue behind."""

_ASK_AGAIN_SECONDS = 0.5
_QUESTION_SECONDS = 2.0
_LAST_WORDS_SECONDS = 0.03
"""How long what a kernel sent before its end may take to get here."""


class Listener(Protocol):
    """Whom a connection tells."""

    def hear(self, message: Message) -> None:
        """A message arrived."""
        ...

    def silence(self, now: float) -> bool:
        """No message is there at `now` (of the monotonic clock). Returns whether any is expected."""
        ...

    def unheard(self, now: float) -> bool:
        """Whether the kernel should be reminded at `now` of a request that it gave no sign of."""
        ...

    def kernel_ended(self, *, stopped: bool) -> None:
        """The process is gone, or another one has taken its place; everything that it sent was told before. `stopped`:
        somebody wanted it to end."""
        ...


class Connection:
    """Tells its listener everything that a kernel says, from `open` to `close`.

    Nobody is ever cancelled while receiving: the reader awaits only that something is there, then takes it.
    """

    def __init__(self, manager: AsyncKernelManager, session: Session, listener: Listener) -> None:
        self.language = ""
        self._manager = manager
        self._session = session
        self._listener = listener
        self._channels: Channels | None = None
        self._watch: ExitWatch | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = False
        self._ended = False
        self._next_question = 0.0
        self._kernel_session = ""
        self._iopub_heard = False
        self._news = asyncio.Event()

    async def open(self, seconds: float) -> None:
        """The kernel hears us and we hear it, or it is busy. Raises `KernelError` when neither is so in `seconds`."""
        if not await is_alive(self._manager):
            raise KernelGone("no kernel is running: start or restart it, then try again")
        self._channels = await open_channels(self._manager, self._session)
        try:
            self._watch = watch_exit(self._manager, self._process_ended)
            reader = asyncio.create_task(self._read(self._channels))
            reader.add_done_callback(self._reader_ended)
            self._tasks.append(reader)
            await self._greet(self._channels, seconds)
            self._ready = True
        finally:
            if not self._ready:
                await self.close()

    async def send(self, channel: Channel, message: dict[str, Any]) -> None:
        """`message`, made by the session, is on its way. Raises `KernelGone` when the connection is closed."""
        if self._channels is None:
            raise KernelGone("the kernel is gone: restart it, then try again")
        await self._channels.send(channel, message)

    async def close(self) -> None:
        """No task, thread, descriptor or socket of the connection is left."""
        if self._watch is not None:
            self._watch.stop()
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._channels is not None:
            self._channels.close()
            self._channels = None

    async def _greet(self, channels: Channels, seconds: float) -> None:
        """Asked on the control channel, which also a kernel with a running cell answers; and once behind that cell,
        since some (IRkernel 1.3) do not answer there at all."""
        began = time.monotonic()
        asked_shell = False
        while not (self._kernel_session and self._iopub_heard):
            waited = time.monotonic() - began
            if self._ended:
                raise KernelGone("the kernel ended while it was starting")
            if waited >= min(BUSY_SECONDS, seconds) and await channels.beats(_ASK_AGAIN_SECONDS):
                return
            if waited >= seconds:
                raise KernelError(f"the kernel did not become ready within {seconds:g} s: restart it")
            await channels.send("control", self._session.msg("kernel_info_request", {}))
            if waited >= _ASK_AGAIN_SECONDS and not asked_shell:
                asked_shell = True
                await channels.send("shell", self._session.msg("kernel_info_request", {}))
            self._news.clear()
            await wait_for(self._news, _ASK_AGAIN_SECONDS)

    async def _read(self, channels: Channels) -> None:
        while True:
            if self._deliver(channels):
                await asyncio.sleep(0)
            else:
                if self._listener.silence(time.monotonic()):
                    await self._ask_who_it_is(channels)
                if self._listener.unheard(time.monotonic()):
                    await channels.send("shell", self._session.msg("kernel_info_request", {}))
                await channels.wait(_ASK_AGAIN_SECONDS)

    def _reader_ended(self, reader: asyncio.Task[None]) -> None:
        """A reader that failed must not leave anybody waiting for what it would have read."""
        if not reader.cancelled():
            self._process_ended()

    async def _ask_who_it_is(self, channels: Channels) -> None:
        """A kernel whose process cannot be watched is asked, now and then, whether it still is the same one."""
        now = time.monotonic()
        if self._ready and now >= self._next_question and not is_local(self._manager):
            self._next_question = now + _QUESTION_SECONDS
            await channels.send("control", self._session.msg("kernel_info_request", {}))

    def _deliver(self, channels: Channels) -> bool:
        """Whether there was any message."""
        any_message = False
        for message in channels.receive():
            any_message = True
            if message.kind == "input_request":
                channels.answer(self._session.msg("input_reply", {"value": ""}))
            self._hear(message)
            self._listener.hear(message)
        return any_message

    def _hear(self, message: Message) -> None:
        if _tells_of_death(message):
            self._process_ended()
        elif self._is_successor(message):
            self._process_ended(replaced=True)
        elif message.kind == "kernel_info_reply":
            self.language = str(message.content.get("language_info", {}).get("name", "")).lower()
            self._kernel_session = str(message.header.get("session", ""))
            self._news.set()
        elif message.channel == "iopub" and not self._iopub_heard:
            self._iopub_heard = True
            self._news.set()

    def _is_successor(self, message: Message) -> bool:
        """Whether another process than the one that we greeted speaks: kernels name their session in what they say.

        Those that repeat the client's instead cannot be told apart.
        """
        known = self._kernel_session not in ("", self._session.session)
        return known and self._ready and message.header.get("session") != self._kernel_session

    def _process_ended(self, *, replaced: bool = False) -> None:
        if self._ended:
            return
        self._ended = True
        self._news.set()
        if self._ready and self._channels is not None:
            # To be asked now: soon the kernel's successor has been started, and nothing is shutting down any more.
            # A gateway tells of a death before it starts another kernel: one that is there without a word was wanted.
            stopped = bool(self._manager.shutting_down) or (replaced and is_behind_gateway(self._manager))
            self._tasks.append(asyncio.create_task(self._last_words(self._channels, stopped)))

    async def _last_words(self, channels: Channels, stopped: bool) -> None:
        await asyncio.sleep(_LAST_WORDS_SECONDS)
        delivered = True
        while delivered:
            delivered = self._deliver(channels)
            await asyncio.sleep(0)
        self._listener.kernel_ended(stopped=stopped)


def _tells_of_death(message: Message) -> bool:
    """Whether a gateway says that the kernel died, and may have been started again: a kernel is "busy" or "idle"."""
    return message.kind == "status" and message.content.get("execution_state") in ("restarting", "dead")
