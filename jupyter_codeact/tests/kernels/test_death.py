"""Kernels that die or are restarted, and starting and stopping them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from jupyter_client.ioloop.manager import AsyncIOLoopKernelManager
from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.errors import KernelError, KernelGone
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import KEY_VARIABLE, local_kernel
from jupyter_codeact.kernels.remote import is_behind_gateway

from .playing import User, begin, run, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

GATEWAY_SECONDS = 8.0
"""A gateway looks for dead kernels every three seconds, and says so when the next one runs."""


async def pid_of(environment: KernelEnvironment) -> int:
    return int((await run(environment, "__import__('os').getpid()")).result)


async def seen_gone(environment: KernelEnvironment, manager: AsyncKernelManager) -> None:
    """What comes after a death: nobody starts another kernel here, a gateway does."""
    if is_behind_gateway(manager):
        assert (await run(environment, "1 + 1")).result == "2"
    else:
        with pytest.raises(KernelGone):
            await run(environment, "1")


@pytest_asyncio.fixture(loop_scope="module")
async def connected(manager: AsyncKernelManager) -> AsyncIterator[KernelEnvironment]:
    """As `environment`, after whatever the test before did to the kernel."""
    if not await manager.is_alive():
        await manager.restart_kernel(now=True)
    environment = KernelEnvironment(manager)
    await environment.connect()
    yield environment
    await environment.close()


async def test_a_killed_kernel_is_noticed_at_once_and_the_cell_is_lost(
    connected: KernelEnvironment, manager: AsyncKernelManager
) -> None:
    """K8: lost, told in words, and never executed again by itself."""
    pid = await pid_of(connected)
    ran, task = begin(connected, "import time; print('before', flush=True); time.sleep(600)")
    await until(ran.put_out, task)
    killed = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    await task
    assert time.monotonic() - killed < (GATEWAY_SECONDS if is_behind_gateway(manager) else 0.5)
    assert (ran.done.status, ran.text) == ("lost", "before\n")
    assert "died" in ran.done.problems[0]
    await seen_gone(connected, manager)


async def test_a_restarted_kernel_is_found_again_and_nothing_is_re_run(
    connected: KernelEnvironment, manager: AsyncKernelManager, tmp_path: Path
) -> None:
    """K8."""
    log = tmp_path / "log"
    ran, task = begin(
        connected, f"import time; open({str(log)!r}, 'a').write('once'); print(1, flush=True); time.sleep(600)"
    )
    await until(ran.put_out, task)
    await manager.restart_kernel(now=True)
    await task
    if is_behind_gateway(manager):  # which interrupts first: the cell may end before its kernel does
        assert ran.done.status in ("interrupted", "lost")
    else:
        assert ran.done.status == "lost"
    assert "restarted" in " ".join(ran.done.problems) or ran.done.status == "interrupted"
    assert (await run(connected, "'time' in globals()")).result == "False"
    assert log.read_text() == "once"
    assert [change.what for change in connected.take_changes()] == ["kernel_restarted"]


async def test_a_restart_and_a_death_between_cells_are_news(
    connected: KernelEnvironment, manager: AsyncKernelManager
) -> None:
    await manager.restart_kernel(now=True)
    ran = await run(connected, "1")
    told = [change.what for change in connected.take_changes()]
    # Where the cell was sent before the end was noticed, it is lost, and its problem tells of the restart.
    assert told == ["kernel_restarted"] if ran.done.status == "ok" else "restarted" in ran.done.problems[0]
    os.kill(await pid_of(connected), signal.SIGKILL)
    await asyncio.sleep(GATEWAY_SECONDS if is_behind_gateway(manager) else 0.5)  # noticed long before
    assert [change.what for change in connected.take_changes()] == ["kernel_died"]
    await seen_gone(connected, manager)


async def test_a_cell_that_exits_the_kernel_is_lost(connected: KernelEnvironment, manager: AsyncKernelManager) -> None:
    ran = await run(connected, "print('bye', flush=True); exit()")
    assert (ran.done.status, ran.text) == ("lost", "bye\n")
    await seen_gone(connected, manager)


async def test_a_cell_that_crashes_the_kernel_is_lost(connected: KernelEnvironment) -> None:
    source = "import ctypes, time; print('last words', flush=True); time.sleep(0.3); ctypes.string_at(0)"
    ran = await run(connected, source)
    assert ran.done.status == "lost"
    assert ran.text.startswith("last words\n")


async def test_a_cell_that_waits_behind_the_users_is_lost_with_the_kernel(
    connected: KernelEnvironment, manager: AsyncKernelManager
) -> None:
    pid = await pid_of(connected)
    user = User(manager)
    await user.open()
    await user.running(user.submit("import time; time.sleep(600)"))
    ran, task = begin(connected, "1")
    await asyncio.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    await task
    assert ran.done.status == "lost"
    assert not ran.started.is_set()
    user.close()


async def test_jupyters_own_restarter_is_waited_for() -> None:
    """As in Jupyter Server, where a kernel that died comes back by itself."""
    manager = AsyncIOLoopKernelManager()
    await manager.start_kernel()
    environment = KernelEnvironment(manager)
    await environment.connect()
    ran, task = begin(environment, "import os; print(1, flush=True); os._exit(1)")
    await task
    assert ran.done.status == "lost"
    assert (await run(environment, "1 + 1")).result == "2"
    await environment.close()
    await manager.shutdown_kernel(now=True)


async def test_closing_leaves_nothing_behind(connected: KernelEnvironment, manager: AsyncKernelManager) -> None:
    """K4: no task, thread, descriptor or socket; also with a cell that still runs, and one in an interrupt."""

    def left() -> tuple[int, int, int]:
        threads = len(list(Path("/proc/self/task").iterdir()))
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        return len(asyncio.all_tasks()), threads, descriptors

    def grown() -> list[int]:
        return [now - then for now, then in zip(left(), before, strict=True)]

    await asyncio.sleep(0.3)  # the reader of the fixture's own connection waits, in a task
    before = left()
    for _ in range(5):
        environment = KernelEnvironment(manager)
        await environment.connect()
        await run(environment, "print(1)")
        ran, task = begin(environment, "import time; print(2, flush=True); time.sleep(0.5)")
        await until(ran.put_out, task)
        await environment.close()
        assert (await task).done.status == "lost"
        await environment.close()
    for _ in range(100):  # zmq closes its sockets in a thread of its own
        if max(grown()) <= 0:
            break
        await asyncio.sleep(0.05)
    tasks, threads, descriptors = grown()
    assert max(tasks, threads) <= 0
    # Each of the five connections has more than ten; the process may open one or the other of its own meanwhile.
    assert descriptors < 5
    assert (await run(connected, "1")).done.status == "ok"


async def test_a_connection_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    before = len(asyncio.all_tasks())
    with pytest.raises(KernelGone, match="no kernel is running"):
        await KernelEnvironment(AsyncKernelManager()).connect()
    assert len(asyncio.all_tasks()) == before


async def test_the_managers_interface_is_enough(manager: AsyncKernelManager) -> None:
    """K10: a kernel without a local process is served and its end noticed, only later."""
    async with local_kernel() as started:
        remote = AsyncKernelManager(owns_kernel=False)
        remote.load_connection_info(started.get_connection_info())
        environment = KernelEnvironment(remote)
        await environment.connect()
        assert (await run(environment, "1 + 1")).result == "2"
        ran, task = begin(environment, "import time; print(1, flush=True); time.sleep(600)")
        await until(ran.put_out, task)
        await started.restart_kernel(now=True)
        await task
        assert ran.done.status == "lost"
        assert (await run(environment, "1 + 1")).result == "2"
        await environment.close()


async def test_a_local_kernel_is_stopped_even_by_an_error_and_does_not_get_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "canary")
    monkeypatch.setenv("OPENAI_API_KEY", "users own")
    pid = 0

    async def fail() -> None:
        nonlocal pid
        async with local_kernel(cwd="/", env={"EXTRA": "extra"}) as manager:
            environment = KernelEnvironment(manager)
            await environment.connect()
            pid = await pid_of(environment)
            ran = await run(
                environment,
                f"import os; [os.getcwd(), *map(os.environ.get, ('EXTRA', 'OPENAI_API_KEY', {KEY_VARIABLE!r}))]",
            )
            assert ran.result == "['/', 'extra', 'users own', None]"
            await environment.close()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_kernel_that_never_gets_ready_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = tmp_path / "kernels" / "mute"
    spec.mkdir(parents=True)
    argv = ["python", "-c", "import time; time.sleep(600)", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "m", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    with pytest.raises(KernelError, match="did not become ready within 1 s: restart it"):
        async with local_kernel("mute") as manager:
            await KernelEnvironment(manager, ready_timeout=1.0).connect()


async def test_an_unknown_kernel_is_an_error_that_says_what_there_is() -> None:
    with pytest.raises(KernelError, match=r"no kernel is named nonsense; available: .*python3.*pip install"):
        async with local_kernel("nonsense"):
            pass


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["python", "-c", "import ipykernel_of_another_world"], r"No module named.*pip install ipykernel"),
        (["/no/such/program"], r"cannot be started.*/no/such/program"),
        (["python", "-c", "import sys; sys.exit('the reason in words')"], "the reason in words"),
    ],
)
async def test_a_kernel_that_does_not_start_says_why(
    command: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "kernels" / "broken"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "b", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    with pytest.raises(KernelError, match=reason):
        async with local_kernel("broken") as manager:
            await KernelEnvironment(manager).connect()
