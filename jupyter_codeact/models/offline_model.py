"""The built-in model: a rule-based data analyst that needs no key and no network."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence

from jupyter_codeact.models.analyst.plan import next_reply
from jupyter_codeact.models.analyst.transcript import read
from jupyter_codeact.models.model import NO_OPTIONS, Chunk, Delta, Message, Options, ReplyEnd

_PIECE = re.compile(r".{1,160}(?:\s|$)|.{1,160}", re.S)


def reply(messages: Sequence[Message]) -> str:
    """The analyst's next reply to the messages: a sentence and a fenced Python cell, or the answer in Markdown.

    A pure function: like any model, the analyst knows of the kernel only what the observations say.
    """
    return next_reply(read(messages))


class OfflineModel:
    """A `Model` that answers questions about tables by rules; see `jupyter_codeact.models.analyst`."""

    name = "offline-analyst"
    connection = "built-in"

    async def stream(self, messages: Sequence[Message], options: Options = NO_OPTIONS) -> AsyncGenerator[Chunk, None]:
        """Yield the reply in a few deltas; it is always one in the format `fenced`."""
        for piece in _PIECE.findall(reply(messages)):
            yield Delta(piece)
        yield ReplyEnd("stop")
