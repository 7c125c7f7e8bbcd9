"""F14 to F18 as the user of a server meets them: the kernel dies, is restarted, replaced, interrupted, or deaf."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.aftermath import check_server, nothing_left, user_notebook
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.server.conftest import Client

SLEEP = "import time; print('begun', flush=True); time.sleep(600)"


@pytest.fixture(autouse=True)
async def aftermath(client: Client, endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """What must hold after every fault does, after a test."""
    user_notebook(client.root / client.path)
    endpoint.set_script([cell("kept = 1"), "Ready."])
    await client.send("Begin")  # what is made once is there
    await client.until("run_finished")
    with caplog.at_level(logging.DEBUG):
        async with nothing_left():
            yield
    await check_server(client, caplog.text)


async def kernel(client: Client, action: str) -> None:
    """As the kernel menu does it."""
    await client.fetch("api", "kernels", client.kernel_id, action, method="POST", body="")


async def begin(client: Client, endpoint: Endpoint, *script: Any) -> int:
    """A run is in its first cell; the seq before it."""
    endpoint.set_script(script)
    seq = (await client.state())["seq"]
    await client.send("Go")
    await client.until("cell_output", after=seq)
    return int(seq)


async def end(client: Client, after: int) -> dict[str, Any]:
    """The end of the run, as it was followed."""
    return (await client.until("run_finished", after=after))[-1]


def told(endpoint: Endpoint, request: int = -1) -> str:
    return str(endpoint.requests[request].body["messages"][-1]["content"])


@pytest.mark.parametrize(
    "ending",
    ["os._exit(1)", "exit()", "import ctypes; ctypes.string_at(0)", "os.kill(os.getpid(), 9)"],
    ids=["exit", "exit()", "segfault", "killed"],
)
async def test_f14_a_kernel_that_dies_is_noticed_at_once_and_the_model_told_that_its_state_is_gone(
    client: Client, endpoint: Endpoint, ending: str
) -> None:
    dying = "import os, time; open('effect.txt', 'a').write('once'); print(time.time(), flush=True); time.sleep(0.1)\n"
    after = await begin(client, endpoint, cell(dying + ending), cell("print('kept' in globals())"), "It is gone.")
    assert (await end(client, after))["reason"] == "answered"
    died, asked = list((await client.state())["cells"].values())[1:]
    assert (died["status"], asked["status"]) == ("lost", "ok")
    assert asked["outputs"][0]["text"] == "False\n"
    said = datetime.fromisoformat(died["finished_at"].replace("Z", "+00:00")).timestamp()
    assert said - float(died["outputs"][0]["text"].split()[0]) < 2.0  # Jupyter itself takes three seconds and more
    words = "the cell ended the kernel" if ending == "exit()" else "the kernel died while the cell ran"
    assert words in died["problems"][0]
    assert words in told(endpoint, 1)
    assert (client.root / "effect.txt").read_text() == "once"


async def test_f15_a_restart_in_mid_cell_pauses_the_run_and_says_so(client: Client, endpoint: Endpoint) -> None:
    after = await begin(client, endpoint, cell(SLEEP), cell("print('kept' in globals())"), "It is gone.")
    await kernel(client, "restart")
    finished = await end(client, after)
    assert finished["reason"] == "failed"
    assert finished["detail"].startswith(
        "the kernel was restarted or shut down, and its variables and imports are gone"
    )
    assert len(endpoint.requests) == 1
    await client.command("continue", continue_id="more", kernel_id=client.kernel_id)
    assert (await end(client, finished["seq"]))["reason"] == "answered"
    assert "The kernel was restarted: its variables and imports are gone" in told(endpoint, 1)
    assert [made["status"] for made in (await client.state())["cells"].values()] == ["ok", "lost", "ok"]


async def test_f15_a_restart_before_a_cell_is_approved_keeps_it_from_running(
    client: Client, endpoint: Endpoint
) -> None:
    endpoint.set_script([cell("open('effect.txt', 'w')"), "I see."])
    after = (await client.state())["seq"]
    await client.send("Go", approval="ask")
    requested = (await client.until("approval_requested", after=after))[-1]
    await kernel(client, "restart")
    await client.command("decisions", decision_id="d", step=requested["step"], decision="approve")
    finished = await end(client, after)
    assert (finished["reason"], len((await client.state())["cells"])) == ("failed", 1)
    assert not (client.root / "effect.txt").exists()
    await client.command("continue", continue_id="more", kernel_id=client.kernel_id)
    assert (await end(client, finished["seq"]))["reason"] == "answered"
    assert "it was not run" in told(endpoint)


async def test_f15_another_kernel_pauses_the_run_and_the_next_one_uses_it(client: Client, endpoint: Endpoint) -> None:
    after = await begin(client, endpoint, cell(SLEEP), cell("print('kept' in globals())"), "It is gone.")
    (session,) = json.loads((await client.fetch("api", "sessions")).body)
    body = json.dumps({"kernel": {"name": "python3"}})
    changed = await client.fetch("api", "sessions", session["id"], method="PATCH", body=body)
    client.kernel_id = json.loads(changed.body)["kernel"]["id"]
    finished = await end(client, after)
    assert finished["reason"] == "failed"
    assert "the run has paused" in finished["detail"]
    await client.command("continue", continue_id="more", kernel_id=client.kernel_id)
    assert (await end(client, finished["seq"]))["reason"] == "answered"
    assert list((await client.state())["cells"].values())[-1]["outputs"][0]["text"] == "False\n"


async def test_f16_an_interrupt_from_the_kernel_menu_stops_the_run_and_is_not_debugged(
    client: Client, endpoint: Endpoint
) -> None:
    after = await begin(client, endpoint, cell(SLEEP), "never")
    await kernel(client, "interrupt")
    finished = await end(client, after)
    assert (finished["reason"], len(endpoint.requests)) == ("stopped", 1)
    stopped = list((await client.state())["cells"].values())[-1]
    assert (stopped["status"], stopped["outputs"][0]["text"]) == ("interrupted", "begun\n")


@pytest.mark.parametrize(
    "source",
    [SLEEP, "print('begun', flush=True)\nwhile True: pass", "import asyncio; print(1); await asyncio.sleep(600)"],
    ids=["sleep", "busy loop", "await"],
)
async def test_f16_stop_ends_the_cell_and_the_run(client: Client, endpoint: Endpoint, source: str) -> None:
    after = await begin(client, endpoint, cell(source), "never")
    await client.command("stop", stop_id="s")
    finished = await end(client, after)
    assert (finished["reason"], finished["detail"]) == ("stopped", "Stopped by you.")
    assert list((await client.state())["cells"].values())[-1]["status"] == "interrupted"
    assert len(endpoint.requests) == 1


DEAF = """import signal, time
heard = []
def deaf(*_):
    heard.append(1)
    if len(heard) > ENOUGH: raise KeyboardInterrupt
