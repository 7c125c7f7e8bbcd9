"""The bytes of one response, within limits of time and size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.transport import within

if TYPE_CHECKING:
    from jupyter_codeact.models.failures import Failures

_USAGE_SECONDS = 1.0
_DRAIN_SECONDS = 0.1


@dataclass(frozen=True)
class ReplyLimits:
    """Seconds until the first data, seconds between data (comments are none), and the size of a reply in bytes."""

    first_byte_seconds: float = 60.0
    idle_seconds: float = 60.0
    max_bytes: int = 50_000_000


class Intake:
    """The bytes of one response; `started` is when it was asked for, on the loop's clock."""

    def __init__(
        self, pieces: AsyncGenerator[bytes, None], limits: ReplyLimits, failures: Failures, started: float
    ) -> None:
        self._pieces = pieces
        self._limits = limits
        self._failures = failures
        self._clock = asyncio.get_running_loop().time
        self._allowed = limits.first_byte_seconds
        self._left = self._allowed - (self._clock() - started)
        self._has_data = False
        self._at_end = False
        self._bytes = 0

    async def read(self) -> bytes:
        """The next bytes, empty at the end. Raises `ModelError` for a limit reached or a broken connection."""
        begun = self._clock()
        try:
            data = await within(anext(self._pieces, b""), begun + self._left)
        except asyncio.TimeoutError:
            failure = self._failures.too_slow(self._allowed, started=self._has_data)
        else:
            # Only waiting counts: a reader that takes its time is not the endpoint's fault.
            self._left -= self._clock() - begun
            self._bytes += len(data)
            if self._bytes <= self._limits.max_bytes:
                return data
            failure = self._failures.too_large(self._limits.max_bytes)
        raise failure

    def progress(self) -> None:
        """Data came, so the limit of idle time begins anew."""
        self._has_data = True
        if not self._at_end:
            self._allow(self._limits.idle_seconds)

    def expect_end(self) -> None:
        """The reply is proved whole, so what is left of the stream, such as its usage, is not waited for long."""
        if not self._at_end:
            self._at_end = True
            self._allow(_USAGE_SECONDS)

    async def read_all(self, head: bytes = b"") -> bytes:
        """The whole body, of which `head` was read before."""
        parts = [head]
        while data := await self.read():
            parts.append(data)
            self.progress()
        return b"".join(parts)

    async def drain(self) -> None:
        """What ends the response is read, if it comes at once: only then can its connection be used again."""
        self._allow(_DRAIN_SECONDS)
        with suppress(ModelError):
            while await self.read():
                pass

    def _allow(self, seconds: float) -> None:
        self._allowed = self._left = seconds
