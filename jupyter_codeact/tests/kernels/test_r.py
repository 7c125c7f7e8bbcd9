"""R as the user's kernel (IRkernel): it does not number its messages, and is deaf on the control channel."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest
from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.remote import is_behind_gateway
from jupyter_codeact.kernels.variables import read_variables
from jupyter_codeact.testing import cell

from .conversing import converse
from .playing import User, begin, run, until, valid

pytestmark = pytest.mark.asyncio(loop_scope="module")


KERNEL = "ir"


async def test_a_conversation_keeps_its_state_debugs_itself_and_plots(environment: KernelEnvironment) -> None:
    replies = [
        cell("cars <- head(mtcars)", language="r"),
        cell("f <- function(x) x$mpgg + stop('no ', x$cyl[1])\nf(cars)", language="R"),
        cell("mean(cars$mpg)", language="{r}"),
        cell("plot(cars$wt, cars$mpg)", language="r"),
        "20.5 miles a gallon.",
    ]
    state, told, instructions = await converse(environment, replies)
    assert state.language == environment.language == "r"
    assert "R code" in instructions
    assert "```r\n#" in instructions
    cells = list(state.cells.values())
    assert [ran.status for ran in cells] == ["ok", "error", "ok", "ok"]
    assert told[1].splitlines()[1:4] == ["Error in f(cars): no 6", "Traceback:", "1. f(cars)"]
    assert "\x1b" not in told[1]
    assert told[2].splitlines()[1:] == ["[1] 20.5"]
    assert told[3].splitlines()[1:] == ["[image 1: image/png, 840x840]"]
    assert valid(output for ran in cells for output in ran.outputs)


async def test_it_is_connected_to_at_once(manager: AsyncKernelManager, environment: KernelEnvironment) -> None:
    """An idle kernel that does not answer on the control channel is not taken for a busy one."""
    await run(environment, "1")
    another = KernelEnvironment(manager)
    began = time.monotonic()
    await another.connect()
    assert time.monotonic() - began < 3
    assert another.language == "r"
    await another.close()


async def test_variables_are_not_read_and_that_is_said_at_once(
    manager: AsyncKernelManager, environment: KernelEnvironment
) -> None:
    await run(environment, "1")
    began = time.monotonic()
    reading = await read_variables(manager, environment.language)
    assert (reading.variables, reading.note) == ((), "The variables of a kernel for r are not read.")
    assert time.monotonic() - began < 1.5


async def test_a_busy_one_is_connected_to_and_ours_waits_behind(manager: AsyncKernelManager, user: User) -> None:
    request = user.submit("Sys.sleep(8); theirs <- 1")
    await user.running(request)
    environment = KernelEnvironment(manager)
    await environment.connect()
    assert (await run(environment, "cat(theirs)")).text == "1"
    assert (await user.reply(request))["status"] == "ok"
    await environment.close()


async def test_a_killed_kernel_is_noticed_and_the_cell_is_lost(
    environment: KernelEnvironment, manager: AsyncKernelManager
) -> None:
    """Behind a gateway, that alone says so: R does not answer while it runs a cell, and its successor is like it."""
    pid = int((await run(environment, "kept <- 1; cat(Sys.getpid())")).text)
    ran, task = begin(environment, "cat('begun'); flush.console(); Sys.sleep(60)")
    await until(ran.put_out, task)
    os.kill(pid, signal.SIGKILL)
    await asyncio.wait_for(task, 15)
    assert (ran.done.status, ran.text) == ("lost", "begun")
    if not is_behind_gateway(manager):
        await manager.restart_kernel(now=True)
    assert (await run(environment, "exists('kept')")).result == "[1] FALSE"


async def test_a_question_is_answered_with_an_empty_line(environment: KernelEnvironment) -> None:
    ran = await run(environment, "paste0('<', readline('Your name? '), '>')")
    assert (ran.done.status, ran.result) == ("ok", '[1] "<>"')
    assert "'Your name?'" in ran.done.problems[0]


async def test_a_syntax_error_is_told_once(environment: KernelEnvironment) -> None:
    _, told, _ = await converse(environment, [cell("if (", language="r"), "An error."])
    assert told[0].count("unexpected end of input") == 1
    assert "Traceback" not in told[0]


@pytest.mark.parametrize("source", ["Sys.sleep(60)", "repeat {}"])
async def test_a_cell_ends_when_it_is_interrupted(
    environment: KernelEnvironment, manager: AsyncKernelManager, source: str
) -> None:
    for interrupt in (environment.interrupt, manager.interrupt_kernel):
        ran, task = begin(environment, f"cat('begun'); flush.console(); {source}")
        await until(ran.put_out, task)
        await interrupt()
        await asyncio.wait_for(task, 20)
        assert (ran.done.status, ran.text) == ("interrupted", "begun")
    assert (await run(environment, "cat('on')")).text == "on"
