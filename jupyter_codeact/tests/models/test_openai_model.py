"""The model against a real HTTP endpoint: replies, retries, refusals."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from jupyter_codeact.errors import ModelError
from jupyter_codeact.events import Usage
from jupyter_codeact.models.model import Chunk, Delta, Message, ReplyEnd, Retrying
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.models.refusals import IMAGE_NOTE, IMAGES
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Fault, Item, Reply, delta, event

HELLO: list[Message] = [{"role": "user", "content": "hello"}]
IMAGE_MESSAGE: Message = {
    "role": "user",
    "content": [
        {"type": "text", "text": "see"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
    ],
}


@asynccontextmanager
async def model_for(*script: Item, **settings: Any) -> AsyncIterator[tuple[OpenAIModel, Endpoint]]:
    settings = {"first_retry_delay": 0.01, "retries": 1, **settings}
    async with Endpoint(script) as endpoint:
        model = OpenAIModel(endpoint.base_url, "sk-canary-0123456789abcdef", "m", **settings)
        try:
            await model.prepare()
            yield model, endpoint
        finally:
            await model.aclose()


async def chunks_of(model: OpenAIModel, messages: list[Message] = HELLO) -> list[Chunk]:
    return [chunk async for chunk in model.stream(messages)]


async def failing(model: OpenAIModel) -> tuple[list[Chunk], ModelError]:
    """The chunks before the reply failed, and the failure."""
    chunks: list[Chunk] = []
    try:
        async for chunk in model.stream(HELLO):
            chunks += [chunk]
    except ModelError as error:
        return chunks, error
    pytest.fail(f"the reply did not fail: {chunks}")


def text_of(chunks: list[Chunk]) -> str:
    """The text that counts: what came after the last retry."""
    text = ""
    for chunk in chunks:
        text = "" if isinstance(chunk, Retrying) else text + (chunk.text if isinstance(chunk, Delta) else "")
    return text


async def test_a_reply_is_streamed_with_its_proof_and_usage() -> None:
    async with model_for(Reply("hello world", reasoning="hm", chunk_chars=6)) as (model, endpoint):
        chunks = await chunks_of(model)
    usage = Usage(prompt_tokens=10, completion_tokens=5)
    assert chunks == [Delta(reasoning="hm"), Delta("hello "), Delta("world"), ReplyEnd("stop", usage)]
    body = endpoint.requests[0].body
    assert body == {"model": "m", "messages": HELLO, "stream": True, "stream_options": {"include_usage": True}}
    assert endpoint.requests[0].headers["authorization"] == "Bearer sk-canary-0123456789abcdef"


async def test_settings_go_into_every_request_and_nulls_never_do() -> None:
    settings = {
        "temperature": 0.2,
        "stop": ["</execute>"],
        "extra_body": {"top_p": 0.9, "stream_options": None, "seed": None},
        "extra_headers": {"X-Team": "blue"},
    }
    async with model_for("a", **settings) as (model, endpoint):
        await chunks_of(model)
    body = endpoint.requests[0].body
    assert set(body) == {"model", "messages", "stream", "temperature", "stop", "top_p"}
    assert b"null" not in endpoint.requests[0].raw
    assert endpoint.requests[0].headers["x-team"] == "blue"


async def test_without_a_key_no_key_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody-else")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: somebody-else")
    async with Endpoint(["a"]) as endpoint:
        model = OpenAIModel(endpoint.base_url, "", "m")
        await chunks_of(model)
        await model.aclose()
    assert "authorization" not in endpoint.requests[0].headers
    assert "somebody-else" not in str(endpoint.requests[0].headers)


async def test_one_connection_serves_several_replies() -> None:
    async with model_for("a", "b", "c") as (model, endpoint):
        for expected in "abc":
            assert text_of(await chunks_of(model)) == expected
        assert endpoint.connections == 1


async def test_one_connection_serves_replies_of_which_only_the_beginning_is_wanted() -> None:
    async with model_for("one two three four five six", "b", "c") as (model, endpoint):
        async with aclosing(model.stream(HELLO)) as chunks:
            assert isinstance(await anext(chunks), Delta)
        await asyncio.sleep(0.1)
        assert text_of(await chunks_of(model)) == "b"
        assert endpoint.connections == 1
        assert not endpoint.requests[0].disconnected.is_set()


async def test_a_reply_that_goes_on_behind_what_is_wanted_is_not_read_for_long() -> None:
    async with model_for(Fault("endless", text="on and on "), "next") as (model, endpoint):
        async with aclosing(model.stream(HELLO)) as chunks:
            assert isinstance(await anext(chunks), Delta)
        await asyncio.wait_for(endpoint.requests[0].disconnected.wait(), 2)
        assert text_of(await chunks_of(model)) == "next"


async def test_a_model_that_is_closed_while_a_reply_goes_on_leaves_nothing() -> None:
    async with Endpoint([Fault("stall", text="abc")]) as endpoint:
        model = OpenAIModel(endpoint.base_url, "k", "m")
        async with aclosing(model.stream(HELLO)) as chunks:
            await anext(chunks)
        await model.aclose()
        assert not [task for task in asyncio.all_tasks() if "jupyter_codeact/models" in repr(task)]
        await asyncio.wait_for(endpoint.requests[0].disconnected.wait(), 0.2)


async def test_a_query_of_the_base_url_goes_with_every_request() -> None:
    async with Endpoint(["a"]) as endpoint:
        model = OpenAIModel(f"{endpoint.base_url}?api-version=3", "k", "m")
        await chunks_of(model)
        await model.aclose()
    assert endpoint.requests[0].path == "/v1/chat/completions?api-version=3"


async def test_closing_early_closes_the_request_soon() -> None:
    async with model_for(Fault("stall", text="abc"), "next") as (model, endpoint):
        async with aclosing(model.stream(HELLO)) as chunks:
            assert await anext(chunks) == Delta("abc")
        await asyncio.wait_for(endpoint.requests[0].disconnected.wait(), 2)
        assert text_of(await chunks_of(model)) == "next"


async def test_cancelling_while_it_waits_closes_the_request_at_once() -> None:
    async with model_for(Fault("hang")) as (model, endpoint):
        task = asyncio.create_task(chunks_of(model))
        await endpoint.asked.wait()
        task.cancel()
        await asyncio.wait_for(endpoint.requests[0].disconnected.wait(), 2)
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_nothing_is_left_behind() -> None:
    before = asyncio.all_tasks()
    async with model_for("a", Fault("cut", text="b"), "c", Fault("hang"), first_byte_seconds=0.1) as (model, _):
        assert text_of(await chunks_of(model)) == "a"
        assert text_of(await chunks_of(model)) == "c"
        with pytest.raises(ModelError):
            await chunks_of(model)
    for _ in range(100):
        if asyncio.all_tasks() == before:
            return
        await asyncio.sleep(0.01)
    assert asyncio.all_tasks() == before


async def test_messages_with_lone_surrogates_are_sent() -> None:
    async with model_for("a") as (model, endpoint):
        await chunks_of(model, [{"role": "user", "content": "\ud800 \ud83d\ude00"}])
    assert endpoint.requests[0].body["messages"][0]["content"] == "\ufffd 😀"


async def test_a_surrogate_pair_cut_between_pieces_is_joined() -> None:
    halves = b'data: {"choices": [{"delta": {"content": "\\ud83d"}}]}\n\n'
    halves += b'data: {"choices": [{"delta": {"content": "\\ude00 \\ud800"}, "finish_reason": "stop"}]}\n\n'
    async with model_for(Fault("raw", body=halves)) as (model, _):
        assert text_of(await chunks_of(model)) == "😀 \ufffd"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_bytes_may_be_cut_anywhere(size: int) -> None:
    text = "héllo 😀 wörld\x00"
    async with model_for(Reply(text, chunk_bytes=size)) as (model, _):
        assert text_of(await chunks_of(model)) == text


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(
    ("parameter", "settings"),
    [("stop", {"stop": ["x"]}), ("stream_options", {}), ("temperature", {"temperature": 1.0})],
)
async def test_a_refused_parameter_is_dropped_and_remembered(
    parameter: str, settings: dict[str, Any], status: int
) -> None:
    fault = Fault("refuse", parameter=parameter, text="fine", status=status)
    async with model_for(fault, fault, "again", **settings) as (model, endpoint):
        assert [type(chunk) for chunk in await chunks_of(model)] == [Delta, ReplyEnd]
        assert text_of(await chunks_of(model)) == "again"
        assert model.refused == {parameter}
    assert [parameter in request.body for request in endpoint.requests] == [True, False, False]


async def test_refused_images_are_told_in_words() -> None:
    fault = Fault("refuse", parameter="image", text="fine")
    async with model_for(fault, fault) as (model, endpoint):
        assert text_of(await chunks_of(model, [IMAGE_MESSAGE])) == "fine"
        assert model.refused == {IMAGES}
    assert endpoint.requests[1].body["messages"] == [{"role": "user", "content": f"see\n{IMAGE_NOTE}"}]


async def test_several_refusals_in_a_row() -> None:
    stop, options = Fault("refuse", parameter="stop"), Fault("refuse", parameter="stream_options")
    async with model_for(stop, options, "fine", stop=["x"]) as (model, _):
        assert text_of(await chunks_of(model)) == "fine"
        assert model.refused == {"stop", "stream_options"}


async def test_a_refusal_that_dropping_does_not_cure_is_not_remembered() -> None:
    bad = Fault("status", status=400, body={"error": {"message": "stop it, something else is wrong"}})
    async with model_for(bad, bad, stop=["x"]) as (model, endpoint):
        with pytest.raises(ModelError, match="something else is wrong"):
            await chunks_of(model)
        assert model.refused == frozenset()
        assert len(endpoint.requests) == 2


async def test_a_refused_connection_is_announced_within_two_seconds() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    model = OpenAIModel(f"http://localhost:{port}/v1", "", "m", first_retry_delay=0.01, retries=2)
    await model.prepare()
    started = time.monotonic()
    chunks, error = await failing(model)
    assert time.monotonic() - started < 2
    refused = f"connection refused by localhost:{port}"
    retries = [chunk for chunk in chunks if isinstance(chunk, Retrying)]
    assert [chunk.detail for chunk in retries] == [f"retrying {attempt}/2 in 0.0 s: {refused}" for attempt in (1, 2)]
    assert [0 < chunk.seconds < 0.05 for chunk in retries] == [True, True]
    assert len(chunks) == 2
    assert str(error).startswith(f"connection refused by localhost:{port}; start the model server there")
    assert (error.reason, error.retryable) == ("unreachable", True)
    await model.aclose()


async def test_a_retry_is_announced_before_the_wait() -> None:
    async with model_for(Fault("status", status=503), first_retry_delay=60) as (model, endpoint):
        chunks = model.stream(HELLO)
        assert isinstance(await asyncio.wait_for(anext(chunks), 2), Retrying)
        assert len(endpoint.requests) == 1
        await chunks.aclose()


async def test_no_proxy_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Endpoint() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.base_url.removesuffix("/v1"))
        async with model_for("direct") as (model, _):
            assert text_of(await chunks_of(model)) == "direct"
        assert not proxy.connections


async def test_events_without_choices_and_with_odd_types_are_tolerated() -> None:
    odd: tuple[Any, ...] = (
        {"choices": []},
        {"choices": None},
        {"choices": [{"delta": {"content": 5}}]},
        {"choices": [{}]},
        None,
        "keep-alive",
        {"usage": {"prompt_tokens": "many"}},
    )
    async with model_for(Reply("fine", events=odd)) as (model, _):
        assert text_of(await chunks_of(model)) == "fine"


async def test_the_usage_is_not_waited_for_long() -> None:
    async with model_for(Reply("a", usage=None, done=False)) as (model, _):
        assert (await chunks_of(model))[-1] == ReplyEnd("stop")
    async with model_for(Fault("stall", body=event(delta({"content": "a"}, "stop")), seconds=0.3)) as (model, _):
        started = time.monotonic()
        assert (await chunks_of(model))[-1] == ReplyEnd("stop")
        assert time.monotonic() - started < 5


def test_importing_and_making_a_model_loads_no_openai() -> None:
    code = (
        "import sys; from jupyter_codeact.models import openai_model, connections, probe;"
        "openai_model.OpenAIModel('http://h/v1', 'k', 'm');"
        "assert not {'openai', 'httpx', 'httpx2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
