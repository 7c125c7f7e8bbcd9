"""Noticing that a kernel's process has ended."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Protocol

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from jupyter_codeact.errors import KernelError

from .remote import is_alive

LOCAL_SECONDS = 0.05
REMOTE_SECONDS = 1.0


class ExitWatch(Protocol):
    """Watches one process until it is stopped."""

    def stop(self) -> None:
        """Nothing is watched any more, and nothing is left open."""
        ...


def is_local(manager: AsyncKernelManager) -> bool:
    """Whether the kernel is a process of this machine, whose end will be noticed."""
    return isinstance(manager.provisioner, LocalProvisioner)


def watch_exit(manager: AsyncKernelManager, ended: Callable[[], None]) -> ExitWatch:
    """`ended` is called once when the kernel's process ends: at once where Linux can tell (pidfd), else soon.

    Only a provisioner that is known to be local is trusted for its pid: others' pids are of another machine.
    """
    provisioner = manager.provisioner
    if not isinstance(provisioner, LocalProvisioner):
        return _Polling(manager, ended, REMOTE_SECONDS)
    if sys.platform == "linux" and provisioner.pid is not None:
        try:
            return _PidWatch(os.pidfd_open(provisioner.pid), ended)
        except OSError:
            return _Polling(manager, ended, LOCAL_SECONDS)
    return _Polling(manager, ended, LOCAL_SECONDS)


class _PidWatch:
    def __init__(self, descriptor: int, ended: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(descriptor, self._fire)

    def stop(self) -> None:
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def _fire(self) -> None:
        self.stop()
        self._ended()


class _Polling:
    def __init__(self, manager: AsyncKernelManager, ended: Callable[[], None], seconds: float) -> None:
        self._task = asyncio.create_task(self._poll(manager, ended, seconds))

    def stop(self) -> None:
        self._task.cancel()

    async def _poll(self, manager: AsyncKernelManager, ended: Callable[[], None], seconds: float) -> None:
        alive = True
        while alive:
            await asyncio.sleep(seconds)
            try:
                alive = await is_alive(manager)
            except KernelError:  # its gateway is away, which says nothing about the kernel
                continue
        ended()
