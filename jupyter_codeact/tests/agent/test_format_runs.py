"""The same task in every format, and with endpoints that refuse parts of a request: real endpoint, real kernel."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.agent.turns import block
from jupyter_codeact.events import ActionFormat, RunFinished, RunStarted, UserMessage
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.kernels.environment import ExecutionDone
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import local_kernel
from jupyter_codeact.models.formats import resolve_format
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Answer, Call, Item, Reply
from jupyter_codeact.tests.wire import Request

CODE = [
    "# load the sales\nimport pandas as pd\ndf = pd.read_csv('sales.csv')\ndf['amount'].sum()",
    "# the column has a capital\ndf['Amount'].sum()",
    'title = """\nSales in `€`, "gross" \\\\ net\n"""\ndf[\'Amount\'].plot(title=title)',
]
CALLS = ["load(path='sales.csv', column='amount')", "load(path='sales.csv', column='Amount')", "plot(column='Amount')"]
FUNCTIONS = """
import pandas as pd
def load(path, column):
    globals()['df'] = pd.read_csv(path)
    return df[column].sum()
def plot(column):
    return df[column].plot()
"""
AS_JSON = [
    '{"tool": "load", "args": {"path": "sales.csv", "column": "amount"}}',
    'Action: {"tool": "load", "args": {"path": "sales.csv", "column": "Amount"}}',
    '```json\n{\n "tool": "plot",\n "args": {"column": "Amount"}\n}\n```',
]
AS_TEXT = [
    "Action: load, path=sales.csv, column=amount",
    'Action: load, path="sales.csv", column="Amount" End Action',
    "Action: plot, column='Amount'",
]
ANSWER = "The sum is 60."
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2])"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def environment(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[KernelEnvironment]:
    folder: Path = tmp_path_factory.mktemp("sales")
    (folder / "sales.csv").write_text("Region,Amount\nNorth,10\nSouth,50\n", "utf-8")
    async with local_kernel(cwd=str(folder)) as manager:
        environment = KernelEnvironment(manager)
        await environment.connect()
        yield environment
        await environment.close()


def acting(action_format: ActionFormat, source: str, seed: int | None = None) -> Reply:
    """A reply that asks for `source` to be run, in pieces of random sizes."""
    prose = "I take the next step:"
    match action_format:
        case "tool":
            other = Call('{"code": "never()"}', id="call-2")
            return Reply(
                prose, calls=(Call(json.dumps({"code": source})), other), finish_reason="tool_calls", seed=seed
            )
        case "execute":  # the server cuts the stop string off
            return Reply(f"<thought>{prose}</thought>\n<execute>\n{source}\n", seed=seed)
        case "fenced":
            return Reply(cell(source, prose), seed=seed)
        case _:
            return Reply(f"{prose}\n{source}\n", seed=seed)


async def carry_out(
    environment: KernelEnvironment, model: OpenAIModel, run: RunStarted, functions: Sequence[str] = ()
) -> tuple[RunFinished, MemoryJournal]:
    journal = MemoryJournal()
    await journal.append(UserMessage(message_id="m", text="What is the sum of sales.csv?"))
    await journal.append(run)
    return await Agent(journal, model, environment, functions=functions).run(), journal


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("action_format", "said", "cells"),
    [
        ("fenced", CODE, CODE),
        ("execute", CODE, CODE),
        ("tool", CODE, CODE),
        ("fenced", CALLS, CALLS),
        ("json", AS_JSON, CALLS),
        ("text", AS_TEXT, CALLS),
    ],
)
async def test_a_task_is_carried_out_in_every_format(
    environment: KernelEnvironment, action_format: ActionFormat, said: list[str], cells: list[str], seed: int
) -> None:
    async for done in environment.execute(f"%reset -f\n{FUNCTIONS}", "setup"):
        assert not isinstance(done, ExecutionDone) or done.status == "ok"
    answer = f"<solution>{ANSWER}</solution>" if action_format == "execute" else ANSWER
    script: list[Item] = [acting(action_format, source, seed) for source in said]
    async with Endpoint([*script, Reply(answer, seed=seed)], refuses=()) as endpoint:
        model = OpenAIModel(endpoint.base_url, "", "m")
        run = RunStarted(run_id="r", model="m", action_format=action_format, approval="auto")
        finished, journal = await carry_out(environment, model, run, ["load(path, column)", "plot(column)"])
        await model.aclose()
    assert (finished.reason, finished.answer) == ("answered", ANSWER)
    ran = list(journal.state.cells.values())
    assert [made.source for made in ran] == cells
    assert [made.status for made in ran] == ["error", "ok", "ok"]
    requests = [request.body["messages"] for request in endpoint.requests]
    for former, latter in pairwise(requests):
        assert latter[: len(former)] == former
    if action_format == "tool":
        check_calls(requests[-1])
    assert "KeyError" in str(requests[1][-1]["content"])
    assert requests[-1][-1]["content"][-1]["type"] == "image_url"


def check_calls(messages: list[dict[str, Any]]) -> None:
    """Each call is followed by its outcome, in text; an image comes from the user."""
    assert [message["role"] for message in messages[2:]] == ["assistant", "tool"] * 3 + ["user"]
    for said, told in zip(messages[2:-1:2], messages[3:-1:2], strict=True):
        assert told["tool_call_id"] == said["tool_calls"][0]["id"]
        assert told["content"].startswith("<observation>\n")
        assert set(json.loads(said["tool_calls"][0]["function"]["arguments"])) == {"code"}


def speaking(source: str) -> Item:
    """A reply that asks for `source` to be run, in the format that the request asks for."""

    def reply(request: Request) -> Answer:
        if "tools" in request.body:
            return acting("tool", source)
        return acting("execute" if "<execute>" in request.body["messages"][0]["content"] else "fenced", source)

    return reply


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(
    ("parameter", "action_format"),
    [("tools", "tool"), ("stop", "execute"), ("stream_options", "fenced"), ("image", "tool"), ("temperature", "tool")],
)
async def test_what_an_endpoint_refuses_is_asked_for_once(
    environment: KernelEnvironment, parameter: str, action_format: ActionFormat, status: int
) -> None:
    script = [speaking("1 / 0"), speaking(PLOT), ANSWER]
    async with Endpoint(script, refuses=[parameter], refusal=status) as endpoint:
        model = OpenAIModel(endpoint.base_url, "", "m", temperature=0.5)
        for number in (1, 2):
            resolved = await resolve_format(action_format, model)
            run = RunStarted.model_validate(
                {"run_id": f"r{number}", "model": "m", "action_format": resolved, "approval": "auto"}
            )
            assert resolved == ("fenced" if parameter == "tools" and number == 2 else action_format)
            finished, journal = await carry_out(environment, model, run)
            assert (finished.reason, finished.answer, finished.detail) == ("answered", ANSWER, "")
            assert [made.status for made in journal.state.cells.values()] == ["error", "ok"]
            assert len(endpoint.refused) == (1 if number == 1 else 0)
            endpoint.set_script(script)
        await model.aclose()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_run_that_cannot_call_functions_goes_on_in_the_same_step(environment: KernelEnvironment) -> None:
    async with Endpoint([speaking("6 * 7"), ANSWER], refuses=["stream_options", "tools"]) as endpoint:
        model = OpenAIModel(endpoint.base_url, "", "m")
        run = RunStarted(run_id="r", model="m", action_format="tool", approval="auto")
        finished, journal = await carry_out(environment, model, run)
        await model.aclose()
    assert finished.reason == "answered"
    assert [step.action_format for step in journal.state.steps] == ["fenced", "fenced"]
    assert len(endpoint.refused) == 2
    system, user = endpoint.requests[0].body["messages"]
    assert "fenced code block" in system["content"]
    assert user["content"] == block("message", "What is the sum of sales.csv?")
