"""Runs through the server's API: real endpoint, real kernel."""

from __future__ import annotations

import asyncio
import time

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Fault
from jupyter_codeact.tests.server.conftest import Client


async def test_a_name_error_is_corrected_and_answered(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("print(totl)"), cell("total = 6 * 7\nprint(total)"), "The total is 42."])
    accepted = await client.send("What is the total?")
    assert accepted["seq"] == 2
    frames = await client.until("run_finished")
    assert frames[-1]["reason"] == "answered"
    assert frames[-1]["run_id"] == accepted["run_id"]
    state = await client.state()
    assert [made["status"] for made in state["cells"].values()] == ["error", "ok"]
    assert state["usage"] == state["runs"][0]["usage"]
    assert state["usage"]["prompt_tokens"] > 0
    told = endpoint.requests[1].body["messages"][-1]["content"]
    assert "NameError: name 'totl' is not defined" in told
    assert "\x1b" not in told


async def test_the_format_of_a_run_is_resolved_before_it_starts(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("1"), "Done."])
    await client.send("Go")
    await client.until("run_finished")
    assert (await client.state())["runs"][0]["action_format"] == "fenced"
    assert len(endpoint.refused) == 1  # the endpoint was asked whether it takes functions
    client.settings().action_format = "execute"
    endpoint.set_script(["<execute>\nprint(6 * 7)\n", "<solution>42</solution>"])
    seq = (await client.state())["seq"]
    await client.send("And now?")
    await client.until("run_finished", after=seq)
    state = await client.state()
    assert (state["runs"][1]["action_format"], state["runs"][1]["answer"]) == ("execute", "42")
    assert endpoint.requests[0].body["stop"] == ["</execute>"]


async def test_the_same_message_twice_has_the_effect_of_once(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script(["Hello."])
    body = {"message_id": "same", "text": "Hi", "kernel_id": client.kernel_id}
    first = await client.command("messages", **body)
    assert await client.command("messages", **body) == first
    await client.until("run_finished")
    assert await client.command("messages", **body) == first
    assert len(endpoint.requests) == 1


async def test_a_run_goes_on_without_any_follower(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("x = 1"), "Done."])
    await client.send("Go")
    for _ in range(500):
        if not (await client.state())["live"]:
            break
        await asyncio.sleep(0.02)
    assert (await client.state())["runs"][0]["reason"] == "answered"


async def test_follow_resumes_anywhere_without_gap_or_repetition(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("print(1)"), "Done."])
    await client.send("Go")
    whole = [frame for frame in await client.until("run_finished") if "seq" in frame]
    assert [frame["seq"] for frame in whole] == list(range(1, len(whole) + 1))
    for after in (1, 4, len(whole) - 1):
        again = [frame for frame in await client.until("run_finished", after=after) if "seq" in frame]
        assert again == whole[after:]
    assert await client.call("GET", "conversations", client.conversation_id, "events", after="3") == whole[3:]


async def test_stop_interrupts_a_sleeping_cell_at_once(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("import time\nprint('begun', flush=True)\ntime.sleep(600)"), "You stopped me."])
    await client.send("Sleep")
    await client.until("cell_output")
    stopped = time.monotonic()
    await client.command("stop", stop_id="s1")
    frames = await client.until("run_finished")
    assert time.monotonic() - stopped < 2
    assert frames[-1]["reason"] == "stopped"
    (slept,) = (await client.state())["cells"].values()
    assert slept["status"] == "interrupted"
    assert [output.get("ename", output.get("text")) for output in slept["outputs"]] == ["begun\n", "KeyboardInterrupt"]
    await client.send("What happened?")
    await client.until("run_finished", after=frames[-1]["seq"])
    assert "interrupted" in endpoint.requests[-1].body["messages"][-1]["content"]


async def test_a_limit_ends_the_run_and_continue_goes_on(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell(f"print({number})") for number in range(27)] + ["Done."])
    await client.send("Never stop")
    frames = await client.until("run_finished")
    assert frames[-1]["reason"] == "limit"
    assert len(endpoint.requests) == 25
    accepted = await client.command("continue", continue_id="more", steps=3)
    assert accepted["run_id"] == "more"
    assert (await client.until("run_finished", after=frames[-1]["seq"]))[-1]["reason"] == "answered"
    assert await client.command("continue", continue_id="more", steps=3) == accepted


async def test_approval_is_asked_for_and_an_edit_runs(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("print('theirs')"), "Done."])
    await client.send("Go", approval="ask")
    requested = (await client.until("approval_requested"))[-1]
    assert requested["source"] == "print('theirs')"
    status, problem = await client.refused(
        "POST", "conversations", client.conversation_id, "decisions",
        body={"decision_id": "d0", "step": 7, "decision": "approve"},
    )  # fmt: skip
    assert (status, problem["reason"]) == (409, "Conflict")
    swapped = {"decision_id": "d0", "step": 1, "decision": "approve", "source": "print('swapped')"}
    status, _ = await client.refused("POST", "conversations", client.conversation_id, "decisions", body=swapped)
    assert status == 409
    decision = {"decision_id": "d1", "step": 1, "decision": "edit", "source": "print('mine')"}
    first = await client.command("decisions", **decision)
    await client.until("run_finished")
    assert await client.command("decisions", **decision) == first
    (ran,) = (await client.state())["cells"].values()
    assert ran["outputs"][0]["text"] == "mine\n"
    assert ran["approved"]
    assert "edited the cell" in endpoint.requests[1].body["messages"][-1]["content"]