signal.signal(signal.SIGINT, deaf)
print('begun', flush=True)
while True: time.sleep(0.1)"""
"""Ends with the interrupt number ENOUGH + 1."""


async def card(client: Client, after: int) -> None:
    """The user is told that the cell does not react."""
    socket = await client.follow(after)
    while json.loads(await socket.read_message()).get("state") != "interrupt_ignored":
        pass
    socket.close()


async def test_f17_a_deaf_cell_is_shown_and_interrupted_again_when_the_user_says_so(
    client: Client, endpoint: Endpoint
) -> None:
    after = await begin(client, endpoint, cell(DEAF.replace("ENOUGH", "4")), "never")
    await client.command("stop", stop_id="s1")
    await card(client, after)
    once = await client.command("stop", stop_id="s2")
    assert await client.command("stop", stop_id="s2") == once
    assert (await end(client, after))["reason"] == "stopped"
    deaf = list((await client.state())["cells"].values())[-1]
    assert (deaf["status"], len(endpoint.requests)) == ("interrupted", 1)


async def test_f17_the_kernel_of_a_deaf_cell_is_restarted_only_by_the_user(client: Client, endpoint: Endpoint) -> None:
    after = await begin(client, endpoint, cell(DEAF.replace("ENOUGH", "99")), "never")
    await client.command("stop", stop_id="s1")
    await card(client, after)
    assert (await client.state())["live"]
    await kernel(client, "restart")
    assert (await end(client, after))["reason"] == "stopped"
    deaf = list((await client.state())["cells"].values())[-1]
    assert deaf["status"] == "lost"
    assert "was restarted" in deaf["problems"][-1]


LOSE_REPLY = """session = get_ipython().kernel.session
send = session.send
def lose_one(stream, message, *args, **kwargs):
    if message == 'execute_reply':
        del session.send
        return session.msg(message, *args)
    return send(stream, message, *args, **kwargs)
session.__dict__['send'] = lose_one
print('kept')"""

LOSE_IDLE = """kernel = get_ipython().kernel
publish = kernel._publish_status
def lose_one(status, *args, **kwargs):
    if status == 'idle' and args[0] == 'shell':
        kernel._publish_status = publish
    else:
        publish(status, *args, **kwargs)
kernel._publish_status = lose_one
print('kept')"""


@pytest.mark.parametrize(
    ("source", "words"),
    [(LOSE_REPLY, "the kernel's reply was lost"), (LOSE_IDLE, "its last outputs may be missing")],
    ids=["reply", "idle"],
)
async def test_f18_half_of_an_end_is_waited_for_shortly_and_the_loss_is_told(
    client: Client, endpoint: Endpoint, source: str, words: str
) -> None:
    after = await begin(client, endpoint, cell(source), "Done.")
    assert (await end(client, after))["reason"] == "answered"
    lossy = list((await client.state())["cells"].values())[-1]
    assert (lossy["status"], lossy["outputs"][0]["text"]) == ("ok", "kept\n")
    assert any(words in problem for problem in lossy["problems"])
    assert words in told(endpoint)
