"""The HTTP side of a connection: one shared client of the `openai` package, made when it is first needed."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.connection import OPENAI_URL, Connection, host_of
from jupyter_codeact.models.failures import Failures
from jupyter_codeact.models.package import openai_package
from jupyter_codeact.models.quiet import quiet

if TYPE_CHECKING:
    from types import ModuleType

    from openai import AsyncAPIResponse, AsyncOpenAI

T = TypeVar("T")
_REST_SECONDS = 0.25
_REST_BYTES = 65_536
"""What is still read of a response whose reader has enough. A connection that was read to its end serves the next
request, which spares a handshake; most models end where their action does."""

# What making a client may raise: bad proxy and certificate settings, their missing packages, a bad URL.
_UNUSABLE = (OSError, ValueError, ImportError)


@dataclass(frozen=True)
class Response:
    """A response with status 200; `pieces` raises `ModelError` where the connection breaks."""

    content_type: str
    pieces: AsyncGenerator[bytes, None]


class Transport:
    """Sends the requests of one connection, on one event loop; every failure is a `ModelError`."""

    def __init__(self, connection: Connection, *, connect_seconds: float = 5.0) -> None:
        self.failures = Failures(connection)
        self._connection = connection
        self._connect_seconds = connect_seconds
        self._making: asyncio.Future[AsyncOpenAI] | None = None
        self._ending: set[asyncio.Task[None]] = set()

    async def prepare(self) -> None:
        """The client is there, so that its making does not count as the endpoint's time. Raises `ModelError`."""
        await self._client()

    def post(self, body: Mapping[str, Any], deadline: float) -> AbstractAsyncContextManager[Response]:
        """The streamed response to a chat completion; its headers are there before `deadline` (the loop's time)."""
        return self._opened(deadline, body)

    def models(self, deadline: float) -> AbstractAsyncContextManager[Response]:
        """The response to the question for the endpoint's models."""
        return self._opened(deadline, None)

    async def aclose(self) -> None:
        """All connections to the endpoint are closed."""
        for task in self._ending:
            task.cancel()
        await asyncio.gather(*self._ending, return_exceptions=True)
        making, self._making = self._making, None
        if making is not None:
            with suppress(*_UNUSABLE):
                await (await making).close()

    @asynccontextmanager
    async def _opened(self, deadline: float, body: Mapping[str, Any] | None) -> AsyncIterator[Response]:
        client = await self._client()
        opening = _request(client, body, self._omitted(sys.modules["openai"]))
        with quiet():
            response = await self._translated(within(opening.__aenter__(), deadline))
        pieces = self._pieces(response)
        has_enough = False
        try:
            yield Response(response.headers.get("content-type", ""), pieces)
        except GeneratorExit:
            has_enough = True
            raise
        finally:
            if has_enough:
                task = asyncio.create_task(_end(pieces, response))
                self._ending.add(task)
                task.add_done_callback(self._ending.discard)
            else:
                await _close(pieces, response)

    async def _pieces(self, response: AsyncAPIResponse[Any]) -> AsyncGenerator[bytes, None]:
        http = _http_library()
        try:
            # An async generator, which its declared type does not say.
            whole: AsyncGenerator[bytes, None] = response.iter_bytes()  # type: ignore[assignment]
            async with aclosing(whole) as pieces:
                async for piece in pieces:
                    yield piece
        except http.HTTPError as error:
            failure = self.failures.cut(self.failures.quote(str(error) or type(error).__name__))
        else:
            return
        raise failure

    async def _translated(self, answer: Awaitable[T]) -> T:
        """The awaited answer; the libraries' errors become our own, without a trace of the request."""
        openai = sys.modules["openai"]
        try:
            return await answer
        except openai.APIStatusError as error:
            response = error.response
            failure = self.failures.status(error.status_code, response.headers, response.text, time.time())
        except (openai.OpenAIError, _http_library().HTTPError) as error:
            failure = self.failures.unreachable(list(_causes(error)), self._connect_seconds)
        raise failure

    async def _client(self) -> AsyncOpenAI:
        """The client, made once; importing `openai` takes a second, so both happen off the event loop."""
        if self._making is None:
            self._check()
            self._making = asyncio.ensure_future(asyncio.to_thread(self._make))
        try:
            return await asyncio.shield(self._making)
        except _UNUSABLE as error:
            self._making = None
            failure = self.failures.unusable(error)
        raise failure

    def _check(self) -> None:
        connection = self._connection
        if connection.origin[0] not in {"http", "https"} or not connection.host:
            raise ModelError(
                "the base URL is not one; write it like http://localhost:11434/v1", reason="not_an_endpoint"
            )
        for value in (connection.api_key.strip(), *connection.extra_headers.values()):
            if not (value.isascii() and value.isprintable()):
                raise ModelError(
                    "the API key or an extra header has characters that cannot be sent; paste it again",
                    reason="unauthorized",
                )

    def _make(self) -> AsyncOpenAI:
        openai = openai_package()
        connection = self._connection
        parts = urlsplit(connection.url)
        timeout = openai.Timeout(None, connect=self._connect_seconds)
        client: AsyncOpenAI = openai.AsyncOpenAI(
            base_url=parts._replace(query="", fragment="").geturl(),
            default_query=dict(parse_qsl(parts.query)),
            # The package insists on a key; where there is none, each request omits the header that would carry it.
            api_key=connection.api_key.strip() or "none",
            default_headers=dict(connection.extra_headers),
            max_retries=0,
            timeout=timeout,
            http_client=openai.DefaultAsyncHttpxClient(
                follow_redirects=False, trust_env=not is_loopback(parts.hostname or ""), timeout=timeout
            ),
        )
        if not self._is_openai:
            client.organization = client.project = None
        # Part of the package is imported only now.
        _ = client.chat.completions.with_streaming_response, client.models.with_streaming_response
        return client

    def _omitted(self, openai: ModuleType) -> dict[str, Any]:
        """Headers that the package would add of itself: those of its environment are for OpenAI, not for others."""
        names = []
        if not self._is_openai:
            lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").split("\n")
            names = [line.partition(":")[0].strip() for line in lines if ":" in line]
        if not self._connection.api_key.strip():
            names.append("Authorization")
        wanted = {name.lower() for name in self._connection.extra_headers}
        return {name: openai.Omit() for name in names if name.lower() not in wanted}

    @property
    def _is_openai(self) -> bool:
        return self._connection.host == host_of(OPENAI_URL)


