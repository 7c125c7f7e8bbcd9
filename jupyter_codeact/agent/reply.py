"""One reply of the model, read until its action is complete."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import aclosing

from jupyter_codeact.agent.formats import options_for, parser_for
from jupyter_codeact.errors import FormatError, ModelError
from jupyter_codeact.events import ActionFormat, ActivityState, ModelReplied, ReplyDelta, Usage
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.models.model import CallDelta, Delta, Message, Model, ReplyEnd, Retrying
from jupyter_codeact.models.well_formed import well_formed, well_formed_tree
from jupyter_codeact.tool_call import ToolCall

CUT_AT_ACTION = "action"
"""The finish reason of a reply that was read only to the end of its action."""

CUT_BY_USER = "stopped"
"""The finish reason of a reply that the user stopped; no action in it is complete."""


class ReplyReader:
    """Reads the reply to `sent`, which tells of the events up to `seen_seq` and asks for that format."""

    def __init__(
        self, sent: Sequence[Message], *, step: int, seen_seq: int, action_format: ActionFormat, language: str
    ) -> None:
        self._sent = sent
        self._step = step
        self._seen_seq = seen_seq
        self._format = action_format
        self._language = language
        self._started = time.monotonic()
        self._begin()

    async def read(
        self, model: Model, journal: Journal, activity: Callable[[ActivityState, str, float], None]
    ) -> ModelReplied:
        """The whole reply; its deltas were notified. Raises `ModelError`.

        The stream is closed as soon as the action is complete: the rest is neither waited for nor kept.
        """
        async with aclosing(model.stream(self._sent, options_for(self._format, self._language))) as chunks:
            async for chunk in chunks:
                match chunk:
                    case Retrying(detail, seconds):
                        self._begin()
                        activity("waiting_for_model", detail, seconds)
                        journal.notify(ReplyDelta(step=self._step, restart=True))
                    case ReplyEnd(finish_reason, usage):
                        return self.replied(finish_reason, usage)
                    case Delta():
                        text, reasoning = well_formed(chunk.text), well_formed(chunk.reasoning)
                        if text or reasoning:
                            journal.notify(ReplyDelta(step=self._step, text=text, reasoning=reasoning))
                        if self._take(text, reasoning, chunk.calls):
                            return self.replied(CUT_AT_ACTION)
        raise ModelError("The model's reply ended without a proof that it is whole. Try again.", reason="cut")

    @property
    def has_begun(self) -> bool:
        """Whether anything of the reply but reasoning has come."""
        return bool(self._text) or self._parser.call is not None

    def replied(self, finish_reason: str, usage: Usage | None = None) -> ModelReplied:
        """The event of a reply that ends here; without `usage` its tokens are still to be estimated."""
        text, call = "".join(self._text)[: self._cut], self._parser.call
        if call is not None:
            call = ToolCall.model_validate(well_formed_tree(call.model_dump()))
        return ModelReplied(
            step=self._step,
            seen_seq=self._seen_seq,
            language=self._language,
            text=text,
            call=call,
            action_format=self._format,
            reasoning="".join(self._reasoning),
            finish_reason=finish_reason,
            usage=usage or Usage(estimated=True),
            seconds=round(time.monotonic() - self._started, 3),
        )

    def _begin(self) -> None:
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._cut: int | None = None
        self._parser = parser_for(self._format, self._language)

    def _take(self, text: str, reasoning: str, calls: Sequence[CallDelta]) -> bool:
        """Whether the action is complete with this; one that cannot be run ends the reply as well."""
        if text:
            self._text.append(text)
        self._reasoning.append(reasoning)
        try:
            action = self._parser.feed(text, calls)
        except FormatError:
            self._cut = self._parser.read
        else:
            self._cut = None if action is None else action.end
        return self._cut is not None
