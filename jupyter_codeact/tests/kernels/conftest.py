"""One kernel a module, one environment a test; some modules also with the kernel behind a gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import local_kernel

from . import gateway
from .playing import User

PLACES = ["local", "gateway"] if gateway.INSTALLED else ["local"]
REMOTE_TOO = {"test_executing", "test_interrupting", "test_variables"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The tests of the modules in `REMOTE_TOO` have a kernel in every place."""
    if "manager" in metafunc.fixturenames and metafunc.module.__name__.rpartition(".")[2] in REMOTE_TOO:
        metafunc.parametrize("manager", PLACES, indirect=True, scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def manager(request: pytest.FixtureRequest) -> AsyncIterator[AsyncKernelManager]:
    place = getattr(request, "param", "local")
    async with gateway.remote_kernel() if place == "gateway" else local_kernel() as manager:
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
    await user.open()
    yield user
    user.close()
