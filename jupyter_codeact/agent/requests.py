"""The requests of one Agent to its model: they fit into the model's context, and the journal says how."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_codeact.agent.history import History, system_message
from jupyter_codeact.agent.prompts import system_prompt
from jupyter_codeact.agent.reduction import plan, reserve
from jupyter_codeact.agent.tokens import BYTES_PER_TOKEN, Size, length, size
from jupyter_codeact.errors import ModelError
from jupyter_codeact.events import ActionFormat, ModelReplied, Usage
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.journal.state import State
from jupyter_codeact.models.model import Message

ADVICE = "start a new conversation, show the model less of the notebook, or use a model with a longer context"


class Requests:
    """Makes the messages of each request from `journal`, for a kernel of `language`. `context_tokens` None: as the run
    says, or not known. `functions` are the signatures of those that the formats `json` and `text` may call."""

    def __init__(
        self, journal: Journal, language: str, context_tokens: int | None = None, functions: Sequence[str] = ()
    ) -> None:
        self._journal = journal
        self._language = language
        self._context_tokens = context_tokens
        self._functions = tuple(functions)
        self._format: ActionFormat | None = None
        self._history = History()
        self._system = Size()

    @property
    def action_format(self) -> ActionFormat:
        """The format that replies are asked for in: the run's, unless the endpoint refused it."""
        assert self._journal.state.run is not None
        run = self._journal.state.run.action_format
        return self._format or ("fenced" if run == "auto" else run)

    def speak(self, action_format: ActionFormat) -> None:
        """Requests are in that format from now on, with all that was said before."""
        self._format = action_format
        self._history = History(action_format, self._language)

    async def next(self) -> list[Message]:
        """The messages of the next request. The history has been reduced when they would have left too little room for
        the reply; raises `ModelError` when even then they are more than the model takes."""
        if self._format is None:
            self.speak(self.action_format)
        system = system_message(system_prompt(self.action_format, self._language, self._functions))
        self._system = size([system])
        limit = _limit(self._journal.state, self._context_tokens)
        sent = self._messages(system)
        if limit is None or self._tokens(sent) <= limit - reserve(limit):
            return sent
        await self._reduce(limit)
        sent = self._messages(system)
        if (tokens := self._tokens(sent)) > limit:
            raise ModelError(
                f"the shortest form of the conversation has about {tokens:,} tokens, and the model takes {limit:,}; "
                f"{ADVICE}",
                reason="context_too_long",
            )
        return sent

    async def refused(self, sent: list[Message], error: ModelError) -> None:
        """The history has been reduced, as the endpoint refused `sent` for its length; to be asked anew.

        Raises `error` where it is about something else, and `ModelError` when it was refused twice in a row or nothing
        is left to reduce.
        """
        if error.reason != "context_too_long":
            raise error
        state = self._journal.state
        assert state.run is not None
        latest = max(state.run.seq, state.step.seq if state.step else 0)
        again = any(reduction.refused and reduction.seq > latest for reduction in state.reductions)
        whole = size(sent)
        ratio = whole.ratio(error.prompt_tokens)
        limit = error.context_tokens or whole.tokens(self.bytes_per_token)
        if ratio is None:
            # The estimate of a request that is too long must not lie below the limit again.
            limit = min(limit, whole.tokens(self.bytes_per_token))
        if again or not await self._reduce(limit, ratio, refused=True, prompt_tokens=error.prompt_tokens):
            shortened = ", shortened as it is" if again else " and cannot be shortened"
            raise ModelError(
                f"the model refuses the conversation as too long{shortened}; {ADVICE}", reason=error.reason
            )

    def counted(self, reply: ModelReplied, sent: list[Message]) -> ModelReplied:
        """`reply` to `sent`, its tokens estimated where the endpoint did not count them."""
        if not reply.usage.estimated:
            return reply
        said = [reply.text, reply.reasoning, reply.call.arguments if reply.call else ""]
        completion = Size(sum(map(length, said))).tokens(self.bytes_per_token)
        usage = Usage(prompt_tokens=self._tokens(sent), completion_tokens=completion, estimated=True)
        return reply.model_copy(update={"usage": usage})

    @property
    def bytes_per_token(self) -> float:
        """As the endpoint's latest count says, else a constant."""
        measured = self._history.measured
        known = measured and measured.size.plus(self._system).ratio(measured.tokens)
        return known or BYTES_PER_TOKEN

    async def _reduce(
        self, limit: int, ratio: float | None = None, *, refused: bool = False, prompt_tokens: int = 0
    ) -> bool:
        """Whether there was something to reduce."""
        ratio = ratio or self.bytes_per_token
        room = limit - reserve(limit) - self._system.tokens(ratio)
        planned = plan(self._journal.events, room, ratio)
        if planned is None:
            return False
        update = {"context_tokens": limit, "refused": refused, "prompt_tokens": prompt_tokens}
        await self._journal.append(planned.model_copy(update=update))
        return True

    def _messages(self, system: Message) -> list[Message]:
        return [system, *self._history.messages(self._journal.events)]

    def _tokens(self, sent: list[Message]) -> int:
        return size(sent).tokens(self.bytes_per_token)


def _limit(state: State, given: int | None) -> int | None:
    """The least of what was given, else said by the run, and learnt from refusals since this model is in use."""
    assert state.run is not None
    since = state.run.seq
    for run in reversed(state.runs):
        if (run.model, run.connection) != (state.run.model, state.run.connection):
            break
        since = run.seq
    known = given or state.run.context_tokens
    learnt = [each.context_tokens for each in state.reductions if each.refused and each.seq > since]
    return min([*learnt, *([known] if known else [])], default=None)
