"""A model behind an OpenAI-compatible endpoint, asked by streamed chat completions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from jupyter_codeact.errors import ModelError, ToolsRefused
from jupyter_codeact.events import Price
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.failures import Refusal
from jupyter_codeact.models.intake import ReplyLimits
from jupyter_codeact.models.model import NO_OPTIONS, Chunk, Message, Options, Retrying
from jupyter_codeact.models.refusals import IMAGES, TOOLS, refused_part, without
from jupyter_codeact.models.reply import read_reply
from jupyter_codeact.models.retry import RetryPolicy
from jupyter_codeact.models.transport import Transport
from jupyter_codeact.models.well_formed import well_formed_tree


class OpenAIModel:
    """Implements `Model` and `Described`. Made without I/O: the `openai` package is imported with the first request.

    What the endpoint refuses of `stop`, `stream_options`, `temperature` and images is left out from then on; functions
    are not offered to it again. `extra_body` goes into every request as it is; a null in it leaves the parameter of
    that name out. To be used on one event loop, and closed there by `aclose`.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        model: str,
        *,
        connection: str = "",
        extra_headers: Mapping[str, str] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        temperature: float | None = None,
        stop: Sequence[str] = (),
        connect_seconds: float = 5.0,
        first_byte_seconds: float = 60.0,
        idle_seconds: float = 60.0,
        max_reply_bytes: int = 50_000_000,
        retries: int = 4,
        first_retry_delay: float = 1.0,
        context_tokens: int | None = None,
        price: Price | None = None,
        vision: bool | None = None,
    ) -> None:
        self._connection = Connection(
            connection,
            base_url,
            api_key,
            model,
            dict(extra_headers or {}),
            dict(extra_body or {}),
            price=price,
            context_tokens=context_tokens,
            vision=vision,
        )
        self._options: dict[str, Any] = {"stream_options": {"include_usage": True}}
        if temperature is not None:
            self._options["temperature"] = temperature
        if stop:
            self._options["stop"] = list(stop)
        self._limits = ReplyLimits(first_byte_seconds, idle_seconds, max_reply_bytes)
        self._policy = RetryPolicy(retries, first_retry_delay)
        self._transport = Transport(self._connection, connect_seconds=connect_seconds)
        self._refused = frozenset({IMAGES}) if vision is False else frozenset[str]()
        self._doubted = frozenset[str]()
        self.calls_functions: bool | None = None
        """Whether the model calls a function when it is told to; None while nobody knows."""

    @classmethod
    def of(cls, connection: Connection, **settings: Any) -> OpenAIModel:
        """The model of that connection; `settings` as for `OpenAIModel`."""
        return cls(
            connection.base_url,
            connection.api_key,
            connection.model,
            connection=connection.name,
            extra_headers=connection.extra_headers,
            extra_body=connection.extra_body,
            price=connection.price,
            context_tokens=connection.context_tokens,
            vision=connection.vision,
            **settings,
        )

    @property
    def name(self) -> str:
        """The model's name, as the endpoint knows it."""
        return self._connection.model

    @property
    def connection(self) -> str:
        """The connection's name, for the user: its host when it was given none."""
        return self._connection.name or self._connection.host

    @property
    def price(self) -> Price | None:
        """What a million tokens cost; None when it is not known."""
        return self._connection.price

    @property
    def context_tokens(self) -> int | None:
        """How many tokens a request and its reply may have together; None when it is not known."""
        return self._connection.context_tokens

    @property
    def vision(self) -> bool | None:
        """Whether the model takes images; None when it is not known. False once the endpoint refused one."""
        return False if IMAGES in self._refused else self._connection.vision

    @property
    def refused(self) -> frozenset[str]:
        """The optional parts of a request that this endpoint refused so far, and images where it takes none."""
        return self._refused

    async def prepare(self) -> None:
        """The `openai` package is loaded and the client made: the first reply comes sooner. Raises `ModelError`."""
        await self._transport.prepare()

    async def stream(self, messages: Sequence[Message], options: Options = NO_OPTIONS) -> AsyncGenerator[Chunk, None]:
        """Yields the reply to `messages` as the `Model` protocol says, after visible retries where they may help."""
        body = self._body(messages, options)
        if options.tools and (TOOLS in self._refused or TOOLS not in body):
            raise ToolsRefused(f"{self.connection} takes no functions; use the action format 'fenced'")
        failed = 0
        while True:
            try:
                async with aclosing(self._attempt(body, offers=bool(options.tools))) as chunks:
                    async for chunk in chunks:
                        yield chunk
                    return
            except ModelError as error:
                failure = error
            failed += 1
            wait = self._policy.wait(failed, failure)
            if wait is None:
                raise failure
            yield Retrying(self._policy.announce(failed, failure, wait), wait)
            await asyncio.sleep(wait)

    async def aclose(self) -> None:
        """The connections to the endpoint are closed."""
        await self._transport.aclose()

    def _body(self, messages: Sequence[Message], options: Options) -> dict[str, Any]:
        asked = {"stop": list(options.stop), TOOLS: list(options.tools)}
        asked = {name: value for name, value in asked.items() if value}
        optional = {**self._options, **asked, **self._connection.extra_body}
        body = {name: value for name, value in optional.items() if value is not None}
        required = {"model": self.name, "messages": list(messages), "stream": True}
        whole: dict[str, Any] = well_formed_tree({**body, **required})
        return whole

    async def _attempt(self, body: Mapping[str, Any], *, offers: bool) -> AsyncGenerator[Chunk, None]:
        """The reply by one request, or by a few when the endpoint refuses parts of it. Raises `ToolsRefused` when these
        are the functions that the request `offers`: without them it would have to be another one."""
        refused, self._doubted = self._refused | self._doubted, frozenset()
        if offers:
            refused -= {TOOLS}
        while True:
            sent = without(body, refused)
            empty = True
            try:
                async with aclosing(self._request(sent, refused)) as chunks:
                    async for chunk in chunks:
                        empty = False
                        yield chunk
                    return
            except Refusal as refusal:
                part = refused_part(refusal.status, refusal.said, sent) if empty else None
                if part is None or part in refused or refusal.reason == "context_too_long":
                    raise
                refused |= {part}
                if part == TOOLS and offers:
                    self._doubted = refused
                    raise ToolsRefused(str(refusal)) from refusal

    async def _request(self, body: Mapping[str, Any], refused: frozenset[str]) -> AsyncGenerator[Chunk, None]:
        """The reply by one request; `refused` is remembered once a request without these parts is accepted."""
        failures, limits = self._transport.failures, self._limits
        await self._transport.prepare()
        started = asyncio.get_running_loop().time()
        try:
            async with self._transport.post(body, started + limits.first_byte_seconds) as response:
                self._refused |= refused
                async with aclosing(read_reply(response, limits, failures, started)) as chunks:
                    async for chunk in chunks:
                        yield chunk
        except asyncio.TimeoutError:
            failure = failures.too_slow(limits.first_byte_seconds, started=False)
        else:
            return
        raise failure
