"""The bytes of one response become the chunks of a reply."""

from __future__ import annotations

import codecs
import json
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.chunks import Piece, parse_piece
from jupyter_codeact.models.decoder import DONE, EventDecoder
from jupyter_codeact.models.intake import Intake, ReplyLimits
from jupyter_codeact.models.model import Chunk, Delta, ReplyEnd
from jupyter_codeact.models.well_formed import PairJoiner

if TYPE_CHECKING:
    from jupyter_codeact.events import Usage
    from jupyter_codeact.models.failures import Failures
    from jupyter_codeact.models.transport import Response


async def read_reply(
    response: Response, limits: ReplyLimits, failures: Failures, started: float
) -> AsyncGenerator[Chunk, None]:
    """Yields the reply's deltas and, when its finish reason proved it whole, its end; else raises `ModelError`.

    Endpoints that do not stream, or do not say so, are known by the first character of the body.
    """
    intake = Intake(response.pieces, limits, failures, started)
    head = b""
    while not head.strip() and (data := await intake.read()):
        head += data
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start == b"<":
        raise failures.not_streamed("text/html")
    if not start and "event-stream" not in response.content_type:
        raise failures.not_streamed("an empty body")
    if start == b"{":
        for chunk in _whole(await intake.read_all(head), failures):
            yield chunk
        return
    reply = _Reply(failures)
    try:
        async with aclosing(_deltas(intake, head, reply)) as deltas:
            async for delta in deltas:
                yield delta
    except ModelError:
        # Once its end is proved, the reply is whole, whatever happens to what is left of the stream.
        if reply.finish_reason is None:
            raise
    for chunk in reply.end(response.content_type):
        yield chunk


async def _deltas(intake: Intake, head: bytes, reply: _Reply) -> AsyncGenerator[Delta, None]:
    """Yields what the events of the stream, which begins with `head`, add to the reply."""
    decoder = EventDecoder()
    data = head
    while data:
        for payload in decoder.feed(data):
            intake.progress()
            if delta := reply.add(payload):
                yield delta
        if reply.closed:
            await intake.drain()
            return
        if reply.finish_reason is not None:
            intake.expect_end()
        data = await intake.read()
    for payload in decoder.close():
        if delta := reply.add(payload):
            yield delta


class _Reply:
    """What the events of a stream add up to; `closed` after the payload that closes it."""

    def __init__(self, failures: Failures) -> None:
        self.finish_reason: str | None = None
        self.closed = False
        self._usage: Usage | None = None
        self._events = 0
        self._text = PairJoiner()
        self._reasoning = PairJoiner()
        self._arguments: dict[int | None, PairJoiner] = defaultdict(PairJoiner)
        self._failures = failures

    def add(self, payload: str) -> Delta | None:
        """What the payload adds for the reader; raises `ModelError` when it is damaged or reports an error."""
        self._events += 1
        if self.closed or payload.strip() == DONE:
            self.closed = True
            return None
        try:
            value = json.loads(payload)
        except (ValueError, RecursionError):
            # Skipping it would lose a part of the reply without a trace.
            failure = self._failures.cut("a damaged piece came")
        else:
            return self.take(parse_piece(value))
        raise failure

    def take(self, piece: Piece) -> Delta | None:
        """What the piece adds for the reader; raises `ModelError` when it reports an error."""
        if piece.problem is not None:
            raise self._failures.reported(piece.problem)
        self.finish_reason = piece.finish_reason or self.finish_reason
        self._usage = piece.usage or self._usage
        if not (piece.text or piece.reasoning or piece.calls):
            return None
        text, reasoning = self._text.feed(piece.text), self._reasoning.feed(piece.reasoning)
        calls = tuple(replace(call, arguments=self._arguments[call.index].feed(call.arguments)) for call in piece.calls)
        return Delta(text, reasoning, calls) if text or reasoning or calls else None

    def end(self, content_type: str) -> list[Chunk]:
        """The reply's last chunks; raises `ModelError` when nothing proved that it is whole."""
        if self.finish_reason is None and not self._events and "event-stream" not in content_type:
            raise self._failures.not_streamed(content_type.partition(";")[0] or "an unknown type")
        if self.finish_reason is None:
            raise self._failures.cut() if self._events else self._failures.cut("an empty stream came")
        rest = Delta(self._text.close(), self._reasoning.close())
        end = ReplyEnd(self.finish_reason, self._usage)
        return [rest, end] if rest.text or rest.reasoning else [end]


def _whole(body: bytes, failures: Failures) -> list[Chunk]:
    """The chunks of a completion that came as one JSON document."""
    try:
        payload: object = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        failure = failures.cut("the JSON that came is damaged")
    else:
        piece = parse_piece(payload)
        if piece != Piece():
            reply = _Reply(failures)
            delta = reply.take(piece)
            return [*([delta] if delta else []), *reply.end("text/event-stream")]
        failure = failures.not_streamed("JSON that is no chat completion")
    raise failure
