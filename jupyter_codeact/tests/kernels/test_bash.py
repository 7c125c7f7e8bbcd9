"""Bash as the user's kernel (bash_kernel): a shell behind a pseudo terminal."""

from __future__ import annotations

import asyncio

import pytest
from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.agent.test_history import RED

from .conversing import converse
from .playing import User, begin, run, until, valid

pytestmark = pytest.mark.asyncio(loop_scope="module")


KERNEL = "bash"


async def test_a_conversation_keeps_its_state_and_debugs_itself(environment: KernelEnvironment) -> None:
    total = "total=$((40 + 2))"
    replies = [
        cell(total, language="bash"),
        cell("cat /nowhere/$total", language="sh"),
        cell("printf '\\033[32m%s\\033[0m files\\n' $total", language="bash"),
        "42 files.",
    ]
    state, told, instructions = await converse(environment, replies)
    assert state.language == environment.language == "bash"
    assert "Bash code" in instructions
    assert "```bash\n#" in instructions
    assert [step.cell_id and state.cells[step.cell_id].status for step in state.steps] == ["ok", "error", "ok", None]
    assert told[1].splitlines()[1:] == ["cat: /nowhere/42: No such file or directory", "exit status 1"]
    assert told[2].splitlines()[1:] == ["42 files"]


async def test_cells_are_numbered_and_an_exit_status_is_an_error(environment: KernelEnvironment) -> None:
    first = await run(environment, "cd /; pwd")
    second = await run(environment, "(exit 7)")
    assert (first.done.status, first.text) == ("ok", "/\n")
    assert second.done.status == "error"
    assert first.done.execution_count is not None
    assert second.done.execution_count == first.done.execution_count + 1
    assert (second.outputs[-1]["evalue"], second.done.problems) == ("7", ())


async def test_code_that_is_not_complete_is_an_error_and_the_shell_goes_on(environment: KernelEnvironment) -> None:
    """bash_kernel 0.10 raises within itself, and never replies."""
    ran = await run(environment, "echo 'open")
    assert ran.done.status == "error"
    assert "incomplete" in ran.done.problems[0]
    assert (await run(environment, "echo on")).text == "on\n"


async def test_a_loop_and_a_question_end_when_they_are_interrupted(environment: KernelEnvironment) -> None:
    for source in ("echo begun; while :; do :; done", "echo begun; read -r answer; echo $answer"):
        ran, task = begin(environment, source)
        await until(ran.put_out, task)
        await environment.interrupt()
        await asyncio.wait_for(task, 10)
        assert ran.done.status == "interrupted"
        assert ran.text.strip() == "begun"
    assert (await run(environment, "echo on")).text == "on\n"


async def test_an_interrupt_by_the_kernel_menu_is_one_too(
    environment: KernelEnvironment, manager: AsyncKernelManager
) -> None:
    """The reply's status is "abort", which elsewhere says that the cell was never begun."""
    ran, task = begin(environment, "echo begun; sleep 60")
    await until(ran.put_out, task)
    await manager.interrupt_kernel()
    assert (await asyncio.wait_for(task, 10)).done.status == "interrupted"


async def test_an_image_is_shown(environment: KernelEnvironment) -> None:
    ran = await run(environment, f"echo {RED} | base64 -d | display")
    assert [output["output_type"] for output in ran.outputs] == ["display_data"]
    assert ran.outputs[0]["data"]["image/png"].strip() == RED
    assert valid(ran.outputs)


async def test_our_cell_waits_behind_the_users(environment: KernelEnvironment, user: User) -> None:
    request = user.submit("theirs=1; sleep 1")
    await user.running(request)
    assert (await run(environment, "echo $theirs")).text == "1\n"
    assert (await user.reply(request))["status"] == "ok"
