"""The Protocol of a model, and what it streams."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeAlias, TypedDict, runtime_checkable

from jupyter_codeact.events import Price, Usage


class _Said(TypedDict):
    role: Literal["system", "user", "assistant", "tool"]
    content: str | list[dict[str, Any]]


class Message(_Said, total=False):
    """One chat message in the OpenAI form; `content` is text, or a list of text and image_url parts."""

    tool_calls: list[dict[str, Any]]
    tool_call_id: str


@dataclass(frozen=True)
class Options:
    """Optional parts of one request: strings that end the reply and are not part of it, and functions that the model
    may call, in the OpenAI form."""

    stop: tuple[str, ...] = ()
    tools: tuple[Mapping[str, Any], ...] = ()


NO_OPTIONS: Final = Options()


@dataclass(frozen=True)
class CallDelta:
    """More of a function call. `index` tells calls apart, where the endpoint gives one; `id`, `name` and `arguments`
    are empty where this piece says nothing of them."""

    index: int | None = None
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True)
class Delta:
    """More of the reply."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[CallDelta, ...] = ()


@dataclass(frozen=True)
class Retrying:
    """The request failed and is made anew in so many `seconds`: what was streamed of this reply is void. `detail` is
    one line for the user, such as "retrying 1/4 in 1.2 s: connection refused by localhost:11434"."""

    detail: str
    seconds: float = 0.0


@dataclass(frozen=True)
class ReplyEnd:
    """The proof that the reply is whole: the endpoint's finish reason (`stop`, `length`, ...)."""

    finish_reason: str
    usage: Usage | None = None


Chunk: TypeAlias = Delta | Retrying | ReplyEnd


class Model(Protocol):
    """Completes messages.

    `stream` yields deltas and, last, exactly one `ReplyEnd`; it raises `ModelError` when no proven whole reply can be
    had, of these `ToolsRefused`, before anything else, when functions are offered to an endpoint that takes none.
    Closing the generator early (`aclose`) cancels the request.
    """

    @property
    def name(self) -> str:
        """The model's name, as the endpoint knows it."""
        ...

    @property
    def connection(self) -> str:
        """The connection's name, for the user."""
        ...

    def stream(self, messages: Sequence[Message], options: Options = NO_OPTIONS) -> AsyncGenerator[Chunk, None]: ...


@runtime_checkable
class Described(Protocol):
    """What a `Model` may say of itself besides; None where it is not known."""

    @property
    def context_tokens(self) -> int | None:
        """The most tokens that a request and its reply may have together."""
        ...

    @property
    def price(self) -> Price | None:
        """What its tokens cost."""
        ...
