"""How many tokens a request has: an estimate, since tokenizers differ and loading one would cost more than it tells."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from jupyter_codeact.models.model import Message

BYTES_PER_TOKEN = 3.0
"""UTF-8 bytes a token stands for, while the endpoint has told nothing better. English prose and code have 3.5 to 4.5 in
today's vocabularies, Chinese about 3, tables of numbers 2 to 3: it errs towards too many tokens."""

BELIEVED = (1.0, 8.0)
"""A ratio beyond these is not that of a tokenizer: the endpoint counts something else, and is not followed."""

IMAGE_TOKENS = 1400
"""For an image of at most 1024 x 1024 pixels, which is the most that is sent: 765 by OpenAI's rule (170 a tile of 512,
and 85), 1,337 by Qwen2-VL's (a token for 28 x 28), 1,398 by Anthropic's (pixels / 750)."""

MESSAGE_TOKENS = 4
"""What chat templates put around each message."""


@dataclass(frozen=True)
class Size:
    """How large messages are: UTF-8 bytes of text, images, messages."""

    text: int = 0
    images: int = 0
    messages: int = 0

    def plus(self, other: Size) -> Size:
        """The sum of both."""
        return Size(self.text + other.text, self.images + other.images, self.messages + other.messages)

    def tokens(self, bytes_per_token: float = BYTES_PER_TOKEN) -> int:
        """About how many tokens that is."""
        return math.ceil(self.text / bytes_per_token) + self.images * IMAGE_TOKENS + self.messages * MESSAGE_TOKENS

    def ratio(self, tokens: int) -> float | None:
        """The bytes of a token when the whole has `tokens`; None when that cannot be."""
        left = tokens - self.images * IMAGE_TOKENS - self.messages * MESSAGE_TOKENS
        ratio = self.text / left if left > 0 else math.inf
        return ratio if BELIEVED[0] <= ratio <= BELIEVED[1] else None


def length(text: str) -> int:
    """The UTF-8 bytes of `text`."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def size(messages: Iterable[Message]) -> Size:
    """How large `messages` are."""
    text = images = number = 0
    for message in messages:
        number += 1
        content = message["content"]
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        for part in parts:
            text += length(part.get("text", ""))
            images += part["type"] == "image_url"
        for call in message.get("tool_calls", ()):
            text += length(call["function"]["name"]) + length(call["function"]["arguments"])
    return Size(text, images, number)
