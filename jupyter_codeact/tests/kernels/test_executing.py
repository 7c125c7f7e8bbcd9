"""Executing cells in a real kernel, beside its user."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.errors import KernelError
from jupyter_codeact.kernels.environment import ExecutionStarted
from jupyter_codeact.kernels.kernel import KernelEnvironment

from .playing import User, begin, run, until, valid

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_state_stays_between_cells_and_results_are_numbered_as_the_notebook_is(
    environment: KernelEnvironment,
) -> None:
    """K5: `store_history`, so that In and Out are those of the notebook."""
    first = await run(environment, "x = 41")
    second = await run(environment, "x + 1")
    assert (first.done.status, first.outputs) == ("ok", [])
    assert second.result == "42"
    assert first.done.execution_count is not None
    assert second.done.execution_count == first.done.execution_count + 1
    assert (await run(environment, f"Out[{second.done.execution_count}]")).result == "42"
    assert environment.language == "python"


async def test_two_environments_on_one_kernel_get_their_own_replies(manager: AsyncKernelManager) -> None:
    """K1: every client has an identity of its own."""
    environments = [KernelEnvironment(manager) for _ in range(2)]
    for environment in environments:
        await environment.connect()
    runs = [run(environments[number % 2], f"print({number}); {number}") for number in range(8)]
    for number, ran in enumerate(await asyncio.gather(*runs)):
        assert (ran.text, ran.result, ran.done.status) == (f"{number}\n", str(number), "ok")
    for environment in environments:
        assert await _changes(environment, 4)  # the other one's cells are news
        await environment.close()


async def _changes(environment: KernelEnvironment, number: int) -> bool:
    """Whether there are soon so many changes, and not more: what others do is heard when it is heard."""
    changes = environment.take_changes()
    end = time.monotonic() + 10
    while len(changes) < number and time.monotonic() < end:
        await asyncio.sleep(0.05)
        changes += environment.take_changes()
    return len(changes) == number


async def test_our_failing_cell_does_not_abort_the_users_queued_cell(
    environment: KernelEnvironment, user: User, tmp_path: Path
) -> None:
    """K2: `stop_on_error` is false; the user's cells before and behind ours run exactly once."""
    log = tmp_path / "log"
    note = f"open({str(log)!r}, 'a').write"
    before = user.submit(f"import time; time.sleep(0.3); {note}('before ')")
    await user.running(before)
    ran, task = begin(environment, f"{note}('ours '); 1 / 0")
    await asyncio.sleep(0.05)  # ours is queued: nothing tells a client so
    behind = user.submit(f"{note}('behind ')")
    await task
    assert ran.error == "ZeroDivisionError"
    assert [(await user.reply(request))["status"] for request in (before, behind)] == ["ok", "ok"]
    assert log.read_text() == "before ours behind "


async def test_the_users_failing_cell_may_abort_ours_and_that_is_a_status(
    environment: KernelEnvironment, user: User
) -> None:
    """K2: `aborted` is reported, not raised, and nothing of the cell ran."""
    failing = user.submit("import time; time.sleep(0.3); 1 / 0")
    await user.running(failing)
    ran = await run(environment, "aborted_cell_ran = True")
    assert (ran.done.status, ran.outputs) == ("aborted", [])
    assert not ran.started.is_set()
    assert (await run(environment, "'aborted_cell_ran' in globals()")).result == "False"


async def test_a_busy_kernel_is_connected_to_at_once_and_ours_waits_behind(
    manager: AsyncKernelManager, user: User
) -> None:
    """K3: busy is not dead."""
    request = user.submit("import time; time.sleep(1.5); done = True")
    await user.running(request)
    environment = KernelEnvironment(manager)
    await asyncio.wait_for(environment.connect(), 1.2)
    ran, task = begin(environment, "done")
    await asyncio.sleep(0.2)
    assert not ran.started.is_set()
    await task
    assert ran.result == "True"
    assert ran.done.seconds < 1.0  # waiting does not count
    await environment.close()


