"""The other side of an environment in tests: who consumes an execution, and a user with cells of their own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session
from jupyter_core.utils import ensure_async

from jupyter_codeact.events import CellOutput
from jupyter_codeact.journal.outputs import apply_output
from jupyter_codeact.kernels.environment import ExecutionDone, ExecutionStarted, OutputOp
from jupyter_codeact.kernels.kernel import KernelEnvironment


def folded(ops: Iterable[OutputOp]) -> list[dict[str, Any]]:
    """The outputs as the journal's readers have them after `ops`."""
    outputs: list[dict[str, Any]] = []
    for op in ops:
        if op.op == "append":
            assert op.index == len(outputs)
        elif op.op == "replace":
            assert op.index < len(outputs)
        apply_output(outputs, CellOutput(cell_id="c", op=op.op, index=op.index, output=op.output))
    return outputs


def joined(outputs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """`outputs` with neighbouring streams of one name as one, as JupyterLab shows them."""
    result: list[dict[str, Any]] = []
    for output in outputs:
        last = result[-1] if result else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            result[-1] = last | {"text": last["text"] + output["text"]}
        else:
            result.append(output)
    return result


def valid(outputs: Iterable[dict[str, Any]]) -> bool:
    """Whether a notebook may hold `outputs`; raises what is wrong with them."""
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "c",
        "source": "",
        "metadata": {},
        "execution_count": None,
        "outputs": list(outputs),
    }
    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
    return True


@dataclass
class Ran:
    """What became of one cell."""

    ops: list[OutputOp] = field(default_factory=list)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    put_out: asyncio.Event = field(default_factory=asyncio.Event)
    done: ExecutionDone = field(default_factory=lambda: ExecutionDone("lost"))

    @property
    def outputs(self) -> list[dict[str, Any]]:
        return joined(folded(self.ops))

    @property
    def text(self) -> str:
        """All stream text."""
        return "".join(output["text"] for output in self.outputs if output["output_type"] == "stream")

    @property
    def result(self) -> str:
        """The text of the last output."""
        return str(self.outputs[-1]["data"]["text/plain"])

    @property
    def error(self) -> str:
        """The name of the exception."""
        return next(str(output["ename"]) for output in self.outputs if output["output_type"] == "error")


async def run(environment: KernelEnvironment, source: str, cell_id: str = "c", ran: Ran | None = None) -> Ran:
    """What became of `source`; `ran` is filled while it runs."""
    ran = ran or Ran()
    items = [item async for item in _recorded(environment, source, cell_id, ran)]
    assert isinstance(items[-1], ExecutionDone)
    assert sum(isinstance(item, ExecutionDone) for item in items) == 1
    ran.done = items[-1]
    return ran


async def _recorded(environment: KernelEnvironment, source: str, cell_id: str, ran: Ran) -> Any:
    async for item in environment.execute(source, cell_id):
        if isinstance(item, OutputOp):
            ran.ops.append(item)
            ran.put_out.set()
        elif isinstance(item, ExecutionStarted):
            assert not ran.ops
            ran.started.set()
        yield item


def begin(environment: KernelEnvironment, source: str, cell_id: str = "c") -> tuple[Ran, asyncio.Task[Ran]]:
    """`source` is being run."""
    ran = Ran()
    return ran, asyncio.create_task(run(environment, source, cell_id, ran))


async def until(event: asyncio.Event, task: asyncio.Task[Ran]) -> None:
    """`event` was set; an error of `task`, or its end before that, is an error of the test."""
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait((waiting, task), timeout=30, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    assert event.is_set(), await task


class User:
    """A user's JupyterLab: its own client, which asks the kernel to skip what is queued when a cell fails."""

    def __init__(self, manager: AsyncKernelManager) -> None:
        shared = manager.session
        session = Session(key=shared.key, signature_scheme=shared.signature_scheme)
        self._client: AsyncKernelClient = manager.client(session=session)

    async def open(self) -> None:
        """The page is connected and hears the kernel: what is published before its subscription arrived is missed."""
        client: Any = self._client
        await ensure_async(client.start_channels(stdin=False, hb=False))
        while True:
            for channel in (client.control_channel, client.shell_channel):  # R's kernel answers on the latter only
                channel.send(client.session.msg("kernel_info_request", {}))
            with contextlib.suppress(Empty):
                await client.get_iopub_msg(timeout=0.5)
                return

    def submit(self, source: str) -> str:
        """The user pressed Shift-Enter; the request's id."""
        return str(self._client.execute(source, stop_on_error=True))

    async def reply(self, request: str) -> dict[str, Any]:
        """The kernel's reply to `request`."""
        while True:
            message = await self._client.get_shell_msg(timeout=30)
            if message["parent_header"].get("msg_id") == request:
                content: dict[str, Any] = message["content"]
                return content

    async def running(self, request: str) -> None:
        """The cell has begun."""
        while True:
            message = await self._client.get_iopub_msg(timeout=30)
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == "execute_input":
                return

    def close(self) -> None:
        """The page is closed."""
        if (websocket := getattr(self._client, "channel_socket", None)) is not None:
            websocket.abort()  # Jupyter's client of a gateway else waits for its own thread, which waits for a message
        self._client.stop_channels()
