"""The word by which a conversation's own marks are told from those that data, files and outputs may hold.

It is drawn at random when the conversation begins, kept in the journal's first event, and the same in every request. In
all other text that the model is shown it is broken up, the model's own replies included: so no text can write a mark,
whoever knows the word. What data could hold from the start, it cannot guess.
"""

from __future__ import annotations

import re
import secrets
from functools import cache

PATTERN = "k[0-9a-f]{12}"
"""A letter that is no hexadecimal digit comes first, so that no two of its places overlap; 48 bits cannot be guessed in
text that is read once. Letters and digits alone: it can stand in a JSON string."""


LENGTH = 13
"""Its characters."""


def new_nonce() -> str:
    """A word that nobody has seen."""
    return "k" + secrets.token_hex(6)


def without(text: str, nonce: str) -> str:
    """`text` with the nonce, in letters of either case, broken up by a hyphen, and nothing else changed; JSON stays
    JSON. An empty nonce, that of a journal from before there were any, is nowhere."""
    return _whole(nonce).sub(r"\1-\2", text) if nonce else text


def restored(text: str, nonce: str) -> str:
    """The inverse of `without`."""
    return _broken(nonce).sub(r"\1\2", text) if nonce else text


@cache
def _whole(nonce: str) -> re.Pattern[str]:
    return re.compile(f"({re.escape(nonce[0])})(-*{re.escape(nonce[1:])})", re.IGNORECASE)


@cache
def _broken(nonce: str) -> re.Pattern[str]:
    return re.compile(f"({re.escape(nonce[0])})-(-*{re.escape(nonce[1:])})", re.IGNORECASE)
