"""What a scripted endpoint answers: whole replies, and faults made on purpose."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, TypeAlias

from jupyter_codeact.tests.wire import Framing, Request, Wire

EVENT_STREAM: Mapping[str, str] = {"Content-Type": "text/event-stream; charset=utf-8"}
FaultKind: TypeAlias = Literal["status", "hang", "stall", "cut", "raw", "refuse", "endless", "echo_key"]


@dataclass(frozen=True)
class Call:
    """A function call of the model."""

    arguments: str
    name: str = "run_cell"
    id: str = "call-1"

    def whole(self) -> dict[str, Any]:
        """The call as a part of a message."""
        return {"id": self.id, "type": "function", "function": {"name": self.name, "arguments": self.arguments}}


@dataclass(frozen=True)
class Reply:
    """A reply of the model.

    It is streamed in pieces of `chunk_chars` characters, `delay` seconds before each, after `first_delay`
    seconds. `chunk_bytes` cuts the wire's bytes into writes of that size (0: one event a write).
    With `seed`, the pieces have random sizes up to `chunk_chars` instead. `calls` are function calls, `Call`s or what
    makes one, that come after the text.
    `finish_reason` None leaves the proof out, `usage` None the usage, `done` False the closing `[DONE]`;
    `events` are further payloads sent before the text.
    """

    text: str = ""
    reasoning: str = ""
    calls: tuple[Call, ...] = ()
    chunk_chars: int = 16
    seed: int | None = None
    chunk_bytes: int = 0
    first_delay: float = 0.0
    delay: float = 0.0
    finish_reason: str | None = "stop"
    usage: dict[str, int] | None = field(
        default_factory=lambda: {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    )
    done: bool = True
    events: tuple[Any, ...] = ()
    framing: Framing = "chunked"

    async def serve(self, wire: Wire, request: Request) -> None:
        """Sends the reply, streamed if the request asks for that."""
        await asyncio.sleep(self.first_delay)
        if not (request.body or {}).get("stream"):
            await wire.answer(200, self.completion())
            return
        await wire.head(200, EVENT_STREAM, framing=self.framing)
        async for piece in self._paced(request):
            await wire.write(piece)
        await wire.end()

    def completion(self) -> dict[str, Any]:
        """The reply as one JSON completion."""
        message: dict[str, Any] = {"role": "assistant", "content": self.text}
        if self.reasoning:
            message["reasoning_content"] = self.reasoning
        if self.calls:
            message["tool_calls"] = [call.whole() for call in self.calls]
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        usage = {} if self.usage is None else {"usage": self.usage}
        return {"id": "scripted", "object": "chat.completion", "choices": [choice], **usage}

    def payloads(self, *, with_usage: bool = True) -> Iterator[object]:
        """The data of the stream's events, in order."""
        yield from self.events
        yield delta({"role": "assistant", "content": ""})
        for piece in self._pieces(self.reasoning):
            yield delta({"reasoning_content": piece})
        for piece in self._pieces(self.text):
            yield delta({"content": piece})
        for index, call in enumerate(self.calls):
            begun = {**call.whole(), "index": index, "function": {"name": call.name, "arguments": ""}}
            yield delta({"tool_calls": [begun]})
            for piece in self._pieces(call.arguments):
                yield delta({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
        if self.finish_reason is not None:
            yield delta({}, self.finish_reason)
        if self.usage is not None and with_usage:
            yield {"object": "chat.completion.chunk", "choices": [], "usage": self.usage}

    def _pieces(self, text: str) -> Iterator[str]:
        if self.seed is None:
            yield from _cut(text, self.chunk_chars)
            return
        random = Random(f"{self.seed} {text}")  # noqa: S311 - sizes of pieces are no secret
        while text:
            size = random.randint(1, self.chunk_chars)
            yield text[:size]
            text = text[size:]

    async def _paced(self, request: Request) -> AsyncIterator[bytes]:
        wants_usage = bool((request.body.get("stream_options") or {}).get("include_usage"))
        events = [event(payload) for payload in self.payloads(with_usage=wants_usage)]
        if self.done:
            events.append(b"data: [DONE]\n\n")
        pieces = _cut(b"".join(events), self.chunk_bytes) if self.chunk_bytes else iter(events)
        for piece in pieces:
            if self.delay:
                await asyncio.sleep(self.delay)
            yield piece


@dataclass(frozen=True)
class Fault:
    """A failure made on purpose.

    status    answers `status` with `headers` and `body`
    hang      accepts and never answers
    stall     streams `text` and the bytes of `body`, then nothing more, but a comment every `seconds` if not 0
    cut       streams `text`, then drops the connection (`framing` "close": as an orderly end of the body)
    raw       status 200 with `headers` and `body` byte by byte as given
    refuse    status `status` while the request has `parameter` ("image": an image part), else replies `text`
    endless   streams without an end
    echo_key  status 401 whose headers and body repeat the Authorization header
    """

    kind: FaultKind
    text: str = ""
    status: int = 400
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = ""
    seconds: float = 0.0
    parameter: str = ""
    framing: Framing = "chunked"

    async def serve(self, wire: Wire, request: Request) -> None:
        """Makes the failure happen."""
        match self.kind:
            case "status":
                await wire.answer(self.status, self.body, self.headers)
            case "hang":
                await asyncio.sleep(math.inf)
            case "stall":
                await self._begin(wire)
                while True:
                    await asyncio.sleep(self.seconds or math.inf)
                    await wire.write(b": ping\n\n")
            case "cut":
                await self._begin(wire)
                await wire.close()
            case "raw":
                data = self._bytes()
                await wire.head(200, {**EVENT_STREAM, **self.headers}, length=len(data))
                await wire.write(data)
            case "refuse":
                await self._refuse(wire, request)
            case "endless":
                await self._begin(wire)
                while True:
                    await wire.write(event(delta({"content": "x" * 65536})))
            case "echo_key":
                key = request.headers.get("authorization", "")
                body = {"error": {"message": f"Incorrect API key provided: {key}.", "code": "invalid_api_key"}}
                await wire.answer(401, body, {"X-Echo": key})

    async def _begin(self, wire: Wire) -> None:
        await wire.head(200, EVENT_STREAM, framing=self.framing)
        for piece in _cut(self.text, 16):
            await wire.write(event(delta({"content": piece})))
        await wire.write(self._bytes())

    def _bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else str(self.body).encode()

    async def _refuse(self, wire: Wire, request: Request) -> None:
        if (body := refusal_of(request, self.parameter)) is not None:
            await wire.answer(self.status, self.body or body, self.headers)
        else:
            await Reply(self.text).serve(wire, request)


Answer: TypeAlias = str | Reply | Fault
Item: TypeAlias = Answer | Callable[[Request], Answer]


def parse_item(value: object) -> Answer:
    """The answer that an item of a JSON script means.

    A string is a reply's text; an object has a `Reply`'s fields, or a `Fault`'s with `fault` for its kind.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise TypeError(f"an item of a script is a string or an object, not {type(value).__name__}")
    fields: dict[str, Any] = {name: tuple(item) if name == "events" else item for name, item in value.items()}
    if "calls" in fields:
        fields["calls"] = tuple(Call(**call) for call in fields["calls"])
    if "fault" in fields:
        return Fault(kind=fields.pop("fault"), **fields)
    return Reply(**fields)


def refusal_of(request: Request, parameter: str) -> dict[str, Any] | None:
    """What a server says that does not take `parameter` ("image": an image part); None when the request has none."""
    name = "image_url" if parameter == "image" else parameter
    if f'"{name}"'.encode() not in request.raw:
        return None
    return {"error": {"message": f"Unsupported parameter: {name}", "param": name}}


def delta(content: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    """One streamed chunk with these new parts of the message."""
    choice = {"index": 0, "delta": content, "finish_reason": finish_reason}
    return {"id": "scripted", "object": "chat.completion.chunk", "choices": [choice]}


def event(payload: object) -> bytes:
    """The server-sent event that carries `payload`."""
    return f"data: {json.dumps(payload, ensure_ascii=False)}\n\n".encode("utf-8", "surrogatepass")


def _cut(whole: Any, size: int) -> Iterator[Any]:
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
