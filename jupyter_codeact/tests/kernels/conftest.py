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
REMOTE_TOO = {"test_bash", "test_death", "test_executing", "test_interrupting", "test_loss", "test_r", "test_variables"}
_HELD_BACK = "a gateway passes on a megabyte and a thousand messages a second, and holds the rest back"
LOCAL_ONLY = {
    "test_memory_and_journal_stay_small_while_100_megabytes_are_printed": _HELD_BACK,
    "test_updates_of_a_fast_printer_are_batched": _HELD_BACK,
    "test_a_reply_to_what_a_gateway_asks_in_our_name_is_not_missing": "it plays the gateway",
    "test_the_managers_interface_is_enough": "it starts a kernel of its own, here",
}
"""Of those modules, the tests that make no sense behind a gateway, and why."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The tests of the modules in `REMOTE_TOO` have a kernel in every place, but those in `LOCAL_ONLY`."""
    if "manager" in metafunc.fixturenames and metafunc.module.__name__.rpartition(".")[2] in REMOTE_TOO:
        places = PLACES[:1] if metafunc.function.__name__ in LOCAL_ONLY else PLACES
        metafunc.parametrize("manager", places, indirect=True, scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def manager(request: pytest.FixtureRequest) -> AsyncIterator[AsyncKernelManager]:
    """Of the kernel that the module names as `KERNEL`, else of Python's."""
    name = getattr(request.module, "KERNEL", "python3")
    place = getattr(request, "param", "local")
    async with gateway.remote_kernel(name) if place == "gateway" else local_kernel(name) as manager:
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