async def test_a_kernel_that_cannot_even_answer_counts_as_busy_when_its_heart_beats(
    manager: AsyncKernelManager, user: User
) -> None:
    """K3: so does one whose running cell does not let go of the interpreter."""
    # Without the pause the kernel may not even say that it began.
    request = user.submit("import re, time; time.sleep(0.3); re.match('(a|aa)+b', 'a' * 44)")
    await user.running(request)
    environment = KernelEnvironment(manager)
    await environment.connect()
    assert environment.language == "python"
    ran, task = begin(environment, "1")
    await manager.interrupt_kernel()
    await task
    assert ran.done.status in ("ok", "aborted")
    await environment.close()


@pytest.mark.parametrize(
    "source", ["input('name? ')", "import getpass; getpass.getpass()", "import pdb; pdb.set_trace()\nx = 1"]
)
async def test_questions_to_the_user_are_errors_at_once(environment: KernelEnvironment, source: str) -> None:
    """K5: `allow_stdin` is false."""
    ran = await run(environment, source)
    assert ran.done.status == "error"
    assert ran.error == "StdinNotImplementedError"


async def test_a_cell_is_done_after_its_last_output(environment: KernelEnvironment) -> None:
    """K9: reply *and* idle; on the error or the reply alone, what comes between them is missed."""
    source = "import sys\nfor n in range(3000): print(n); print(n, file=sys.stderr)\n1 / 0"
    ran = await run(environment, source)
    for name in ("stdout", "stderr"):
        lines = "".join(output["text"] for output in ran.outputs if output.get("name") == name).split()
        assert lines == [str(n) for n in range(3000)]
    assert ran.error == "ZeroDivisionError"
    assert ran.done.problems == ()
    ran = await run(
        environment,
        "import time\n"
        "session = get_ipython().kernel.session\n"
        "send = session.send\n"
        "def print_behind(stream, message, *args, **kwargs):\n"
        "    sent = send(stream, message, *args, **kwargs)\n"
        "    if message == 'execute_reply':\n"
        "        del session.send\n"
        "        time.sleep(0.2)\n"
        "        print('behind the reply', flush=True)\n"
        "    return sent\n"
        "session.__dict__['send'] = print_behind",
    )
    assert ran.text == "behind the reply\n"


async def test_outputs_come_while_the_cell_runs(environment: KernelEnvironment) -> None:
    ran, task = begin(environment, "import time\nprint('first', flush=True)\ntime.sleep(0.6)\nprint('second')")
    await until(ran.put_out, task)
    assert ran.text == "first\n"
    assert not task.done()
    await task
    assert ran.text == "first\nsecond\n"
    assert 0.6 < ran.done.seconds < 2.0


async def test_progress_bars_displays_and_results_are_as_in_jupyterlab(environment: KernelEnvironment) -> None:
    ran = await run(
        environment,
        "from IPython.display import display, clear_output, HTML\n"
        "print('gone')\n"
        "clear_output(wait=True)\n"
        "handle = display('old', display_id=True)\n"
        "print('kept\\r')\n"
        "handle.update('new')\n"
        "display(HTML('<b>1</b>'))\n"
        "5",
    )
    first, second, third, fourth = ran.outputs
    assert first["data"]["text/plain"] == "'new'"
    assert second["text"] == "kept\r\n"
    assert third["data"]["text/html"] == "<b>1</b>"
    assert (fourth["output_type"], fourth["execution_count"]) == ("execute_result", ran.done.execution_count)
    assert valid(ran.outputs)


async def test_an_update_of_an_earlier_cells_display_is_said(environment: KernelEnvironment) -> None:
    await run(environment, "handle = display('old', display_id=True)")
    ran = await run(environment, "handle.update('new')")
    assert ran.outputs == []
    assert any("earlier cell" in problem for problem in ran.done.problems)