async def within(answer: Awaitable[T], deadline: float) -> T:
    """The awaited answer; `asyncio.TimeoutError` when it is not there before `deadline`, on the loop's clock."""
    if sys.version_info >= (3, 11):
        async with asyncio.timeout_at(deadline):
            return await answer
    return await asyncio.wait_for(answer, max(0.0, deadline - asyncio.get_running_loop().time()))


async def _end(pieces: AsyncGenerator[bytes, None], response: AsyncAPIResponse[Any]) -> None:
    """The response was read to its end, where that came at once, and is closed."""
    try:
        with suppress(ModelError, asyncio.TimeoutError):
            await within(_rest(pieces), asyncio.get_running_loop().time() + _REST_SECONDS)
    finally:
        await _close(pieces, response)


async def _rest(pieces: AsyncGenerator[bytes, None]) -> None:
    size = 0
    async for piece in pieces:
        size += len(piece)
        if size > _REST_BYTES:
            return


async def _close(pieces: AsyncGenerator[bytes, None], response: AsyncAPIResponse[Any]) -> None:
    await pieces.aclose()
    await response.close()


def is_loopback(name: str) -> bool:
    """Whether the host of that name is this machine."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _request(client: AsyncOpenAI, body: Mapping[str, Any] | None, headers: dict[str, Any]) -> Any:
    if body is None:
        return client.models.with_streaming_response.list(extra_headers=headers)
    # As an extra, the messages are sent as they are; as an argument, the package would walk through them, type by type,
    # 0.2 ms each on the event loop, in every request anew.
    rest = {name: value for name, value in body.items() if name not in {"model", "stream"}}
    return client.chat.completions.with_streaming_response.create(
        model=body["model"], messages=(), stream=True, extra_body=rest, extra_headers=headers
    )


def _http_library() -> Any:
    """`httpx` or its successor, whichever the installed `openai` is built on."""
    openai = sys.modules["openai"]
    base = openai.DefaultAsyncHttpxClient.__mro__[1]
    return sys.modules[base.__module__.partition(".")[0]]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything behind it, groups included."""
    yield error
    for part in getattr(error, "exceptions", ()):
        yield from _causes(part)
    behind = error.__cause__ or error.__context__
    if behind is not None:
        yield from _causes(behind)
