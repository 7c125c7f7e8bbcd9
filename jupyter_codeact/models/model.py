"""The Protocol of a model, and what it streams."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, runtime_checkable

from jupyter_codeact.events import Price, Usage


class Message(TypedDict):
    """One chat message in the OpenAI form; `content` is text, or a list of text and image_url parts."""

    role: Literal["system", "user", "assistant"]
    content: str | list[dict[str, Any]]


@dataclass(frozen=True)
class Delta:
    """More of the reply."""

    text: str = ""
    reasoning: str = ""


@dataclass(frozen=True)
class Retrying:
    """The request failed and is made anew: what was streamed of this reply is void. `detail` is one line for the user,
    such as "retrying 1/4 in 1.2 s: connection refused by localhost:11434"."""

    detail: str


@dataclass(frozen=True)
class ReplyEnd:
    """The proof that the reply is whole: the endpoint's finish reason (`stop`, `length`, ...)."""

    finish_reason: str
    usage: Usage | None = None


Chunk: TypeAlias = Delta | Retrying | ReplyEnd


class Model(Protocol):
    """Completes messages.

    `stream` yields deltas and, last, exactly one `ReplyEnd`; it raises `ModelError` when no proven whole reply can be
    had. Closing the generator early (`aclose`) cancels the request.
    """

    @property
    def name(self) -> str:
        """The model's name, as the endpoint knows it."""
        ...

    @property
    def connection(self) -> str:
        """The connection's name, for the user."""
        ...

    def stream(self, messages: Sequence[Message]) -> AsyncGenerator[Chunk, None]: ...


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
