"""One reply of the model, read until its action is complete."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import aclosing

from jupyter_codeact.agent.actions import FencedParser
from jupyter_codeact.errors import FormatError, ModelError
from jupyter_codeact.events import ActivityState, ModelReplied, ReplyDelta, Usage
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.models.model import Delta, Message, Model, ReplyEnd, Retrying
from jupyter_codeact.models.well_formed import well_formed

CUT_AT_ACTION = "action"
"""The finish reason of a reply that was read only to the end of its action."""

CUT_BY_USER = "stopped"
"""The finish reason of a reply that the user stopped; no action in it is complete."""


class ReplyReader:
    """Reads the reply to `sent`, which tells of the events up to `seen_seq`; `text` is what has come of it."""

    def __init__(self, sent: Sequence[Message], *, step: int, seen_seq: int, language: str) -> None:
        self._sent = sent
        self._step = step
        self._seen_seq = seen_seq
        self._language = language
        self._started = time.monotonic()
        self._begin()

    async def read(
        self, model: Model, journal: Journal, activity: Callable[[ActivityState, str], None]
    ) -> ModelReplied:
        """The whole reply; its deltas were notified. Raises `ModelError`.

        The stream is closed as soon as the action is complete: the rest is neither waited for nor kept.
        """
        async with aclosing(model.stream(self._sent)) as chunks:
            async for chunk in chunks:
                match chunk:
                    case Retrying(detail):
                        self._begin()
                        activity("waiting_for_model", detail)
                        journal.notify(ReplyDelta(step=self._step, restart=True))
                    case ReplyEnd(finish_reason, usage):
                        return self.replied(finish_reason, usage)
                    case Delta():
                        text, reasoning = well_formed(chunk.text), well_formed(chunk.reasoning)
                        journal.notify(ReplyDelta(step=self._step, text=text, reasoning=reasoning))
                        if self._take(text, reasoning):
                            return self.replied(CUT_AT_ACTION)
        raise ModelError("The model's reply ended without a proof that it is whole. Try again.", reason="cut")

    @property
    def text(self) -> str:
        """What has come so far, up to the end of the action."""
        return "".join(self._text)[: self._cut]

    def replied(self, finish_reason: str, usage: Usage | None = None) -> ModelReplied:
        """The event of a reply that ends here; without `usage` its tokens are still to be estimated."""
        return ModelReplied(
            step=self._step,
            seen_seq=self._seen_seq,
            language=self._language,
            text=self.text,
            reasoning="".join(self._reasoning),
            finish_reason=finish_reason,
            usage=usage or Usage(estimated=True),
            seconds=round(time.monotonic() - self._started, 3),
        )

    def _begin(self) -> None:
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._cut: int | None = None
        self._parser = FencedParser(self._language)

    def _take(self, text: str, reasoning: str) -> bool:
        """Whether the action is complete with this; an empty code block ends the reply as well."""
        self._text.append(text)
        self._reasoning.append(reasoning)
        try:
            action = self._parser.feed(text)
        except FormatError:
            self._cut = self._parser.read
        else:
            self._cut = None if action is None else action.end
        return self._cut is not None