async def test_help_is_shown_as_an_output(environment: KernelEnvironment) -> None:
    assert "Return the number of items" in (await run(environment, "len?")).result


async def test_widgets_do_not_break_anything(environment: KernelEnvironment) -> None:
    ran = await run(
        environment,
        "from comm import create_comm\n"
        "comm = create_comm(target_name='jupyter.widget', data={'state': {}}, buffers=[b'bytes'])\n"
        "comm.send({'method': 'update'}, buffers=[b'more'])\n"
        "display({'application/vnd.jupyter.widget-view+json': {'model_id': comm.comm_id}}, raw=True)",
    )
    assert ran.done.status == "ok"
    assert ran.done.problems == ()
    assert "application/vnd.jupyter.widget-view+json" in ran.outputs[0]["data"]


async def test_what_others_run_is_news(environment: KernelEnvironment, user: User) -> None:
    await user.reply(user.submit("y = 1\nz = 2"))
    await user.reply(user.submit("# " + "x" * 100 + "\nundefined_name"))
    await run(environment, "1")  # behind them: their messages are here now
    changes = environment.take_changes()
    assert [(change.what, change.detail) for change in changes] == [
        ("cell_run", "y = 1 (ok)"),
        ("cell_run", "# " + "x" * 78 + " (error)"),
    ]
    assert environment.take_changes() == []


async def test_late_output_of_a_thread_is_its_own_cells_and_no_others(
    environment: KernelEnvironment, tmp_path: Path
) -> None:
    """The kernel attributes it to the cell that ran last, until the next one begins."""
    go = tmp_path / "go"
    source = (
        "import pathlib, threading, time\n"
        "def print_late():\n"
        f"    while not pathlib.Path({str(go)!r}).exists(): time.sleep(0.01)\n"
        "    print('late', flush=True)\n"
        "thread = threading.Thread(target=print_late)\n"
        "thread.start()"
    )
    await run(environment, source, "first")
    go.touch()
    await asyncio.sleep(0.5)
    ran = await run(environment, "thread.join(); print('mine')", "second")
    assert ran.text == "mine\n"
    assert any("first" in problem and "late" in problem for problem in ran.done.problems)


async def test_what_a_cell_changes_for_later_cells_is_said(environment: KernelEnvironment, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    problems: list[str] = []
    for source in (
        "import builtins, io, os, sys; saved = os.getcwd(), sys.stdout, print",
        f"os.chdir({str(gone)!r})",
        f"os.rmdir({str(gone)!r})",
        "os.chdir(saved[0])",
        "sys.stdout = io.StringIO()",
        "builtins.print = lambda *args: None",
        "sys.stdout, builtins.print = saved[1:]",
    ):
        problems += (await run(environment, source)).done.problems
    assert [problem.split(" ")[-1] if "is now" in problem else problem.partition(":")[0] for problem in problems] == [
        str(gone),
        "the working directory was deleted",
        str(Path.cwd()),
        "sys.stdout was replaced",
        "the built-in print was replaced",
    ]


async def test_an_execution_may_be_left_at_any_time(environment: KernelEnvironment) -> None:
    """K4: nobody is cancelled inside a receive; leaving does no harm to what comes next."""
    for source in ("print(1)", "import time; time.sleep(0.1)", "for n in range(50): print(n, flush=True)"):
        execution = environment.execute(source, "left")
        async for item in execution:
            if isinstance(item, ExecutionStarted):
                break
        await execution.aclose()
        task = asyncio.create_task(run(environment, "for n in range(50): print(n, flush=True)"))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    ran = await run(environment, "print('next')\n1")
    assert (ran.text, ran.result, ran.done.problems) == ("next\n", "1", ())


async def test_an_environment_that_is_not_connected_says_so(manager: AsyncKernelManager) -> None:
    with pytest.raises(KernelError, match="not connected"):
        await run(KernelEnvironment(manager), "1")
