"""Ending cells."""

from __future__ import annotations

import asyncio
import time

import pytest
from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.kernels.kernel import KernelEnvironment

from .playing import User, begin, run, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "source",
    [
        "import time; print('before', flush=True); time.sleep(600)",
        "print('before', flush=True)\nwhile True: pass",
        "import asyncio; print('before', flush=True); await asyncio.sleep(600)",
        "import subprocess; print('before', flush=True); subprocess.run(['sleep', '600'])",
    ],
    ids=["sleep", "busy loop", "await", "child process"],
)
async def test_stop_ends_a_cell_and_keeps_its_output(environment: KernelEnvironment, source: str) -> None:
    """K12: the interrupt is followed by a message, without which a cell that awaits does not wake up."""
    ran, task = begin(environment, source)
    await until(ran.put_out, task)
    began = time.monotonic()
    await environment.interrupt()
    await task
    assert time.monotonic() - began < 2.0
    assert ran.done.status == "interrupted"
    assert ran.text.startswith("before")
    assert ran.error in ("KeyboardInterrupt", "CancelledError")
    assert (await run(environment, "1")).done.status == "ok"


async def test_a_cell_that_ignores_an_interrupt_is_asked_again(environment: KernelEnvironment) -> None:
    """K12: the ladder; and the kernel is never restarted for it."""
    await run(environment, "kept = 1")
    ran, task = begin(
        environment,
        "import time\nfor attempt in range(3):\n"
        "    try:\n        print(attempt, flush=True); time.sleep(600)\n"
        "    except KeyboardInterrupt: pass\nprint('over')",
    )
    await until(ran.put_out, task)
    await environment.interrupt()
    await asyncio.wait_for(task, 30)
    assert ran.text.endswith("over\n")
    assert (await run(environment, "kept")).result == "1"


async def test_an_interrupt_from_the_kernel_menu_is_an_interrupt(
    environment: KernelEnvironment, manager: AsyncKernelManager
) -> None:
    ran, task = begin(environment, "import time; print(1, flush=True); time.sleep(600)")
    await until(ran.put_out, task)
    await manager.interrupt_kernel()
    await task
    assert ran.done.status == "interrupted"


async def test_stop_spares_the_users_cell_and_ends_ours_when_it_begins(
    environment: KernelEnvironment, user: User
) -> None:
    request = user.submit("import time; time.sleep(0.7)")
    await user.running(request)
    _, task = begin(environment, "time.sleep(600)")
    await asyncio.sleep(0.1)
    await environment.interrupt()
    ran = await task
    assert (await user.reply(request))["status"] == "ok"
    assert ran.done.status == "interrupted"


async def test_stop_without_a_cell_of_ours_interrupts_nobody(environment: KernelEnvironment, user: User) -> None:
    request = user.submit("import time; time.sleep(0.5)")
    await user.running(request)
    await environment.interrupt()
    assert (await user.reply(request))["status"] == "ok"


async def test_an_interrupted_cell_does_not_abort_the_users_queued_cell(
    environment: KernelEnvironment, user: User
) -> None:
    ran, task = begin(environment, "import time; print(1, flush=True); time.sleep(600)")
    await until(ran.put_out, task)
    request = user.submit("1")
    await asyncio.sleep(0.05)
    await environment.interrupt()
    await task
    assert (await user.reply(request))["status"] == "ok"


async def test_the_time_limit_of_a_cell_interrupts_it_and_says_so(manager: AsyncKernelManager) -> None:
    environment = KernelEnvironment(manager, cell_timeout=0.4)
    await environment.connect()
    ran = await run(environment, "import time; time.sleep(600)")
    assert ran.done.status == "interrupted"
    assert any("0.4 s" in problem for problem in ran.done.problems)
    assert 0.4 <= ran.done.seconds < 2.4
    await environment.close()
