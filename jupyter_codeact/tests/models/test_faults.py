"""What an endpoint may do wrong, and what the user is told. The numbers F1 to F12 are those of the fault matrix."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.model import Chunk, Delta, ReplyEnd, Retrying
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.models.test_openai_model import HELLO, chunks_of, failing, model_for, text_of
from jupyter_codeact.tests.replies import Fault, Reply, delta, event

PART = event(delta({"content": "part"}))
END = event(delta({}, "stop"))


async def failure_of(*script: Fault | Reply | str, **settings: Any) -> tuple[ModelError, list[Chunk], int]:
    """The error, the chunks before it, and how many requests were made."""
    async with model_for(*script, **settings) as (model, endpoint):
        chunks, error = await failing(model)
        assert not any(isinstance(chunk, ReplyEnd) for chunk in chunks)
        return error, chunks, len(endpoint.requests)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("hang"), "did not answer for 0.2 s"),
        (Fault("stall"), "did not answer for 0.2 s"),
        (Fault("stall", seconds=0.03), "did not answer for 0.2 s"),
        (Fault("stall", text="part"), "sent nothing more for 0.2 s"),
        (Fault("stall", text="part", seconds=0.03), "sent nothing more for 0.2 s"),
    ],
)
async def test_f2_silence_has_a_limit_that_comments_do_not_move(fault: Fault, words: str) -> None:
    failing = failure_of(fault, fault, first_byte_seconds=0.2, idle_seconds=0.2)
    error, chunks, requests = await asyncio.wait_for(failing, 30)
    assert words in str(error)
    assert (error.reason, error.retryable, requests) == ("timeout", True, 2)
    assert sum(isinstance(chunk, Retrying) for chunk in chunks) == 1


async def test_f2_slow_data_is_no_silence() -> None:
    settings = {"first_byte_seconds": 0.5, "idle_seconds": 0.2}
    async with model_for(Reply("abcdefgh", chunk_chars=1, delay=0.06), **settings) as (model, _):
        assert text_of(await chunks_of(model)) == "abcdefgh"


async def test_f2_a_slow_reader_is_no_silence() -> None:
    text = ""
    async with model_for(Reply("abcd", chunk_chars=1, delay=0.05), idle_seconds=0.15) as (model, _):
        async for chunk in model.stream(HELLO):
            text += chunk.text if isinstance(chunk, Delta) else ""
            await asyncio.sleep(0.2)
    assert text == "abcd"


async def test_f3_a_short_wish_to_wait_is_kept() -> None:
    busy = Fault("status", status=429, headers={"Retry-After": "0.3"}, body={"error": {"message": "slow down"}})
    async with model_for(busy, "fine") as (model, endpoint):
        started = time.monotonic()
        chunks = await chunks_of(model)
        assert time.monotonic() - started >= 0.3
        assert text_of(chunks) == "fine"
        assert isinstance(chunks[0], Retrying)
        assert chunks[0].detail.startswith("retrying 1/1 in 0.3 s: 127.0.0.1")
        assert len(endpoint.requests) == 2


async def test_f3_a_long_wish_to_wait_is_told_with_its_time() -> None:
    error, chunks, requests = await failure_of(Fault("status", status=429, headers={"Retry-After": "3600"}))
    assert (error.reason, error.retry_after, chunks, requests) == ("rate_limited", 3600, [], 1)
    assert "try again in 60 minutes, at 20" in str(error)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 529])
async def test_f4_bursts_of_failures_are_outlived(status: int) -> None:
    bad = Fault("status", status=status, body="<html>bad gateway</html>")
    async with model_for(bad, bad, "fine", retries=2) as (model, _):
        chunks = await chunks_of(model)
    assert [type(chunk) for chunk in chunks] == [Retrying, Retrying, Delta, ReplyEnd]
    error, _, requests = await failure_of(bad, bad)
    assert (error.reason, error.retryable, requests) == ("server_error", True, 2)


@pytest.mark.parametrize(
    ("status", "message", "reason"),
    [
        (401, "no", "unauthorized"),
        (403, "no", "unauthorized"),
        (404, "model 'm' not found", "not_found"),
        (404, "page not found", "not_found"),
        (400, "maximum context length is 4096 tokens", "context_too_long"),
        (400, "bad request", "refused"),
    ],
)
async def test_f5_f6_what_a_retry_cannot_help_is_told_at_once(status: int, message: str, reason: str) -> None:
    fault = Fault("status", status=status, body={"error": {"message": message}})
    error, chunks, requests = await failure_of(fault)
    assert (error.reason, error.retryable, chunks, requests) == (reason, False, [], 1)
    assert message in str(error)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("cut", text="part"),
        Fault("cut", text="part", framing="close"),
        Fault("cut"),
        Reply("part", finish_reason=None),
        Reply("part", finish_reason=None, done=False),
        Fault("raw", body=PART + b"data: [DONE]\n\n"),
        Fault("raw", body=PART + event(delta({"content": "x"}))[:30]),
        Fault("raw", body=PART + b"data: {broken\n\n" + END),
        Fault("raw", body=b'{"choices": [{"message": {"content": "part"}}]}'),
        Fault("raw", body=b'{"choices": [{"message": '),
        Fault("raw", body=b""),
        Fault("raw", body=b": ping\n\n"),
    ],
)
async def test_f7_f8_a_reply_without_proof_is_asked_for_again(fault: Fault | Reply) -> None:
    async with model_for(fault, "whole") as (model, _):
        chunks = await chunks_of(model)
    assert text_of(chunks) == "whole"
    retrying = [chunk for chunk in chunks if isinstance(chunk, Retrying)]
    assert len(retrying) == 1
    assert "broke off" in retrying[0].detail
    error, _, _ = await failure_of(fault, fault)
    assert (error.reason, error.retryable) == ("cut", True)


@pytest.mark.parametrize("body", [END, END.rstrip(), END + b"data: {broken", END + b"data: [DONE]\n\n"])
async def test_f7_a_proved_reply_is_whole_whatever_follows(body: bytes) -> None:
    async with model_for(Fault("raw", body=PART + body)) as (model, _):
        assert await chunks_of(model) == [Delta("part"), ReplyEnd("stop")]


async def test_f8_errors_reported_in_the_stream() -> None:
    busy = Fault("raw", body=PART + event({"error": {"message": "GPU lost", "code": 500}}))
    async with model_for(busy, "whole") as (model, _):
        chunks = await chunks_of(model)
    assert text_of(chunks) == "whole"
    assert "(GPU lost)" in next(chunk.detail for chunk in chunks if isinstance(chunk, Retrying))
    long = Fault("raw", body=event({"error": {"message": "prompt is too long", "code": 400}}))
    error, _, requests = await failure_of(long)
    assert (error.reason, requests) == ("context_too_long", 1)


async def test_f8_invalid_utf8_is_replaced() -> None:
    damaged = event(delta({"content": "a?b"})).replace(b"?", b"\xff")
    async with model_for(Fault("raw", body=damaged + END)) as (model, _):
        assert text_of(await chunks_of(model)) == "a\ufffdb"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("raw", body="<!DOCTYPE html><p>x", headers={"Content-Type": "text/html"}), "text/html"),
        (Fault("raw", body="\n <html>", headers={"Content-Type": "text/plain"}), "text/html"),
        (Fault("raw", body="OK", headers={"Content-Type": "text/plain; charset=x"}), "text/plain"),
        (Fault("raw", body="", headers={"Content-Type": "application/json"}), "an empty body"),
        (Fault("raw", body='{"detail": "hi"}', headers={"Content-Type": "application/json"}), "JSON that is no"),
        (Fault("raw", body="[]", headers={"Content-Type": "application/json"}), "application/json"),
    ],
)
async def test_f9_what_is_no_endpoint_is_named(fault: Fault, words: str) -> None:
    error, _, requests = await failure_of(fault)
    assert str(error).startswith(f"endpoint did not stream: {words}")
    assert str(error).endswith("is the base URL right? It usually ends in /v1")
    assert (error.reason, requests) == ("not_an_endpoint", 1)


async def test_f9_a_completion_that_is_not_streamed_is_used() -> None:
    body = Reply("whole", reasoning="hm", finish_reason="length").completion()
    fault = Fault("raw", body=repr_json(body), headers={"Content-Type": "application/json"})
    async with model_for(fault) as (model, _):
        chunks = await chunks_of(model)
    assert chunks[0] == Delta("whole", "hm")
    assert isinstance(chunks[1], ReplyEnd)
    assert (chunks[1].finish_reason, chunks[1].usage is not None) == ("length", True)


@pytest.mark.parametrize("reply", [Reply(""), Reply(" \n"), Reply("", reasoning="only this")])
async def test_f10_an_empty_reply_is_a_reply(reply: Reply) -> None:
    async with model_for(reply) as (model, _):
        chunks = await chunks_of(model)
    assert isinstance(chunks[-1], ReplyEnd)
    assert text_of(chunks).strip() == ""


async def test_f11_an_endless_reply_is_cut_and_closed() -> None:
    async with model_for(Fault("endless"), max_reply_bytes=1_000_000) as (model, endpoint):
        with pytest.raises(ModelError, match="passed 1 MB") as caught:
            await chunks_of(model)
        assert not caught.value.retryable
        await endpoint.requests[0].disconnected.wait()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirects_are_told_and_not_followed(status: int) -> None:
    async with Endpoint(["never"]) as other:
        location = f"{other.base_url}/chat/completions?key=1".replace("//", "//u:p@")
        error, _, _ = await failure_of(Fault("status", status=status, headers={"Location": location}))
        assert f"redirects to {other.base_url}, " in str(error)
        assert "set the base URL to it" in str(error)
        assert not other.connections
    assert error.reason == "not_an_endpoint"


def repr_json(body: dict[str, Any]) -> bytes:
    return event(body)[len(b"data: ") :]