async def test_the_users_variables_are_there_for_the_agent_and_the_other_way_round(
    client: Client, endpoint: Endpoint
) -> None:
    endpoint.set_script([cell("x = 6"), "Done.", cell("print(x * 7)"), "42"])
    await client.send("First")
    last = (await client.until("run_finished"))[-1]["seq"]
    await client.send("Second")
    await client.until("run_finished", after=last)
    assert list((await client.state())["cells"].values())[-1]["outputs"][0]["text"] == "42\n"


async def test_a_second_run_on_a_kernel_in_use_is_refused(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("import time; print(1, flush=True); time.sleep(600)"), "never"])
    await client.send("Go")
    await client.until("cell_output")
    other = await client.call("POST", "conversations", body={"notebook_path": client.path})
    body = {"message_id": "m", "text": "Me too", "kernel_id": client.kernel_id}
    status, problem = await client.refused("POST", "conversations", other["conversation_id"], "messages", body=body)
    assert (status, problem["reason"]) == (409, "Conflict")
    assert client.conversation_id in problem["message"]
    await client.command("stop")
    await client.until("run_finished")


async def test_a_message_steers_the_live_run(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("import time; print(1, flush=True); time.sleep(1)"), "Done."])
    accepted = await client.send("Go")
    await client.until("cell_output")
    steering = await client.send("And say why")
    assert steering["run_id"] == accepted["run_id"]
    await client.until("run_finished")
    assert "And say why" in endpoint.requests[1].body["messages"][-1]["content"]


async def test_the_endpoints_failure_is_told_in_words(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([Fault("status", status=404, body={"error": {"message": "model `test` not found"}})])
    await client.send("Go")
    finished = (await client.until("run_finished"))[-1]
    assert finished["reason"] == "failed"
    assert "test" in finished["detail"]


async def test_two_messages_at_once_are_one_run(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("import time; time.sleep(3)"), "Done."])
    first, second = await asyncio.gather(client.send("One"), client.send("Two"))
    assert first["run_id"] == second["run_id"]
    await client.until("run_finished")
    assert len((await client.state())["runs"]) == 1


async def test_a_connection_cannot_pass_for_the_offline_analyst(client: Client, endpoint: Endpoint) -> None:
    """Only the product's own code runs without asking, whatever a connection is called."""
    endpoint.set_script([cell("1"), "Done."])
    settings = client.settings()
    settings.approval = ""
    await client.call("PUT", "connections", "built-in", body={"base_url": endpoint.base_url, "model": "m"})
    await client.send("Go", model="built-in")
    assert (await client.until("approval_requested", "run_finished"))[-1]["kind"] == "approval_requested"
    await client.command("stop")
    await client.until("run_finished")


async def test_run_all_holds_for_the_rest_of_the_run(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("x = 1"), cell("!echo $HOME"), "Done."])
    await client.send("Go", approval="ask")
    await client.until("approval_requested")
    await client.command("decisions", decision_id="d1", step=1, decision="approve", approval="auto")
    frames = await client.until("run_finished")
    assert [frame["kind"] for frame in frames].count("approval_requested") == 1
    assert (await client.state())["runs"][0]["approval"] == "auto"


async def test_nothing_that_a_page_sends_goes_below_the_floor(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("x = 1"), cell("!ls"), "Done."])
    client.settings().approval_floor = "ask"
    await client.send("Go", approval="auto")
    await client.until("approval_requested")
    refused = {"decision_id": "d0", "step": 1, "decision": "reject", "approval": "auto"}
    status, _ = await client.refused("POST", "conversations", client.conversation_id, "decisions", body=refused)
    assert status == 400
    decided = await client.command("decisions", decision_id="d1", step=1, decision="approve", approval="auto")
    requested = (await client.until("approval_requested", after=decided["seq"]))[-1]
    assert requested["risks"] == ["runs shell commands"]
    assert (await client.state())["runs"][0]["approval"] == "ask"
    await client.command("stop")
    await client.until("run_finished")


async def test_a_message_on_its_way_to_a_server_that_ends_is_refused_in_words(
    client: Client, endpoint: Endpoint
) -> None:
    endpoint.set_script(["Hello."])
    await client.send("One")
    await client.until("run_finished")
    await client.settings().stop_extension()  # type: ignore[attr-defined]
    body = {"message_id": "m", "text": "Two", "kernel_id": client.kernel_id}
    status, answer = await client.refused("POST", "conversations", client.conversation_id, "messages", body=body)
    assert (status, answer["reason"]) == (503, "JournalClosed")
    assert "try again once it is back" in answer["message"]
    assert len(endpoint.requests) == 1
