"""Which format a run uses, and what becomes of function calls on the wire."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from jupyter_codeact.agent.tool import run_cell_tool
from jupyter_codeact.errors import ModelError, ToolsRefused
from jupyter_codeact.models.formats import known_format, resolve_format
from jupyter_codeact.models.model import CallDelta, Delta, Message, Options, ReplyEnd
from jupyter_codeact.models.offline_model import OfflineModel
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.testing import ScriptedModel
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Call, Fault, Item, Reply

HELLO: list[Message] = [{"role": "user", "content": "hello"}]
OFFERING = Options(tools=(run_cell_tool("Python"),))
CALLS = Reply(calls=(Call('{"code": "1 + 1"}'),), finish_reason="tool_calls")


@pytest.mark.parametrize(
    ("name", "action_format"),
    [
        ("xingyaoww/CodeActAgent-Mistral-7b-v0.1", "execute"),
        ("gpt-4o-mini", "tool"),
        ("openai/gpt-5.1", "tool"),
        ("o3-mini", "tool"),
        ("anthropic/claude-sonnet-4", "tool"),
        ("mistral-large-latest", "tool"),
        ("meta-llama/Llama-3.3-70B-Instruct", "tool"),
        ("qwen3:8b", "tool"),
        ("qwen2.5-coder:32b", "fenced"),
        ("deepseek-coder-v2", "fenced"),
        ("llama3.1:8b", "fenced"),
        ("gemma3:27b", "fenced"),
        ("mistral-7b-instruct-v0.2", "fenced"),
        ("phi4", "fenced"),
        ("test", None),
        ("my-model", None),
        ("foo3-mini", None),
    ],
)
def test_families(name: str, action_format: str | None) -> None:
    assert known_format(name) == action_format


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with Endpoint(refuses=()) as served:
        yield served


@pytest.fixture
async def model(endpoint: Endpoint) -> AsyncIterator[OpenAIModel]:
    made = OpenAIModel(endpoint.base_url, "", "stranger", first_retry_delay=0.01)
    yield made
    await made.aclose()


@pytest.mark.parametrize(("item", "action_format"), [(CALLS, "tool"), ("I would call it.", "fenced")])
async def test_a_stranger_is_asked_once(endpoint: Endpoint, model: OpenAIModel, item: Item, action_format: str) -> None:
    endpoint.set_script([item])
    for _ in range(3):
        assert await resolve_format("auto", model) == action_format
    assert len(endpoint.requests) == 1
    assert endpoint.requests[0].body["tools"] == [run_cell_tool("Python")]


async def test_an_endpoint_that_takes_no_functions_is_asked_once(endpoint: Endpoint, model: OpenAIModel) -> None:
    endpoint.refuses = ["tools"]
    for _ in range(3):
        assert await resolve_format("auto", model) == "fenced"
    assert len(endpoint.refused) == 1


async def test_a_failure_is_no_answer(endpoint: Endpoint, model: OpenAIModel) -> None:
    endpoint.set_script([Fault("status", status=503), CALLS])
    assert await resolve_format("auto", model) == "fenced"
    assert await resolve_format("auto", model) == "tool"


async def test_a_wish_is_not_asked_about(endpoint: Endpoint, model: OpenAIModel) -> None:
    for wish in ("fenced", "execute", "tool", "json", "text"):
        assert await resolve_format(wish, model) == wish
    assert endpoint.requests == []


@pytest.mark.parametrize("wish", ["auto", "tool", "execute"])
async def test_the_offline_analyst_writes_code_blocks(wish: str) -> None:
    assert await resolve_format(wish, OfflineModel()) == "fenced"


async def test_a_model_without_an_endpoint_is_not_asked() -> None:
    model = ScriptedModel([])
    assert await resolve_format("auto", model) == "fenced"
    assert await resolve_format("tool", model) == "tool"
    assert model.requests == []


async def test_refused_functions_are_not_offered_again(endpoint: Endpoint, model: OpenAIModel) -> None:
    endpoint.set_script(["Plain.", "Plain."])
    endpoint.refuses = ["tools"]
    with pytest.raises(ToolsRefused):
        await deltas(model, OFFERING)
    assert await deltas(model) == [Delta("Plain.")]
    assert model.refused == {"tools"}
    with pytest.raises(ToolsRefused, match="takes no functions"):
        await deltas(model, OFFERING)
    assert len(endpoint.refused) == 1


async def test_a_refusal_that_plain_text_does_not_cure_is_not_remembered(
    endpoint: Endpoint, model: OpenAIModel
) -> None:
    broken = Fault("status", status=400, body={"error": {"message": "the tools of this server are broken"}})
    endpoint.set_script([broken, broken, CALLS])
    with pytest.raises(ToolsRefused):
        await deltas(model, OFFERING)
    with pytest.raises(ModelError):
        await deltas(model)
    assert (await deltas(model, OFFERING))[0].calls


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "registry.ollama.ai/library/gemma:2b does not support tools"),
        (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
        (500, "tools param requires --jinja flag"),
        (404, "No endpoints found that support tool use"),
        (422, '[{"type":"extra_forbidden","loc":["body","tools"]}]'),
        (400, "Function calling is not enabled for this model"),
    ],
)
async def test_the_words_of_servers_that_take_no_functions(
    endpoint: Endpoint, model: OpenAIModel, status: int, said: str
) -> None:
    endpoint.set_script([Fault("status", status=status, body={"error": {"message": said}})])
    with pytest.raises(ToolsRefused):
        await deltas(model, OFFERING)


async def test_a_null_in_the_extra_body_takes_functions_back(endpoint: Endpoint) -> None:
    model = OpenAIModel(endpoint.base_url, "", "m", extra_body={"tools": None})
    with pytest.raises(ToolsRefused):
        await deltas(model, OFFERING)
    assert endpoint.requests == []
    await model.aclose()


@pytest.mark.parametrize("chunk_bytes", [0, 1, 7])
async def test_calls_are_streamed(endpoint: Endpoint, model: OpenAIModel, chunk_bytes: int) -> None:
    arguments = json.dumps({"code": "print('é 😀')"}, ensure_ascii=False)
    calls = (Call(arguments), Call("{}", name="other", id="call-2"))
    endpoint.set_script([Reply("So:", calls=calls, chunk_bytes=chunk_bytes, finish_reason="tool_calls")])
    pieces = [piece for delta in await deltas(model, OFFERING) for piece in delta.calls]
    assert [piece for piece in pieces if piece.name] == [
        CallDelta(0, "call-1", "run_cell"),
        CallDelta(1, "call-2", "other"),
    ]
    assert "".join(piece.arguments for piece in pieces if piece.index == 0) == arguments


async def test_a_surrogate_pair_cut_between_pieces_of_a_call_is_joined(endpoint: Endpoint, model: OpenAIModel) -> None:
    def piece(arguments: str, reason: str = "null") -> bytes:
        call = f'{{"index": 0, "function": {{"arguments": "{arguments}"}}}}'
        return f'data: {{"choices": [{{"delta": {{"tool_calls": [{call}]}}, "finish_reason": {reason}}}]}}\n\n'.encode()

    endpoint.set_script([Fault("raw", body=piece("\\ud83d") + piece("\\ude00", '"stop"'))])
    assert "".join(call.arguments for delta in await deltas(model) for call in delta.calls) == "😀"


@pytest.mark.parametrize(
    "message",
    [
        {"tool_calls": [{"id": "a", "function": {"name": "run_cell", "arguments": '{"code": "x"}'}}]},
        {"tool_calls": [{"id": "a", "index": 0, "function": {"name": "run_cell", "arguments": {"code": "x"}}}]},
    ],
)
async def test_a_call_in_a_whole_completion(endpoint: Endpoint, model: OpenAIModel, message: dict[str, Any]) -> None:
    body = {"choices": [{"message": {"content": None, **message}, "finish_reason": "tool_calls"}]}
    endpoint.set_script([Fault("raw", body=json.dumps(body), headers={"Content-Type": "application/json"})])
    [delta] = await deltas(model, OFFERING)
    assert [(call.id, call.name, call.arguments) for call in delta.calls] == [("a", "run_cell", '{"code": "x"}')]


async def deltas(model: OpenAIModel, options: Options | None = None) -> list[Delta]:
    chunks = [chunk async for chunk in model.stream(HELLO, *([options] if options else []))]
    assert isinstance(chunks[-1], ReplyEnd)
    return [chunk for chunk in chunks if isinstance(chunk, Delta)]
