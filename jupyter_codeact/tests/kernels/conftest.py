"""One kernel a module, one environment a test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import local_kernel

from .playing import User


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def manager() -> AsyncIterator[AsyncKernelManager]:
    async with local_kernel() as manager:
        yield manager


@pytest_asyncio.fixture(loop_scope="module")
async def environment(manager: AsyncKernelManager) -> AsyncIterator[KernelEnvironment]:
    environment = KernelEnvironment(manager)
    await environment.connect()
    yield environment
    await environment.close()


@pytest_asyncio.fixture(loop_scope="module")
async def user(manager: AsyncKernelManager) -> AsyncIterator[User]:
    user = User(manager)
    yield user
    user.close()
