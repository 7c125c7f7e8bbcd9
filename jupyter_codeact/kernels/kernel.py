"""The user's live kernel as the agent's environment."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from dataclasses import replace

from jupyter_client.manager import AsyncKernelManager
from tornado.web import HTTPError

from jupyter_codeact.errors import KernelError, KernelGone
from jupyter_codeact.events import Change

from .channels import Message, own_session
from .connection import Connection
from .environment import Execution, ExecutionStarted, InterruptIgnored
from .execution import CellExecution
from .interrupt import NUDGE_SECONDS, Insistence
from .late_output import LateOutput
from .nbformat_outputs import safe_text
from .news import News
from .outputs import GLIMPSE_SECONDS
from .remote import in_words, is_alive, is_behind_gateway
from .surroundings import PROBE, Surroundings
from .waiting import wait_for

UPDATE_SECONDS = 0.05
"""Least time between two rounds of output changes of a running cell."""

RESTART_SECONDS = 15.0
"""How long a kernel that is being restarted, by the user or by Jupyter, is waited for."""

EXIT_SECONDS = 5.0
"""How long a kernel that a cell told to exit may take to do so."""

GONE = "its variables and imports are gone"

_LOOK_AGAIN_SECONDS = 0.2


class KernelEnvironment:
    """Executes in the kernel of `manager`, beside its other clients and without harm to them.

    Works through the manager's interface alone, so that it also serves kernels on other machines. `cell_timeout` and
    `ready_timeout` are in seconds. A kernel that is restarted is connected to again by itself; nothing is re-run.
    """

    def __init__(
        self,
        manager: AsyncKernelManager,
        *,
        cell_timeout: float | None = None,
        ready_timeout: float = 60.0,
    ) -> None:
        self._manager = manager
        self._cell_timeout = cell_timeout
        self._ready_timeout = ready_timeout
        self._session = own_session(manager)
        self._made_here = f"{self._session.session}_{os.getpid()}_"
        self._connection: Connection | None = None
        self._connected = asyncio.Event()
        self._running: dict[str, CellExecution] = {}
        self._late = LateOutput()
        self._news = News()
        self._surroundings = Surroundings()
        self._told = False
        self._recovery: asyncio.Task[None] | None = None
        self._reprieve: asyncio.TimerHandle | None = None
        self._insistence = Insistence(self._ask_to_end)

    async def connect(self) -> None:
        """Cells can be executed; behind the user's, where the kernel is busy. Raises `KernelError` in words."""
        connection = Connection(self._manager, self._session, self)
        await connection.open(self._ready_timeout)
        self._connection = connection
        self._told = False
        self._surroundings = Surroundings()
        self._connected.set()

    async def close(self) -> None:
        """No task, thread, descriptor or socket of ours is left; the kernel lives on, and so does what runs in it."""
        await self._insistence.stop()
        if self._recovery is not None:
            self._recovery.cancel()
            await asyncio.gather(self._recovery, return_exceptions=True)
        self._cancel_reprieve()
        self._connected.clear()
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
        self._lose("the connection to the kernel was closed while the cell ran; it may go on running")

    @property
    def language(self) -> str:
        """The kernel's language in lower case; before it has said so, what its specification says."""
        if self._connection is not None and self._connection.language:
            return self._connection.language
        spec = None if is_behind_gateway(self._manager) else self._manager.kernel_spec
        return spec.language.lower() if spec is not None and spec.language else "python"

    async def execute(self, source: str, cell_id: str) -> AsyncGenerator[Execution, None]:
        """Yield what happens; the last item is one `ExecutionDone`. Raises `KernelError` when it cannot be begun.

        The cell queues behind what the kernel has to do already. Closing the generator early leaves the cell running.
        """
        connection = await self._usable_connection()
        request = self._session.msg(
            "execute_request",
            {
                "code": safe_text(source),
                "silent": False,
                "store_history": True,
                "user_expressions": PROBE if self.language == "python" else {},
                "allow_stdin": False,
                "stop_on_error": False,
            },
        )
        cell = CellExecution(cell_id)
        self._running[request["msg_id"]] = cell
        try:
            await connection.send("shell", request)
            async for item in self._follow(cell):
                yield item
        except KernelGone:
            self._running.pop(request["msg_id"], None)
            raise
        finally:
            cell.abandoned = True

    async def interrupt(self) -> None:
        """The running cell is asked to end, more than once if it must be.

        One that still waits behind the user's is asked as soon as it begins: the user's cell is not ours to stop. Of a
        cell that holds Python's lock from its first statement on, nothing is heard, not even that it began; it may as
        well be the user's, ahead of ours: it is not asked before it lets go.
        """
        for cell in list(self._running.values()):
            cell.interrupted = True
            if cell.started:
                await self._insistence.begin(cell)

    def take_changes(self) -> list[Change]:
        """What others did to the kernel since the last call, oldest first."""
        return self._news.take()

    async def _follow(self, cell: CellExecution) -> AsyncGenerator[Execution, None]:
        """Changes of outputs are batched: one round per `UPDATE_SECONDS`, the last one at once."""
        clock = asyncio.get_running_loop().time
        deadline: float | None = None
        started = deaf = False
        while True:
            cell.news.clear()
            done = cell.done
            if cell.started and not started:
                started = True
                deadline = None if self._cell_timeout is None else clock() + self._cell_timeout
                yield ExecutionStarted()
            if cell.deaf and not deaf:
                yield InterruptIgnored()
            deaf = cell.deaf
            ops = cell.outputs.take(clock(), final=done is not None)
            for op in ops:
                yield op
            if done is not None:
                noticed = self._surroundings.notice(cell.expressions) + self._late.take_problems()
                yield replace(done, problems=done.problems + noticed)
                return
            if deadline is not None and clock() >= deadline:
                deadline = None
                cell.problems.append(f"interrupted after {self._cell_timeout:g} s, the limit for one cell")
                await self.interrupt()
            if ops:
                await wait_for(cell.ended, UPDATE_SECONDS)
            waits = [GLIMPSE_SECONDS] if cell.outputs.glimpse_due else []
            waits += [] if deadline is None else [max(0.0, deadline - clock())]
            await wait_for(cell.news, min(waits, default=None))

    # What the connection tells

    def hear(self, message: Message) -> None:
        """The message has reached the cell, or the news, that it is about."""
        own = message.request.startswith(self._made_here)  # a gateway asks in our name, too, and gets those replies
        cell = self._running.get(message.request)
        for other in self._running.values():
            if other is not cell:
                other.overhear(message, others=not own and message.kind == "status")
        if cell is not None:
            self._hear_own(message, cell)
        elif own:
            self._late.hear(message)
        elif message.channel == "iopub":
            self._news.hear(message)

    def silence(self, now: float) -> bool:
        """Cells whose end was lost have ended. Returns whether any cell still runs."""
        for request, cell in list(self._running.items()):
            cell.end_if_silent(now)
            self._retire(request, cell)
        return bool(self._running)

    def unheard(self, now: float) -> bool:
        """Whether the kernel should be reminded of a cell."""
        return any(cell.reminder.due(now) for cell in list(self._running.values()))

    def kernel_ended(self, *, stopped: bool) -> None:
        """Our cells are lost, and a successor of the kernel will be connected to."""
        self._cancel_reprieve()
        self._connected.clear()
        what = "was restarted or shut down" if stopped else "died"
        self._lose(f"the kernel {what} while the cell ran: its state is gone, and nothing was run again")
        self._news.kernel_gone()
        if stopped:
            self._news.add(Change(what="kernel_restarted", detail=GONE))
        elif not self._told:
            self._news.add(Change(what="kernel_died", detail=GONE))
        self._recovery = asyncio.create_task(self._recover())

    def _hear_own(self, message: Message, cell: CellExecution) -> None:
        was_started = cell.started
        cell.absorb(message)
        if cell.interrupted and cell.started and not was_started:
            self._insistence.begin_soon(cell)
        self._retire(message.request, cell)
        if cell.done is not None and cell.done.status == "lost":
            self._expect_end()

    def _expect_end(self) -> None:
        """A kernel that a cell told to exit gets no further requests, unless it turns out to live on."""
        self._told = True
        self._connected.clear()
        self._reprieve = asyncio.get_running_loop().call_later(EXIT_SECONDS, self._connected.set)

    def _cancel_reprieve(self) -> None:
        if self._reprieve is not None:
            self._reprieve.cancel()
            self._reprieve = None

    def _retire(self, request: str, cell: CellExecution) -> None:
        if cell.done is not None:
            del self._running[request]
            self._late.ended(request, cell.cell_id)

    def _lose(self, problem: str) -> None:
        for request, cell in list(self._running.items()):
            cell.lose(problem)
            self._retire(request, cell)
            self._told = True

    async def _recover(self) -> None:
        """Connected to the kernel's successor, whenever that comes."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
        while not self._connected.is_set():
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            try:
                await self.connect()
            except KernelError:
                continue

    async def _usable_connection(self) -> Connection:
        if self._connection is None and self._recovery is None:
            raise KernelError("not connected to a kernel")
        patience = RESTART_SECONDS
        while not await wait_for(self._connected, _LOOK_AGAIN_SECONDS):
            patience -= _LOOK_AGAIN_SECONDS
            if patience <= 0 or not await self._successor_expected():
                break
        if not self._connected.is_set() or self._connection is None:
            raise KernelGone("the kernel is gone, and with it all variables: restart it, then continue")
        return self._connection

    async def _successor_expected(self) -> bool:
        """Whether a kernel is starting, or the user or Jupyter is about to start one."""
        manager = self._manager
        restarter = manager.autorestart and getattr(manager, "restarter_class", None) is not None
        return restarter or manager.shutting_down or await is_alive(manager)

    async def _ask_to_end(self, cell: CellExecution) -> None:
        """An interrupt, then any message: that wakes a cell which awaits, where the interrupt alone does not."""
        try:
            await self._manager.interrupt_kernel()
            if not await wait_for(cell.ended, NUDGE_SECONDS) and self._connection is not None:
                await self._connection.send("shell", self._session.msg("kernel_info_request", {}))
        except (RuntimeError, KernelGone):
            return  # no kernel is left to be interrupted, and the cell is about to be lost
        except (HTTPError, OSError) as error:
            why = in_words(error) if isinstance(error, HTTPError) else str(error)
            problem = f"the kernel gateway did not interrupt the cell ({why}): it may go on running"
            if problem not in cell.problems:
                cell.problems.append(problem)
