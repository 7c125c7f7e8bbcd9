"""F1 to F6: the endpoint refuses, is silent, is busy, breaks, does not know us, or finds the conversation too long."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_codeact.conversations.store import Store
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.faults.scene import KEY, UNFINISHED, scene
from jupyter_codeact.tests.replies import Fault


def status(number: int, message: str = "", **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault("status", status=number, headers=named, body={"error": {"message": message}})


async def test_f1_a_refused_connection_parks_the_run_and_one_click_asks_the_same_step_again(tmp_path: Path) -> None:
    async with scene(tmp_path, retries=2) as played:
        await played.run(cell("x = 1"), "Done.")
        await played.endpoint.stop()
        finished = await played.run()
        host = f"127.0.0.1:{played.endpoint.port}"
        assert played.waits == [f"retrying {n}/2 in 0.0 s: connection refused by {host}" for n in (1, 2)]
        assert (finished.reason, len(played.steps)) == ("failed", 2)
        assert finished.detail.startswith(f"connection refused by {host}; start the model server there")
        await played.endpoint.start()
        played.endpoint.set_script([cell("x + 1"), "It is 2."])
        assert (await played.go_on()).answer == "It is 2."
        assert played.kernel.executed == ["x = 1", "x + 1"]
        assert [step.step for step in played.steps] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("hang"), "did not answer for 0.2 s"),
        (Fault("stall", text=UNFINISHED), "sent nothing more for 0.2 s"),
        (Fault("stall", text=UNFINISHED, seconds=0.05), "sent nothing more for 0.2 s"),
    ],
    ids=["never answers", "hangs in mid-stream", "only keep-alives"],
)
async def test_f2_a_silent_endpoint_is_given_up_and_what_it_began_never_runs(
    tmp_path: Path, fault: Fault, words: str
) -> None:
    async with scene(tmp_path, first_byte_seconds=0.2, idle_seconds=0.2) as played:
        finished = await played.run(fault, fault)
        assert (finished.reason, len(played.waits)) == ("failed", 1)
        assert words in played.waits[0]
        assert words in finished.detail
        for request in played.endpoint.requests:
            await request.disconnected.wait()
        played.endpoint.set_script(["Done."])
        assert (await played.go_on()).reason == "answered"
        assert played.kernel.executed == []


async def test_f3_a_short_wait_is_counted_down_and_a_long_one_parks_the_run_with_its_time(tmp_path: Path) -> None:
    async with scene(tmp_path) as played:
        assert (await played.run(status(429, "slow down", Retry_After="0.1"), "Done.")).reason == "answered"
        assert played.waits[0].startswith("retrying 1/1 in 0.1 s: 127.0.0.1")
        assert "limits the rate" in played.waits[0]
        finished = await played.run(status(429, "slow down", Retry_After="3600"))
        assert finished.reason == "failed"
        assert "try again in 60 minutes, at 20" in finished.detail
        assert len(played.endpoint.requests) == 1
        played.journal.close()
        store = Store(tmp_path)  # as the next server has it
        again = await store.open("conversation")
        assert again.state == played.journal.state
        await store.close()


@pytest.mark.parametrize("number", [500, 502, 503, 529])
async def test_f4_a_burst_of_failures_is_outlived_and_every_attempt_is_shown(tmp_path: Path, number: int) -> None:
    bad = Fault("status", status=number, body="<html>bad gateway</html>")
    async with scene(tmp_path, retries=3) as played:
        assert (await played.run(bad, bad, bad, cell("x = 1"), bad, "Done.")).reason == "answered"
        assert [wait.partition(" in ")[0] for wait in played.waits] == [f"retrying {n}/3" for n in (1, 2, 3, 1)]
        assert all(f"failed with status {number}" in wait for wait in played.waits)
        assert played.kernel.executed == ["x = 1"]
        assert (await played.run(bad, bad, bad, bad)).reason == "failed"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("echo_key"), "refused the API key"),
        (status(403, f"no access for {KEY}"), "refused the API key"),
        (status(404, "model 'm' not found"), "does not know the model 'm'"),
    ],
    ids=["401", "403", "404"],
)
async def test_f5_what_a_retry_cannot_help_is_told_at_once_without_the_key(
    tmp_path: Path, fault: Fault, words: str
) -> None:
    async with scene(tmp_path, retries=4) as played:
        finished = await played.run(fault)
        assert (finished.reason, played.waits, len(played.endpoint.requests)) == ("failed", [], 1)
        assert words in finished.detail
        assert "; " in finished.detail  # and what to do


async def test_f6_a_conversation_that_is_too_long_is_reduced_once_said_so_and_asked_again(tmp_path: Path) -> None:
    long = status(400, "maximum context length is 4096 tokens")
    async with scene(tmp_path) as played:
        print_much = cell("print('x' * 9000)" + "\n# " + "long" * 500)
        finished = await played.run(print_much, print_much.replace("9000", "9001"), long, "Done.")
        assert finished.reason == "answered"
        assert played.kinds.count("history_reduced") == 1
        (reduced,) = played.journal.state.reductions
        assert reduced.refused
        first, second = (request.raw for request in played.endpoint.requests[2:])
        assert len(second) < len(first)
        assert len(played.kernel.executed) == 2
        finished = await played.run(long, long)
        assert finished.reason == "failed"
        assert "start a new conversation, show the model less of the notebook" in finished.detail
