"""The Agent with a scripted model and a fake kernel: what it appends to the journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from itertools import pairwise

import pytest

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.errors import KernelError, ModelError, ToolsRefused
from jupyter_codeact.events import (
    ActionFormat,
    ApprovalDecided,
    Change,
    Event,
    Limits,
    RunFinished,
    RunStarted,
    StopRequested,
    UserMessage,
)
from jupyter_codeact.journal.journal import Journal, MemoryJournal
from jupyter_codeact.kernels.environment import Execution, ExecutionDone, OutputOp
from jupyter_codeact.models.model import NO_OPTIONS, CallDelta, Chunk, Delta, Message, Options
from jupyter_codeact.testing import CallReply, FakeEnvironment, Script, ScriptedModel, begin_run, call, cell, stream
from jupyter_codeact.tool_call import ToolCall

NAME_ERROR = OutputOp(
    "append", 0, {"output_type": "error", "ename": "NameError", "evalue": "name 'x' is not defined", "traceback": []}
)


def kinds(journal: Journal) -> list[str]:
    return [event.kind for event in journal.events]


async def run(
    replies: Script,
    environment: FakeEnvironment | None = None,
    started: RunStarted | None = None,
) -> tuple[RunFinished, MemoryJournal, ScriptedModel]:
    journal, model = MemoryJournal(), ScriptedModel(replies)
    await begin_run(journal, "What is x?", started)
    return await Agent(journal, model, environment or FakeEnvironment()).run(), journal, model


def asking(**limits: int) -> RunStarted:
    return RunStarted(run_id="r", model="scripted", approval="ask", limits=Limits(**limits))


def speaking(action_format: ActionFormat) -> RunStarted:
    return RunStarted(run_id="r", model="scripted", approval="auto", action_format=action_format)


async def wait_for(journal: Journal, kind: str) -> Event:
    async with aclosing(journal.follow()) as events:
        async for event in events:
            if event.kind == kind:
                return event  # type: ignore[return-value]
    raise AssertionError(f"no {kind}")


async def test_a_failing_cell_is_debugged_until_the_answer() -> None:
    environment = FakeEnvironment(
        lambda source: [stream("42\n")] if "=" in source else [NAME_ERROR, ExecutionDone("error", 1)]
    )
    finished, journal, model = await run([cell("print(x)"), cell("x = 42; print(x)"), "x is 42."], environment)
    assert (finished.reason, finished.answer) == ("answered", "x is 42.")
    assert environment.executed == ["print(x)", "x = 42; print(x)"]
    assert "NameError: name 'x' is not defined" in str(model.requests[1][-1]["content"])
    assert kinds(journal)[2:7] == [
        "model_replied",
        "cell_submitted",
        "cell_output",
        "cell_finished",
        "observation_made",
    ]


async def test_the_reply_ends_with_its_action_and_the_rest_is_not_kept() -> None:
    reply = cell("1") + "\n<observation>\ninvented\n</observation>" * 50
    _, journal, _ = await run([reply, "Done."])
    assert journal.state.steps[0].text == cell("1")
    assert journal.state.steps[0].finish_reason == "action"


async def test_successive_requests_share_a_byte_identical_prefix() -> None:
    _, _, model = await run([cell("1"), cell("2"), "```python\n```\n", cell("3"), "Done."])
    for former, latter in pairwise(model.requests):
        assert latter[: len(former)] == former


async def test_a_function_call_is_kept_up_to_its_end() -> None:
    reply = CallReply("So:", arguments='{"code": "1"}{"code": "2"}')
    environment = FakeEnvironment()
    _, journal, model = await run([reply, call("3", ""), "Done."], environment, speaking("tool"))
    first, second, _ = journal.state.steps
    assert environment.executed == ["1", "3"]
    assert first.call == ToolCall(id="id-1", name="run_cell", arguments='{"code": "1"}')
    assert (first.text, first.finish_reason, second.text) == ("So:", "action", "")
    assert [message["role"] for message in model.requests[-1]][2:] == ["assistant", "tool", "assistant", "tool"]
    assert [bool(options.tools) for options in model.options] == [True] * 3
    for former, latter in pairwise(model.requests):
        assert latter[: len(former)] == former


async def test_a_call_of_an_unknown_function_is_answered() -> None:
    environment = FakeEnvironment()
    wrong = CallReply(name="search", arguments='{"code": "1"}')
    finished, journal, model = await run([wrong, call("2"), "Done."], environment, speaking("tool"))
    assert finished.reason == "answered"
    assert environment.executed == ["2"]
    assert "no function 'search'" in journal.state.steps[0].problem
    assert "no function 'search'" in str(model.requests[1][-1]["content"])
    assert model.requests[1][-1]["role"] == "tool"


async def test_a_refusal_of_functions_is_no_step_and_all_is_told_in_plain_text() -> None:
    replies: Script = [call("1"), ToolsRefused("none here"), cell("2"), "Done."]
    environment = FakeEnvironment()
    finished, journal, model = await run(replies, environment, speaking("tool"))
    assert finished.reason == "answered"
    assert environment.executed == ["1", "2"]
    assert [step.action_format for step in journal.state.steps] == ["tool", "fenced", "fenced"]
    assert [bool(options.tools) for options in model.options] == [True, True, False, False]
    assert [message["role"] for message in model.requests[2]] == ["system", "user", "assistant", "user"]
    assert model.requests[2][2]["content"] == "Running a cell.\n\n```python\n1\n```"
    assert model.requests[3][: len(model.requests[2])] == model.requests[2]


async def test_a_conversation_may_change_its_format() -> None:
    journal, environment = MemoryJournal(), FakeEnvironment()
    model = ScriptedModel([cell("1"), "Done.", "<execute>\n2\n</execute>", "Done.", call("3"), "Done."])
    for number, action_format in enumerate(["fenced", "execute", "tool"]):
        await journal.append(UserMessage(message_id=f"m{number}", text="Go"))
        started = RunStarted.model_validate(
            {"run_id": f"r{number}", "model": "m", "approval": "auto", "action_format": action_format}
        )
        await journal.append(started)
        assert (await Agent(journal, model, environment).run()).reason == "answered"
    assert environment.executed == ["1", "2", "3"]
    calls = [message["tool_calls"][0] for message in model.requests[-1] if "tool_calls" in message]
    assert [made["function"]["arguments"] for made in calls] == ['{"code": "1"}', '{"code": "2"}', '{"code": "3"}']


async def test_three_replies_that_cannot_be_understood_end_the_run() -> None:
    finished, journal, _ = await run(["", "```python\nopen", "```python\n\n```", "never asked"])
    assert finished.reason == "failed"
    assert "3 replies in a row" in finished.detail
    assert kinds(journal).count("reply_rejected") == 3


async def test_an_understood_reply_starts_the_count_anew() -> None:
    finished, _, _ = await run(["", "```python\nopen", cell("1"), "```python\nopen", "", cell("2"), "", "Done."])
    assert finished.reason == "answered"


async def test_a_step_limit_ends_the_run_before_it_is_exceeded_and_a_new_run_goes_on() -> None:
    journal, environment = MemoryJournal(), FakeEnvironment()
    await begin_run(journal, "Go", RunStarted(run_id="a", model="m", approval="auto", limits=Limits(steps=2)))
    model = ScriptedModel([cell("1"), cell("2"), "Done."])
    assert (await Agent(journal, model, environment).run()).reason == "limit"
    assert len(model.requests) == 2
    await journal.append(RunStarted(run_id="b", model="m", approval="auto", limits=Limits(steps=2)))
    assert (await Agent(journal, model, environment).run()).reason == "answered"


async def test_a_token_limit_is_checked_before_spending() -> None:
    started = RunStarted(run_id="r", model="m", approval="auto", limits=Limits(tokens=1))
    finished, _, model = await run([cell("1"), "Done."], started=started)
    assert finished.reason == "limit"
    assert "1 tokens" in finished.detail
    assert len(model.requests) == 1


async def test_stop_interrupts_the_cell_and_the_model_is_told_later() -> None:
    journal, model = MemoryJournal(), ScriptedModel([cell("sleep"), "Done."])
    environment = FakeEnvironment()
    await begin_run(journal, "Go")
    running = asyncio.create_task(Agent(journal, model, environment).run())
    await wait_for(journal, "cell_submitted")
    await journal.append(StopRequested())
    assert (await running).reason == "stopped"
    assert journal.state.cells.popitem()[1].status == "interrupted"
    await begin_run(journal, "And now?")
    assert (await Agent(journal, model, environment).run()).reason == "answered"
    assert "interrupted" in str(model.requests[-1][-1]["content"])


async def test_stop_cancels_the_model_request() -> None:
    journal, model = MemoryJournal(), ScriptedModel([600.0, "never"])
    await begin_run(journal, "Go")
    running = asyncio.create_task(Agent(journal, model, FakeEnvironment()).run())
    await wait_for(journal, "activity")
    await journal.append(StopRequested())
    assert (await asyncio.wait_for(running, 2)).reason == "stopped"


async def test_what_was_written_when_the_user_stops_is_kept_and_not_run() -> None:
    class Slow(ScriptedModel):
        async def stream(
            self, messages: Sequence[Message], options: Options = NO_OPTIONS
        ) -> AsyncGenerator[Chunk, None]:
            yield Delta("I will look.\n\n```python\nx = ")
            await asyncio.sleep(600)

    journal, environment = MemoryJournal(), FakeEnvironment()
    await begin_run(journal, "Go")
    running = asyncio.create_task(Agent(journal, Slow([]), environment).run())
    await wait_for(journal, "reply_delta")
    await journal.append(StopRequested())
    assert (await running).reason == "stopped"
    (step,) = journal.state.steps
    assert step.text == "I will look.\n\n```python\nx = "
    assert step.cell_id is None
    model = ScriptedModel(["Done."])
    await begin_run(journal, "And?")
    assert (await Agent(journal, model, environment).run()).reason == "answered"
    assert environment.executed == []
    assert "The user stopped this reply" in str(model.requests[0][-1]["content"])


async def test_a_call_that_the_user_stops_is_kept_and_not_run() -> None:
    class Slow(ScriptedModel):
        async def stream(
            self, messages: Sequence[Message], options: Options = NO_OPTIONS
        ) -> AsyncGenerator[Chunk, None]:
            yield Delta(calls=(CallDelta(0, "a", "run_cell", '{"code": "x'),))
            await asyncio.sleep(600)

    journal, environment = MemoryJournal(), FakeEnvironment()
    await begin_run(journal, "Go", speaking("tool"))
    running = asyncio.create_task(Agent(journal, Slow([]), environment).run())
    await wait_for(journal, "activity")
    await asyncio.sleep(0.05)
    await journal.append(StopRequested())
    assert (await running).reason == "stopped"
    (step,) = journal.state.steps
    assert step.call == ToolCall(id="a", name="run_cell", arguments='{"code": "x')
    model = ScriptedModel(["Done."])
    await begin_run(journal, "And?", RunStarted(run_id="s", model="m", action_format="tool", approval="auto"))
    assert (await Agent(journal, model, environment).run()).reason == "answered"
    assert environment.executed == []
    assert "The user stopped this reply" in str(model.requests[0][-2]["content"])
    assert [message["role"] for message in model.requests[0][2:]] == ["assistant", "tool", "user"]


@pytest.mark.parametrize(
    ("decision", "source", "ran"), [("approve", "", ["1"]), ("edit", "2", ["2"]), ("reject", "", [])]
)
async def test_a_cell_waits_for_approval(decision: str, source: str, ran: list[str]) -> None:
    journal, environment, model = MemoryJournal(), FakeEnvironment(), ScriptedModel([cell("1"), "Done."])
    await begin_run(journal, "Go", asking())
    running = asyncio.create_task(Agent(journal, model, environment).run())
    await wait_for(journal, "approval_requested")
    assert environment.executed == []
    await journal.append(
        ApprovalDecided.model_validate(
            {"decision_id": "d", "step": 1, "decision": decision, "source": source, "note": "too slow"}
        )
    )
    assert (await running).reason == "answered"
    assert environment.executed == ran
    told = str(model.requests[-1][-1]["content"])
    assert ("rejected" in told and "too slow" in told) == (decision == "reject")
    assert ("The user edited the cell" in told) == (decision == "edit")


async def test_only_a_risky_cell_waits_where_risks_are_asked_about() -> None:
    journal, environment = MemoryJournal(), FakeEnvironment()
    await begin_run(journal, "Go", asking().model_copy(update={"approval": "ask-if-risky"}))
    model = ScriptedModel([cell("1"), cell("!rm data.csv"), "Done."])
    running = asyncio.create_task(Agent(journal, model, environment).run())
    requested = await wait_for(journal, "approval_requested")
    assert environment.executed == ["1"]
    assert getattr(requested, "risks", None) == ("deletes files", "runs shell commands")
    assert getattr(requested, "risk_codes", None) == ("deletes", "shell")
    await journal.append(ApprovalDecided(decision_id="d", step=2, decision="reject"))
    assert (await running).reason == "answered"
    first, second = journal.state.steps[:2]
    assert first.proposal is None
    assert second.cell_id is None
    assert not journal.state.cells[first.cell_id or ""].approved


async def test_a_language_that_cannot_be_read_is_asked_about() -> None:
    journal = MemoryJournal()
    await begin_run(journal, "Go", asking().model_copy(update={"approval": "ask-if-risky"}))
    agent = Agent(journal, ScriptedModel([cell("1", language="r")]), FakeEnvironment(language="r"))
    running = asyncio.create_task(agent.run())
    assert getattr(await wait_for(journal, "approval_requested"), "risks", None) == ("cannot be checked",)
    await journal.append(StopRequested())
    await running


async def test_an_approval_for_the_rest_of_the_run_is_kept_in_the_journal() -> None:
    journal, environment = MemoryJournal(), FakeEnvironment()
    await begin_run(journal, "Go", asking())
    model = ScriptedModel([cell("1"), cell("!ls"), "Done."])
    running = asyncio.create_task(Agent(journal, model, environment).run())
    await wait_for(journal, "approval_requested")
    await journal.append(ApprovalDecided(decision_id="d", step=1, decision="approve", approval_from_now="auto"))
    assert (await running).reason == "answered"
    assert environment.executed == ["1", "!ls"]
    assert journal.state.runs[0].approval == "auto"
    assert kinds(journal).count("approval_requested") == 1


async def test_stop_while_a_cell_waits_for_approval_says_that_it_was_not_run() -> None:
    journal, environment = MemoryJournal(), FakeEnvironment()
    await begin_run(journal, "Go", asking())
    running = asyncio.create_task(Agent(journal, ScriptedModel([cell("1")]), environment).run())
    await wait_for(journal, "approval_requested")
    await journal.append(StopRequested())
    assert (await running).reason == "stopped"
    assert environment.executed == []
    assert "not run" in str(journal.state.steps[0].observation)


async def test_a_failing_model_ends_the_run_with_its_reason() -> None:
    finished, _, _ = await run([ModelError("no such model: gpt-9")])
    assert (finished.reason, finished.detail) == ("failed", "no such model: gpt-9")


async def test_a_kernel_that_cannot_be_used_ends_the_run_and_the_cell_is_lost() -> None:
    class Dead(FakeEnvironment):
        async def execute(self, source: str, cell_id: str) -> AsyncGenerator[Execution, None]:
            if source:
                raise KernelError("the kernel is gone")
            yield ExecutionDone("ok")

    finished, journal, _ = await run([cell("1")], Dead())
    assert (finished.reason, finished.detail) == ("failed", "the kernel is gone")
    assert journal.state.cells.popitem()[1].status == "lost"


@pytest.mark.parametrize(
    ("started", "reply"),
    [(None, cell("1")), (speaking("tool"), call("1")), (speaking("execute"), "So:\n<execute>\n1\n")],
)
@pytest.mark.parametrize("cut", range(3, 9))
async def test_a_run_that_was_cut_off_after_any_event_is_resumed_and_no_cell_runs_twice(
    cut: int, started: RunStarted | None, reply: str | CallReply
) -> None:
    """The events of a whole run up to each point, then a new Agent on them."""
    _, whole, _ = await run([reply, "Done."], started=started)
    journal, environment = MemoryJournal(), FakeEnvironment()
    for event in whole.events[:cut]:
        await journal.append(event)
    finished = await Agent(journal, ScriptedModel(["Done."]), environment).run()
    assert finished.reason == "answered"
    submitted = any(event.kind == "cell_submitted" for event in whole.events[:cut])
    assert environment.executed == ([] if submitted else ["1"])
    statuses = [made.status for made in journal.state.cells.values()]
    assert statuses == (["lost"] if whole.events[cut - 1].kind == "cell_submitted" else ["ok"])


async def test_news_from_the_kernel_reaches_the_next_request() -> None:
    environment = FakeEnvironment()
    environment.changes = [Change(what="cell_run", detail="x = 1 (ok)")]
    _, _, model = await run(["Done."], environment)
    assert "The user ran a cell: x = 1 (ok)" in str(model.requests[0][-1]["content"])


async def test_a_restart_of_the_kernel_pauses_the_run_before_anything_else_runs() -> None:
    environment = FakeEnvironment()
    journal, model = MemoryJournal(), ScriptedModel([0.05, cell("1"), "Done."])
    await begin_run(journal, "Go")
    running = asyncio.create_task(Agent(journal, model, environment).run())
    await wait_for(journal, "activity")
    environment.changes = [Change(what="kernel_restarted")]
    finished = await running
    assert (finished.reason, environment.executed) == ("failed", [])
    assert finished.detail.startswith("the kernel was restarted or shut down, and its variables and imports are gone")
    await begin_run(journal, "Go on")
    assert (await Agent(journal, model, environment).run()).reason == "answered"
    told = str(model.requests[1][-1]["content"])
    assert "The kernel was restarted" in told
    assert "it was not run" in told


async def test_new_cells_go_after_each_other() -> None:
    _, journal, _ = await run([cell("1"), cell("2"), "Done."])
    first, second = journal.state.cells.values()
    assert first.after_cell_id is None
    assert second.after_cell_id == first.cell_id


async def test_a_message_during_the_last_reply_is_answered_in_the_same_run() -> None:
    journal, model = MemoryJournal(), ScriptedModel([0.05, "The answer.", "The other answer."])
    await begin_run(journal, "Go")
    running = asyncio.create_task(Agent(journal, model, FakeEnvironment()).run())
    await wait_for(journal, "activity")
    await journal.append(UserMessage(message_id="steer", text="No, the other one"))
    assert (await running).answer == "The other answer."
    assert [message["role"] for message in model.requests[1]] == ["system", "user", "assistant", "user"]
    assert model.requests[1][:2] == model.requests[0]
